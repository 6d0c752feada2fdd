"""A process that can be killed anywhere it waits: from then on it gets no further, and nobody hears of it again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from app.sync.store_thread import StoreThread

P = ParamSpec("P")
T = TypeVar("T")
Step = Callable[[str], None]


class BrokenError(Exception):
    """An invariant does not hold."""


class KilledError(BaseException):
    """The power went in the middle of a call."""


class Life:
    """One run of a desk's sync process. `fuse`: how many more steps it has to live; None: as many as it likes."""

    def __init__(self, note: Step, on_death: Callable[[], None]) -> None:
        self.is_over = False
        self.fuse: int | None = None
        self._note = note
        self._on_death = on_death
        self._waits = 0
        self._never: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def turn(self, what: str) -> None:
        """Take a step, after which the process may be no more."""
        self._note(what)
        await asyncio.sleep(0)
        self._burn()
        if self.is_over:
            await self.hang()

    async def hang(self) -> None:
        """Never come back."""
        await asyncio.shield(self._never)

    def end(self) -> None:
        """Kill it."""
        if not self.is_over:
            self.is_over = True
            self._on_death()

    def bury(self) -> None:
        """The simulation is over: whatever still hangs may go."""
        self._never.cancel()

    def _burn(self) -> None:
        if self.fuse is not None:
            self.fuse -= 1
            if self.fuse <= 0:
                self.fuse = None
                self.end()


class SimulatedThread(StoreThread):
    """Calls the stores at once, in a step of its own; a disk may be full or broken, the process killed on either side."""

    def __init__(self, life: Life, trouble: Callable[[str], None], after: Callable[[str], None]) -> None:
        self._life = life
        self._trouble = trouble
        self._after = after

    async def run(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Await the call's result, which nobody gets whose process died meanwhile."""
        name = call.__name__
        await self._life.turn(name)
        self._trouble(name)
        try:
            result = call(*args, **kwargs)
        except KilledError:
            self._life.end()
            await self._life.hang()
            raise
        self._after(name)
        await self._life.turn("done")
        return result

    async def close(self) -> None:
        """There is no thread to end."""
