"""Reads documents, the feed and the sequence inside one transaction, and never beyond a scope."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, func, not_, select, tuple_

from app.rules.checksums import Checksum
from backoffice import schema
from backoffice.documents import StoredDocument
from backoffice.index_reading import IndexReader
from backoffice.masking import shown
from backoffice.pages import Page, merged, up_to
from backoffice.prepared import all_of, first_of
from backoffice.profiles import leaving, sum_of_opened, without
from backoffice.scopes import COMMON, INDEX, Scope, rows_of
from backoffice.sums import sum_of, territories_of

OFFICE = "office"  # under this name the id of this back office is kept, which no other one has
SEAL = "seal"  # and under this one the key with which it knows its own tokens again; nobody is told that
LEASE_KEY = "leaseKey"  # and under this one the seed of the key with which it signs leases

_document = schema.document.c
_command = schema.command.c
COLUMNS = (_document.collection, _document.id, _document.revision, _document.body, _document.territory, _document.row)

# Statements that every request needs are put together once: that costs more than to run them.
_meta: Final = select(schema.meta.c.value).where(schema.meta.c.key == bindparam("key"))
epoch: Final = select(schema.meta.c.value).where(schema.meta.c.key == "epoch").scalar_subquery().label("epoch")
_position: Final = select(schema.sequence.c.value, epoch)
_recall: Final = select(schema.command).where(_command.device == bindparam("device"), _command.key == bindparam("key"))
_recall_of_others: Final = select(schema.command).where(
    _command.key == bindparam("key"), _command.device != bindparam("device")
)
_recall_all: Final = select(schema.command).where(
    _command.device.in_(bindparam("devices", expanding=True)), _command.key.in_(bindparam("keys", expanding=True))
)
_acknowledged: Final = select(schema.device.c.acknowledged).where(schema.device.c.id == bindparam("device"))

_PAGE_BYTES: Final = 8 << 20  # a page of large documents ends here; desks take 32 MiB of the feed
_AT_A_TIME: Final = 100  # so that documents of the largest size do not fill the memory

Key = tuple[str, str]  # a document's collection and id
Slot = tuple[str, str]  # an idempotency key, after whose it is
Columns = Mapping[tuple[str, str], int]  # the number of each declared column, by collection and path


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the history of one back office: everything up to `sequence` happened in `epoch`."""

    epoch: str
    sequence: int


@dataclass(frozen=True, slots=True)
class CommandResult:
    """What became of a request that was made under an idempotency key."""

    device: str
    key: str
    fingerprint: str
    sequence: int | None
    status: int
    collection: str
    id: str
    revision: int
    answer: str | None


class Reader:
    """What can be asked in one transaction; all answers are of one instant, and of what `scope` covers."""

    def __init__(self, connection: Connection, scope: Scope, columns: Columns) -> None:
        self.connection = connection
        self.scope = scope
        self.columns = columns
        self.reveals = scope.reveals
        self.in_view = scope.condition()

    def document(self, row: Sequence[Any]) -> StoredDocument:
        """A document row as whoever asks may see it."""
        return shown(stored(row), self.reveals)

    def meta(self, key: str) -> str | None:
        """The value kept under `key`."""
        row = first_of(self.connection, _meta, {"key": key})
        return None if row is None else str(row[0])

    def office(self) -> str:
        """The id of this back office."""
        return self.meta(OFFICE) or ""

    def position(self) -> Position:
        """Where the sequence stands."""
        sequence, named = all_of(self.connection, _position)[0]
        return Position(named or "", sequence)

    def get(self, collection: str, document_id: str) -> StoredDocument | None:
        """The document, also when deleted; None if it never was, or is out of view."""
        if "\x00" in document_id:  # no document has such an id, and PostgreSQL would not hear of it
            return None
        row = first_of(self.connection, one_of(self.scope), {"collection": collection, "id": document_id})
        return None if row is None else self.document(row)

    def get_many(self, collection: str, ids: Iterable[str]) -> list[StoredDocument]:
        """The documents of one collection that have one of these ids, deleted ones too."""
        wanted = and_(_document.collection == collection, _document.id.in_(_possible(ids)), self.in_view)
        return [self.document(row) for row in self.connection.execute(select(*COLUMNS).where(wanted))]

    def changes_after(self, sequence: int, limit: int) -> Page:
        """Up to `limit` documents changed after `sequence`, deleted ones too, in the order of their last change.

        What left the scope since then is among them, at the revision at which it left (`has_left`).
        """
        changed = select(*COLUMNS).where(_document.revision > sequence, self.in_view)
        pages = [self._page(changed.order_by(_document.revision), limit)]
        left = self.scope.departed(sequence)
        if left is not None:
            pages.append(self._departed(left, sequence, limit))
        if self.scope.home is not None:
            index = self._index
            pages += [index.changed_after(sequence, limit), index.left_after(sequence, limit)]
        return merged(pages, limit)

    def page_after(self, place: tuple[str, str], limit: int) -> Page:
        """Up to `limit` living documents of all collections that follow `place`, a collection and an id."""
        key = tuple_(_document.collection, _document.id)
        rest = select(*COLUMNS).where(_document.deleted.is_(False), key > tuple_(*place), self.in_view)
        return self._page(rest.order_by(_document.collection, _document.id), limit)

    def page_of_after(self, collection: str, after: str, limit: int) -> Page:
        """Up to `limit` living documents of one collection whose ids follow `after`."""
        if collection == INDEX:
            return self._index.living_after(after, limit)
        if not self.scope.has(collection):
            return Page()
        in_view = replace(self.scope, collections=None).condition()
        rest = and_(_document.collection == collection, _document.id > after, _document.deleted.is_(False), in_view)
        return self._page(select(*COLUMNS).where(rest).order_by(_document.id), limit)

    def _page(self, question: Select[Any], limit: int) -> Page:
        """What answers, up to so many documents and about so many bytes, but never nothing while there is something."""
        found = Page()
        size = 0
        rows = self.connection.execute(question.limit(limit + 1), execution_options={"yield_per": _AT_A_TIME})
        with rows:
            for row in rows:
                if len(found) == limit or size > _PAGE_BYTES:
                    found.has_more = True
                    break
                found.append(self.document(row))
                size += len((found[-1].text or "").encode())
        return found

    def count(self) -> int:
        """How many living documents there are."""
        living = select(func.count()).select_from(schema.document).where(_document.deleted.is_(False), self.in_view)
        return self.connection.scalars(living).one()

    def checksum(self, closing: Collection[str] = ()) -> Checksum:
        """The checksum of everything in view, once these customers are not opened any more."""
        return sum_of(self.connection, self.scope) + sum_of_opened(self.connection, without(self.scope, closing))

    def territories(self) -> frozenset[str]:
        """Those in which the person whose view this is sees customers."""
        return territories_of(self.connection, self.scope.territories)

    def leaving(self, closing: Collection[str]) -> list[Key]:
        """What is in view only as these customers are opened."""
        return leaving(self.connection, self.scope, closing)

    def owned_after(self, customer: str, place: tuple[str, str], limit: int) -> Page:
        """Up to `limit` living documents in view that belong to one customer and follow `place`, a collection and an id."""
        rest = select(*COLUMNS).where(
            self._owned_by(customer), tuple_(_document.collection, _document.id) > tuple_(*place)
        )
        return self._page(rest.order_by(_document.collection, _document.id), limit)

    def count_owned(self, customer: str) -> int:
        """How many living documents in view belong to one customer."""
        theirs = select(func.count()).select_from(schema.document).where(self._owned_by(customer))
        return self.connection.scalars(theirs).one()

    def _owned_by(self, customer: str) -> ColumnElement[bool]:
        return and_(_document.row.in_(rows_of([customer])), _document.deleted.is_(False), self.in_view)

    def recall(self, device: str, key: str) -> CommandResult | None:
        """What was remembered under the key of this device."""
        row = first_of(self.connection, _recall, {"device": device, "key": key})
        return None if row is None else CommandResult(*row)

    def recall_of_others(self, device: str, key: str) -> list[CommandResult]:
        """What was remembered under this key of anybody else."""
        return [
            CommandResult(*row) for row in all_of(self.connection, _recall_of_others, {"device": device, "key": key})
        ]

    def recall_all(self, slots: Collection[Slot]) -> dict[Slot, CommandResult]:
        """What was remembered under those of these keys that are known."""
        asked = {"devices": sorted({device for device, _ in slots}), "keys": sorted({key for _, key in slots})}
        found = [CommandResult(*row) for row in all_of(self.connection, _recall_all, asked)] if slots else []
        return {(one.device, one.key): one for one in found if (one.device, one.key) in slots}

    def acknowledged(self, device: str) -> int:
        """Up to which of its commands the device said that they have ended."""
        row = first_of(self.connection, _acknowledged, {"device": device})
        return 0 if row is None else int(row[0])

    @property
    def _index(self) -> IndexReader:
        return IndexReader(self.connection, self.scope)

    def _departed(self, condition: ColumnElement[bool], sequence: int, limit: int) -> Page:
        """What left the view after `sequence` and is not in it now, by when it left last."""
        departure = schema.departure.c
        left = and_(departure.revision > sequence, condition)
        if self.scope.collections is not None:
            left = and_(left, _document.collection.in_(sorted(self.scope.collections)))
        if self.scope.party:  # what was everybody's was not theirs
            left = and_(left, departure.territory != COMMON)
        columns = (_document.collection, _document.id, func.max(departure.revision).label("left_at"))
        gone = select(*columns).join_from(schema.departure, schema.document, departure.row == _document.row)
        page = gone.where(left, not_(self.in_view)).group_by(_document.collection, _document.id)
        rows = self.connection.execute(page.order_by(func.max(departure.revision)).limit(limit + 1))
        return up_to(limit, [StoredDocument(name, record, at, None, has_left=True) for name, record, at in rows])


@lru_cache(maxsize=1000)
def one_of(scope: Scope) -> Select[Any, Any, Any, Any, Any, Any]:
    """The statement that reads the document of a `collection` and an `id`, if the scope covers it."""
    named = and_(_document.collection == bindparam("collection"), _document.id == bindparam("id"))
    return select(*COLUMNS).where(named, scope.condition())


@lru_cache(maxsize=1000)
def tagged(scope: Scope) -> Select[Any, Any, Any, Any, Any, Any, Any]:
    """The same with the epoch as the last column."""
    return one_of(scope).add_columns(epoch)


def stored(row: Sequence[Any]) -> StoredDocument:
    """A document row as it is kept."""
    return StoredDocument(*row)


def _possible(ids: Iterable[str]) -> list[str]:
    return [one for one in ids if "\x00" not in one]
