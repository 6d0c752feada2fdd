"""How long to wait before trying again: growing, bounded, jittered, and never less than the server asked for."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

FIRST_S = 0.5
LONGEST_S = 30.0
LONGEST_TOLD_S = 3_600.0


@dataclass(slots=True)
class Backoff:
    """Exponential delays with full-range jitter, so that forty desks do not come back in step."""

    random: random.Random = field(default_factory=random.Random)

    def after(self, attempt: int) -> float:
        """Seconds to wait after the `attempt`-th failure in a row (1 is the first)."""
        ceiling: float = min(LONGEST_S, FIRST_S * 2 ** min(attempt - 1, 16))
        return ceiling * (0.5 + self.random.random() / 2)


def told_delay(header: str | None) -> float | None:
    """Read `Retry-After` in seconds; a date or nonsense counts as not told, an absurd wait is cut to an hour."""
    told = (header or "").strip()
    if not (told.isascii() and told.isdigit()):  # a lone superscript two is a digit too, but no number
        return None
    return min(float(told), LONGEST_TOLD_S)
