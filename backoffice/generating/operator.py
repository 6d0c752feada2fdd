"""Fills a store with a demonstration operator."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from backoffice.generating.chunks import Order, make
from backoffice.generating.content import everything
from backoffice.generating.crew import made, no_search_for_cycles, usual_crew
from backoffice.generating.moments import moments_of
from backoffice.generating.outages import Outages
from backoffice.importing.loading import Loads
from backoffice.store import LoadCount, Store

MAX_CUSTOMERS: Final = 5_000_000  # beyond that, identity numbers would repeat
Progress = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class GenerateCount:
    """What was made, and what the store did with it."""

    customers: int
    documents: LoadCount


def generate(
    store: Loads,
    customers: int,
    seed: int,
    progress: Progress | None = None,
    now: datetime | None = None,
    processes: int | None = None,
) -> GenerateCount:
    """Make that many customers, the outages that hit them, and what an operator has once.

    All of it is as of `now` (the last midnight in UTC by default). The same number, seed and `now` give the same bytes with
    any number of `processes`; a larger operator begins with the same customers. `progress` hears how many customers were
    written since its last call. Raises ValueError for more than MAX_CUSTOMERS.
    """
    if not 0 <= customers <= MAX_CUSTOMERS:
        raise ValueError(f"An operator has 0 to {MAX_CUSTOMERS:,} customers, not {customers:,}.")
    order = Order(customers, seed, now or last_midnight())
    outages = Outages(moments_of(order.now))
    crew = usual_crew(order) if processes is None else processes
    if isinstance(store, Store) and store.is_empty():
        steps = _filled(store, order, outages, crew)
    else:
        steps = _loaded(store, order, outages)
    count = LoadCount()
    with no_search_for_cycles(), closing(steps):
        for chunk, step in zip(order.chunks(), steps, strict=True):
            count += step
            if progress:
                progress(len(order.members(chunk)))
        count += store.load([*outages.documents(), *everything.documents(order.now, customers)])
    return GenerateCount(customers, count)


def last_midnight() -> datetime:
    """The beginning of this day in UTC."""
    return datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _filled(store: Store, order: Order, outages: Outages, processes: int) -> Generator[LoadCount, None, None]:
    """A store without documents takes the rows as they are."""
    with store.filling() as fill:
        for rows, hit in made(order, processes):
            fill(rows)
            outages.join(hit)
            yield LoadCount(inserted=len(rows.documents))


def _loaded(store: Loads, order: Order, outages: Outages) -> Generator[LoadCount, None, None]:
    """Any other compares every document with what it has."""
    for chunk in order.chunks():
        batch, hit = make(order, chunk)
        outages.join(hit)
        yield store.load(list(batch.documents()))
