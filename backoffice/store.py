"""The back office's memory: opens the database, hands out transactions, tells listeners what was committed."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, delete, insert, inspect, select
from sqlalchemy.exc import DatabaseError as DriverError

from backoffice import bulk, schema
from backoffice.bulk import LoadCount
from backoffice.dialect import DatabaseError, Writer, open_engine
from backoffice.documents import Document
from backoffice.reading import OFFICE, Reader
from backoffice.writing import Transaction

__all__ = ["DatabaseError", "LoadCount", "Store"]

OnCommit = Callable[[int], object]


class Store:
    """One open database. Safe to use from several threads; several processes may have the same one open."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writer = Writer(engine)
        self._listeners: list[OnCommit] = []

    @classmethod
    def open(cls, database: str) -> Store:
        """Open a path or SQLAlchemy URL; a new database gets its tables. Raises DatabaseError."""
        store = cls(open_engine(database))
        try:
            with store._writer.begin() as connection:
                _prepare_schema(connection)
        except DriverError as error:
            store.close()
            raise DatabaseError(f"{database} cannot be opened: {error.orig}.") from error
        except DatabaseError:
            store.close()
            raise
        return store

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Reader]:
        """A transaction that sees one instant and changes nothing."""
        with self._engine.connect() as connection:
            yield Reader(connection)

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        """A transaction of its own among writers; committed, and listeners told, when the block ends well."""
        with self._writer.begin() as connection:
            transaction = Transaction(connection)
            yield transaction
        if transaction.last_revision:
            for listener in tuple(self._listeners):
                listener(transaction.last_revision)

    def on_commit(self, listener: OnCommit) -> Callable[[], None]:
        """Call `listener` with the newest revision after each commit that took one, on the thread that committed.

        The returned function ends that.
        """
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def load(self, documents: Iterable[Document]) -> LoadCount:
        """Write many documents in one transaction. Raises KeyError for an unknown collection."""
        with self.writing() as transaction:
            return bulk.load(transaction, documents)

    def get_meta(self, key: str) -> str | None:
        """The value kept under `key`."""
        with self.reading() as reader:
            return reader.meta(key)

    def set_meta(self, key: str, value: str) -> None:
        """Keep a value under `key`."""
        with self._writer.begin() as connection:
            connection.execute(delete(schema.meta).where(schema.meta.c.key == key))
            connection.execute(insert(schema.meta).values(key=key, value=value))


def _prepare_schema(connection: Connection) -> None:
    tables = inspect(connection).get_table_names()
    if not tables:
        _create(connection)
    elif schema.meta.name not in tables:
        raise DatabaseError("This database belongs to another program.")
    else:
        _check_version(connection)
        _name(connection)


def _create(connection: Connection) -> None:
    schema.metadata.create_all(connection)
    about = {"schema_version": str(schema.SCHEMA_VERSION), "epoch": secrets.token_hex(6)}
    connection.execute(insert(schema.meta), [{"key": key, "value": value} for key, value in about.items()])
    connection.execute(insert(schema.sequence).values(id=1, value=0))
    _name(connection)


def _name(connection: Connection) -> None:
    """Give the back office its id, once for ever: a backup that is put back is still the same one."""
    if connection.scalar(select(schema.meta.c.value).where(schema.meta.c.key == OFFICE)) is None:
        connection.execute(insert(schema.meta).values(key=OFFICE, value=secrets.token_hex(16)))


def _check_version(connection: Connection) -> None:
    kept = connection.scalar(select(schema.meta.c.value).where(schema.meta.c.key == "schema_version"))
    if kept is None or int(kept) > schema.SCHEMA_VERSION:
        raise DatabaseError("This database was made by a newer version of the back office. Use that version.")
