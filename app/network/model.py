"""Outages as the front desk needs them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.core.certainty import Certainty


@dataclass(frozen=True, slots=True)
class CountedIn:
    """A customer is told when the outage ends: since when (None where nobody wrote it down), and how certain that is."""

    since: datetime | None
    certainty: Certainty = Certainty.CONFIRMED


@dataclass(frozen=True, slots=True)
class Outage:
    """A service problem: what, where, since when, back when, the words to say, and whether the customer is counted in."""

    id: str
    name: str
    place: str
    since: datetime | None
    back_at: datetime | None
    customers_hit: int
    status: str
    say_en: str
    say_zh: str
    service_ids: frozenset[str]
    counted_in: CountedIn | None = None

    @property
    def is_open(self) -> bool:
        """Whether the problem still hurts."""
        return self.status.casefold() not in ("resolved", "closed", "cancelled", "rejected")
