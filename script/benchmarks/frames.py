"""Sees what a measured window has painted, and when: looks on from inside, changes nothing and paints nothing."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

STILL_MS = 40  # an answer that changes nothing on the screen is followed by no frame

IsThere = Callable[[], bool]


class Wish:
    """What a frame has to show. Times are nanoseconds of Unix time, 0 for what has not come."""

    def __init__(self, is_there: IsThere) -> None:
        self.is_there = is_there
        self.answered_at = 0
        self.painted_at = 0
        self._is_painted = threading.Event()

    def paint(self, at: int) -> None:
        """It is on the screen since then."""
        self.answered_at = self.answered_at or at
        self.painted_at = at
        self._is_painted.set()

    def wait(self, seconds: float) -> bool:
        """Wait until it is on the screen; False where that takes too long."""
        return self._is_painted.wait(seconds)


class Frames(QObject):
    """Notes the end of every frame of the window. Made on the window's thread; `wish` serves any other."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._wish: Wish | None = None
        window.installEventFilter(self)

    def wish(self, is_there: IsThere) -> Wish:
        """Look out for the first frame with it; what is there already counts for nothing, so wish before it comes."""
        self._wish = wish = Wish(is_there)
        return wish

    def answer(self) -> None:
        """Something was answered: without a frame soon after it, it found its rows on the screen."""
        wish = self._wish
        if wish is not None and not wish.answered_at and wish.is_there():
            wish.answered_at = time.time_ns()
            QTimer.singleShot(STILL_MS, self, lambda: self._stands(wish))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Let the window paint its frame, then look."""
        if event.type() != QEvent.Type.UpdateRequest or watched is not self._window:
            return super().eventFilter(watched, event)
        self._window.event(event)
        self._look(time.time_ns())
        return True

    def _look(self, at: int) -> None:
        wish = self._wish
        if wish is not None and wish.is_there():
            self._wish = None
            wish.paint(at)

    def _stands(self, wish: Wish) -> None:
        if self._wish is wish:
            self._look(wish.answered_at)
