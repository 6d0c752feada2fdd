"""Outages as the front desk needs them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Outage:
    """A service problem: what, where, since when, back when, and the words to say."""

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

    @property
    def is_open(self) -> bool:
        """Whether the problem still hurts."""
        return self.status.casefold() not in ("resolved", "closed", "cancelled", "rejected")
