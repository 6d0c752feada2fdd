"""Instants of the demonstration, counted back from its day, written as TM Forum writes them."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.core.clock import to_wire


class Moments:
    """The demonstration's present; days are remembered, because a few thousand serve any number of customers."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._days: dict[int, str] = {}

    def days_ago(self, days: int) -> str:
        """The instant that many days back; negative for the future."""
        found = self._days.get(days)
        if found is None:
            found = self._days[days] = to_wire(self.now - timedelta(days=days))
        return found
