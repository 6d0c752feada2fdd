"""Changes documents inside one write transaction, as a unit of work.

What is put waits until `flush`. Then, and not before, the transaction takes its turn at the sequence and writes everything
that belongs together: bodies, revisions, columns, owners, territories, departures, checksums. So revisions come in the order
of commits, and writers wait for each other as shortly as can be. What was read to be changed was locked, and is not read again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Connection, and_, bindparam, delete, insert, select, update

from backoffice import schema
from backoffice.attributes import Value, values_of
from backoffice.auditing import Signature
from backoffice.dialect import exclude, execute_all
from backoffice.documents import Body, StoredDocument, to_json
from backoffice.hub.happenings import Happening, record
from backoffice.hub.kinds import kinds_of
from backoffice.owning import ACCOUNT, Place, directly_named, is_id, place_of, territory_in
from backoffice.reading import COLUMNS, Columns, CommandResult, Reader, epoch, one_of, stored
from backoffice.resources import RESOURCES
from backoffice.scopes import COMMON, NOWHERE, OWNER, Scope, name_of, read, written
from backoffice.sums import Tally

_document = schema.document.c
_command = schema.command.c
_belongs = schema.belongs.c
_attribute = schema.attribute.c
Key = tuple[str, str]
Before = Mapping[Key, StoredDocument | None]  # None: there is nothing, and the key of the table sees to that

_held = (
    select(*COLUMNS)
    .where(_document.collection == bindparam("collection"), _document.id.in_(bindparam("ids", expanding=True)))
    .with_for_update()
)
_territories = select(_document.id, _document.territory).where(
    _document.collection == "customer",
    _document.id.in_(bindparam("ids", expanding=True)),
    _document.deleted.is_(False),
)
_naming = (
    select(_document.id, _attribute.value)
    .join_from(schema.attribute, schema.document, _attribute.row == _document.row)
    .where(_attribute.declared == bindparam("declared"), _attribute.value.in_(bindparam("parties", expanding=True)))
)
_advance = (
    update(schema.sequence)
    .values(value=schema.sequence.c.value + bindparam("count"))
    .returning(schema.sequence.c.value, epoch, schema.sequence.c.heard)
)
_insert_command = insert(schema.command)
_OF_COMMAND: Final = tuple(schema.command.columns.keys())
_insert_document = insert(schema.document)
_insert_value = insert(schema.attribute)
_insert_owner = insert(schema.belongs)
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


class Transaction(Reader):
    """A reader that may also change things; `last_revision` is the newest number it took, 0 if none."""

    def __init__(self, connection: Connection, scope: Scope, columns: Columns, now: datetime) -> None:
        super().__init__(connection, scope, columns)
        self.now = now
        self.reveals = None  # who changes a record needs the whole of it; `Operations` masks what is answered
        self.last_revision = 0
        self.signature = Signature()
        self.heard: frozenset[str] = frozenset()  # the APIs that somebody listens to, known once a revision was taken
        self._epoch = ""
        self._puts: dict[Key, Body | None] = {}
        self._known: dict[Key, StoredDocument | None] = {}

    def get(self, collection: str, document_id: str) -> StoredDocument | None:
        """The document as this transaction leaves it; nobody else changes it until this has ended."""
        if "\x00" in document_id:
            return None
        named = {"collection": collection, "id": document_id}
        row = self.connection.execute(_locked_one_of(self.scope), named).one_or_none()
        held = None if row is None else stored(row)
        if held is not None or self.scope.is_everything:
            self._known[collection, document_id] = held
        if (collection, document_id) not in self._puts:
            return held
        body = self._puts[collection, document_id]
        known = held or StoredDocument(collection, document_id, 0, None)
        return replace(known, text=None if body is None else to_json(body))

    def put(self, collection: str, document_id: str, body: Body | None) -> None:
        """Write a document when this is flushed; no body makes it a tombstone."""
        self._puts[collection, document_id] = body

    def exclusive(self, name: str) -> None:
        """Be the only transaction that holds `name`, for a rule that has to be alone."""
        exclude(self.connection, name)

    def flush(self) -> dict[Key, StoredDocument]:
        """Write what was put, at the next revisions in the order in which it was put; returns it as written."""
        puts, self._puts = self._puts, {}
        if not puts:
            return {}
        first = self.take_revisions(len(puts))  # what is read from here on stays so until the commit
        known, self._known = self._known, {}
        return _Flush(self, puts, known, first).write()

    def take_revisions(self, count: int) -> int:
        """Take the next `count` numbers of the sequence and return the first; nobody else takes any until the commit."""
        taken = self.connection.execute(_advance, {"count": count}).one()
        self.last_revision, self._epoch, heard = taken
        self.heard = frozenset(heard.split())
        return self.last_revision - count + 1

    def epoch(self) -> str:
        """The epoch of the revisions."""
        return self._epoch or self.position().epoch

    def remember(self, result: CommandResult) -> None:
        """Keep a result under its device's key."""
        self.connection.execute(_insert_command, {name: getattr(result, name) for name in _OF_COMMAND})

    def acknowledge(self, device: str, sequence: int) -> None:
        """Forget the keys of the device's commands up to `sequence`."""
        self.connection.execute(delete(schema.device).where(schema.device.c.id == device))
        self.connection.execute(insert(schema.device).values(id=device, acknowledged=sequence))
        self.connection.execute(delete(schema.command).where(_command.device == device, _command.sequence <= sequence))


class _Flush:
    """Works out everything that hangs together with what was put, and writes it."""

    def __init__(self, transaction: Transaction, puts: Mapping[Key, Body | None], known: Before, first: int) -> None:
        self._transaction = transaction
        self._connection = transaction.connection
        self._puts = puts
        self._first = first
        self._before = {**known, **self._held(puts.keys() - known.keys())}
        self._near = Surroundings(transaction, puts)

    def write(self) -> dict[Key, StoredDocument]:
        changes = [self._change(key, body) for key, body in self._puts.items()]
        after = [_after(change, self._first + step) for step, change in enumerate(changes)]
        if moved := self._moved_along(changes):
            first = self._transaction.take_revisions(len(moved))
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
            for row in self._connection.execute(_held, {"collection": collection, "ids": ids}):
                found[collection, row.id] = stored(row)
        return found

    def _change(self, key: Key, body: Body | None) -> _Change:
        before = self._before.get(key)
        if body is None:
            return _Change(before, key, None, {}, Place(frozenset(), before.territory if before else ""))
        return _Change(before, key, to_json(body), body, place_of(*key, body, self._near))

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
            was, now = _engaged(change.before.body if change.before else {}), _engaged(change.body)
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
        return frozenset(self._connection.scalars(_owners_of, {"row": change.before.row}))

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
        execute_all(self._connection, _insert_document, inserts)
        execute_all(self._connection, _update_document, updates)

    def _write_columns(self, changes: list[_Change], after: list[StoredDocument]) -> None:
        gone: list[dict[str, object]] = []
        new: list[dict[str, object]] = []
        for change, one in zip(changes, after, strict=True):
            was = _values(change.before.collection, change.before.body) if change.before else set()
            now = _values(one.collection, change.body) if one.text is not None else set()
            columns = self._transaction.columns
            gone += [
                {"at_declared": columns[one.collection, path], "at_value": value, "at_row": one.row}
                for path, value in was - now
            ]
            new += [
                {"declared": columns[one.collection, path], "value": value, "row": one.row} for path, value in now - was
            ]
        execute_all(self._connection, _delete_value, gone)
        execute_all(self._connection, _insert_value, new)
        self._write_departures(changes, after, self._write_owners(changes, after))

    def _write_owners(self, changes: list[_Change], after: list[StoredDocument]) -> dict[int, set[str]]:
        """Write whose the documents are; returns by row the names of the customers whose they are no longer."""
        lost: dict[int, set[str]] = {}
        gone: list[dict[str, object]] = []
        new: list[dict[str, object]] = []
        for change, one in zip(changes, after, strict=True):
            if RESOURCES[one.collection].owners:
                was, now = self._owners_before(change), change.place.owners if one.text is not None else frozenset()
                gone += [{"at_owner": owner, "at_row": one.row} for owner in was - now]
                lost[one.row] = {name_of(owner.removeprefix(OWNER)) for owner in was - now if owner.startswith(OWNER)}
                new += [{"owner": owner, "row": one.row} for owner in now - was]
        execute_all(self._connection, _delete_owner, gone)
        execute_all(self._connection, _insert_owner, new)
        return lost

    def _write_departures(
        self, changes: list[_Change], after: list[StoredDocument], lost: Mapping[int, set[str]]
    ) -> None:
        rows: list[dict[str, object]] = []
        for change, one in zip(changes, after, strict=True):
            if (was := change.before) is not None:
                left = (read(was.territory) - read(one.territory)) | lost.get(one.row, set())
                is_everybodys_no_more = was.text is not None and was.territory == COMMON != one.territory
                if left or is_everybodys_no_more:
                    rows.append({"revision": one.revision, "row": one.row, "territory": written(left)})
        execute_all(self._connection, insert(schema.departure), rows)

    def _write_events(self, changes: list[_Change], after: list[StoredDocument]) -> None:
        """What listeners are to be told goes in with what it tells of, so that no crash can part them."""
        heard = self._transaction.heard
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
        return Happening(*change.key, one.revision, kinds, told, one.territory, owners, self._transaction.now)

    def _sum_up(self, changes: list[_Change], after: list[StoredDocument]) -> None:
        tally = Tally()
        for change, one in zip(changes, after, strict=True):
            if change.before and change.before.text is not None:
                tally.take(change.before.territory, *change.key, change.before.revision)
            if one.text is not None:
                tally.add(one.territory, *change.key, one.revision)
        tally.write(self._connection)


class Surroundings:
    """Implements `owning.Neighbours` on the database as a transaction with these changes leaves it."""

    def __init__(self, reader: Reader, puts: Mapping[Key, Body | None]) -> None:
        self._connection = reader.connection
        self._columns = reader.columns
        self._bodies = dict(puts)
        self._territories: dict[str, str] = {}
        self._asked: set[str] = set()
        self._naming: dict[str, set[str]] = {}
        named = [one for key, body in puts.items() if body for one in directly_named(*key, body)]
        self._look_up_customers({name for kind, name in named if kind == "customer"})
        self._look_up_parties({name for kind, name in named if kind == "party"})

    def learn(self, key: Key, body: Body) -> None:
        """A document that hangs on what was put belongs elsewhere now."""
        self._bodies[key] = body

    def owners_of_account(self, account: str) -> Iterable[str]:
        key = ("billingAccount", account)
        if key in self._bodies:
            body = self._bodies[key]
            return place_of(*key, body, self).customers if body else []
        row = select(_document.row).where(_document.collection == key[0], _document.id == account)
        mine = select(_belongs.owner).where(_belongs.row.in_(row))
        return [one.removeprefix(OWNER) for one in self._connection.scalars(mine) if one.startswith(OWNER)]

    def customers_naming(self, party: str) -> Iterable[str]:
        if party not in self._naming:
            self._look_up_parties({party})
        return sorted(self._naming[party])

    def territories_of(self, customers: Iterable[str]) -> Mapping[str, str]:
        names = set(customers)
        self._look_up_customers(names)
        return {name: self._territories[name] for name in names if name in self._territories}

    def _look_up_customers(self, names: set[str]) -> None:
        for name in names - self._asked:
            if ("customer", name) in self._bodies:
                body = self._bodies["customer", name]
                self._territories[name] = territory_in(body) if body else written({NOWHERE})
        unknown = sorted(names - self._asked - self._territories.keys())
        self._asked |= names
        if unknown:
            found = self._connection.execute(_territories, {"ids": unknown})
            self._territories |= {row.id: row.territory for row in found}

    def _look_up_parties(self, parties: set[str]) -> None:
        """Who names them: the customers of this transaction as they will be, all others as they are."""
        if not parties:
            return
        self._naming |= {party: set() for party in parties}
        column = self._columns["customer", "engagedParty.id"]
        for row in self._connection.execute(_naming, {"declared": column, "parties": sorted(parties)}):
            if ("customer", row.id) not in self._bodies:
                self._naming[row.value].add(row.id)
        for (collection, name), body in self._bodies.items():
            if collection == "customer" and body and _engaged(body) in parties:
                self._naming[_engaged(body)].add(name)


@lru_cache(maxsize=1000)
def _locked_one_of(scope: Scope) -> Any:
    return one_of(scope).with_for_update()


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


def _engaged(customer: Body) -> str:
    party: Any = customer.get("engagedParty")
    found = party.get("id") if isinstance(party, dict) else None
    return found if is_id(found) else ""
