"""A mirror file: made, filled, indexed, kept in step. Disposable: anything wrong with it and a new one is built."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, insert
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.schema import CreateIndex, CreateTable

from app.core import wire
from app.core.errors import BackOfficeAnswerError
from app.sync.errors import MirrorDamagedError
from app.sync.model import Change, MirrorState
from local_cache import cipher
from local_cache.mirror_schema import (
    BY_ID,
    COLLECTIONS,
    INDEXES,
    NAME_INDEX,
    SCHEMA_VERSION,
    lookup,
    problem_service,
    tables,
)
from local_cache.profile import Profile
from local_cache.search_keys import keys_of, name_words

Body = Mapping[str, Any]
_DIALECT = sqlite.dialect(paramstyle="qmark")
_ADD_KEY = str(insert(lookup).compile(dialect=_DIALECT))
_ADD_HIT = str(insert(problem_service).compile(dialect=_DIALECT))
_ADD_GONE = "INSERT OR REPLACE INTO gone (collection, id, revision) VALUES (?, ?, ?)"
_GONE = "SELECT revision FROM gone WHERE collection = ? AND id = ?"
_MOST_REVISIONS = 2**63 - 1
NEVER = -1


class MirrorFile:
    """One replica file, written by one thread. One that is only to be looked at leaves no trace."""

    def __init__(self, profile: Profile, number: int, key: bytes, region: str, *, only_look: bool = False) -> None:
        self.number = number
        self._region = region
        at = profile.mirror(number)
        self._engine: Engine = cipher.engine_for(
            lambda: cipher.look(at, key) if only_look else cipher.connect(at, key, full_sync=False), size=1
        )

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
            held = connection.exec_driver_sql("SELECT value FROM meta WHERE name = 'state'").scalar()
        try:
            return MirrorState(**json.loads(held or ""))
        except (ValueError, TypeError) as error:
            raise MirrorDamagedError from error

    def check(self) -> None:
        """Read every page. Raises MirrorDamagedError."""
        with self.reading() as connection:
            if not cipher.is_whole(connection.connection.driver_connection):
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
            for name, made in BY_ID.items():
                try:
                    connection.execute(CreateIndex(made, if_not_exists=True))
                except IntegrityError:
                    self._unite(connection, name)
                    connection.execute(CreateIndex(made))
            _write_state(connection, state)

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
        """What is known of these collections and ids, deletions included; the rest is left out."""
        with self.reading() as connection:
            found = [_known(connection, collection, entity_id) for collection, entity_id in keys]
        return [change for change in found if change is not None]

    def _replace(self, connection: Connection, change: Change) -> bool:
        table = COLLECTIONS[change.collection].name
        held = connection.exec_driver_sql(
            f'SELECT row, revision FROM "{table}" WHERE id = ?', (change.id,)  # noqa: S608 - our own table names
        ).first()  # fmt: skip
        if change.revision <= (held.revision if held else _gone_at(connection, change.collection, change.id)):
            return False
        if held:
            self._remove(connection, change, held.row)
        if change.body is None:
            connection.exec_driver_sql(_ADD_GONE, (change.collection, change.id, change.revision))
        else:
            self._insert(connection, change)
        return held is not None or change.body is not None

    def _unite(self, connection: Connection, collection: str) -> None:
        """Keep the newest of each record that a snapshot sent more than once."""
        table = COLLECTIONS[collection].name
        doubles = f'SELECT id FROM "{table}" GROUP BY id HAVING count(*) > 1'  # noqa: S608 - our own table names
        rows = f'SELECT row, revision, body FROM "{table}" WHERE id = ? ORDER BY revision, row'  # noqa: S608
        for entity_id in connection.exec_driver_sql(doubles).scalars().all():
            held = connection.exec_driver_sql(rows, (entity_id,)).all()
            newest = Change(collection, entity_id, held[-1].revision, held[-1].body)
            for one in held:
                self._remove(connection, newest, one.row)
            self._insert(connection, newest)

    def _insert(self, connection: Connection, change: Change) -> None:
        if change.collection not in COLLECTIONS or change.body is None:
            return
        body = _decoded(change)
        collection = COLLECTIONS[change.collection]
        row = connection.exec_driver_sql(
            f'INSERT INTO "{collection.name}" (id, revision, owner, body) VALUES (?, ?, ?, ?)',  # noqa: S608
            (change.id, change.revision, collection.owner(body), change.body),
        ).lastrowid
        keys = [
            (key, kind, owner, change.collection, change.id)
            for key, kind, owner in keys_of(change.collection, change.id, body, self._region)
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
        with cipher.storage_errors(MirrorDamagedError), self._engine.connect() as connection:
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
        with cipher.storage_errors(MirrorDamagedError), self._engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            yield connection


def empty_mirror() -> Any:
    """A connection to a mirror in memory that holds nothing, for as long as there is no file to read."""
    connection = cipher.in_memory()
    for table in tables.sorted_tables:
        connection.execute(str(CreateTable(table).compile(dialect=_DIALECT)))
    connection.execute(NAME_INDEX)
    return connection


def _decoded(change: Change) -> Body:
    try:
        decoded = json.loads(change.body or "")
    except (ValueError, RecursionError) as error:
        raise BackOfficeAnswerError from error
    if not isinstance(decoded, dict) or not 0 <= change.revision <= _MOST_REVISIONS:
        raise BackOfficeAnswerError
    return decoded


def _known(connection: Connection, collection: str, entity_id: str) -> Change | None:
    table = COLLECTIONS[collection].name
    row = connection.exec_driver_sql(
        f'SELECT revision, body FROM "{table}" WHERE id = ?', (entity_id,)  # noqa: S608 - our own table names
    ).first()  # fmt: skip
    if row:
        return Change(collection, entity_id, row.revision, row.body)
    gone = _gone_at(connection, collection, entity_id)
    return None if gone == NEVER else Change(collection, entity_id, gone, None)


def _gone_at(connection: Connection, collection: str, entity_id: str) -> int:
    """The revision at which head office deleted it."""
    gone = connection.exec_driver_sql(_GONE, (collection, entity_id)).scalar()
    return NEVER if gone is None else int(gone)


def _write_state(connection: Connection, state: MirrorState) -> None:
    value = json.dumps({name: getattr(state, name) for name in MirrorState.__slots__})
    connection.exec_driver_sql("INSERT OR REPLACE INTO meta (name, value) VALUES ('state', ?)", (value,))
