"""An event loop whose time jumps to the next thing that is due, so that an hour of waiting passes in no time."""

from __future__ import annotations

import asyncio
import functools
import selectors
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor
from datetime import datetime, timedelta
from typing import ParamSpec, TypeVar, TypeVarTuple

from tests.fakes.clock import NOON

P = ParamSpec("P")
T = TypeVar("T")
Ts = TypeVarTuple("Ts")
_TURN_S = 1e-6  # a turn of the loop takes some time, as in life


class _JumpingSelector(selectors.SelectSelector):
    """Never waits for time: moves it. Waits for threads, whose work takes no time at all."""

    now = 0.0
    at_work = 0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None or (self.at_work and timeout > 0):
            return super().select(None)
        self.now += max(timeout, 0.0) + _TURN_S
        return super().select(0)


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """For code that waits for time and threads only, never for the network."""

    def __init__(self) -> None:
        self._jumping = _JumpingSelector()
        super().__init__(self._jumping)

    def time(self) -> float:
        """Seconds that passed so far."""
        return self._jumping.now

    def run_in_executor(self, executor: Executor | None, func: Callable[[*Ts], T], *args: *Ts) -> asyncio.Future[T]:
        """Run in a thread, during which time stands still."""
        self._jumping.at_work += 1
        future = super().run_in_executor(executor, func, *args)
        future.add_done_callback(self._back)
        return future

    async def shutdown_default_executor(self, timeout: float | None = None) -> None:  # noqa: ARG002, ASYNC109 - it would be jumped over
        """Wait for the threads to end, however long that takes."""
        await super().shutdown_default_executor()

    def _back(self, _future: object) -> None:
        self._jumping.at_work -= 1


class LoopClock:
    """Satisfies `Clock` with the running loop's time."""

    def now(self) -> datetime:
        """Noon and what has passed since."""
        return NOON + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        """Seconds since the loop began."""
        return asyncio.get_running_loop().time()


def in_virtual_time(test: Callable[P, Coroutine[object, object, None]]) -> Callable[P, None]:
    """Run an async test on a loop of its own whose time jumps."""

    @functools.wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
            runner.run(test(*args, **kwargs))

    return run


async def until(is_so: Callable[[], bool], seconds: float = 3_600.0) -> float:
    """Let time pass until it is so; returns how much passed. Fails after `seconds`."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    while not is_so():
        assert loop.time() - began < seconds, "it did not come about"
        await asyncio.sleep(0.01)
    return loop.time() - began
