"""A mirror file: made, filled, indexed, kept in step. Disposable: anything wrong with it and a new one is built."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, Row
from sqlalchemy.exc import IntegrityError
from sqlalchemy.schema import CreateIndex, CreateTable

from app.rules.checksums import Checksum, checksum_of
from app.sync.errors import MirrorDamagedError
from app.sync.model import Change, Closed, MirrorState
from local_cache import cipher
from local_cache.filling import DIALECT, Filling
from local_cache.mirror_schema import (
    BY_ID,
    COLLECTIONS,
    CUSTOMER_WORDS,
    INDEX,
    INDEXES,
    SCHEMA_VERSION,
    WORD_INDEXES,
    tables,
)
from local_cache.profile import Profile

_ADD_GONE = "INSERT OR REPLACE INTO gone (collection, id, revision) VALUES (?, ?, ?)"
_GONE = "SELECT revision FROM gone WHERE collection = ? AND id = ?"
_OPEN = "INSERT OR REPLACE INTO opened (turn, customer_id) SELECT coalesce(max(turn), 0) + 1, ? FROM opened"
_LOOK = "UPDATE opened SET turn = (SELECT max(turn) + 1 FROM opened) WHERE customer_id = ?"
NEVER = -1


class MirrorFile:
    """One replica file, written by one thread. One that is only to be looked at leaves no trace."""

    def __init__(self, profile: Profile, number: int, key: bytes, region: str, *, only_look: bool = False) -> None:
        self.number = number
        self._region = region
        self._folder = profile.folder
        at = profile.mirror(number)
        self._engine: Engine = cipher.engine_for(
            lambda: cipher.look(at, key) if only_look else cipher.connect(at, key, full_sync=False), size=1
        )

    def create(self, state: MirrorState) -> None:
        """Make the tables, without indexes."""
        with self.writing() as connection:
            for table in tables.sorted_tables:
                connection.execute(CreateTable(table))
            for made in WORD_INDEXES.values():
                connection.exec_driver_sql(made)
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
            filling = Filling(connection, self._region)
            for change in rows:
                filling.add(change)
            filling.write()
            _write_state(connection, state.with_checksum(state.checksum + filling.checksum))

    def index(self, state: MirrorState) -> None:
        """Make the indexes and mark the copy as complete."""
        checksum = state.checksum
        with self.writing() as connection:
            for made in INDEXES:
                connection.execute(CreateIndex(made, if_not_exists=True))
            for name, made in BY_ID.items():
                try:
                    connection.execute(CreateIndex(made, if_not_exists=True))
                except IntegrityError:
                    checksum += self._unite(connection, name)
                    connection.execute(CreateIndex(made))
            _write_state(connection, state.with_checksum(checksum))

    def apply(self, changes: Iterable[Change], state: MirrorState, closed: Closed | None = None) -> frozenset[str]:
        """Apply changes and cursor, and let go of who is closed, in one transaction; older revisions never overwrite newer ones."""
        with self.writing() as connection:
            touched, grown = self._take(connection, changes)
            if closed is not None:
                grown -= self._let_go(connection, closed)
                touched |= {collection for collection, _ in closed.records}
            _write_state(connection, state.with_checksum(state.checksum + grown))
        return frozenset(touched)

    def open(self, customer: str, rows: Iterable[Change], state: MirrorState) -> frozenset[str]:
        """Take all records of a customer and note that they are opened now, in one transaction."""
        with self.writing() as connection:
            touched, grown = self._take(connection, rows)
            connection.exec_driver_sql(_OPEN, (customer,))
            _write_state(connection, state.with_checksum(state.checksum + grown))
        return frozenset(touched)

    def look(self, customer: str) -> None:
        """Who is opened and looked at is the last to go."""
        with self.reading() as connection:
            last = connection.exec_driver_sql("SELECT customer_id FROM opened ORDER BY turn DESC LIMIT 1").scalar()
        if last in (None, customer):
            return
        with self.writing() as connection:
            connection.exec_driver_sql(_LOOK, (customer,))

    def opened(self) -> list[str]:
        """The customers who are opened; who was looked at last is last."""
        with self.reading() as connection:
            return list(connection.exec_driver_sql("SELECT customer_id FROM opened ORDER BY turn").scalars())

    def checksum(self) -> Checksum:
        """The checksum of the rows themselves, whatever the state says. It reads all of them."""
        found = Checksum()
        with self.reading() as connection:
            for name in COLLECTIONS:
                rows = connection.exec_driver_sql(f'SELECT id, revision FROM "{name}"')  # noqa: S608 - our own table names
                found = sum((checksum_of(name, row.id, row.revision) for row in rows), found)
        return found

    def rows(self, keys: Iterable[tuple[str, str]]) -> list[Change]:
        """What is known of these collections and ids, deletions included; the rest is left out."""
        with self.reading() as connection:
            found = [_known(connection, collection, entity_id) for collection, entity_id in keys]
        return [change for change in found if change is not None]

    def ids(self, collection: str, after: str, limit: int) -> list[str]:
        """The first ids behind `after` that are held of a collection, by code points."""
        table = COLLECTIONS[collection].name
        wanted = f'SELECT id FROM "{table}" WHERE id > ? ORDER BY id LIMIT ?'  # noqa: S608 - our own table names
        with self.reading() as connection:
            return list(connection.exec_driver_sql(wanted, (after, limit)).scalars())

    def _take(self, connection: Connection, changes: Iterable[Change]) -> tuple[set[str], Checksum]:
        """Take what is news; returns the collections touched, and what the checksum grows by."""
        touched = set()
        filling, gone = Filling(connection, self._region), Checksum()
        for change in _newest(changes):
            held = self._held(connection, change)
            if _is_news(connection, change, held):
                gone += self._make_room(connection, change, held)
                filling.add(change)
                if held or change.body is not None:
                    touched.add(change.collection)
        filling.write()
        return touched, filling.checksum - gone

    def _let_go(self, connection: Connection, closed: Closed) -> Checksum:
        """Hold these no more, and leave no mark: at the revision at which they go they may come again."""
        gone = Checksum()
        for collection, entity_id in closed.records:
            change = Change(collection, entity_id, 0, None)
            if collection in COLLECTIONS and (held := self._held(connection, change)):
                self._remove(connection, change, held.row)
                gone += checksum_of(collection, entity_id, held.revision)
        for customer in closed.customers:
            connection.exec_driver_sql("DELETE FROM opened WHERE customer_id = ?", (customer,))
        return gone

    def _held(self, connection: Connection, change: Change) -> Row[Any] | None:
        """The row of the same record, if there is one."""
        table = COLLECTIONS[change.collection].name
        return connection.exec_driver_sql(
            f'SELECT row, revision FROM "{table}" WHERE id = ?', (change.id,)  # noqa: S608 - our own table names
        ).first()  # fmt: skip

    def _make_room(self, connection: Connection, change: Change, held: Row[Any] | None) -> Checksum:
        """Let go of what the record was; returns what that counted."""
        if held:
            self._remove(connection, change, held.row)
        if change.body is None:
            connection.exec_driver_sql(_ADD_GONE, (change.collection, change.id, change.revision))
        return checksum_of(change.collection, change.id, held.revision) if held else Checksum()

    def _unite(self, connection: Connection, collection: str) -> Checksum:
        """Keep the newest of each record that a snapshot sent more than once; returns what the checksum grows by."""
        grown = Checksum()
        table = COLLECTIONS[collection].name
        doubles = f'SELECT id FROM "{table}" GROUP BY id HAVING count(*) > 1'  # noqa: S608 - our own table names
        rows = f'SELECT row, revision, body FROM "{table}" WHERE id = ? ORDER BY revision, row'  # noqa: S608
        for entity_id in connection.exec_driver_sql(doubles).scalars().all():
            held = connection.exec_driver_sql(rows, (entity_id,)).all()
            newest = Change(collection, entity_id, held[-1].revision, held[-1].body)
            for one in held:
                self._remove(connection, newest, one.row)
                grown -= checksum_of(collection, entity_id, one.revision)
            filling = Filling(connection, self._region)
            filling.add(newest)
            filling.write()
            grown += filling.checksum
        return grown

    def _remove(self, connection: Connection, change: Change, row: int) -> None:
        table = COLLECTIONS[change.collection].name
        connection.exec_driver_sql(f'DELETE FROM "{table}" WHERE row = ?', (row,))  # noqa: S608
        if change.collection == INDEX:
            connection.exec_driver_sql("DELETE FROM far_lookup WHERE customer_id = ?", (change.id,))
            connection.exec_driver_sql("DELETE FROM far_index WHERE rowid = ?", (row,))
            return
        connection.exec_driver_sql("DELETE FROM lookup WHERE collection = ? AND id = ?", (change.collection, change.id))
        if change.collection == "customer":
            for index in CUSTOMER_WORDS:
                connection.exec_driver_sql(f"DELETE FROM {index} WHERE rowid = ?", (row,))  # noqa: S608 - our own names
        if change.collection == "serviceProblem":
            connection.exec_driver_sql("DELETE FROM problem_service WHERE problem_id = ?", (change.id,))

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction."""
        with cipher.storage_errors(MirrorDamagedError, self._folder), self._engine.connect() as connection:
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
        with cipher.storage_errors(MirrorDamagedError, self._folder), self._engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            yield connection


def empty_mirror() -> Any:
    """A connection to a mirror in memory that holds nothing, for as long as there is no file to read."""
    connection = cipher.in_memory()
    for table in tables.sorted_tables:
        connection.execute(str(CreateTable(table).compile(dialect=DIALECT)))
    for made in WORD_INDEXES.values():
        connection.execute(made)
    return connection


def _newest(changes: Iterable[Change]) -> list[Change]:
    """The last state of each record that there is a table for."""
    newest: dict[tuple[str, str], Change] = {}
    for change in changes:
        before = newest.get((change.collection, change.id))
        if change.collection in COLLECTIONS and (before is None or before.revision < change.revision):
            newest[change.collection, change.id] = change
    return list(newest.values())


def _known(connection: Connection, collection: str, entity_id: str) -> Change | None:
    table = COLLECTIONS[collection].name
    row = connection.exec_driver_sql(
        f'SELECT revision, body FROM "{table}" WHERE id = ?', (entity_id,)  # noqa: S608 - our own table names
    ).first()  # fmt: skip
    if row:
        return Change(collection, entity_id, row.revision, row.body)
    gone = _gone_at(connection, collection, entity_id)
    return None if gone == NEVER else Change(collection, entity_id, gone, None)


def _is_news(connection: Connection, change: Change, held: Row[Any] | None) -> bool:
    """Whether it is newer than what is known of the record. What left the view is back in it where its customer was opened
    since, at the same revision: of one that was deleted nothing lives at that."""
    if held:
        return change.revision > int(held.revision)
    gone = _gone_at(connection, change.collection, change.id)
    return change.revision > gone or (change.revision == gone and change.body is not None)


def _gone_at(connection: Connection, collection: str, entity_id: str) -> int:
    """The revision at which head office deleted it."""
    gone = connection.exec_driver_sql(_GONE, (collection, entity_id)).scalar()
    return NEVER if gone is None else int(gone)


def _write_state(connection: Connection, state: MirrorState) -> None:
    value = json.dumps({name: getattr(state, name) for name in MirrorState.__slots__})
    connection.exec_driver_sql("INSERT OR REPLACE INTO meta (name, value) VALUES ('state', ?)", (value,))
