"""What a copy with a home holds of customers who were opened: all of them, until their turn to go has come."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, not_, select

from app.rules.checksums import MODULUS, Checksum, digest
from backoffice import schema
from backoffice.scopes import Scope, rows_of

_document = schema.document.c


def without(scope: Scope, closing: Collection[str]) -> Scope:
    """The scope once these customers are not opened any more."""
    return replace(scope, opened=scope.opened.difference(closing))


def leaving(connection: Connection, scope: Scope, closing: Collection[str]) -> list[tuple[str, str]]:
    """The records that are in view as these customers are opened, and for no other reason."""
    rows = connection.execute(_only_for(scope, closing, _document.collection, _document.id))
    return [(collection, name) for collection, name in rows]


def sum_of_opened(connection: Connection, scope: Scope) -> Checksum:
    """The sum over what is in view as its customers are opened: nobody keeps that, and it is not much."""
    if not scope.opened:
        return Checksum()
    rows = connection.execute(_only_for(scope, scope.opened, _document.collection, _document.id, _document.revision))
    digests = [digest(*row) for row in rows]
    return Checksum(len(digests), sum(digests) % MODULUS)


def _only_for(scope: Scope, customers: Collection[str], *columns: ColumnElement[Any]) -> Select[Any]:
    """The living records that are in view as these customers are opened, and for no other reason."""
    only = and_(scope.condition(), not_(without(scope, customers).condition()))
    return select(*columns).where(_document.row.in_(rows_of(customers)), _document.deleted.is_(False), only)
