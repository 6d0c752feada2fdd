"""A page that is made while nobody waits for it: to build one takes longer than a frame."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtWidgets import QWidget

from ui.page import Page

REST_MS = 150  # without a key: then another one will hardly come while the page is made

P = TypeVar("P", bound=Page)


class Spare(QTimer, Generic[P]):
    """Holds one page of a kind for the window of `stack`, and makes the next once no key was pressed for a while."""

    def __init__(self, make: Callable[[], P], stack: QWidget, rest_ms: int = REST_MS) -> None:
        super().__init__(stack)
        self._make = make
        self._stack = stack
        self._page: P | None = None
        self.setSingleShot(True)
        self.setInterval(rest_ms)
        self.timeout.connect(self._lay_up)

    def take(self) -> P:
        """The page, or one made now; the next follows."""
        page, self._page = self._page or self._make(), None
        self.lay_up()
        return page

    def lay_up(self) -> None:
        """Make a page soon, if there is none."""
        window = self._stack.window().windowHandle()
        if window is not None:
            window.installEventFilter(self)  # every key begins there, and little else
        self.start()

    def drop(self) -> None:
        """Hold nothing: the page was made for somebody who has left."""
        self._rest()
        if self._page is not None:
            self._page.tasks.end()
            self._page.deleteLater()
            self._page = None

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Wait on while keys come; all of them pass."""
        del watched
        if event.type() == QEvent.Type.KeyPress:
            self.start()
        return False

    def _lay_up(self) -> None:
        self._rest()
        if self._page is None:
            self._page = self._make()
            for part in self._page.findChildren(QWidget):
                part.ensurePolished()

    def _rest(self) -> None:
        self.stop()
        window = self._stack.window().windowHandle()
        if window is not None:
            window.removeEventFilter(self)
