"""Writes what was put in a transaction, and everything that hangs together with it: revisions, columns, owners, territories,
departures, events, the index of customers and checksums.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from sqlalchemy import Connection, and_, bindparam, delete, insert, select, update

from backoffice import schema
from backoffice.attributes import Value, values_of
from backoffice.documents import Body, StoredDocument, to_json
from backoffice.entries import SOURCES, number_of, said_in
from backoffice.hub.happenings import Happening, record
from backoffice.hub.kinds import kinds_of
from backoffice.indexing import Touch, follow
from backoffice.limits import refuse_unfit
from backoffice.owning import ACCOUNT, Place, names_in, place_of, territory_in
from backoffice.prepared import all_of, do_each
from backoffice.reading import COLUMNS, Columns, Key, stored
from backoffice.resources import RESOURCES
from backoffice.scopes import COMMON, OWNER, name_of, read, written
from backoffice.sums import Tally
from backoffice.surroundings import Surroundings, engaged

_document = schema.document.c
_belongs = schema.belongs.c
_attribute = schema.attribute.c
_ROWS_AT_ONCE: Final = 500
Before = Mapping[Key, StoredDocument | None]  # None: there is nothing, and the key of the table sees to that
MOVING: Final = ("customer", "billingAccount")  # with these, what belongs to them may come to be seen elsewhere

_held = (
    select(*COLUMNS)
    .where(_document.collection == bindparam("collection"), _document.id.in_(bindparam("ids", expanding=True)))
    .with_for_update()
)
_lock = (
    select(_document.row)
    .where(_document.row.in_(bindparam("rows", expanding=True)))
    .order_by(_document.row)
    .with_for_update()
)
_insert_document = insert(schema.document)
_insert_value = insert(schema.attribute)
_insert_owner = insert(schema.belongs)
_insert_departure = insert(schema.departure)
_insert_departed_owner = insert(schema.departed_owner)
_owners_of = select(_belongs.owner).where(_belongs.row == bindparam("row"))
_update_document = (
    update(schema.document)
    .where(_document.row == bindparam("at_row"))
    .values(
        revision=bindparam("revision"), body=bindparam("body"), territory=bindparam("territory"),
        deleted=bindparam("deleted"),
    )
)  # fmt: skip
_delete_value = delete(schema.attribute).where(
    _attribute.declared == bindparam("at_declared"),
    _attribute.value == bindparam("at_value"),
    _attribute.row == bindparam("at_row"),
)
_delete_owner = delete(schema.belongs).where(
    _belongs.owner == bindparam("at_owner"), _belongs.row == bindparam("at_row")
)  # fmt: skip


class Turn(Protocol):
    """The transaction that has its turn at the sequence; `heard` are the APIs that somebody listens to."""

    connection: Connection
    columns: Columns
    now: datetime
    heard: frozenset[str]

    def take_revisions(self, count: int) -> int:
        """Take the next `count` numbers and return the first."""
        ...


@dataclass(frozen=True, slots=True)
class _Change:
    """A document before and after: what it says and where it belongs."""

    before: StoredDocument | None
    key: Key
    text: str | None
    body: Body
    place: Place

    @property
    def is_new(self) -> bool:
        return self.before is None


class Flush:
    """Works out everything that hangs together with what was put, and writes it."""

    def __init__(self, turn: Turn, puts: Mapping[Key, Body | None], known: Before, first: int) -> None:
        self._turn = turn
        self._connection = turn.connection
        self._puts = puts
        self._first = first
        self._before = {**known, **self._held(puts.keys() - known.keys())}
        self._near = Surroundings(turn.connection, turn.columns, puts)
        self._touched: dict[str, Touch] = {}  # customers whose entry in the index may be another

    def write(self) -> dict[Key, StoredDocument]:
        """Write it; returns what was put as it is written. Raises RefusedError for what no desk would take."""
        changes = [self._change(key, body) for key, body in self._puts.items()]
        after = [_after(change, self._first + step) for step, change in enumerate(changes)]
        if moved := self._moved_along(changes):
            first = self._turn.take_revisions(len(moved))
            after += [_after(change, first + step) for step, change in enumerate(moved)]
            changes += moved
        self._write_documents(changes, after)
        self._write_events(changes, after)
        self._write_columns(changes, after)
        self._sum_up(changes, after)
        return {(one.collection, one.id): one for one in after[: len(self._puts)]}

    def _held(self, keys: Iterable[Key]) -> dict[Key, StoredDocument]:
        """What is there now under these keys."""
        found: dict[Key, StoredDocument] = {}
        for collection, ids in _by_collection(keys).items():
            for row in all_of(self._connection, _held, {"collection": collection, "ids": ids}):
                held = stored(row)
                found[collection, held.id] = held
        return found

    def _change(self, key: Key, body: Body | None) -> _Change:
        before = self._before.get(key)
        if body is None:
            return _Change(before, key, None, {}, Place(frozenset(), before.territory if before else ""))
        text = to_json(body)
        refuse_unfit(key[0], text, body)
        return _Change(before, key, text, body, place_of(*key, body, self._near))

    def _moved_along(self, changes: list[_Change]) -> list[_Change]:
        """What belongs to a customer, an account or a party whose place has changed, and is seen elsewhere now."""
        moved: dict[Key, _Change] = {}
        wave = changes
        while wave:
            found = [one for one in self._hanging_on(wave) if (one.collection, one.id) not in {*self._puts, *moved}]
            again = [self._placed_anew(one) for one in found]
            wave = [one for one in again if self._has_moved(one)]
            for one in wave:
                self._near.learn(one.key, one.body)
            moved |= {one.key: one for one in wave}
        return list(moved.values())

    def _hanging_on(self, changes: list[_Change]) -> list[StoredDocument]:
        names: set[str] = set()
        for change in changes:
            if change.key[0] == "customer" and self._has_moved(change):
                names |= {OWNER + change.key[1]}
            if change.key[0] == "billingAccount" and (change.is_new or self._has_moved(change)):
                names |= {ACCOUNT + change.key[1]}
        return self._owned_by(names) + self._parties([one for one in changes if one.key[0] == "customer"])

    def _owned_by(self, owners: Iterable[str]) -> list[StoredDocument]:
        names = sorted(owners)
        if not names:
            return []
        theirs = select(_belongs.row).where(_belongs.owner.in_(names))
        wanted = and_(_document.row.in_(theirs), _document.deleted.is_(False))
        return [stored(row) for row in self._connection.execute(select(*COLUMNS).where(wanted).with_for_update())]

    def _parties(self, customers: list[_Change]) -> list[StoredDocument]:
        """The parties that these customers were engaged as, or are now, where that or the customer's place has changed."""
        ids: set[str] = set()
        for change in customers:
            was, now = engaged(change.before.body if change.before else {}), engaged(change.body)
            if was != now or self._has_moved(change):
                ids |= {was, now} - {""}
        if not ids:
            return []
        wanted = and_(_document.collection.in_(("individual", "organization")), _document.id.in_(sorted(ids)))
        living = and_(wanted, _document.deleted.is_(False))
        return [stored(row) for row in self._connection.execute(select(*COLUMNS).where(living).with_for_update())]

    def _placed_anew(self, document: StoredDocument) -> _Change:
        key, body = (document.collection, document.id), document.body
        return _Change(document, key, document.text, body, place_of(*key, body, self._near))

    def _has_moved(self, change: _Change) -> bool:
        """Whether it is seen elsewhere than before, or belongs to others."""
        if change.before is None or change.before.text is None or change.text is None:
            return True
        return change.before.territory != change.place.territory or self._owners_before(change) != change.place.owners

    def _owners_before(self, change: _Change) -> frozenset[str]:
        if change.before is None:
            return frozenset()
        return frozenset(owner for (owner,) in all_of(self._connection, _owners_of, {"row": change.before.row}))

    def _write_documents(self, changes: list[_Change], after: list[StoredDocument]) -> None:
        inserts: list[dict[str, object]] = []
        updates: list[dict[str, object]] = []
        for change, one in zip(changes, after, strict=True):
            values = {
                "revision": one.revision, "body": one.text, "territory": one.territory, "deleted": one.text is None
            }  # fmt: skip
            if change.is_new:
                inserts.append({"row": one.row, "collection": one.collection, "id": one.id, **values})
            else:
                updates.append({"at_row": one.row, **values})
        do_each(self._connection, _insert_document, inserts)
        do_each(self._connection, _update_document, updates)

    def _write_columns(self, changes: list[_Change], after: list[StoredDocument]) -> None:
        gone: list[dict[str, object]] = []
        new: list[dict[str, object]] = []
        for change, one in zip(changes, after, strict=True):
            was = _values(change.before.collection, change.before.body) if change.before else set()
            now = _values(one.collection, change.body) if one.text is not None else set()
            columns = self._turn.columns
            gone += [
                {"at_declared": columns[one.collection, path], "at_value": value, "at_row": one.row}
                for path, value in was - now
            ]
            new += [
                {"declared": columns[one.collection, path], "value": value, "row": one.row} for path, value in now - was
            ]
        do_each(self._connection, _delete_value, gone)
        do_each(self._connection, _insert_value, new)
        self._write_departures(changes, after, self._write_owners(changes, after))

    def _write_owners(self, changes: list[_Change], after: list[StoredDocument]) -> dict[int, set[str]]:
        """Write whose the documents are; returns by row the customers whose they are no longer."""
        lost: dict[int, set[str]] = {}
        gone: list[dict[str, object]] = []
        new: list[dict[str, object]] = []
        for change, one in zip(changes, after, strict=True):
            if RESOURCES[one.collection].owners:
                was, now = self._owners_before(change), change.place.owners if one.text is not None else frozenset()
                gone += [{"at_owner": owner, "at_row": one.row} for owner in was - now]
                lost[one.row] = {owner for owner in was - now if owner.startswith(OWNER)}
                new += [{"owner": owner, "row": one.row} for owner in now - was]
                self._touch(change, one, was, now)
        do_each(self._connection, _delete_owner, gone)
        do_each(self._connection, _insert_owner, new)
        return lost

    def _touch(self, change: _Change, one: StoredDocument, was: frozenset[str], now: frozenset[str]) -> None:
        """Note whose entry in the index changes with this."""
        if one.collection in SOURCES and (was != now or _says_otherwise(change)):
            touch = Touch(one.revision, _numbers_in(change) if one.collection == "service" else None)
            for owner in was | now:
                if owner.startswith(OWNER):
                    customer = owner.removeprefix(OWNER)
                    self._touched[customer] = touch.after(self._touched.get(customer))

    def _write_departures(
        self, changes: list[_Change], after: list[StoredDocument], lost: Mapping[int, set[str]]
    ) -> None:
        rows: list[dict[str, object]] = []
        owners: list[dict[str, object]] = []
        for change, one in zip(changes, after, strict=True):
            if (was := change.before) is not None:
                lost_by = lost.get(one.row, set())
                names = {name_of(owner.removeprefix(OWNER)) for owner in lost_by}
                left = (read(was.territory) - read(one.territory)) | names
                is_everybodys_no_more = was.text is not None and was.territory == COMMON != one.territory
                if left or is_everybodys_no_more:
                    rows.append({"revision": one.revision, "row": one.row, "territory": written(left)})
                owners += [{"owner": owner, "revision": one.revision, "row": one.row} for owner in lost_by]
        do_each(self._connection, _insert_departure, rows)
        do_each(self._connection, _insert_departed_owner, owners)

    def _write_events(self, changes: list[_Change], after: list[StoredDocument]) -> None:
        """What listeners are to be told goes in with what it tells of, so that no crash can part them."""
        heard = self._turn.heard
        told = [
            self._happening(change, one)
            for change, one in zip(changes, after, strict=True)
            if heard and RESOURCES[one.collection].api in heard
        ]
        record(self._connection, [one for one in told if one.kinds])

    def _happening(self, change: _Change, one: StoredDocument) -> Happening:
        """What happened to one document, with its last words if it is gone; of no kind if it only moved along."""
        was = change.before.text if change.before else None
        before = None if change.before is None or was is None else change.before.body
        after = None if one.text is None else change.body
        kinds = () if was == one.text else kinds_of(RESOURCES[one.collection], before, after)
        owners = self._owners_before(change) if after is None else change.place.owners
        told = one.text or was or ""
        return Happening(*change.key, one.revision, kinds, told, one.territory, owners, self._turn.now)

    def _sum_up(self, changes: list[_Change], after: list[StoredDocument]) -> None:
        tally = Tally()
        for change, one in zip(changes, after, strict=True):
            if change.before and change.before.text is not None:
                tally.take(change.before.territory, *change.key, change.before.revision)
            if one.text is not None:
                tally.add(one.territory, *change.key, one.revision)
        follow(self._connection, self._touched, tally)
        tally.write(self._connection)


def lock_rows(connection: Connection, rows: Iterable[int]) -> None:
    """Let nobody else change these documents. Who has the turn must not wait for who waits for it: so this comes before."""
    waiting = sorted(rows)
    for start in range(0, len(waiting), _ROWS_AT_ONCE):
        all_of(connection, _lock, {"rows": waiting[start : start + _ROWS_AT_ONCE]})


def lock_what_moves(connection: Connection, puts: Mapping[Key, Body | None], known: Before) -> None:
    """Lock what moves along with customers and accounts who are put elsewhere."""
    owners = [f"{key[0]}/{key[1]}" for key, body in puts.items() if key[0] in MOVING and _moves(known.get(key), body)]
    if owners:
        lock_rows(connection, connection.scalars(select(_belongs.row).where(_belongs.owner.in_(owners))))


def _moves(before: StoredDocument | None, body: Body | None) -> bool:
    if before is None or before.text is None or body is None:
        return False
    if before.collection == "customer":
        return before.territory != territory_in(body)
    return names_in(before.collection, before.body) != names_in(before.collection, body)


def _says_otherwise(change: _Change) -> bool:
    """Whether the index says something else of what it takes from this document."""
    collection = change.key[0]
    return change.before is None or said_in(collection, change.before.body) != said_in(collection, change.body)


def _numbers_in(change: _Change) -> frozenset[str]:
    """The numbers that a service had and has."""
    bodies = [change.body] if change.before is None else [change.before.body, change.body]
    return frozenset(number_of(body) for body in bodies)


def _after(change: _Change, revision: int) -> StoredDocument:
    row = change.before.row if change.before else revision
    return StoredDocument(*change.key, revision, change.text, change.place.territory, row)


def _by_collection(keys: Iterable[Key]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for collection, document_id in keys:
        found[collection].append(document_id)
    return found


def _values(collection: str, body: Body) -> set[Value]:
    return values_of(body, RESOURCES[collection].filters)
