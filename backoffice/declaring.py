"""Keeps the declared columns of a database as this version of the program declares them.

A column that is new, or that compares its values in another way than before, is filled from the documents that are there.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Final

from sqlalchemy import Connection, delete, insert, select

from backoffice import schema
from backoffice.attributes import values_of
from backoffice.auditing import wait_for_turn
from backoffice.documents import readable
from backoffice.reading import Columns
from backoffice.resources import RESOURCES, Filter

_KINDS: Final = "declared kinds"  # under this name is kept how the values of each column compare
_AT_A_TIME: Final = 1_000
_document = schema.document.c
_meta = schema.meta.c
Column = tuple[str, str]  # collection and path


def declare(connection: Connection) -> Columns:
    """Give every declared column its number, once and for ever, and see that it holds what it should."""
    known = {(row.collection, row.path): row.number for row in connection.execute(select(schema.declared))}
    wanted = {(name, one.path): one for name, resource in RESOURCES.items() for one in resource.filters}
    first = max(known.values(), default=0) + 1
    new = {key: number for number, key in enumerate((key for key in wanted if key not in known), first)}
    if new:
        rows = [{"number": number, "collection": key[0], "path": key[1]} for key, number in new.items()]
        connection.execute(insert(schema.declared), rows)
    changed = _changed_kinds(connection, {"/".join(key): one.holds.value for key, one in wanted.items()})
    stale = [key for key in wanted if key in new or "/".join(key) in changed]
    columns = {**known, **new}
    _fill(connection, columns, {key: wanted[key] for key in stale})
    return columns


def _changed_kinds(connection: Connection, kinds: Mapping[str, str]) -> set[str]:
    """The columns whose values compare in another way than when they were written."""
    kept = connection.scalar(select(_meta.value).where(_meta.key == _KINDS))
    before: dict[str, str] = json.loads(kept) if kept else {}
    if before != kinds:
        connection.execute(delete(schema.meta).where(_meta.key == _KINDS))
        connection.execute(insert(schema.meta).values(key=_KINDS, value=json.dumps(kinds)))
    return {name for name, kind in kinds.items() if before.get(name, kind) != kind}


def _fill(connection: Connection, columns: Columns, stale: Mapping[Column, Filter]) -> None:
    if stale and connection.scalar(select(_document.row).limit(1)) is not None:
        wait_for_turn(connection)  # nobody writes a document meanwhile
        for collection in {name for name, _ in stale}:
            filters = [one for (name, _), one in stale.items() if name == collection]
            numbers = [columns[collection, one.path] for one in filters]
            connection.execute(delete(schema.attribute).where(schema.attribute.c.declared.in_(numbers)))
            _fill_from(connection, columns, collection, filters)


def _fill_from(connection: Connection, columns: Columns, collection: str, filters: Collection[Filter]) -> None:
    living = select(_document.row, _document.id, _document.body).where(
        _document.collection == collection, _document.deleted.is_(False)
    )
    last = ""
    while page := connection.execute(living.where(_document.id > last).order_by(_document.id).limit(_AT_A_TIME)).all():
        last = page[-1].id
        rows = [
            {"declared": columns[collection, path], "value": value, "row": one.row}
            for one in page
            if (body := readable(collection, one.id, one.body)) is not None
            for path, value in values_of(body, filters)
        ]
        if rows:
            connection.execute(insert(schema.attribute), rows)
