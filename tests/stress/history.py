"""What happened in a run: what everybody was told, and what is there at the end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import select

from backoffice import schema
from backoffice.documents import StoredDocument
from backoffice.pages import Page
from backoffice.reading import Reader
from backoffice.scopes import EVERYTHING
from backoffice.store import Store
from backoffice.verifying import verified
from tests.stress.records import Held, Pulled, Told, name_of

Body = dict[str, Any]
_PAGE: Final = 1_000


@dataclass(frozen=True, slots=True)
class Effect:
    """What the database remembers under a key."""

    status: int
    name: str
    revision: int


@dataclass(frozen=True, slots=True)
class End:
    """The database when all is quiet. `faults` is what `verify` finds wrong."""

    revisions: dict[str, int]
    bodies: dict[str, Body]
    tombstones: dict[str, int]
    effects: dict[str, Effect]
    faults: tuple[str, ...] = ()

    def of(self, collection: str) -> dict[str, Body]:
        """What is alive in a collection, by id."""
        prefix = f"{collection}/"
        return {name.removeprefix(prefix): one for name, one in self.bodies.items() if name.startswith(prefix)}

    def of_one(self, collection: str, record_id: str) -> Body | None:
        """One record, if it is alive."""
        return self.bodies.get(name_of(collection, record_id))


@dataclass(slots=True)
class History:
    """A whole run."""

    told: list[Told]
    pulled: list[Pulled]
    held: Held
    end: End
    others: list[str] = field(default_factory=list)  # what was wrong before the end


def end_of(database: str) -> End:
    """Look at a database that nobody writes to any more, not through a server."""
    store = Store.open(database)
    try:
        with store.reading(EVERYTHING) as reader:
            rows = list(_changes(reader))
            commands = reader.connection.execute(select(schema.command)).all()
        return End(
            {name_of(one.collection, one.id): one.revision for one in rows if one.text is not None},
            {name_of(one.collection, one.id): one.body for one in rows if one.text is not None},
            {name_of(one.collection, one.id): one.revision for one in rows if one.text is None},
            {row.key: Effect(row.status, name_of(row.collection, row.id), row.revision) for row in commands},
            verified(store).problems,
        )
    finally:
        store.close()


def _changes(reader: Reader) -> Iterator[StoredDocument]:
    """Every change, page by page: a page ends where it has become large."""
    after, page = 0, Page(has_more=True)
    while page.has_more:
        page = reader.changes_after(after, _PAGE)
        yield from page
        after = page[-1].revision if page else after
