"""Reads documents, the feed and the sequence inside one transaction, and never beyond a scope."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, not_, select, tuple_

from backoffice import schema
from backoffice.documents import StoredDocument
from backoffice.masking import shown
from backoffice.scopes import Scope, in_any
from backoffice.sums import Checksum, checksum_of

OFFICE = "office"  # under this name the id of this back office is kept, which no other one has

_document = schema.document.c
_command = schema.command.c
COLUMNS = (_document.collection, _document.id, _document.revision, _document.body, _document.territory, _document.row)


Columns = Mapping[tuple[str, str], int]  # the number of each declared column, by collection and path


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the history of one back office: everything up to `sequence` happened in `epoch`."""

    epoch: str
    sequence: int

    def __str__(self) -> str:
        return f"{self.epoch}.{self.sequence}"


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

    def document(self, row: Row[Any, Any, Any, Any, Any, Any]) -> StoredDocument:
        """A document row as whoever asks may see it."""
        return shown(stored(row), self.reveals)

    def meta(self, key: str) -> str | None:
        """The value kept under `key`."""
        value: str | None = self.connection.scalar(select(schema.meta.c.value).where(schema.meta.c.key == key))
        return value

    def office(self) -> str:
        """The id of this back office."""
        return self.meta(OFFICE) or ""

    def position(self) -> Position:
        """Where the sequence stands."""
        sequence = self.connection.scalars(select(schema.sequence.c.value)).one()
        return Position(self.meta("epoch") or "", sequence)

    def get(self, collection: str, document_id: str) -> StoredDocument | None:
        """The document, also when deleted; None if it never was, or is out of view."""
        if "\x00" in document_id:  # no document has such an id, and PostgreSQL would not hear of it
            return None
        return self._one(and_(_document.collection == collection, _document.id == document_id))

    def get_many(self, collection: str, ids: Iterable[str]) -> list[StoredDocument]:
        """The documents of one collection that have one of these ids, deleted ones too."""
        wanted = and_(_document.collection == collection, _document.id.in_(_possible(ids)), self.in_view)
        return [self.document(row) for row in self.connection.execute(select(*COLUMNS).where(wanted))]

    def changes_after(self, sequence: int, limit: int) -> list[StoredDocument]:
        """Up to `limit` documents changed after `sequence`, deleted ones too, in the order of their last change.

        What left the scope since then is among them, at the revision at which it left (`has_left`).
        """
        changed = select(*COLUMNS).where(_document.revision > sequence, self.in_view)
        found = [
            self.document(row) for row in self.connection.execute(changed.order_by(_document.revision).limit(limit))
        ]
        names = self.scope.departures
        if names is None:
            return found
        return sorted([*found, *self._departed(names, sequence, limit)], key=_by_revision)[:limit]

    def page_after(self, place: tuple[str, str], limit: int) -> list[StoredDocument]:
        """Up to `limit` living documents of all collections that follow `place`, a collection and an id."""
        key = tuple_(_document.collection, _document.id)
        rest = select(*COLUMNS).where(_document.deleted.is_(False), key > tuple_(*place), self.in_view)
        page = rest.order_by(_document.collection, _document.id).limit(limit)
        return [self.document(row) for row in self.connection.execute(page)]

    def count(self) -> int:
        """How many living documents there are."""
        living = select(func.count()).select_from(schema.document).where(_document.deleted.is_(False), self.in_view)
        return self.connection.scalars(living).one()

    def checksum(self) -> Checksum:
        """The checksum of everything in view."""
        return checksum_of(self.connection, self.scope)

    def recall(self, device: str, key: str) -> CommandResult | None:
        """What was remembered under the key of this device."""
        mine = and_(_command.device == device, _command.key == key)
        row = self.connection.execute(select(schema.command).where(mine)).one_or_none()
        return None if row is None else CommandResult(*row)

    def acknowledged(self, device: str) -> int:
        """Up to which of its commands the device said that they have ended."""
        known = select(schema.device.c.acknowledged).where(schema.device.c.id == device)
        return self.connection.scalar(known) or 0

    def _one(self, condition: ColumnElement[bool]) -> StoredDocument | None:
        row = self.connection.execute(select(*COLUMNS).where(condition, self.in_view)).one_or_none()
        return None if row is None else self.document(row)

    def _departed(self, names: frozenset[str], sequence: int, limit: int) -> list[StoredDocument]:
        """What left one of these territories or customers after `sequence` and is not in view now, by when it left last."""
        departure = schema.departure.c
        left = and_(departure.revision > sequence, departure.territory != "", in_any(departure.territory, names))
        columns = (_document.collection, _document.id, func.max(departure.revision).label("left_at"))
        gone = select(*columns).join_from(schema.departure, schema.document, departure.row == _document.row)
        page = gone.where(left, not_(self.in_view)).group_by(_document.collection, _document.id)
        rows = self.connection.execute(page.order_by(func.max(departure.revision)).limit(limit))
        return [StoredDocument(row.collection, row.id, row.left_at, None, has_left=True) for row in rows]


def stored(row: Row[Any, Any, Any, Any, Any, Any]) -> StoredDocument:
    """A document row as it is kept."""
    return StoredDocument(row.collection, row.id, row.revision, row.body, row.territory, row.row)


def _by_revision(document: StoredDocument) -> int:
    return document.revision


def _possible(ids: Iterable[str]) -> list[str]:
    return [one for one in ids if "\x00" not in one]
