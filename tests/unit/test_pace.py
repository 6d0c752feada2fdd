"""How long a load will still take is said once it can be believed, and follows the line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sync.pace import LATELY_S, SETTLED_S, Pace


def test_at_first_and_at_the_end_nothing_is_said() -> None:
    pace = Pace()
    assert pace.remaining(0.0, 0, 1_000) is None
    assert pace.remaining(SETTLED_S - 1, 100, 1_000) is None
    assert pace.remaining(SETTLED_S, 100, 1_000) is not None
    assert pace.remaining(100.0, 1_000, 1_000) is None


@given(speed=st.floats(1, 10_000), before=st.floats(1, 10_000))
def test_a_steady_load_is_told_to_the_second_whatever_the_one_before_was(speed: float, before: float) -> None:
    pace = Pace()
    for second in range(20):
        pace.remaining(second, 2_000_000_000 + int(second * before), 9_000_000_000)
    total = int(speed * 200)
    told = [pace.remaining(100 + second, int(second * speed), total) for second in range(101)]
    assert told[-1] == pytest.approx(100, rel=0.02, abs=1)


def test_a_line_that_slows_down_is_believed_after_a_minute() -> None:
    pace, rows = Pace(), 0
    for second in range(300):
        rows += 1_000 if second < 100 else 10
        told = pace.remaining(second, rows, 1_000_000)
        if second == 100 + LATELY_S:
            assert told == pytest.approx((1_000_000 - rows) / 10, rel=0.05)


def test_after_a_cut_and_in_the_next_load_nothing_is_said_of_the_time_between() -> None:
    pace = Pace()
    for second in range(100):
        pace.remaining(second, second * 1_000, 1_000_000)
    assert pace.remaining(8 * 3_600, 101_000, 1_000_000) is None
    for second in range(1, 10):
        told = pace.remaining(8 * 3_600 + second, 101_000 + second * 1_000, 1_000_000)
    assert told == pytest.approx(890, rel=0.02)
    pace.rest()
    assert pace.remaining(8 * 3_600 + 20, 2_000_000, 9_000_000) is None


def test_a_load_that_stands_still_says_nothing() -> None:
    pace = Pace()
    assert [pace.remaining(second, 500, 1_000) for second in range(100)] == [None] * 100
