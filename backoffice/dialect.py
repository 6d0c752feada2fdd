"""The one place that knows which database engine is underneath: how it is opened, how writers exclude each other, what a
lost race looks like.

SQLite lets one writer in at a time, from beginning to end. PostgreSQL lets all in and makes them take turns only where a
revision is given out (`take_turn`), so that revisions are in the order of their commits.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any, Final

from sqlalchemy import Connection, Engine, Table, create_engine, event, func, insert, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

CHANNEL: Final = "trunkline_changed"  # on which PostgreSQL tells other processes of commits
_TELLING: Final = f"""
    CREATE OR REPLACE FUNCTION {CHANNEL}() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_notify('{CHANNEL}', ''); RETURN NULL; END $$
"""
_BUSY_SECONDS: Final = 30
_CONNECTIONS: Final = 12
_TURN: Final = 0x5472756E6B  # the advisory lock of the sequence
_LOST_RACES: Final = ("40001", "40P01")  # serialization failure, deadlock


class DatabaseError(Exception):
    """The database cannot be used; the text says why and is meant for the operator."""


def open_engine(database: str, *, must_exist: bool = False) -> Engine:
    """Open `database`, a path or a SQLAlchemy URL. Raises DatabaseError."""
    url = _url(database)
    if url.get_backend_name() == "postgresql":
        return _postgresql(url)
    if url.get_backend_name() == "sqlite":
        return _sqlite(url, must_exist=must_exist)
    raise DatabaseError(f"The back office keeps its data in SQLite or PostgreSQL, not in {url.get_backend_name()}.")


def is_postgresql(connection: Connection) -> bool:
    """Whether PostgreSQL is underneath."""
    return connection.dialect.name == "postgresql"


def take_turn(connection: Connection) -> None:
    """Be the only one who gives out revisions until this transaction has ended."""
    if is_postgresql(connection):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_TURN})")


def tell_of_changes(table: Table) -> None:
    """Let PostgreSQL tell whoever watches of each commit that wrote to the table, whatever program it came from."""
    event.listen(table, "after_create", _make_trigger)


def _make_trigger(table: Table, connection: Connection, **_: Any) -> None:
    if is_postgresql(connection):
        connection.exec_driver_sql(_TELLING)
        connection.exec_driver_sql(
            f"CREATE TRIGGER tell AFTER INSERT OR UPDATE ON {table.name} EXECUTE FUNCTION {CHANNEL}()"
        )


def exclude(connection: Connection, name: str) -> None:
    """Be the only one who holds `name` until this transaction has ended."""
    if is_postgresql(connection):
        number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({number})")


def insert_rows(connection: Connection, table: Table, rows: Sequence[Sequence[Any]]) -> None:
    """Insert many rows, each in the order of the table's columns, the fastest way there is."""
    if not is_postgresql(connection):
        connection.execute(insert(table), [dict(zip(table.columns.keys(), row, strict=True)) for row in rows])
        return
    quoted = connection.dialect.identifier_preparer
    columns = ", ".join(quoted.format_column(column) for column in table.columns)
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {quoted.format_table(table)} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def reset_counters(connection: Connection, tables: Iterable[Table]) -> None:
    """Let columns that number themselves go on after the highest number that was inserted into them."""
    for table in tables:
        column = table.autoincrement_column
        if column is not None and is_postgresql(connection):
            counter = func.pg_get_serial_sequence(table.name, column.name)
            connection.execute(select(func.setval(counter, func.coalesce(func.max(column), 1))))


def is_lost_race(error: DBAPIError) -> bool:
    """Whether the same transaction may succeed when it is tried again."""
    return getattr(error.orig, "sqlstate", None) in _LOST_RACES


class Writer:
    """Opens write transactions; the other engine, or the other process, sees to their order."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine.execution_options(writes=True)
        self._turn = Lock() if engine.dialect.name == "sqlite" else None  # SQLite's own queue sleeps and is unfair

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """Open a transaction; commit when the block ends."""
        if self._turn is None:
            with self._engine.begin() as connection:
                yield connection
        else:
            with self._turn, self._engine.begin() as connection:
                yield connection


def _url(database: str) -> URL:
    try:
        url = make_url(database) if "://" in database else URL.create("sqlite", database=database)
    except ArgumentError as error:
        raise DatabaseError("That is neither a path nor a database URL.") from error
    return url.set(drivername="postgresql+psycopg") if url.drivername in ("postgresql", "postgres") else url


def _sqlite(url: URL, *, must_exist: bool) -> Engine:
    if not url.database or url.database == ":memory:":
        raise DatabaseError("The back office needs a database file: a database in memory would not be durable.")
    if not Path(url.database).parent.is_dir():
        raise DatabaseError(f"The folder of {url.database} does not exist.")
    if must_exist and not Path(url.database).exists():
        raise DatabaseError(f"There is no database {url.database}.")
    Path(url.database).touch(mode=0o600)  # WAL and shared memory take their mode from it
    engine = create_engine(url, connect_args={"timeout": _BUSY_SECONDS}, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions begin when _begin_sqlite says so, not when the driver guesses
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _postgresql(url: URL) -> Engine:
    engine = create_engine(url, pool_size=_CONNECTIONS, max_overflow=0, pool_pre_ping=True, hide_parameters=True)
    event.listen(engine, "begin", _begin_postgresql)
    return engine


def _begin_postgresql(connection: Connection) -> None:
    """Readers see one instant; writers see what was committed, and lock what they rest on."""
    if not connection.get_execution_options().get("writes", False):
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
