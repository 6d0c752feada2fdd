"""Gathers what waits for a thread, so that it goes there together and comes back together.

Acts share a writer's statements and wait for the disk together. Questions take less time than the way there and back.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from typing import Any, Final, Generic, TypeVar

W = TypeVar("W")  # what waits
R = TypeVar("R")  # what comes of it
CarryOut = Callable[[Sequence[W]], Sequence[R | BaseException]]
_MOST: Final = 32  # at once; the first of them waits for the last


class Gathering(Generic[W, R]):
    """What waits is carried out in the order in which it came, as much as there is at once. Belongs to one event loop."""

    def __init__(self, carry_out: CarryOut[W, R], executor: Executor, most: int = _MOST) -> None:
        self._carry_out = carry_out
        self._executor = executor
        self._most = most
        self._waiting: deque[tuple[W, asyncio.Future[R]]] = deque()
        self._is_called = False

    def add(self, work: W) -> asyncio.Future[R]:
        """Let a piece of work wait for a thread."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[R] = loop.create_future()
        self._waiting.append((work, future))
        if not self._is_called:
            self._is_called = True
            loop.call_soon(self._call, loop)  # not before those were read that came at the same time
        return future

    def close(self) -> None:
        """Wait until all is carried out."""
        self._executor.shutdown()

    def _call(self, loop: asyncio.AbstractEventLoop) -> None:
        with suppress(RuntimeError):  # closed meanwhile: whoever waits goes with the loop, and nothing was done
            self._executor.submit(self._visit, loop)

    def _visit(self, loop: asyncio.AbstractEventLoop) -> None:
        self._is_called = False  # before it looks: what comes from now on calls the next one
        taken = list(self._taken())
        if not taken:  # another one was faster
            return
        if self._waiting:
            self._is_called = True
            self._call(loop)
        outcomes = self._carry_out([work for work, _ in taken])
        futures = [future for _, future in taken]
        loop.call_soon_threadsafe(_tell, futures, outcomes)

    def _taken(self) -> Iterator[tuple[W, asyncio.Future[R]]]:
        for _ in range(self._most):
            if not self._waiting:
                return
            yield self._waiting.popleft()


def each(works: Sequence[Callable[[], R]]) -> list[R | BaseException]:
    """Do one after the other; each stands for itself."""
    return [_outcome(work) for work in works]


def _outcome(work: Callable[[], R]) -> R | BaseException:
    try:
        return work()
    except BaseException as error:  # noqa: BLE001 - whoever asked is to have it
        return error


def _tell(futures: Sequence[asyncio.Future[Any]], outcomes: Sequence[Any]) -> None:
    for future, outcome in zip(futures, outcomes, strict=True):
        if future.done():  # nobody waits for it any more
            continue
        if isinstance(outcome, BaseException):
            future.set_exception(outcome)
        else:
            future.set_result(outcome)
