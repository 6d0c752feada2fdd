"""When to try again where a listener does not take its events, and when to say that it lags. No clock and no waiting here."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Final

LONGEST_TOLD_S: Final = 3_600.0
_LAGS_AFTER_S: Final = 600.0
_SAID_EVERY_S: Final = 3_600.0


@dataclass(slots=True)
class Patience:
    """One listener's failures in a row: delays grow from `first_s` to `longest_s`, and never in step with others'."""

    first_s: float = 1.0
    longest_s: float = 300.0
    random: random.Random = field(default_factory=random.Random)
    failures: int = 0
    _since: float = 0.0
    _said: float | None = None

    def failed(self, now: float, told_s: float | None = None) -> float:
        """Seconds to wait after one more failure, never fewer than the listener asked for."""
        self._since = self._since if self.failures else now
        self.failures += 1
        grown = min(self.longest_s, self.first_s * 2.0 ** min(self.failures - 1, 30))
        spread = grown * (0.5 + self.random.random() / 2)
        return max(spread, min(told_s or 0.0, LONGEST_TOLD_S))

    def succeeded(self) -> bool:
        """It took one. Whether it was said before that it lags."""
        had_lagged = self._said is not None
        self.failures, self._said = 0, None
        return had_lagged

    def lags(self, now: float) -> float | None:
        """For how many seconds it has taken nothing, where that has to be said now: after ten minutes, then every hour."""
        failing = now - self._since
        is_due = self._said is None or now - self._said >= _SAID_EVERY_S
        if not self.failures or failing < _LAGS_AFTER_S or not is_due:
            return None
        self._said = now
        return failing
