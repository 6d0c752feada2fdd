"""Reads documents, the feed and the sequence inside one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, select, tuple_

from backoffice import schema
from backoffice.documents import StoredDocument

OFFICE = "office"  # under this name the id of this back office is kept, which no other one has

_document = schema.document.c
_command = schema.command.c
_COLUMNS = (_document.collection, _document.id, _document.revision, _document.body)


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the history of one back office: everything up to `sequence` happened in `epoch`."""

    epoch: str
    sequence: int

    def __str__(self) -> str:
        return f"{self.epoch}.{self.sequence}"


@dataclass(frozen=True, slots=True)
class Query:
    """Which documents a list asks for: every filter is an attribute path and the values of which it must hold one."""

    collection: str
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ids: tuple[str, ...] | None = None
    offset: int = 0
    limit: int = 1000


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
    """What can be asked in one transaction; all answers are of one instant."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

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
        """The document, also when deleted; None if it never was."""
        wanted = and_(_document.collection == collection, _document.id == document_id)
        row = self.connection.execute(select(*_COLUMNS).where(wanted)).one_or_none()
        return None if row is None else _stored(row)

    def get_many(self, collection: str, ids: Iterable[str]) -> list[StoredDocument]:
        """The documents of one collection that have one of these ids, deleted ones too."""
        wanted = and_(_document.collection == collection, _document.id.in_(list(ids)))
        return [_stored(row) for row in self.connection.execute(select(*_COLUMNS).where(wanted))]

    def find(self, query: Query) -> tuple[list[StoredDocument], int]:
        """A page of living documents by id, and how many there are in all."""
        wanted = and_(*_conditions(query))
        page = select(*_COLUMNS).where(wanted).order_by(_document.id).offset(query.offset).limit(query.limit)
        total = self.connection.scalars(select(func.count()).select_from(schema.document).where(wanted)).one()
        return [_stored(row) for row in self.connection.execute(page)], total

    def changes_after(self, sequence: int, limit: int) -> list[StoredDocument]:
        """Up to `limit` documents changed after `sequence`, deleted ones too, in the order of their last change."""
        changed = select(*_COLUMNS).where(_document.revision > sequence).order_by(_document.revision).limit(limit)
        return [_stored(row) for row in self.connection.execute(changed)]

    def page_after(self, place: tuple[str, str], limit: int) -> list[StoredDocument]:
        """Up to `limit` living documents of all collections that follow `place`, a collection and an id."""
        key = tuple_(_document.collection, _document.id)
        rest = select(*_COLUMNS).where(_document.deleted.is_(False), key > tuple_(*place))
        page = rest.order_by(_document.collection, _document.id).limit(limit)
        return [_stored(row) for row in self.connection.execute(page)]

    def count(self) -> int:
        """How many living documents there are."""
        living = select(func.count()).select_from(schema.document).where(_document.deleted.is_(False))
        return self.connection.scalars(living).one()

    def recall(self, device: str, key: str) -> CommandResult | None:
        """What was remembered under the key of this device."""
        mine = and_(_command.device == device, _command.key == key)
        row = self.connection.execute(select(schema.command).where(mine)).one_or_none()
        return None if row is None else CommandResult(*row)

    def acknowledged(self, device: str) -> int:
        """Up to which of its commands the device said that they have ended."""
        known = select(schema.device.c.acknowledged).where(schema.device.c.id == device)
        return self.connection.scalar(known) or 0


def _stored(row: Row[Any, Any, Any, Any]) -> StoredDocument:
    return StoredDocument(*row)


def _conditions(query: Query) -> Sequence[ColumnElement[bool]]:
    conditions = [_document.collection == query.collection, _document.deleted.is_(False)]
    if query.ids is not None:
        conditions.append(_document.id.in_(query.ids))
    return [*conditions, *(_having(query.collection, name, values) for name, values in query.filters.items())]


def _having(collection: str, name: str, values: tuple[str, ...]) -> ColumnElement[bool]:
    attribute = schema.attribute.c
    named = and_(attribute.collection == collection, attribute.name == name, attribute.value.in_(values))
    return _document.id.in_(select(attribute.id).where(named))
