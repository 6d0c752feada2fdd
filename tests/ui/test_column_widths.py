"""Columns give way in order: first the air in them, then those that may go, then the longest."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.theme.tokens import SPACE
from ui.widgets.column_widths import column_widths
from ui.widgets.rows import Column

COLUMNS = (Column(100), Column(), Column(60, may_go=True), Column(80, is_right=True))


def taken(widths: Sequence[int]) -> int:
    return sum(widths) + SPACE * (sum(1 for width in widths if width) - 1)


@pytest.mark.parametrize(
    ("needed", "room", "widths"),
    [
        ([50, 90, 40, 60], 500, [100, 236, 60, 80]),  # columns stand where they stand in every list
        ([140, 90, 40, 60], 500, [140, 196, 60, 80]),  # one with long cells gets more
        ([50, 200, 40, 60], 400, [50, 226, 40, 60]),  # the air goes first
        ([50, 200, 40, 60], 350, [50, 224, 0, 60]),  # then the column that may go
        ([50, 300, 40, 60], 350, [50, 224, 0, 60]),  # then the longest is cut
        ([50, 300, 0, 300], 350, [50, 142, 0, 142]),  # and of two long ones both alike
        ([200, 0, 0, 150], 358, [200, 0, 0, 150]),  # a column with nothing in it takes nothing from the others
    ],
)
def test_how_columns_give_way(needed: list[int], room: int, widths: list[int]) -> None:
    assert column_widths(COLUMNS, needed, room) == widths


@given(st.lists(st.integers(0, 600), min_size=4, max_size=4), st.integers(40, 1200))
def test_nothing_is_drawn_beside_the_list_and_nothing_cut_that_fits(needed: list[int], room: int) -> None:
    widths = column_widths(COLUMNS, needed, room)
    assert min(widths) >= 0
    assert taken(widths) <= room
    if taken(needed) <= room:
        assert all(width >= least for width, least in zip(widths, needed, strict=True))
