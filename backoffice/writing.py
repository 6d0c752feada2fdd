"""Changes documents inside one write transaction, as a unit of work.

What is put waits until `flush`. Then, and not before, the transaction takes its turn at the sequence and writes everything
that belongs together: bodies, revisions, columns, owners, territories, departures, checksums. So revisions come in the order
of commits, and writers wait for each other as shortly as can be.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, insert, select, update

from backoffice import schema
from backoffice.attributes import Value, values_of
from backoffice.dialect import exclude, take_turn
from backoffice.documents import Body, StoredDocument, to_json
from backoffice.owning import ACCOUNT, Place, directly_named, is_id, place_of, territory_in
from backoffice.reading import COLUMNS, Columns, CommandResult, Reader, stored
from backoffice.resources import RESOURCES
from backoffice.scopes import NOWHERE, OWNER, Scope, read, written
from backoffice.sums import Tally

_document = schema.document.c
_command = schema.command.c
_belongs = schema.belongs.c
_attribute = schema.attribute.c
Key = tuple[str, str]

_insert_document = insert(schema.document)
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

    def __init__(self, connection: Connection, scope: Scope, columns: Columns) -> None:
        super().__init__(connection, scope, columns)
        self.last_revision = 0
        self._puts: dict[Key, Body | None] = {}

    def get(self, collection: str, document_id: str) -> StoredDocument | None:
        """The document as this transaction leaves it; nobody else changes it until this has ended."""
        if "\x00" in document_id:
            return None
        same = and_(_document.collection == collection, _document.id == document_id, self.in_view)
        row = self.connection.execute(select(*COLUMNS).where(same).with_for_update()).one_or_none()
        held = None if row is None else stored(row)
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
        take_turn(self.connection)
        return _Flush(self, puts).write()

    def take_revisions(self, count: int) -> int:
        """Take the next `count` numbers of the sequence and return the first. Only in one's turn."""
        advance = update(schema.sequence).values(value=schema.sequence.c.value + count)
        self.last_revision = self.connection.scalars(advance.returning(schema.sequence.c.value)).one()
        return self.last_revision - count + 1

    def remember(self, result: CommandResult) -> None:
        """Keep a result under its device's key."""
        names = schema.command.columns.keys()
        self.connection.execute(insert(schema.command).values({name: getattr(result, name) for name in names}))

    def acknowledge(self, device: str, sequence: int) -> None:
        """Forget the keys of the device's commands up to `sequence`."""
        self.connection.execute(delete(schema.device).where(schema.device.c.id == device))
        self.connection.execute(insert(schema.device).values(id=device, acknowledged=sequence))
        self.connection.execute(delete(schema.command).where(_command.device == device, _command.sequence <= sequence))


class _Flush:
    """Works out everything that hangs together with what was put, and writes it."""

    def __init__(self, transaction: Transaction, puts: Mapping[Key, Body | None]) -> None:
        self._transaction = transaction
        self._connection = transaction.connection
        self._puts = puts
        self._before = self._held(puts)
        self._near = Surroundings(transaction, puts)

    def write(self) -> dict[Key, StoredDocument]:
        changes = [self._change(key, body) for key, body in self._puts.items()]
        changes += self._moved_along(changes)
        first = self._transaction.take_revisions(len(changes))
        after = [_after(change, first + step) for step, change in enumerate(changes)]
        self._write_documents(changes, after)
        self._write_columns(changes, after)
        self._write_departures(changes, after)
        self._sum_up(changes, after)
        return {(one.collection, one.id): one for one in after[: len(self._puts)]}

    def _held(self, keys: Iterable[Key]) -> dict[Key, StoredDocument]:
        """What is there now under these keys."""
        found: dict[Key, StoredDocument] = {}
        for collection, ids in _by_collection(keys).items():
            same = and_(_document.collection == collection, _document.id.in_(ids))
            for row in self._connection.execute(select(*COLUMNS).where(same).with_for_update()):
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
        mine = select(_belongs.owner).where(_belongs.row == change.before.row)
        return frozenset(self._connection.scalars(mine))

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
        _execute(self._connection, _insert_document, inserts)
        _execute(self._connection, _update_document, updates)

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
        _execute(self._connection, _delete_value, gone)
        _execute(self._connection, insert(schema.attribute), new)
        self._write_owners(changes, after)

    def _write_owners(self, changes: list[_Change], after: list[StoredDocument]) -> None:
        gone: list[dict[str, object]] = []
        new: list[dict[str, object]] = []
        for change, one in zip(changes, after, strict=True):
            if RESOURCES[one.collection].owners:
                was, now = self._owners_before(change), change.place.owners if one.text is not None else frozenset()
                gone += [{"at_owner": owner, "at_row": one.row} for owner in was - now]
                new += [{"owner": owner, "row": one.row} for owner in now - was]
        _execute(self._connection, _delete_owner, gone)
        _execute(self._connection, insert(schema.belongs), new)

    def _write_departures(self, changes: list[_Change], after: list[StoredDocument]) -> None:
        rows = [
            {"revision": one.revision, "row": one.row, "territory": written(left)}
            for change, one in zip(changes, after, strict=True)
            if change.before and (left := read(change.before.territory) - read(one.territory))
        ]
        _execute(self._connection, insert(schema.departure), rows)

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
            wanted = select(_document.id, _document.territory).where(
                _document.collection == "customer", _document.id.in_(unknown), _document.deleted.is_(False)
            )
            self._territories |= {row.id: row.territory for row in self._connection.execute(wanted)}

    def _look_up_parties(self, parties: set[str]) -> None:
        """Who names them: the customers of this transaction as they will be, all others as they are."""
        if not parties:
            return
        self._naming |= {party: set() for party in parties}
        column = self._columns["customer", "engagedParty.id"]
        naming = and_(_attribute.declared == column, _attribute.value.in_(sorted(parties)))
        there = select(_document.id, _attribute.value).join_from(
            schema.attribute, schema.document, _attribute.row == _document.row
        )
        for row in self._connection.execute(there.where(naming)):
            if ("customer", row.id) not in self._bodies:
                self._naming[row.value].add(row.id)
        for (collection, name), body in self._bodies.items():
            if collection == "customer" and body and _engaged(body) in parties:
                self._naming[_engaged(body)].add(name)


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


def _execute(connection: Connection, statement: Any, rows: list[dict[str, object]]) -> None:
    if rows:
        connection.execute(statement, rows)
