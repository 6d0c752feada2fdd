"""Gathers what waits for a thread, so that it goes there together and comes back together.

Acts share a writer's statements and wait for the disk together. Questions take less time than the way there and back.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from typing import Any, Final, Generic, TypeVar

W = TypeVar("W")  # what waits
R = TypeVar("R")  # what comes of it
CarryOut = Callable[[Sequence[W]], Sequence[R | BaseException]]
Question = Callable[[], Any]
_MOST: Final = 32  # at once; the first of them waits for the last
_MOST_QUESTIONS: Final = 8
_QUICK_S: Final = 0.005  # a question that takes longer has others wait for nothing


class Gathering(Generic[W, R]):
    """What waits is carried out in the order in which it came, as much as there is at once. Belongs to one event loop.

    What was cancelled before its turn is left out.
    """

    def __init__(self, carry_out: CarryOut[W, R], executor: Executor, most: int = _MOST) -> None:
        self._carry_out = carry_out
        self._executor = executor
        self._most = most
        self._waiting: deque[tuple[W, asyncio.Future[R]]] = deque()
        self._is_called = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._is_closed = False

    def add(self, work: W) -> asyncio.Future[R]:
        """Let a piece of work wait for a thread. Raises RuntimeError once it is closed."""
        if self._is_closed:
            raise RuntimeError("closed")
        self._loop = loop = asyncio.get_running_loop()
        future: asyncio.Future[R] = loop.create_future()
        self._waiting.append((work, future))
        if not self._is_called:
            self._is_called = True
            loop.call_soon(self._call, loop)  # not before those were read that came at the same time
        return future

    def close(self) -> None:
        """Wait until all is carried out; takes no more."""
        self._is_closed = True
        self._executor.shutdown()
        while self._waiting and self._loop:  # what no thread will come for any more
            self._visit(self._loop)

    def _call(self, loop: asyncio.AbstractEventLoop) -> None:
        with suppress(RuntimeError):  # closed meanwhile: `close` did it
            self._executor.submit(self._visit, loop)

    def _visit(self, loop: asyncio.AbstractEventLoop) -> None:
        self._is_called = False  # before it looks: what comes from now on calls the next one
        taken = list(self._taken())
        if self._waiting:
            self._is_called = True
            self._call(loop)
        if taken:
            loop.call_soon_threadsafe(
                _tell, [future for _, future in taken], self._outcomes([work for work, _ in taken])
            )

    def _taken(self) -> Iterator[tuple[W, asyncio.Future[R]]]:
        left = self._most
        while left:
            try:
                work, future = self._waiting.popleft()
            except IndexError:  # another thread was faster, perhaps between two looks
                return
            if not future.cancelled():
                left -= 1
                yield work, future

    def _outcomes(self, works: Sequence[W]) -> Sequence[R | BaseException]:
        try:
            return self._carry_out(works)
        except BaseException as error:  # noqa: BLE001 - whoever waits is to have it, and nobody is to wait for ever
            return [error] * len(works)


class Questions(Gathering[Question, Any]):
    """Questions that block; those that take long are shared out among the threads, one to each."""

    def __init__(self, readers: Executor) -> None:
        super().__init__(self._asked, readers, _MOST_QUESTIONS)

    def _asked(self, questions: Sequence[Question]) -> list[Any]:
        began = time.monotonic()
        outcomes = [_outcome(one) for one in questions]
        self._most = _MOST_QUESTIONS if time.monotonic() - began < _QUICK_S * len(questions) else 1
        return outcomes


def _outcome(work: Callable[[], R]) -> R | BaseException:
    try:
        return work()
    except BaseException as error:  # noqa: BLE001 - whoever asked is to have it
        return error


def _tell(futures: Sequence[asyncio.Future[Any]], outcomes: Sequence[Any]) -> None:
    for future, outcome in zip(futures, outcomes, strict=True):
        if future.done():  # nobody waits for it any more
            continue
        if isinstance(outcome, StopIteration):  # a future takes any error but this one
            future.set_exception(RuntimeError(f"a bug: {outcome!r}"))
        elif isinstance(outcome, BaseException):
            future.set_exception(outcome)
        else:
            future.set_result(outcome)
