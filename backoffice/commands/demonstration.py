"""The data of a desk's demonstration: made at the first start, made anew for a newer version, kept in the present."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from app.core.clock import SystemClock
from backoffice.people import People, Person
from backoffice.scopes import EVERYTHING
from backoffice.store import OutdatedDatabaseError, Store

CLERK: Final = Person("demo", "演示 Demo", "clerk")
_MADE: Final = "demonstration"


def open_demonstration(database: str) -> Store:
    """The store; the data of a demonstration that an older version made is set aside, and made anew."""
    try:
        return Store.open(database)
    except OutdatedDatabaseError:
        for ending in ("", "-wal", "-shm"):
            kept = Path(f"{database}{ending}")
            if kept.exists():
                kept.replace(f"{database}.outdated{ending}")
        return Store.open(database)


def welcome_clerk(store: Store, customers: int | None) -> None:
    """Let the demonstration's clerk in; `customers`: fill an empty database with so many."""
    people = People(store, SystemClock())
    if people.find(CLERK.id) is None:  # adding anew would end the tokens of commands that still wait at the desk
        people.put(CLERK, None)
    if customers and _is_lacking(store):
        from backoffice.generating.operator import generate  # noqa: PLC0415 - only the first start needs it

        store.set_meta(_MADE, "begun")  # if this is cut short, the next start makes the same again
        generate(store, customers=customers, seed=1)
        store.set_meta(_MADE, "done")
    if customers:
        from backoffice.generating.present import bring_into_present  # noqa: PLC0415

        bring_into_present(store, SystemClock().now())


def _is_lacking(store: Store) -> bool:
    with store.reading(EVERYTHING) as reader:
        return reader.position().sequence == 0 or reader.meta(_MADE) == "begun"
