"""The pages in memory: which is shown, where each came from, and whom it serves."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QStackedWidget, QWidget

from ui.page import Page
from ui.shell.history import History
from ui.shell.interactions import Interaction, Interactions

HOME = "home"


@dataclass(frozen=True, slots=True)
class Visit:
    """A page under its key. `root` names the interaction it belongs to (empty: none), `parent` is one level back."""

    key: str
    page: Page
    root: str = ""
    parent: str = HOME


class Pages(QObject):
    """Keeps pages by key; a page shown again is as it was left, cursor included."""

    def __init__(self, stack: QStackedWidget) -> None:
        super().__init__(stack)
        self._stack = stack
        self._visits: dict[str, Visit] = {}
        self._history = History()
        self.interactions = Interactions()
        self.current: Visit | None = None

    def get(self, key: str) -> Visit | None:
        """The page under that key."""
        return self._visits.get(key)

    def of(self, root: str) -> list[Visit]:
        """The pages of one interaction, the one last shown first."""
        interaction = self.interactions.of(root) or Interaction(0, root, ())
        return [self._visits[key] for key in reversed(interaction.keys)]

    @property
    def kept(self) -> tuple[str, ...]:
        """The keys of every page in memory."""
        return tuple(self._visits)

    def serving(self, what: str) -> str:
        """The key of the page for that, or empty; of several that with something unsaved."""
        keys = [key for key, visit in self._visits.items() if visit.page.serves(what)]
        return next((key for key in keys if self._visits[key].page.is_unfinished), keys[0] if keys else "")

    def add(self, visit: Visit) -> None:
        """Take a page in; it is not shown yet."""
        self._visits[visit.key] = visit
        self._stack.addWidget(visit.page)

    def show(self, key: str) -> Visit:
        """Bring a page into view. Raises KeyError for one that is not in memory."""
        visit = self._visits[key]
        self.current = visit
        self._stack.setCurrentWidget(visit.page)
        self._history.visit(key)
        if visit.root:
            self.interactions.shown(key, visit.root)
        return visit

    def walk(self, by: int) -> str:
        """The key of the page before (-1) or after (1) in the order seen, or empty."""
        return self._history.step(by)

    def drop(self, key: str) -> Page:
        """Let a page go; the caller ends its work. Raises KeyError for one that is not in memory."""
        visit = self._visits.pop(key)
        self._history.forget(key)
        self.interactions.closed(key)
        self._stack.removeWidget(visit.page)
        if self.current is visit:
            self.current = None
        return visit.page


def focus_in(page: Page) -> QWidget:
    """Where the cursor belongs on this page: where it was, on a new one in its first field."""
    last: QWidget | None = page.focusWidget()
    return last or page.first_field()
