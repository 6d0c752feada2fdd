"""The one place that knows which database engine is underneath: how it is opened, and how a writer begins."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url

_BUSY_SECONDS = 30


class DatabaseError(Exception):
    """The database cannot be used; the text says why and is meant for the operator."""


def open_engine(database: str) -> Engine:
    """Open `database`, a path or a SQLAlchemy URL. Raises DatabaseError."""
    url = make_url(database) if "://" in database else URL.create("sqlite", database=database)
    if url.get_backend_name() != "sqlite":
        raise DatabaseError(f"This version keeps its data in SQLite; {url.get_backend_name()} is not supported yet.")
    if not url.database or url.database == ":memory:":
        raise DatabaseError("The back office needs a database file: a database in memory would not be durable.")
    if not Path(url.database).parent.is_dir():
        raise DatabaseError(f"The folder of {url.database} does not exist.")
    Path(url.database).touch(mode=0o600)  # WAL and shared memory take their mode from it
    engine = create_engine(url, connect_args={"timeout": _BUSY_SECONDS}, hide_parameters=True)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


class Writer:
    """Hands out write transactions one after the other, so that commits happen in the order of the sequence."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine.execution_options(writes=True)
        self._turn = Lock()  # SQLite's own queue sleeps and is unfair; among our threads a lock is prompt

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """Open a transaction that excludes every other writer, also of other processes; commit when the block ends."""
        with self._turn, self._engine.begin() as connection:
            yield connection


def _prepare(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions begin when _begin says so, not when the driver guesses
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
