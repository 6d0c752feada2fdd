"""Makes customers chunk by chunk, each on its own, so that any number of processes together make the same operator."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Final

from app.rules.deadlines import SHIPPED_LIMITS, Limits, limits_from
from backoffice.filling import Rows
from backoffice.generating.batch import Batch
from backoffice.generating.customers import CustomerMaker
from backoffice.generating.draws import Draw
from backoffice.generating.featured import featured_sketches
from backoffice.generating.moments import moments_of
from backoffice.generating.numbers import Numbers
from backoffice.generating.outages import Outages
from backoffice.generating.sketch import Sketch, draw_sketch

CHUNK: Final = 500  # customers; another number makes another operator
_ROOM: Final = 64 * CHUNK  # revisions that a chunk has for itself; what it does not need stays unused


@dataclass(frozen=True, slots=True)
class Order:
    """The operator that is to be made."""

    customers: int
    seed: int
    now: datetime

    def chunks(self) -> range:
        """The numbers of the chunks that it consists of."""
        return range(-(-self.customers // CHUNK))

    def members(self, chunk: int) -> range:
        """The numbers of the customers in a chunk, counted from 0."""
        return range(chunk * CHUNK, min((chunk + 1) * CHUNK, self.customers))


def make(order: Order, chunk: int) -> tuple[Batch, Outages]:
    """One chunk: its documents, and the services that outages hit."""
    moments = moments_of(order.now)
    outages = Outages(moments)
    maker = CustomerMaker(Numbers(order.seed), moments, outages, _limits())
    batch = Batch(chunk * _ROOM + 1)
    members = order.members(chunk)
    for index, sketch in zip(members, _sketches(order.seed, members), strict=True):
        maker.make(index, sketch, batch)
    return batch, outages


def rows_of(order: Order, chunk: int) -> tuple[Rows, Outages]:
    """The same, ready for the tables. Raises OverflowError if a chunk has more documents than revisions."""
    batch, outages = make(order, chunk)
    rows = batch.rows()
    if rows.last > (chunk + 1) * _ROOM:
        raise OverflowError(f"Chunk {chunk} has more than {_ROOM:,} documents.")
    return rows, outages


@cache
def _limits() -> Limits:
    return limits_from(SHIPPED_LIMITS)


def _sketches(seed: int, members: range) -> Iterator[Sketch]:
    """The featured customers come first; each chunk has its own chance, so that none changes the next."""
    featured = featured_sketches()[members.start : members.stop]
    yield from featured
    draw = Draw(seed)
    draw.restart(members.start)
    for index in members[len(featured) :]:
        yield draw_sketch(draw, index)
