"""A mirror file: made, filled, indexed, kept in step. Disposable: anything wrong with it and a new one is built."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, insert
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from app.core import wire
from app.core.errors import BackOfficeAnswerError
from app.sync.errors import MirrorDamagedError
from app.sync.model import Change, MirrorState
from local_cache import cipher
from local_cache.mirror_schema import COLLECTIONS, INDEXES, NAME_INDEX, SCHEMA_VERSION, lookup, problem_service, tables
from local_cache.profile import Profile
from local_cache.search_keys import keys_of, name_words

Body = Mapping[str, Any]
_DIALECT = sqlite.dialect(paramstyle="qmark")
_ADD_KEY = str(insert(lookup).compile(dialect=_DIALECT))
_ADD_HIT = str(insert(problem_service).compile(dialect=_DIALECT))


class MirrorFile:
    """One replica file, written by one thread."""

    def __init__(self, profile: Profile, number: int, key: bytes, region: str) -> None:
        self.number = number
        self._region = region
        self._path = profile.mirror(number)
        self._engine: Engine = cipher.engine_for(lambda: cipher.connect(self._path, key, full_sync=False), size=1)

    def create(self, state: MirrorState) -> None:
        """Make the tables, without indexes."""
        with self.writing() as connection:
            for table in tables.sorted_tables:
                connection.execute(CreateTable(table))
            connection.exec_driver_sql(NAME_INDEX)
            connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA_VERSION}")
            _write_state(connection, state)

    def close(self) -> None:
        """Close the file."""
        self._engine.dispose()

    def state(self) -> MirrorState:
        """How far the copy has come. Raises MirrorDamagedError, also for another schema."""
        with self.reading() as connection:
            if connection.exec_driver_sql("PRAGMA user_version").scalar_one() != SCHEMA_VERSION:
                raise MirrorDamagedError
            held: dict[str, str] = dict(connection.exec_driver_sql("SELECT name, value FROM meta").tuples().all())
        try:
            return MirrorState(**json.loads(held["state"]))
        except (KeyError, ValueError, TypeError) as error:
            raise MirrorDamagedError from error

    def check(self) -> None:
        """Read every page. Raises MirrorDamagedError."""
        with self.reading() as connection:
            if connection.exec_driver_sql("PRAGMA cipher_integrity_check").first() is not None:
                raise MirrorDamagedError

    def fill(self, rows: Iterable[Change], state: MirrorState) -> None:
        """Add rows of a snapshot and where it goes on, in one transaction."""
        with self.writing() as connection:
            for change in rows:
                self._insert(connection, change)
            _write_state(connection, state)

    def index(self, state: MirrorState) -> None:
        """Make the indexes and mark the copy as complete."""
        with self.writing() as connection:
            for made in INDEXES:
                connection.execute(CreateIndex(made, if_not_exists=True))
            _write_state(connection, state)
        with self.reading() as connection:
            connection.exec_driver_sql("PRAGMA optimize")

    def apply(self, changes: Iterable[Change], state: MirrorState) -> frozenset[str]:
        """Apply changes and cursor in one transaction; older revisions never overwrite newer ones."""
        touched = set()
        with self.writing() as connection:
            for change in changes:
                if change.collection in COLLECTIONS and self._replace(connection, change):
                    touched.add(change.collection)
            _write_state(connection, state)
        return frozenset(touched)

    def rows(self, keys: Iterable[tuple[str, str]]) -> list[Change]:
        """The rows of these collections and ids."""
        found = []
        with self.reading() as connection:
            for collection, entity_id in keys:
                row = connection.exec_driver_sql(
                    f'SELECT revision, body FROM "{COLLECTIONS[collection].name}" WHERE id = ?', (entity_id,)  # noqa: S608
                ).first()  # fmt: skip
                if row:
                    found.append(Change(collection, entity_id, row.revision, row.body))
        return found

    def _replace(self, connection: Connection, change: Change) -> bool:
        table = COLLECTIONS[change.collection].name
        held = connection.exec_driver_sql(
            f'SELECT row, revision FROM "{table}" WHERE id = ?', (change.id,)  # noqa: S608 - our own table names
        ).first()  # fmt: skip
        if held is not None:
            if held.revision >= change.revision:
                return False
            self._remove(connection, change, held.row)
        if change.body is not None:
            self._insert(connection, change)
        return True

    def _insert(self, connection: Connection, change: Change) -> None:
        if change.collection not in COLLECTIONS or change.body is None:
            return
        body = _decoded(change.body)
        collection = COLLECTIONS[change.collection]
        row = connection.exec_driver_sql(
            f'INSERT INTO "{collection.name}" (id, revision, owner, body) VALUES (?, ?, ?, ?)',  # noqa: S608
            (change.id, change.revision, collection.owner(body), change.body),
        ).lastrowid
        keys = [
            (key, kind, owner, change.collection, change.id)
            for key, kind, owner in keys_of(change.collection, body, self._region)
        ]
        if keys:
            connection.exec_driver_sql(_ADD_KEY, keys)
        if change.collection == "customer" and (words := name_words(wire.text(body, "name"))):
            connection.exec_driver_sql("INSERT INTO name_index (rowid, words) VALUES (?, ?)", (row, words))
        if change.collection == "serviceProblem":
            hits = [(change.id, wire.text(one, "id")) for one in wire.children(body, "affectedService")]
            if hits:
                connection.exec_driver_sql(_ADD_HIT, hits)

    def _remove(self, connection: Connection, change: Change, row: int) -> None:
        table = COLLECTIONS[change.collection].name
        connection.exec_driver_sql(f'DELETE FROM "{table}" WHERE row = ?', (row,))  # noqa: S608
        connection.exec_driver_sql("DELETE FROM lookup WHERE collection = ? AND id = ?", (change.collection, change.id))
        if change.collection == "customer":
            connection.exec_driver_sql("DELETE FROM name_index WHERE rowid = ?", (row,))
        if change.collection == "serviceProblem":
            connection.exec_driver_sql("DELETE FROM problem_service WHERE problem_id = ?", (change.id,))

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction."""
        with cipher.storage_errors(lambda _: MirrorDamagedError()), self._engine.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.exec_driver_sql("COMMIT")
            except BaseException:
                connection.invalidate()
                raise

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One view."""
        with cipher.storage_errors(lambda _: MirrorDamagedError()), self._engine.connect() as connection:
            yield connection


def empty_mirror() -> Any:
    """A connection to a mirror in memory that holds nothing, for as long as there is no file to read."""
    connection = cipher.in_memory()
    for table in tables.sorted_tables:
        connection.execute(str(CreateTable(table).compile(dialect=_DIALECT)))
    connection.execute(NAME_INDEX)
    return connection


def _decoded(body: str) -> Body:
    try:
        decoded = json.loads(body)
    except ValueError as error:
        raise BackOfficeAnswerError from error
    if not isinstance(decoded, dict):
        raise BackOfficeAnswerError
    return decoded


def _write_state(connection: Connection, state: MirrorState) -> None:
    value = json.dumps({name: getattr(state, name) for name in MirrorState.__slots__})
    connection.exec_driver_sql("INSERT OR REPLACE INTO meta (name, value) VALUES ('state', ?)", (value,))
