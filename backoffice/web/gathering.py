"""Gathers acts that wait for a writer, so that they share its statements, and wait for the disk together."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Executor, Future
from typing import Final

from backoffice.operations import Act, Answer, Operations
from backoffice.scopes import Scope

_MOST: Final = 32  # with one commit; the first of them waits for the last


class Gathering:
    """What waits is carried out in the order in which it came, as much as there is with each commit."""

    def __init__(self, operations: Operations, writer: Executor) -> None:
        self._operations = operations
        self._writer = writer
        self._waiting: deque[tuple[Act, Scope, Future[Answer]]] = deque()

    def add(self, act: Act, scope: Scope) -> Future[Answer]:
        """Let an act wait for its turn."""
        future: Future[Answer] = Future()
        self._waiting.append((act, scope, future))
        self._writer.submit(self._carry_out)
        return future

    def close(self) -> None:
        """Wait until all are carried out."""
        self._writer.shutdown()

    def _carry_out(self) -> None:
        """One job for each act, of which the first does the work of those that came since."""
        taken = list(self._taken())
        outcomes = self._operations.perform_together([(act, scope) for act, scope, _ in taken])
        for (_, _, future), outcome in zip(taken, outcomes, strict=True):
            if isinstance(outcome, Answer):
                future.set_result(outcome)
            else:
                future.set_exception(outcome)

    def _taken(self) -> Iterator[tuple[Act, Scope, Future[Answer]]]:
        for _ in range(_MOST):
            if not self._waiting:
                return
            yield self._waiting.popleft()
