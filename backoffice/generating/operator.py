"""Fills a store with a demonstration operator."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Final

from app.rules.deadlines import SHIPPED_LIMITS, limits_from
from backoffice.documents import Document
from backoffice.generating.customers import CustomerMaker
from backoffice.generating.draws import Draw
from backoffice.generating.featured import featured_sketches
from backoffice.generating.moments import Moments
from backoffice.generating.numbers import Numbers
from backoffice.generating.outages import Outages
from backoffice.generating.places import Sites
from backoffice.generating.sketch import Sketch, draw_sketch
from backoffice.importing.loading import Loads
from backoffice.store import LoadCount

MAX_CUSTOMERS: Final = 5_000_000  # beyond that, identity numbers would repeat
_BATCH: Final = 250  # customers in a transaction


@dataclass(frozen=True, slots=True)
class GenerateCount:
    """What was made, and what the store did with it."""

    customers: int
    documents: LoadCount


def generate(
    store: Loads,
    customers: int,
    seed: int,
    progress: Callable[[int], object] | None = None,
    now: datetime | None = None,
) -> GenerateCount:
    """Make that many customers and the outages that hit them, as of `now` (the last midnight in UTC by default).

    The same number, seed and `now` give the same bytes; a larger operator begins with the same customers.
    `progress` hears how many customers were loaded since its last call. Raises ValueError for more than MAX_CUSTOMERS.
    """
    if not 0 <= customers <= MAX_CUSTOMERS:
        raise ValueError(f"An operator has 0 to {MAX_CUSTOMERS:,} customers, not {customers:,}.")
    moments = Moments(now or last_midnight())
    outages = Outages(moments)
    made = _customers(CustomerMaker(Numbers(seed), moments, outages, limits_from(SHIPPED_LIMITS)), customers, seed)
    count = LoadCount()
    with _no_search_for_cycles():
        while batch := list(islice(made, _BATCH)):
            count += store.load([document for documents in batch for document in documents])
            if progress:
                progress(len(batch))
        count += store.load(list(outages.documents()))
    return GenerateCount(customers, count)


def last_midnight() -> datetime:
    """The beginning of this day in UTC."""
    return datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


@contextmanager
def _no_search_for_cycles() -> Iterator[None]:
    """Documents hold no cycles, and looking for some in a hundred thousand dicts takes as long as making them."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _customers(maker: CustomerMaker, customers: int, seed: int) -> Iterator[list[Document]]:
    for index, sketch in enumerate(islice(_sketches(seed), customers)):
        yield maker.documents_of(index, sketch)


def _sketches(seed: int) -> Iterator[Sketch]:
    """The featured customers, then chance without end; each customer has its own, so that none changes the next."""
    sites = Sites()
    featured = featured_sketches(sites)
    yield from featured
    draw = Draw(seed)
    index = len(featured)
    while True:
        draw.restart(index)
        yield draw_sketch(draw, sites)
        index += 1
