"""From the start of the program to the first answer of the box, where yesterday's copy is on the disk."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median
from typing import Final

from benchmarks.driving import CUSTOMERS, driven, prepared
from benchmarks.figures import Asked, Figure
from benchmarks.first_paint import BARE, seconds
from benchmarks.screen import private_screen

_RUNS: Final = 5


def usable_search_s(asked: Asked) -> Iterator[Figure]:
    """A digit is typed as soon as there is a window; counted is until its rows are painted. A bare window in turns."""
    customers = asked.size or CUSTOMERS
    profile = prepared(customers)
    answered, painted, bare = [], [], []
    for _ in range(_RUNS):
        with driven(profile) as desk:
            told = desk.ask("first", key="1")
            answered.append(desk.seconds_since_start(told["answered_at"]))
            painted.append(desk.seconds_since_start(told["painted_at"]))
        with private_screen() as screen:
            bare.append(seconds(BARE, [], screen))
    if min(painted) < 0:
        raise RuntimeError("the first question was not answered")
    context = {
        "customers": customers,
        "runs": _RUNS,
        "answered_s": round(median(answered), 3),
        "longest_s": round(max(painted), 3),
        "bare_window_s": round(median(bare), 3),
    }
    yield Figure("usable_search_s", round(median(painted), 3), "s", "lower", context)
