"""Keeps what is typed into a form while it is typed, for every page that has one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, Protocol, TypeVar

from PySide6.QtCore import QObject, QTimer

from app.core.errors import DeskError
from app.core.tasks import TaskScope

KEEP_MS = 1_000  # at most so much typing is lost to a power cut
Begun = TypeVar("Begun")


class Delay(Protocol):
    """Does something a little later, once, however often it is asked to meanwhile."""

    def begin(self, then: Callable[[], None]) -> None:
        """Call `then` when the time has come; while one call is due already, that is enough."""
        ...

    def end(self) -> None:
        """Nothing is due any more."""
        ...


class TimerDelay(QObject):
    """Waits on the window's own loop. It is not put off by the next key: who types on and on is kept all the same."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._then: Callable[[], None] = lambda: None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(KEEP_MS)
        self._timer.timeout.connect(self._on_due)

    def begin(self, then: Callable[[], None]) -> None:
        """Call `then` in a second."""
        self._then = then
        if not self._timer.isActive():
            self._timer.start()

    def end(self) -> None:
        """Call nothing."""
        self._timer.stop()

    def _on_due(self) -> None:
        self._then()


class Drafting(Generic[Begun]):
    """Writes what `note` was told last, with `write`: one at a time, so that the newest is what stays.

    `on_trouble` hears why nothing can be kept, once until it can again.
    """

    def __init__(
        self,
        write: Callable[[Begun], Awaitable[None]],
        tasks: TaskScope,
        delay: Delay,
        on_trouble: Callable[[DeskError], None],
    ) -> None:
        self._write = write
        self._tasks = tasks
        self._delay = delay
        self._on_trouble = on_trouble
        self._newest: Begun | None = None
        self._turn = asyncio.Lock()
        self._is_in_trouble = False

    def note(self, begun: Begun) -> None:
        """Keep this soon."""
        self._newest = begun
        self._delay.begin(self.hurry)

    def hurry(self) -> None:
        """Keep at once what is not kept yet, without waiting for it."""
        if self._newest is not None:
            self._tasks.start(self._kept_or_told())

    def drop(self) -> None:
        """What was noted is saved or discarded: it is not kept any more."""
        self._newest = None
        self._delay.end()

    async def kept(self) -> None:
        """Return once nothing is left to keep. Raises DeskError where it cannot be kept."""
        self._delay.end()
        async with self._turn:
            while (begun := self._newest) is not None:
                await self._write(begun)
                if self._newest is begun:
                    self._newest = None

    async def _kept_or_told(self) -> None:
        try:
            await self.kept()
        except DeskError as error:
            if not self._is_in_trouble:
                self._on_trouble(error)
            self._is_in_trouble = True
        else:
            self._is_in_trouble = False
