"""Instants of the demonstration, counted back from its day, written as TM Forum writes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Final

from app.core.clock import to_wire

_BEGAN_DAYS_AGO: Final = 50
_BILLED_DAYS_AGO: Final = 20
_NEXT_IN_DAYS: Final = 10
_DUE_IN_DAYS: Final = 5


@dataclass(frozen=True, slots=True, eq=False)
class Month:
    """The month that was billed last."""

    began: str
    billed: str
    next_bill: str
    due: str


class Moments:
    """The demonstration's present; days are remembered, because a few thousand serve any number of customers."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._days: dict[int, str] = {}
        days = (_BEGAN_DAYS_AGO, _BILLED_DAYS_AGO, -_NEXT_IN_DAYS, -_DUE_IN_DAYS)
        self.month = Month(*map(self.days_ago, days))

    def days_ago(self, days: int) -> str:
        """The instant that many days back; negative for the future."""
        found = self._days.get(days)
        if found is None:
            found = self._days[days] = to_wire(self.now - timedelta(days=days))
        return found


@cache
def moments_of(now: datetime) -> Moments:
    """The same for all that is made in this process."""
    return Moments(now)
