"""Slows down who guesses passwords: after a few failures each further attempt has to wait twice as long."""

from __future__ import annotations

import math
from collections import OrderedDict
from typing import Final

from app.core.clock import Clock
from backoffice.errors import TooManyAttemptsError

FREE_ATTEMPTS: Final = 5
LONGEST_WAIT_SECONDS: Final = 300
_NAMES_KEPT = 10_000


class Throttle:
    """Counts failures per name, also of names that do not exist."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._failures: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def attempt(self, name: str) -> None:
        """Count an attempt as failed until `succeeded` says otherwise. Raises TooManyAttemptsError before its time."""
        now = self._clock.monotonic()
        failures, next_at = self._failures.get(name, (0, now))
        if now < next_at:
            raise TooManyAttemptsError(math.ceil(next_at - now))
        wait = 2 ** (failures + 1 - FREE_ATTEMPTS) if failures + 1 >= FREE_ATTEMPTS else 0
        self._failures[name] = (failures + 1, now + min(wait, LONGEST_WAIT_SECONDS))
        self._failures.move_to_end(name)
        while len(self._failures) > _NAMES_KEPT:
            self._failures.popitem(last=False)

    def succeeded(self, name: str) -> None:
        """Forget the failures of this name."""
        self._failures.pop(name, None)
