"""Keeps the index of customers, by which desks find those outside their home (see `entries`).

An entry is written in the transaction in which what it follows from changes, at the revision of that change: so it costs no
number of the sequence, and nobody who asks without a home can tell that it is there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, bindparam, insert, or_, select, update

from backoffice import schema
from backoffice.documents import Body, from_json, readable
from backoffice.entries import SOURCES, entry_of, is_full_before
from backoffice.prepared import all_of, do_each
from backoffice.scopes import INDEX, OWNER
from backoffice.sums import Tally

_document = schema.document.c
_belongs = schema.belongs.c
_index = schema.customer_index.c
_AT_A_TIME: Final = 500
Entry = tuple[str, str]  # the territory of the customer, and what the index says of them
Held = tuple[int, str, str | None]  # revision, territory, and what it says: None once they have gone

_sources = (
    select(_belongs.owner, _document.collection, _document.id, _document.territory, _document.body)
    .join_from(schema.belongs, schema.document, _belongs.row == _document.row)
    .where(
        _belongs.owner.in_(bindparam("owners", expanding=True)),
        or_(
            *(_document.collection.concat("") == one for one in SOURCES)
        ),  # `concat`: not by the index that begins with it
        _document.deleted.is_(False),
    )
)
_kept = select(_index.id, _index.revision, _index.territory, _index.body).where(
    _index.id.in_(bindparam("ids", expanding=True))
)
_insert = insert(schema.customer_index)
_update = (
    update(schema.customer_index)
    .where(_index.id == bindparam("at_id"))
    .values(revision=bindparam("revision"), territory=bindparam("territory"), body=bindparam("body"))
)
_customers = (
    select(_document.id, _document.revision)
    .where(_document.collection == "customer", _document.deleted.is_(False), _document.id > bindparam("last"))
    .order_by(_document.id)
    .limit(_AT_A_TIME)
)


@dataclass(frozen=True, slots=True)
class Touch:
    """At which revision something changed of what an entry follows from. `numbers`: nothing but lines, and these had or have
    them."""

    revision: int
    numbers: frozenset[str] | None = None

    def after(self, earlier: Touch | None) -> Touch:
        """Both of them."""
        if earlier is None:
            return self
        is_of_lines = self.numbers is not None and earlier.numbers is not None
        return Touch(
            self.revision, (self.numbers or frozenset()) | (earlier.numbers or frozenset()) if is_of_lines else None
        )


def follow(connection: Connection, touched: Mapping[str, Touch], tally: Tally) -> None:
    """Make the entries of these customers as what they follow from is now."""
    names = sorted(touched)
    for start in range(0, len(names), _AT_A_TIME):
        some = names[start : start + _AT_A_TIME]
        kept = kept_of(connection, some)
        changing = {name: touched[name].revision for name in some if not _stays(kept.get(name), touched[name])}
        _write(connection, changing, kept, tally)


def _stays(held: Held | None, touch: Touch) -> bool:
    """Whether the entry is the same anyway: of a company with thousands of lines all would have to be read for that."""
    if held is None or held[2] is None or touch.numbers is None:
        return False
    return is_full_before(from_json(held[2]), touch.numbers)


def entries_of(connection: Connection, customers: Sequence[str]) -> dict[str, Entry]:
    """The entries that follow from the documents; none for who is not there or was merged into another.

    A body that cannot be read counts as none.
    """
    found: dict[str, dict[str, list[tuple[str, str, Body]]]] = defaultdict(lambda: defaultdict(list))
    owners = [OWNER + name for name in customers]
    for owner, collection, name, territory, body in all_of(connection, _sources, {"owners": owners}):
        if (read := readable(collection, name, body)) is not None:
            found[owner.removeprefix(OWNER)][collection].append((name, territory, read))
    entries: dict[str, Entry] = {}
    for customer, by_collection in found.items():
        for _, territory, body in by_collection["customer"]:
            services = [one for _, _, one in by_collection["service"]]
            text = entry_of(customer, body, services, [name for name, _, _ in by_collection["billingAccount"]])
            if text is not None:
                entries[customer] = territory, text
    return entries


def kept_of(connection: Connection, customers: Sequence[str]) -> dict[str, Held]:
    """The entries of these customers as they are kept."""
    rows = all_of(connection, _kept, {"ids": customers})
    return {name: (revision, territory, text) for name, revision, territory, text in rows}


def pages_of_customers(connection: Connection) -> Iterator[dict[str, int]]:
    """The revisions of all customers, some at a time."""
    last = ""
    while page := dict(all_of(connection, _customers, {"last": last})):
        yield page
        last = max(page)


def fill(connection: Connection) -> None:
    """Make the index of a database that has none; nobody follows it yet, so no new revisions are needed."""
    tally = Tally()
    for page in pages_of_customers(connection):
        _write(connection, page, {}, tally)
    tally.write(connection)


def _write(connection: Connection, touched: Mapping[str, int], held: Mapping[str, Held], tally: Tally) -> None:
    inserts: list[dict[str, object]] = []
    updates: list[dict[str, object]] = []
    entries = entries_of(connection, list(touched))
    for customer, revision in touched.items():
        was = held.get(customer)
        territory, text = entries.get(customer, (was[1] if was else "", None))
        if (was is None and text is None) or (was is not None and was[1:] == (territory, text)):
            continue
        values = {"revision": revision, "territory": territory, "body": text}
        (inserts if was is None else updates).append({("id" if was is None else "at_id"): customer, **values})
        if was is not None and was[2] is not None:
            tally.take(was[1], INDEX, customer, was[0])
        if text is not None:
            tally.add(territory, INDEX, customer, revision)
    do_each(connection, _insert, inserts)
    do_each(connection, _update, updates)
