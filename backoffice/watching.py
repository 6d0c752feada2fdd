"""Notices what others committed to the same database: other workers, an import, a staff command.

PostgreSQL tells; what it could not tell, while the line to it was down, is found by looking now and then. SQLite cannot
tell, but a look at its version costs microseconds.
"""

from __future__ import annotations

import selectors
import socket
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from threading import Thread
from typing import Any, Final, Protocol

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from backoffice.dialect import CHANNEL

STAFF: Final = "staff"  # under this name a mark is kept that is another one after each change of the staff
_STATE: Final = """
    SELECT (SELECT value FROM sequence),
           (SELECT value FROM meta WHERE key = 'epoch'),
           (SELECT value FROM meta WHERE key = 'staff')
"""
_LOOK_SECONDS: Final = 0.25  # SQLite
_SAFETY_SECONDS: Final = 5.0  # PostgreSQL, beside what it tells
_PATIENCE_SECONDS: Final = 2.0
_FIRST_REST_S: Final = 0.5
_LONGEST_REST_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class State:
    """What changes when something happens that desks have to hear of."""

    sequence: int
    epoch: str | None = None
    staff: str | None = None


class Line(Protocol):
    """A connection that is kept for watching."""

    def state(self) -> State:
        """How things stand."""
        ...

    def wait(self, stops: socket.socket) -> bool:
        """Return when it is worth a look; False if `stops` has ended."""
        ...


class Watcher:
    """A thread that calls `on_state` at the start and soon after each commit that matters, whoever made it."""

    def __init__(self, engine: Engine, on_state: Callable[[State], object]) -> None:
        self._engine = engine
        self._on_state = on_state
        self._errors = (SQLAlchemyError, engine.dialect.loaded_dbapi.Error)
        self._stops, self._stop = socket.socketpair()
        self._thread = Thread(target=self._run, name="trunkline-watcher", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def close(self) -> None:
        """End; returns when the thread has ended, or hangs in a database that does not answer."""
        self._stop.close()
        self._thread.join(_PATIENCE_SECONDS)
        self._stops.close()

    def _run(self) -> None:
        rest, log = _FIRST_REST_S, structlog.get_logger()
        is_lost = True
        while is_lost:
            try:
                with _line_to(self._engine) as line:
                    self._on_state(line.state())
                    rest = _FIRST_REST_S
                    while line.wait(self._stops):
                        self._on_state(line.state())
                    is_lost = False
            except self._errors as error:
                log.warning("watching interrupted", error=type(error).__name__, again_in=rest)
                is_lost = not _is_readable(rest, self._stops)
                rest = min(rest * 2, _LONGEST_REST_S)


class _Sqlite:
    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._version = self._look()

    def state(self) -> State:
        return State(*self._connection.execute(_STATE).fetchone())

    def wait(self, stops: socket.socket) -> bool:
        while not _is_readable(_LOOK_SECONDS, stops):
            before, self._version = self._version, self._look()
            if before != self._version:
                return True
        return False

    def _look(self) -> object:
        return self._connection.execute("PRAGMA data_version").fetchone()


class _Postgresql:
    def __init__(self, connection: Any) -> None:
        self._connection = connection
        connection.autocommit = True
        connection.execute(f"LISTEN {CHANNEL}")

    def state(self) -> State:
        return State(*self._connection.execute(_STATE).fetchone())

    def wait(self, stops: socket.socket) -> bool:
        if not self._has_heard():  # what came with the last answer is in no socket any more
            if _is_readable(_SAFETY_SECONDS, stops, self._connection):
                return False
            self._has_heard()
        return True

    def _has_heard(self) -> bool:
        return bool(list(self._connection.notifies(timeout=0)))


@contextmanager
def _line_to(engine: Engine) -> Iterator[Line]:
    """A connection of its own, not one of the pool."""
    lent = engine.raw_connection()
    own: Any = lent.driver_connection
    lent.detach()
    with closing(own):
        yield _Sqlite(own) if engine.dialect.name == "sqlite" else _Postgresql(own)


def _is_readable(seconds: float, stops: socket.socket, *others: Any) -> bool:
    """Wait for any of them, so long at most; whether `stops` is."""
    with selectors.DefaultSelector() as selector:
        for one in (stops, *others):
            selector.register(one, selectors.EVENT_READ)
        return any(key.fileobj is stops for key, _ in selector.select(seconds))
