"""How long a load will still take, from how fast it went lately."""

from __future__ import annotations

from collections import deque

LATELY_S = 60.0  # long enough that one slow page changes little, short enough that a faster line shows
SETTLED_S = 5.0  # before that nobody can say
GAP_S = 15.0  # without a page: the line was cut, or the desk was asleep


class Pace:
    """Follows one load after the other."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()  # monotonic seconds, rows by then

    def rest(self) -> None:
        """The load is over, or was cut."""
        self._seen.clear()

    def remaining(self, now: float, rows: int, total: int) -> float | None:
        """Seconds until all `total` rows are there, as far as that can be said: None at first, and once they are."""
        if self._seen and (rows < self._seen[-1][1] or now - self._seen[-1][0] > GAP_S):
            self._seen.clear()  # another load has begun, or this one goes on after a rest
        self._seen.append((now, rows))
        while len(self._seen) > 2 and now - self._seen[1][0] >= LATELY_S:  # noqa: PLR2004 - what is left spans it
            self._seen.popleft()
        began, before = self._seen[0]
        if now - began < SETTLED_S or rows == before or rows >= total:
            return None
        return (total - rows) * (now - began) / (rows - before)
