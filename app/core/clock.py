"""Time, injected so that rules and tests decide what time it is."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

_FIRST = datetime.min.replace(tzinfo=UTC) + timedelta(days=2)  # sources write the calendar's ends for "unknown"
_LAST = datetime.max.replace(tzinfo=UTC) - timedelta(days=2)


class Clock(Protocol):
    """Wall time for people, monotonic time for intervals; a wrong wall clock must never decide order or money."""

    def now(self) -> datetime:
        """Return the time as an aware datetime in UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds that never go back."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the machine's time in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return the machine's monotonic seconds."""
        return time.monotonic()


def to_wire(moment: datetime) -> str:
    """Write an instant the way TM Forum APIs do: UTC, milliseconds, `Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def from_wire(text: str) -> datetime:
    """Read an ISO 8601 instant as UTC; without an offset it is taken as UTC. Raises ValueError, also for "for ever"."""
    moment = datetime.fromisoformat(text.strip())
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if not _FIRST < moment < _LAST:
        raise ValueError("an instant that not every time zone can show")
    return moment.astimezone(UTC)
