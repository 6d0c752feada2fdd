"""What one process of all that share a database has to itself, until it lets go or dies. No clock is asked for that."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool


class _Line(Protocol):
    """What a name is held by: it is lost with it."""

    def take(self) -> bool:
        """Whether nobody holds the name: then it is held now."""
        ...

    def is_kept(self) -> bool:
        """Whether what was taken is held still."""
        ...

    def close(self) -> None:
        """Hold it no more."""
        ...


class Hold:
    """A name that only one process on this database holds at a time."""

    def __init__(self, engine: Engine, name: str) -> None:
        self._line: _Line = _Lock(engine, name) if engine.dialect.name == "postgresql" else _File(engine, name)
        self._is_taken = False

    def is_ours(self) -> bool:
        """Whether this one holds it; if nobody does, it does from now on. Raises DBAPIError."""
        self._is_taken = (self._is_taken and self._line.is_kept()) or self._line.take()
        return self._is_taken

    def let_go(self) -> None:
        """Hold it no more."""
        self._line.close()
        self._is_taken = False


class _Lock:
    """An advisory lock of a session, on a connection of its own; who waits for it keeps that."""

    def __init__(self, engine: Engine, name: str) -> None:
        self._number = int.from_bytes(hashlib.sha256(f"hold/{name}".encode()).digest()[:8], signed=True)
        self._alone = create_engine(engine.url, poolclass=NullPool, isolation_level="AUTOCOMMIT", hide_parameters=True)
        self._connection: Connection | None = None

    def take(self) -> bool:
        return bool(self._asked(f"SELECT pg_try_advisory_lock({self._number})"))

    def is_kept(self) -> bool:
        try:
            return bool(self._asked("SELECT 1"))
        except DBAPIError:
            return False

    def close(self) -> None:
        if self._connection is not None:
            with suppress(
                SQLAlchemyError
            ):  # at once: the server notices only after a while that a connection has ended
                self._connection.exec_driver_sql("SELECT pg_advisory_unlock_all()")
            self._connection.close()
        self._connection = None

    def _asked(self, question: str) -> Any:
        try:
            self._connection = self._connection or self._alone.connect()
            return self._connection.exec_driver_sql(question).scalar_one()
        except DBAPIError:
            self.close()
            raise


class _File:
    """A lock on an empty file beside the database, taken through SQLite since that knows how on every system."""

    def __init__(self, engine: Engine, name: str) -> None:
        self._path = Path(f"{engine.url.database}-{name}")
        self._connection: sqlite3.Connection | None = None

    def take(self) -> bool:
        self._path.touch(mode=0o600)
        connection = sqlite3.connect(self._path, timeout=0, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            connection.close()
            return False
        self._connection = connection
        return True

    def is_kept(self) -> bool:
        return True

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None
