"""What one process of all that share a database has to itself, until it lets go or dies. No clock is asked for that."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool


class Hold:
    """A name that is held: `let_go` ends that."""

    def __init__(self, ask: Callable[[], object], let_go: Callable[[], object]) -> None:
        self._ask = ask
        self.let_go = let_go

    @property
    def is_kept(self) -> bool:
        """Whether it is ours still: with the line to the database it is lost too."""
        try:
            self._ask()
        except DBAPIError:
            return False
        return True


def hold(engine: Engine, name: str) -> Hold | None:
    """Be the only process that holds `name` on this database; None if another one does."""
    return _hold_lock(engine, name) if engine.dialect.name == "postgresql" else _hold_file(engine, name)


def _hold_lock(engine: Engine, name: str) -> Hold | None:
    """An advisory lock of a session, on a connection of its own."""
    number = int.from_bytes(hashlib.sha256(f"hold/{name}".encode()).digest()[:8], signed=True)
    alone = create_engine(engine.url, poolclass=NullPool, isolation_level="AUTOCOMMIT", hide_parameters=True)
    connection = alone.connect()
    if connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({number})").scalar_one():
        return Hold(lambda: connection.exec_driver_sql("SELECT 1"), connection.close)
    connection.close()
    return None


def _hold_file(engine: Engine, name: str) -> Hold | None:
    """A lock on an empty file beside the database, taken through SQLite since that knows how on every system."""
    path = Path(f"{engine.url.database}-{name}")
    path.touch(mode=0o600)
    connection = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError:
        connection.close()
        return None
    return Hold(lambda: None, connection.close)
