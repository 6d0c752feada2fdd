"""The back office's memory: opens the database, hands out transactions, tells listeners what was committed."""

from __future__ import annotations

import random
import secrets
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Engine, Executable, delete, insert, inspect, select, update
from sqlalchemy.exc import DatabaseError as DriverError
from sqlalchemy.exc import DBAPIError

from app.core.clock import Clock, SystemClock
from backoffice import bulk, departing, dialect, indexing, schema
from backoffice.auditing import wait_for_turn
from backoffice.bulk import LoadCount, Tell
from backoffice.declaring import declare
from backoffice.dialect import DatabaseError, MissingDatabaseError, Writer, exclude, is_lost_race, open_engine
from backoffice.documents import Document
from backoffice.errors import RefusedError
from backoffice.filling import Rows, filling
from backoffice.prepared import LookUps
from backoffice.reading import LEASE_KEY, OFFICE, SEAL, Columns, Reader, Slot
from backoffice.scopes import EVERYTHING, Scope
from backoffice.writing import Together, Transaction

__all__ = ["DatabaseError", "LoadCount", "MissingDatabaseError", "OutdatedDatabaseError", "Store"]


class OutdatedDatabaseError(DatabaseError):
    """The database was made by a version whose data this one cannot read."""


OnCommit = Callable[[int], object]
T = TypeVar("T")
Begin = Callable[[Transaction], Callable[[], T]]  # puts; what it returns tells what became of it once that is written
_NAMES: Final = {OFFICE: 16, SEAL: 16, LEASE_KEY: 32}  # with how many random bytes each has
_MOST_TRIES: Final = 8
_FIRST_REST_S: Final = 0.005


class Store:
    """One open database. Safe to use from several threads; several processes may have the same one open."""

    def __init__(self, engine: Engine, clock: Clock | None = None) -> None:
        self._engine = engine
        self._clock = clock or SystemClock()
        self._reader = dialect.reading(engine)
        self._look_ups = LookUps(engine)
        self._writer = Writer(engine)
        self._listeners: list[OnCommit] = []
        self._columns: Columns = {}

    @classmethod
    def open(cls, database: str, clock: Clock | None = None, *, must_exist: bool = False) -> Store:
        """Open a path or SQLAlchemy URL; a new database gets its tables, unless it must exist. Raises DatabaseError."""
        store = cls(open_engine(database, must_exist=must_exist), clock)
        try:
            with store._writer.begin() as connection:
                exclude(connection, "schema")
                _prepare_schema(connection, must_exist=must_exist)
                store._columns = declare(connection)
        except DriverError as error:
            store.close()
            raise DatabaseError(f"The database cannot be opened: {error.orig}.") from error
        except DatabaseError:
            store.close()
            raise
        return store

    def close(self) -> None:
        """Let go of the database."""
        self._look_ups.close()
        self._engine.dispose()

    @property
    def engine(self) -> Engine:
        """The engine underneath, for those who watch it."""
        return self._engine

    @contextmanager
    def reading(self, scope: Scope) -> Iterator[Reader]:
        """A transaction that sees one instant of what the scope covers, and changes nothing."""
        with self._reader.connect() as connection:
            yield Reader(connection, scope, self._columns)

    def look_up(self, question: Executable, **values: object) -> tuple[Any, ...] | None:
        """The first row that answers a single question; it costs much less than `reading`."""
        return self._look_ups.first(question, values)

    @contextmanager
    def writing(self, scope: Scope = EVERYTHING) -> Iterator[Transaction]:
        """A unit of work: written and committed, and listeners told, when the block ends well.

        Where two of them meet, one may have to be done again: `run` sees to that.
        """
        with self._writer.begin() as connection:
            transaction = Transaction(connection, scope, self._columns, self._clock.now())
            yield transaction
            transaction.close()
        self._tell(transaction.last_revision)

    def together(self, works: Sequence[tuple[Begin[T], Scope]], slots: Collection[Slot] = ()) -> list[T | RefusedError]:
        """Do several units of work with one commit; one that is refused at its beginning leaves nothing behind.

        What each returns is called once everything is written. An error there, or any other one, undoes all of them.
        `slots` are the idempotency keys that they work under.
        """
        with self._writer.begin() as connection:
            together = Together(connection, self._columns, self._clock.now(), slots)
            begun = [_begun(together, work, scope) for work, scope in works]
            together.settle()
            outcomes = [one if isinstance(one, RefusedError) else one() for one in begun]
            together.close()
        self._tell(together.last_revision)
        return outcomes

    def run(self, work: Callable[[Transaction], T], scope: Scope = EVERYTHING) -> T:
        """Do a unit of work, again where it lost a race; so it must be the same each time it is done."""
        for tries in range(1, _MOST_TRIES + 1):
            try:
                with self.writing(scope) as transaction:
                    return work(transaction)
            except DBAPIError as error:
                if not is_lost_race(error) or tries == _MOST_TRIES:
                    raise
                time.sleep(_FIRST_REST_S * 2**tries * random.random())  # noqa: S311 - any spread will do
        raise AssertionError("the last try returns or raises")

    def on_commit(self, listener: OnCommit) -> Callable[[], None]:
        """Call `listener` with the newest revision after each commit that took one, on the thread that committed.

        The returned function ends that.
        """
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _tell(self, revision: int) -> None:
        if revision:
            for listener in tuple(self._listeners):
                listener(revision)

    def load(self, documents: Iterable[Document], tell: Tell | None = None) -> LoadCount:
        """Write many documents in one transaction; `tell` hears of those that are not written, and why.

        Raises KeyError for an unknown collection.
        """
        with self.writing() as transaction:
            return bulk.load(transaction, documents, tell or (lambda _document, _reason: None))

    def is_empty(self) -> bool:
        """Whether no document was ever written, and nobody listens for the first."""
        with self.reading(EVERYTHING) as reader:
            heard = reader.connection.scalar(select(schema.sequence.c.heard))
            return reader.position().sequence == 0 and not heard

    @contextmanager
    def filling(self) -> Iterator[Callable[[Rows], None]]:
        """Take very many new documents, as long as the store is empty and nobody else writes; listeners hear nothing of it.

        A crash leaves a database that fits together and holds some of them (PostgreSQL: none).
        """
        with filling(self._engine, self._columns, self._clock) as fill:
            yield fill

    def get_meta(self, key: str) -> str | None:
        """The value kept under `key`."""
        with self.reading(EVERYTHING) as reader:
            return reader.meta(key)

    def set_meta(self, key: str, value: str) -> None:
        """Keep a value under `key`."""
        with self._writer.begin() as connection:
            connection.execute(delete(schema.meta).where(schema.meta.c.key == key))
            connection.execute(insert(schema.meta).values(key=key, value=value))


def _begun(together: Together, work: Begin[T], scope: Scope) -> Callable[[], T] | RefusedError:
    try:
        with together.unit(scope) as transaction:
            return work(transaction)
    except RefusedError as error:
        return error


def _prepare_schema(connection: Connection, *, must_exist: bool) -> None:
    tables = inspect(connection).get_table_names()
    if not tables and must_exist:
        raise MissingDatabaseError("There is nothing in this database.")
    if not tables:
        _create(connection)
    elif schema.meta.name not in tables:
        raise DatabaseError("This database belongs to another program.")
    else:
        _check_version(connection)
        for index in schema.command.indexes:  # some were added without a new version
            index.create(connection, checkfirst=True)
        _name(connection)


def _create(connection: Connection) -> None:
    schema.metadata.create_all(connection, checkfirst=False)  # there is nothing yet
    about = {"schema_version": str(schema.SCHEMA_VERSION), "epoch": secrets.token_hex(6)}
    connection.execute(insert(schema.meta), [{"key": key, "value": value} for key, value in about.items()])
    connection.execute(insert(schema.sequence).values(id=1, value=0))
    _name(connection)


def _name(connection: Connection) -> None:
    """Give the back office its id and its keys, once for ever: a backup that is put back is still the same one."""
    for key, length in _NAMES.items():
        if connection.scalar(select(schema.meta.c.value).where(schema.meta.c.key == key)) is None:
            connection.execute(insert(schema.meta).values(key=key, value=secrets.token_hex(length)))


def _check_version(connection: Connection) -> None:
    kept = connection.scalar(select(schema.meta.c.value).where(schema.meta.c.key == "schema_version"))
    if kept is None or int(kept) > schema.SCHEMA_VERSION:
        raise DatabaseError("This database was made by a newer version of the back office. Use that version.")
    if int(kept) < _FIRST_VERSION:
        raise OutdatedDatabaseError(
            "This database was made before the first release of the back office. Make it anew with import or generate."
        )
    for step in _STEPS[int(kept) - _FIRST_VERSION :]:
        step(connection)
    if int(kept) != schema.SCHEMA_VERSION:
        version = update(schema.meta).where(schema.meta.c.key == "schema_version")
        connection.execute(version.values(value=str(schema.SCHEMA_VERSION)))


def _add_index(connection: Connection) -> None:
    schema.customer_index.create(connection)
    wait_for_turn(connection)  # nobody writes a document meanwhile
    indexing.fill(connection)


def _add_parking_and_departed(connection: Connection) -> None:
    for table in (schema.hall_desk, schema.parked_draft, schema.departed_owner):
        table.create(connection)
    wait_for_turn(connection)
    departing.fill(connection)


_FIRST_VERSION: Final = 6
_STEPS: Final = (_add_index, _add_parking_and_departed)  # each makes of a database of one version one of the next
