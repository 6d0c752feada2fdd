"""Shares the width of a list among its columns, so that what tells rows apart is the last to be cut."""

from __future__ import annotations

from collections.abc import Sequence

from ui.theme.tokens import SPACE
from ui.widgets.rows import Column


def column_widths(columns: Sequence[Column], needed: Sequence[int], room: int) -> list[int]:
    """The width of each column, 0 for one that is left out; `needed` is what its widest cell takes.

    With room enough a column has its own width or more, so that rows stand alike in every list. With less it has what
    its cells need; then those that may go are left out, the last first; then all share alike and the longest are cut.
    """
    roomy = [max(column.width, least) for column, least in zip(columns, needed, strict=True)]
    if _taken(roomy) <= room:
        return _filled(columns, roomy, room)
    tight = list(needed)
    for place in reversed(range(len(columns))):
        if columns[place].may_go and _taken(tight) > room:
            tight[place] = 0
    return _filled(columns, tight, room) if _taken(tight) <= room else _shared(tight, room)


def _taken(widths: Sequence[int]) -> int:
    shown = [width for width in widths if width]
    return sum(shown) + SPACE * (len(shown) - 1)


def _filled(columns: Sequence[Column], widths: list[int], room: int) -> list[int]:
    """Give what is left to the column without a width of its own."""
    others = [width for column, width in zip(columns, widths, strict=True) if column.width and width]
    left = max(0, room - sum(others) - SPACE * len(others))
    return [width if column.width else left for column, width in zip(columns, widths, strict=True)]


def _shared(needed: Sequence[int], room: int) -> list[int]:
    """Give the narrow ones what they need; what is left goes to the others in equal parts."""
    widths = [0] * len(needed)
    shortest_first = sorted((place for place, least in enumerate(needed) if least), key=lambda place: needed[place])
    left = room + SPACE
    for done, place in enumerate(shortest_first):
        share = left // (len(shortest_first) - done) - SPACE
        widths[place] = max(0, min(needed[place], share))
        left -= widths[place] + SPACE
    return widths
