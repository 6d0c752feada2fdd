"""A page that is made while nobody waits for it: to build one takes longer than a frame."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from ui.page import Page

REST_MS = 400  # after the last page was taken: whoever reads it presses no key

P = TypeVar("P", bound=Page)


class Spare(QObject, Generic[P]):
    """Holds one page of a kind, and makes the next once the window has come to rest."""

    def __init__(self, make: Callable[[], P], parent: QObject, rest_ms: int = REST_MS) -> None:
        super().__init__(parent)
        self._make = make
        self._page: P | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(rest_ms)
        self._timer.timeout.connect(self._lay_up)

    def take(self) -> P:
        """The page, or one made now; the next follows."""
        page, self._page = self._page or self._make(), None
        self.lay_up()
        return page

    def lay_up(self) -> None:
        """Make a page soon, if there is none."""
        self._timer.start()

    def drop(self) -> None:
        """Hold nothing: the page was made for somebody who has left."""
        self._timer.stop()
        if self._page is not None:
            self._page.tasks.end()
            self._page.deleteLater()
            self._page = None

    def _lay_up(self) -> None:
        if self._page is None:
            self._page = self._make()
            for part in self._page.findChildren(QWidget):
                part.ensurePolished()
