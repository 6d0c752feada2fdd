"""Makes one of two parties, with all that names them, and two of one again; each in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import and_, select

from app.core.clock import to_wire
from app.core.ids import new_id
from backoffice import schema
from backoffice.auditing import wait_for_turn
from backoffice.documents import StoredDocument, to_json
from backoffice.errors import BadRequestError, ConflictError, ForbiddenError, NotFoundError
from backoffice.flushing import lock_rows
from backoffice.parties import books
from backoffice.parties.books import Mark, Merge
from backoffice.parties.conflicts import conflicts
from backoffice.parties.marks import forgotten, marked, unmarked
from backoffice.parties.references import PARTIES, Key, Party, Turn, turned, turned_back
from backoffice.reading import COLUMNS, stored
from backoffice.scopes import OWNER, read, written
from backoffice.writing import Transaction

MERGEABLE: Final = ("customer", *PARTIES)
_BATCH: Final = 500
_document = schema.document.c
_belongs = schema.belongs.c
_attribute = schema.attribute.c
Pair = tuple[StoredDocument, StoredDocument]  # who stays, and who goes into them


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which record is to go into which other one of its collection, and who says so."""

    collection: str
    keep: str
    merge: str
    staff: str


def merge(transaction: Transaction, wanted: Wanted, now: datetime) -> StoredDocument:
    """Turn every reference to the merged one, put that to rest, and keep what undoes it. Raises RefusedError."""
    pairs = _pairs(transaction, wanted)
    merged = [(one.collection, one.id) for _, one in pairs]
    lock_rows(transaction.connection, _rows_naming(transaction, merged))  # as all do: before the turn
    wait_for_turn(transaction.connection)  # what others write from here on comes after this merge
    against = [one for keep, merged in pairs for one in conflicts(transaction, keep, merged)]
    if against:
        raise ConflictError(f"These two cannot be merged: {'; '.join(sorted(set(against)))}.")
    return _Merging(transaction, wanted, pairs).carried_out(to_wire(now))


def unmerge(transaction: Transaction, merge_id: str, now: datetime) -> StoredDocument:
    """Give both back what was theirs; what was made or changed since stays so. Raises RefusedError."""
    lock_rows(transaction.connection, dict(books.turns_of(transaction, merge_id)))
    wait_for_turn(transaction.connection)
    known = books.entry(transaction, merge_id)
    survivor = None if known is None else transaction.get(known.collection, known.keep)
    if known is None or survivor is None or not known.is_within(transaction.scope):
        raise NotFoundError("There is no such merge.")
    if known.undone is not None:
        raise ConflictError("That merge was undone already.")
    if books.is_merged(transaction, [(one.collection, one.survivor) for one in known.marks]):
        raise ConflictError("The one that was kept has been merged itself since: undo that first.")
    return _undone(transaction, replace(known, undone=to_wire(now)))


class _Merging:
    def __init__(self, transaction: Transaction, wanted: Wanted, pairs: Sequence[Pair]) -> None:
        self._transaction = transaction
        self._wanted = wanted
        self._pairs = pairs
        self._survivors = {(merged.collection, merged.id): _party(keep) for keep, merged in pairs}
        self._territories: set[str] = set()
        self._turns: list[tuple[int, list[Turn]]] = []

    def carried_out(self, at: str) -> StoredDocument:
        for batch in _batches(_rows_naming(self._transaction, self._survivors)):
            self._turn(batch)
        marks = tuple(self._marked(keep, merged) for keep, merged in self._pairs)
        first = self._transaction.flush()[self._wanted.collection, self._wanted.merge]
        known = self._entry(at, marks)
        books.enter(self._transaction, known, self._turns)
        return replace(first, text=to_json(known.told()))

    def _turn(self, rows: Sequence[int]) -> None:
        for document in _locked(self._transaction, rows):
            if (document.collection, document.id) in self._survivors:
                continue
            body, turns = turned(document.body, self._survivors)
            if turns:
                self._note_place(document)
                self._transaction.put(document.collection, document.id, body)
                self._turns.append((document.row, turns))
        self._transaction.flush()

    def _note_place(self, document: StoredDocument) -> None:
        if not self._transaction.scope.covers(document.territory):
            raise ForbiddenError("Something that names the one to be merged lies outside your territory.")
        self._territories |= read(document.territory)

    def _marked(self, keep: StoredDocument, merged: StoredDocument) -> Mark:
        self._note_place(keep)
        self._note_place(merged)
        collection, body = merged.collection, merged.body
        self._transaction.put(collection, merged.id, marked(collection, body, _party(keep)))
        return Mark(collection, merged.id, keep.id, forgotten(collection, body))

    def _entry(self, at: str, marks: tuple[Mark, ...]) -> Merge:
        wanted, territory = self._wanted, written(self._territories)
        whose = (wanted.collection, wanted.keep, wanted.merge, wanted.staff)
        return Merge(new_id(), *whose, at, None, territory, marks, len(self._turns))


def _undone(transaction: Transaction, known: Merge) -> StoredDocument:
    turns = dict(books.turns_of(transaction, known.id))
    for batch in _batches(turns):
        for document in _locked(transaction, batch):
            transaction.put(document.collection, document.id, turned_back(document.body, turns[document.row]))
        transaction.flush()
    for mark in known.marks:
        _unmark(transaction, mark)
    transaction.flush()
    books.undo(transaction, known.id, known.undone or "")
    first = _by_key(transaction, known.marks[0].key)
    return replace(first, text=to_json(known.told()))


def _unmark(transaction: Transaction, mark: Mark) -> None:
    held = _by_key(transaction, mark.key)
    if held.text is not None:
        transaction.put(*mark.key, unmarked(mark.collection, held.body, mark.before, mark.survivor))


def _pairs(transaction: Transaction, wanted: Wanted) -> list[Pair]:
    """The two that are named; of customers, who they are engaged as goes along."""
    if wanted.collection not in MERGEABLE or wanted.keep == wanted.merge:
        raise BadRequestError(f"Name two different records of one collection: {', '.join(MERGEABLE)}.")
    named = _living(transaction, wanted.collection, wanted.keep), _living(transaction, wanted.collection, wanted.merge)
    keep, merged = (_engaged(transaction, one) for one in named) if wanted.collection == "customer" else (None, None)
    if keep is None or merged is None or keep.id == merged.id:
        return [named]
    if keep.collection != merged.collection:
        raise ConflictError("These two cannot be merged: one is a person, the other an organization.")
    return [named, (keep, merged)]


def _living(transaction: Transaction, collection: str, record_id: str) -> StoredDocument:
    found = transaction.get(collection, record_id)
    if found is None or found.text is None:
        raise NotFoundError("There is no such party.")
    return found


def _engaged(transaction: Transaction, customer: StoredDocument) -> StoredDocument | None:
    party = customer.body.get("engagedParty")
    named = party.get("id") if isinstance(party, dict) else None
    if not isinstance(named, str):
        return None
    found = [transaction.get(collection, named) for collection in PARTIES]
    return next((one for one in found if one is not None and one.text is not None), None)


def _party(document: StoredDocument) -> Party:
    body = document.body
    named = (body.get(name) for name in ("name", "fullName", "tradingName"))
    name = next((one for one in named if isinstance(one, str) and one), "")
    return Party(document.id, str(body.get("href", "")), name)


def _rows_naming(transaction: Transaction, survivors: Iterable[Key]) -> list[int]:
    """The rows of all that belongs to these, or names them under a declared column: found by index, never by reading all."""
    connection, keys = transaction.connection, list(survivors)
    ids = [column for (_, path), column in transaction.columns.items() if path.endswith(".id")]
    naming = and_(_attribute.declared.in_(ids), _attribute.value.in_([one for _, one in keys]))
    owners = [OWNER + one for collection, one in keys if collection == "customer"]
    rows = {*connection.scalars(select(_attribute.row).where(naming))}
    return sorted(rows | {*connection.scalars(select(_belongs.row).where(_belongs.owner.in_(owners)))})


def _locked(transaction: Transaction, rows: Sequence[int]) -> list[StoredDocument]:
    """These documents as far as they live, wherever they are seen; nobody else changes them until this has ended."""
    living = select(*COLUMNS).where(_document.row.in_(rows), _document.deleted.is_(False)).order_by(_document.row)
    return [stored(row) for row in transaction.connection.execute(living.with_for_update())]


def _by_key(transaction: Transaction, key: Key) -> StoredDocument:
    """A record that was merged, also where it is seen by nobody in scope now."""
    same = and_(_document.collection == key[0], _document.id == key[1])
    return stored(transaction.connection.execute(select(*COLUMNS).where(same).with_for_update()).one())


def _batches(rows: Iterable[int]) -> Iterator[list[int]]:
    waiting = list(rows)
    for start in range(0, len(waiting), _BATCH):
        yield waiting[start : start + _BATCH]
