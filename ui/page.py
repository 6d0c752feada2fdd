"""What the shell knows of every page."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QWidget

from app.core.tasks import OnBug, TaskScope
from ui.strip import StripState


class Page(QWidget):
    """A page in the window, about nobody and with nothing to do until it says otherwise. Its work runs in `tasks` and ends with it.

    `closing` asks the shell to go one level back; `said` carries one notice line (already translated) for the shell's fixed place.
    """

    closing = Signal()
    said = Signal(str)

    def __init__(self, on_bug: OnBug, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tasks = TaskScope(on_bug)

    def first_field(self) -> QWidget:
        """Where the cursor goes when the page opens."""
        raise NotImplementedError

    async def load(self) -> None:
        """Read what the page shows first. Raises DeskError where that cannot be."""

    def strip(self) -> StripState | None:
        """Who the page is about. The shell asks when it is shown, loaded, or when shown data changed."""
        return None

    @property
    def is_unfinished(self) -> bool:
        """Whether the page holds work that is neither saved nor discarded."""
        return False

    def serves(self, what: str) -> bool:
        """Whether the page is the one for that: a form by its id, or what there is one open form about."""
        del what
        return False

    async def keep(self) -> None:
        """Return once what was begun here outlives the page. Raises DeskError where it cannot."""

    def begun_at(self) -> datetime | None:
        """When the work on this page began, if it has such a moment."""
        return None

    def show_act(self, command_id: str) -> None:
        """Pick the act with that id, on a page of many."""

    def acts(self) -> frozenset[str]:
        """The actions of the key table that `press` would take now, for the sheet of keys."""
        return frozenset()

    def press(self, action: str) -> bool:
        """Do the page's part of an action of the key table (`primary`, `refresh`, `panel-3` …); False where it has none."""
        del action
        return False

    def retranslate(self) -> None:
        """Set every text anew; called once after building and whenever the language changes."""

    def changeEvent(self, event: QEvent) -> None:
        """Follow a change of language with the form left as it is."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
