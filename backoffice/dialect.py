"""The one place that knows which database engine is underneath: how it is opened, how writers exclude each other, what a
lost race looks like.

SQLite lets one writer in at a time, from beginning to end. PostgreSQL lets all in; they take turns only from where a revision
is given out, since whoever has advanced the sequence keeps its row until the commit: revisions are in the order of commits.
"""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from threading import Lock
from typing import Any, Final

from sqlalchemy import Boolean, Connection, Engine, RootTransaction, Table, create_engine, event, func, insert, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, DisconnectionError, OperationalError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.pool import NullPool
from sqlalchemy.sql.functions import FunctionElement

CHANNEL: Final = "trunkline_changed"  # on which PostgreSQL tells other processes of commits
_TELLING: Final = f"""
    CREATE OR REPLACE FUNCTION {CHANNEL}() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_notify('{CHANNEL}', ''); RETURN NULL; END $$
"""
_BUSY_SECONDS: Final = 30
_CONNECT_SECONDS: Final = 10  # PostgreSQL; else whoever asks waits as long as the network likes
_SQLITE_OPTIONS: Final = {"timeout": _BUSY_SECONDS, "check_same_thread": False}
_CONNECTIONS: Final = 12
_TRUSTED_SECONDS: Final = 1.0  # for so long a connection is taken to live after it was used
_USED_AT: Final = "used at"
_PATIENCE: Final = "250ms"  # less than it takes PostgreSQL to look for a deadlock
_SORT_MEMORY: Final = "512MB"
_KEYS: Final = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid::regclass::text = ANY(%s) AND contype IN ('p', 'u') ORDER BY conrelid, contype
"""
_LOST_RACES: Final = ("40001", "40P01", "23505")  # serialization, deadlock, made at the same time
_LEFT_ALONE: Final = "25P03"  # the transaction did nothing for so long that the server ended it
# How long somebody waits for what another one holds, and how long somebody holds it who does nothing: a lost machine say.
_LONGEST_WAITS: Final = {"lock_timeout": "10s", "idle_in_transaction_session_timeout": "60s"}
_CANCELLED: Final = "57014"
_STEPS: Final = 20_000  # of SQLite between two looks at the clock: some milliseconds


class DatabaseError(Exception):
    """The database cannot be used; the text says why and is meant for the operator."""


class TooSlowError(Exception):
    """The question would have taken longer than any may."""


class MissingDatabaseError(DatabaseError):
    """There is no database yet, and whoever asked for it makes none."""


class LostCommitError(OperationalError):
    """The answer to a COMMIT did not come: it was done, or it was not."""


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


def committing_each(engine: Engine) -> Engine:
    """The same database for single questions, each of which is a transaction; whoever asks keeps the connections."""
    if engine.dialect.name == "postgresql":  # its connections are in a transaction, or they are not
        return create_engine(engine.url, poolclass=NullPool, isolation_level="AUTOCOMMIT", hide_parameters=True)
    own = create_engine(engine.url, poolclass=NullPool, connect_args=_SQLITE_OPTIONS, hide_parameters=True)
    event.listen(own, "connect", _prepare_sqlite)
    return own


def reading(engine: Engine) -> Engine:
    """The same database for transactions that see one instant and change nothing; SQLite's do so by themselves."""
    if engine.dialect.name == "postgresql":
        return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return engine


class holds(FunctionElement[bool]):  # noqa: N801 - it is read as the function of SQL that it is
    """Whether a text column holds a text, letter by letter; LIKE would take `a` for `A` on SQLite."""

    type = Boolean()
    inherit_cache = True


class each_text(FunctionElement[str]):  # noqa: N801 - as above
    """The members of a JSON list of texts, as rows: a single value to compile for, however many they are."""

    inherit_cache = True


@compiles(each_text, "sqlite")
def _each_text_in_sqlite(element: Any, compiler: Any, **more: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **more)})"


@compiles(each_text, "postgresql")
def _each_text_in_postgresql(element: Any, compiler: Any, **more: Any) -> str:
    return f"json_array_elements_text(CAST({compiler.process(element.clauses, **more)} AS json))"


@compiles(holds, "sqlite")
def _holds_in_sqlite(element: Any, compiler: Any, **more: Any) -> str:
    return f"(instr({compiler.process(element.clauses, **more)}) > 0)"


@compiles(holds, "postgresql")
def _holds_in_postgresql(element: Any, compiler: Any, **more: Any) -> str:
    return f"(strpos({compiler.process(element.clauses, **more)}) > 0)"


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
        connection.exec_driver_sql(f"SELECT {_lock(name)}")


def exclude_all(connection: Connection, names: Iterable[str]) -> None:
    """Hold several names, and wait only a moment for anything that others hold, until this transaction has ended."""
    if is_postgresql(connection):
        locks = [_lock(name) for name in sorted(names)]
        patience = f"set_config('lock_timeout', '{_PATIENCE}', true)"
        connection.exec_driver_sql(f"SELECT {', '.join([patience, *locks])}")


def _lock(name: str) -> str:
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
    return f"pg_advisory_xact_lock({number})"


@contextmanager
def within(connection: Connection, seconds: float) -> Iterator[None]:
    """What is asked in the block ends after so long: all of it on SQLite, each statement on PostgreSQL. Raises TooSlowError."""
    until = time.monotonic() + seconds
    driver: Any = connection.connection.driver_connection
    if is_postgresql(connection):
        connection.exec_driver_sql(f"SET LOCAL statement_timeout = {max(1, round(seconds * 1000))}")
    else:
        driver.set_progress_handler(lambda: time.monotonic() > until, _STEPS)
    try:
        yield
    except DBAPIError as error:
        if is_too_slow(error):
            raise TooSlowError from error
        raise
    finally:
        if not is_postgresql(connection):
            driver.set_progress_handler(None, 0)


def is_too_slow(error: DBAPIError) -> bool:
    """Whether a statement was ended by `within`."""
    return (
        getattr(error.orig, "sqlstate", None) == _CANCELLED
        or getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT
    )


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


def has_not_begun(error: DBAPIError) -> bool:
    """Whether a transaction did not even begin: the database was not to be reached, or another process kept SQLite's turn."""
    return error.statement is None or getattr(error.orig, "sqlite_errorname", "").startswith("SQLITE_BUSY")


def is_lost_race(error: DBAPIError) -> bool:
    """Whether the same transaction may succeed when it is tried again."""
    return getattr(error.orig, "sqlstate", None) in _LOST_RACES


def is_outage(error: DBAPIError) -> bool:
    """Whether it says something of the database at this moment, and nothing of what was asked."""
    return isinstance(error, OperationalError) or getattr(error.orig, "sqlstate", None) == _LEFT_ALONE


def engine_for_filling(engine: Engine) -> Engine:
    """The same database for one writer of very much.

    SQLite then waits for the disk once in a while, not at each commit: a power cut takes whole transactions at most.
    """
    own = create_engine(engine.url, hide_parameters=True).execution_options(writes=True)
    if own.dialect.name == "sqlite":
        event.listen(own, "connect", _prepare_sqlite_for_filling)
        event.listen(own, "begin", _begin_sqlite)
    return own


def _prepare_sqlite_for_filling(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    for pragma in ("synchronous=NORMAL", "cache_size=-262144", "wal_autocheckpoint=65536"):
        connection.execute(f"PRAGMA {pragma}")


@contextmanager
def without_indexes(connection: Connection, tables: tuple[str, ...]) -> Iterator[None]:
    """On PostgreSQL these tables are without keys in the block, in the caller's transaction; SQLite's cannot be taken away."""
    if not is_postgresql(connection):
        yield
        return
    keys = connection.exec_driver_sql(_KEYS, (list(tables),)).all()
    for table, name, _ in keys:
        connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    yield
    connection.exec_driver_sql(f"SET LOCAL maintenance_work_mem = '{_SORT_MEMORY}'")
    for table, name, definition in keys:
        connection.exec_driver_sql(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
    for table in tables:
        connection.exec_driver_sql(f"ANALYZE {table}")


class Writer:
    """Opens write transactions; the other engine, or the other process, sees to their order."""

    def __init__(self, engine: Engine) -> None:
        self._engine = Engine(engine.pool, engine.dialect, engine.url, hide_parameters=True)
        if engine.dialect.name == "sqlite":
            event.listen(self._engine, "begin", _begin_to_write)
        self._turn = Lock() if engine.dialect.name == "sqlite" else None  # SQLite's own queue sleeps and is unfair

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """Open a transaction; commit when the block ends. Raises LostCommitError if nobody knows whether that was done."""
        with self._turn or nullcontext(), self._engine.connect() as connection:
            transaction = connection.begin()
            yield connection
            _commit(transaction)


def _commit(transaction: RootTransaction) -> None:
    try:
        transaction.commit()
    except DBAPIError as error:
        if is_lost_race(error):
            raise
        raise LostCommitError(error.statement, None, error.orig or error, hide_parameters=True) from error


def _url(database: str) -> URL:
    try:
        url = make_url(database) if "://" in database else URL.create("sqlite", database=database)
    except ArgumentError as error:
        raise DatabaseError("That is neither a path nor a database URL.") from error
    return url.set(drivername="postgresql+psycopg") if url.drivername in ("postgresql", "postgres") else url


def _sqlite(url: URL, *, must_exist: bool) -> Engine:
    if not url.database or url.database == ":memory:":
        raise DatabaseError("The back office needs a database file: a database in memory would not be durable.")
    if must_exist and not Path(url.database).exists():
        raise MissingDatabaseError(f"There is no database {url.database}.")
    if not Path(url.database).parent.is_dir():
        raise DatabaseError(f"The folder of {url.database} does not exist.")
    Path(url.database).touch(mode=0o600)  # WAL and shared memory take their mode from it
    engine = create_engine(url, connect_args=_SQLITE_OPTIONS, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


_CACHE: Final = "cache_size=-32000"  # KiB; the usual 2,000 do not hold the upper pages of a million customers' indexes


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions begin when _begin_sqlite says so, not when the driver guesses
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", _CACHE):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _begin_to_write(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _postgresql(url: URL, **more: Any) -> Engine:
    patient = (
        url if "connect_timeout" in url.query else url.update_query_dict({"connect_timeout": str(_CONNECT_SECONDS)})
    )
    engine = create_engine(patient, pool_size=_CONNECTIONS, max_overflow=0, hide_parameters=True, **more)
    event.listen(engine, "connect", _bound_waits)
    event.listen(engine, "begin", _begin_postgresql)
    event.listen(engine, "checkin", _note_when)
    event.listen(engine, "checkout", _see_that_it_lives)
    return engine


def _bound_waits(connection: Any, _record: object) -> None:
    for name, longest in _LONGEST_WAITS.items():
        connection.execute(f"SET {name} = '{longest}'")
    connection.commit()


def _begin_postgresql(connection: Connection) -> None:
    """Readers see one instant; writers see what was committed, and lock what they rest on."""
    options = connection.get_execution_options()
    if not options.get("writes", False) and "isolation_level" not in options:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")


def _note_when(_connection: object, record: Any) -> None:
    record.info[_USED_AT] = time.monotonic()


def _see_that_it_lives(connection: Any, record: Any, _proxy: object) -> None:
    """A connection that was left alone for a while may have been closed at the other end: the pool opens another then."""
    if time.monotonic() - record.info.get(_USED_AT, time.monotonic()) < _TRUSTED_SECONDS:
        return
    import psycopg  # noqa: PLC0415 - SQLite needs none of it

    try:
        connection.execute("SELECT 1")
        connection.rollback()
    except psycopg.OperationalError as error:
        raise DisconnectionError from error
