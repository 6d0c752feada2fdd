"""How long a listener that fails is left alone, and when it is said that it lags."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from backoffice.hub.patience import LONGEST_TOLD_S, Patience


@given(seed=st.integers(), failures=st.integers(1, 200), told=st.none() | st.floats(0, 1e9))
def test_delays_grow_to_a_bound_and_are_never_shorter_than_asked_for(
    seed: int, failures: int, told: float | None
) -> None:
    patience = seeded(seed)
    for number in range(failures):
        grown = min(300.0, 2.0**number)
        assert grown / 2 <= patience.failed(0.0) <= grown
    wait = patience.failed(0.0, told)
    assert min(told or 0.0, LONGEST_TOLD_S) <= wait <= max(300.0, LONGEST_TOLD_S)


def seeded(seed: int) -> Patience:
    return Patience(1.0, 300.0, Random(seed))  # noqa: S311 - nobody has to be unable to guess it


def test_two_listeners_do_not_come_back_in_step() -> None:
    one, other = seeded(1), seeded(2)
    assert [one.failed(0.0) for _ in range(5)] != [other.failed(0.0) for _ in range(5)]


def test_after_a_success_it_begins_anew() -> None:
    patience = seeded(1)
    for _ in range(9):
        patience.failed(0.0)
    assert patience.succeeded() is False
    assert patience.failed(0.0) <= 1.0


def test_that_it_lags_is_said_after_ten_minutes_and_then_every_hour() -> None:
    patience = Patience()
    said = []
    for minute in range(0, 135, 5):
        patience.failed(minute * 60.0)
        if patience.lags(minute * 60.0) is not None:
            said.append(minute)
    assert said == [10, 70, 130]
    assert patience.succeeded() is True
    assert patience.lags(1e6) is None
