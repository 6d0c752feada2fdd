"""Leases at the desk: what may be given out when, and what head office still has to be told."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.leases.model import (
    Holding,
    LeasedItem,
    LeaseKind,
    LeaseState,
    NothingOnLeaseError,
    ServerTime,
    Told,
    Wanted,
    shortage,
)
from app.leases.usecases import GiveOut
from tests.fakes.clock import NOON

RECEIPT, NUMBER = LeaseKind.RECEIPT, LeaseKind.PHONE_NUMBER
DAY = timedelta(days=1)
HELD = Holding("L1", RECEIPT, 5, LeaseState.HELD, "e1", NOON + DAY, 5)


def told(*out: str) -> Told:
    return Told(NOON, "office", "e1", "key", tuple((one, RECEIPT) for one in out))


def test_time_goes_on_by_the_monotonic_clock_alone() -> None:
    known = ServerTime(NOON, 100.0)
    assert known.now(160.0) == NOON + timedelta(minutes=1)
    assert known.hears(NOON - DAY, 160.0) == ServerTime(NOON + timedelta(minutes=1), 160.0)
    assert known.hears(NOON + DAY, 160.0) == ServerTime(NOON + DAY, 160.0)


def test_a_machine_that_was_started_anew_counts_from_there() -> None:
    assert ServerTime(NOON, 1_000.0).now(30.0) == NOON + timedelta(seconds=30)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(-10_000, 10_000), st.floats(0, 1e6)), min_size=1))
def test_what_is_known_of_head_offices_clock_never_goes_back(heard: list[tuple[int, float]]) -> None:
    known, before = ServerTime(NOON, 0.0), NOON
    for seconds, monotonic in heard:
        known = known.hears(NOON + timedelta(seconds=seconds), monotonic)
        assert known.now(monotonic) >= before
        before = known.now(monotonic)


def test_a_lease_is_good_until_it_expires_and_not_a_moment_longer() -> None:
    assert HELD.is_spendable(NOON + DAY - timedelta(microseconds=1))
    assert not HELD.is_spendable(NOON + DAY)


@pytest.mark.parametrize("state", [one for one in LeaseState if one is not LeaseState.HELD])
def test_nothing_is_given_out_of_what_is_not_held(state: LeaseState) -> None:
    assert not replace(HELD, state=state).is_spendable(NOON)


@pytest.mark.parametrize(
    ("held", "now", "state"),
    [
        (HELD, NOON, LeaseState.HELD),
        (HELD, NOON + DAY, LeaseState.OVER),
        (replace(HELD, free=0), NOON, LeaseState.OVER),
        (replace(HELD, state=LeaseState.UNCERTAIN), NOON + DAY, LeaseState.UNCERTAIN),
        (replace(HELD, state=LeaseState.ENDED), NOON, LeaseState.OVER),  # out there again: it was put back
        (replace(HELD, id="L2", state=LeaseState.ENDED), NOON, LeaseState.ENDED),
        (replace(HELD, state=LeaseState.ASKED), NOON, LeaseState.ASKED),
    ],
)
def test_a_lease_is_over_once_it_has_expired_or_is_used_up(held: Holding, now: datetime, state: LeaseState) -> None:
    assert held.heard(told("L1"), now).state is state


def test_every_lease_is_reported_anew_in_every_epoch() -> None:
    for state in LeaseState:
        held = replace(HELD, state=state)
        assert held.is_due("e2") is (state is not LeaseState.ASKED)
        assert held.reported("e2").is_due("e2") is False
    assert HELD.reported("e2").state is LeaseState.HELD
    over = replace(HELD, state=LeaseState.OVER)
    assert over.is_due("e1")
    assert over.reported("e1").state is LeaseState.ENDED


def test_what_a_damaged_journal_may_have_forgotten_is_reported_as_such() -> None:
    for state in LeaseState:
        seen = replace(HELD, state=state).lost_sight_of()
        assert seen.state is (LeaseState.ASKED if state is LeaseState.ASKED else LeaseState.UNCERTAIN)


def test_more_is_asked_for_when_too_little_is_left_and_once_only() -> None:
    wanted = Wanted(3, 10)
    assert shortage([], RECEIPT, wanted, NOON) == 10
    assert shortage([HELD], RECEIPT, wanted, NOON) == 0
    assert shortage([replace(HELD, free=2)], RECEIPT, wanted, NOON) == 10
    assert shortage([HELD], NUMBER, wanted, NOON) == 10
    assert shortage([HELD], RECEIPT, wanted, NOON + DAY) == 10
    assert shortage([replace(HELD, state=LeaseState.ASKED)], RECEIPT, wanted, NOON) == 0


async def test_a_clerk_chooses_from_what_is_there() -> None:
    class OneNumber:
        async def free(self, kind: LeaseKind) -> list[LeasedItem]:
            return [LeasedItem("N1", "13800138000")] if kind is NUMBER else []

    give_out = GiveOut(OneNumber())
    assert await give_out.choice(NUMBER) == [LeasedItem("N1", "13800138000")]
    with pytest.raises(NothingOnLeaseError):
        await give_out.choice(RECEIPT)
