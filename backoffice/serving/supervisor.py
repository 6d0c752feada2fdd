"""Keeps several workers on one socket: starts them, starts anew whichever ends, and stops them all in bounded time."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Final, TypeAlias

import structlog

Line: TypeAlias = "Connection[Any, Any]"
STOP: Final = "stop"
RENEW: Final = "renew"
READY: Final = "ready"
_STOP_SECONDS: Final = 15  # more than a worker takes that is well
_FIRST_REST_S: Final = 0.5
_LONGEST_REST_S: Final = 30.0
_HEALTHY_S: Final = 60.0  # who lived that long starts anew at once


@dataclass(slots=True)
class Worker:
    """A process of its own and the line to it; the line ends with the process."""

    process: BaseProcess
    line: Line
    began: float
    answers: bool = False


class Supervisor:
    """`start` makes the worker of a number; `on_answering` is called once, when all of them answer."""

    def __init__(self, start: Callable[[int], Worker], count: int, on_answering: Callable[[], None]) -> None:
        self._start = start
        self._numbers = range(1, count + 1)
        self._on_answering = on_answering
        self._has_answered = False
        self._workers: dict[int, Worker] = {}
        self._due = dict.fromkeys(self._numbers, 0.0)  # those that rest, and until when
        self._failures: dict[int, int] = dict.fromkeys(self._numbers, 0)
        self._orders, self._order = Pipe(duplex=False)
        self._log = structlog.get_logger()

    def obey_signals(self) -> None:
        """SIGTERM and SIGINT stop everything; SIGHUP, where there is one, has certificates read anew."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._order.send(STOP))
        if hasattr(signal, "SIGHUP"):
            signal.signal(signal.SIGHUP, lambda *_: self._order.send(RENEW))

    def run(self) -> int:
        """Go on until told to stop; 1 if the workers never all answered."""
        try:
            while self.go_on():
                continue
        finally:
            self.stop()
        return 0 if self._has_answered else 1

    def go_on(self) -> bool:
        """Start who is due, then wait for the next thing that happens; False if there is no point in going on."""
        now = time.monotonic()
        for number in [one for one, due in self._due.items() if due <= now]:
            del self._due[number]
            self._workers[number] = self._start(number)
        rest = min(self._due.values(), default=None)
        waiting = [self._orders, *(worker.line for worker in self._workers.values())]
        ready = wait(waiting, None if rest is None else max(0.0, rest - now))
        if self._orders in ready:
            order = self._orders.recv()
            self._tell(order)
            return bool(order != STOP)
        return all(self._hear(number) for number, worker in [*self._workers.items()] if worker.line in ready)

    def _hear(self, number: int) -> bool:
        """What a worker says, or that it has ended; False if there is no point in going on."""
        try:
            self._workers[number].line.recv()
        except (EOFError, OSError):
            self._ended(number)
            self._tell_who_answers()
            return self._has_answered  # one that ends before it ever served has a reason that will not go away
        self._workers[number].answers = True
        self._tell_who_answers()
        if not self._has_answered and self._answering == len(self._numbers):
            self._has_answered = True
            self._on_answering()
        return True

    def _ended(self, number: int) -> None:
        worker = self._workers.pop(number)
        worker.line.close()
        worker.process.join()
        lived = time.monotonic() - worker.began
        failures = self._failures[number] = 0 if lived > _HEALTHY_S else self._failures[number] + 1
        rest = min(_FIRST_REST_S * 2 ** (failures - 1), _LONGEST_REST_S) if failures else 0.0
        self._due[number] = time.monotonic() + rest
        self._log.error("worker ended", ended=number, code=worker.process.exitcode, starts_again_in=rest)

    @property
    def _answering(self) -> int:
        return sum(worker.answers for worker in self._workers.values())

    def _tell_who_answers(self) -> None:
        self._tell(self._answering)

    def _tell(self, word: str | int) -> None:
        for worker in self._workers.values():
            with suppress(OSError):  # one that has just ended is heard of next
                worker.line.send(word)

    def stop(self) -> None:
        """Tell all of them to end; kill those that do not."""
        self._tell(STOP)
        until = time.monotonic() + _STOP_SECONDS
        for number, worker in self._workers.items():
            worker.process.join(max(0.0, until - time.monotonic()))
            if worker.process.is_alive():
                self._log.error("worker killed", killed=number)
                worker.process.kill()
                worker.process.join()
            worker.line.close()
