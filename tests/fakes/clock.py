"""A clock that stands still until a test moves it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

NOON = datetime(2026, 3, 25, 4, 0, tzinfo=UTC)  # noon in Shanghai, where the fake branch is


class FakeClock:
    """Satisfies `Clock`."""

    def __init__(self, start: datetime = NOON) -> None:
        self._now = start
        self._monotonic = 0.0

    def now(self) -> datetime:
        """Return the set time."""
        return self._now

    def monotonic(self) -> float:
        """Return the seconds moved so far."""
        return self._monotonic

    def move(self, by: timedelta) -> None:
        """Let time pass."""
        self._now += by
        self._monotonic += by.total_seconds()

    def put(self, by: timedelta) -> None:
        """Somebody sets it, while no time passes."""
        self._now += by
