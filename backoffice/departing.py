"""Whose documents were before they departed, of a database that has not noted it by customer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, bindparam, insert, select

from backoffice import schema
from backoffice.dialect import holds
from backoffice.prepared import all_of, do_each
from backoffice.scopes import OWNER, customer_named, read

_departure = schema.departure.c
_AT_A_TIME: Final = 5_000
_page = (
    select(_departure.revision, _departure.row, _departure.territory)
    .where(_departure.revision > bindparam("last"), holds(_departure.territory, f"|{OWNER}"))
    .order_by(_departure.revision)
    .limit(_AT_A_TIME)
)
_insert = insert(schema.departed_owner)


def fill(connection: Connection) -> None:
    """Note the customers that stand in the departures."""
    for page in pages(connection):
        do_each(connection, _insert, page)


def pages(connection: Connection) -> Iterator[list[dict[str, object]]]:
    """What is to be noted of all departures, some at a time."""
    last = 0
    while page := all_of(connection, _page, {"last": last}):
        last = page[-1][0]
        yield [
            {"owner": OWNER + customer_named(name), "revision": revision, "row": row}
            for revision, row, territory in page
            for name in read(territory)
            if name.startswith(OWNER)
        ]
