"""What the shell knows of every page."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QWidget

from app.core.tasks import OnBug, TaskScope


class Page(QWidget):
    """A page in the window. Its work runs in `tasks` and ends with it.

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
