"""What a head office that was put back to a backup says of an act that it had confirmed."""

from __future__ import annotations

import pytest

from app.core.commands import Method
from app.sync.model import (
    CommandState,
    Confirmed,
    Forgotten,
    Later,
    NeverArrived,
    NoGrant,
    NotKnown,
    Outcome,
    Unaskable,
)
from app.sync.outbox import Ask, Outbox, Transition
from app.sync.reasons import LOST_WITH_THE_BACKUP
from tests.fakes.acts import backoff, entry

CHECKED = entry(1, state=CommandState.CHECKING, method=Method.CREATE)
AN_HOUR = 3_600.0


def asked(outcome: Outcome) -> tuple[Outbox, Transition]:
    outbox = Outbox(backoff())
    outbox.load([CHECKED, entry(2, CHECKED.command.id)])
    assert outbox.due(0) == [Ask(CHECKED)]
    assert outbox.began(Ask(CHECKED)) is CommandState.CHECKING
    return outbox, outbox.ended(CHECKED.command.id, outcome, 0)


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (Confirmed("T1", 7), CommandState.CONFIRMED),
        (Forgotten(), CommandState.CONFIRMED),
        (Unaskable(), CommandState.CONFIRMED),  # of a server that keeps no keys: the epoch is the desk's own count
        (NeverArrived("e2"), CommandState.LOST),
        (NeverArrived(), CommandState.CHECKING),  # of an older program, which cannot tell what it has forgotten
        (NotKnown(), CommandState.CHECKING),
        (Later(1), CommandState.CHECKING),
        (Later(line_is_cut=True), CommandState.CHECKING),
        (NoGrant(), CommandState.CHECKING),
    ],
)
def test_it_is_confirmed_again_or_lost_or_asked_for_again(outcome: Outcome, state: CommandState) -> None:
    outbox, transition = asked(outcome)
    assert transition.state is state
    assert transition.reason == (LOST_WITH_THE_BACKUP if state is CommandState.LOST else "")
    if state is CommandState.CHECKING and not isinstance(outcome, NoGrant):
        assert [one.entry.command.id for one in outbox.due(AN_HOUR)] == [CHECKED.command.id]


def test_what_rests_on_something_lost_waits_for_the_persons_decision() -> None:
    outbox, _ = asked(NeverArrived("e2"))
    assert outbox.due(AN_HOUR) == []
    outbox.load([entry(2, CHECKED.command.id)])
    assert len(outbox.due(AN_HOUR)) == 1


def test_it_is_asked_for_with_anybodys_grant_once_there_is_one() -> None:
    outbox, _ = asked(NoGrant())
    assert outbox.without_grant == frozenset()
    assert outbox.due(AN_HOUR) == []
    outbox.grant_given("somebody else")
    assert [one.entry.command.id for one in outbox.due(AN_HOUR)] == [CHECKED.command.id]


def test_what_a_clerk_does_now_goes_first() -> None:
    outbox = Outbox(backoff())
    outbox.load([*(entry(number, state=CommandState.CHECKING) for number in range(1, 9)), entry(9)])
    assert [one.entry.sequence for one in outbox.due(0)] == [9, 1, 2, 3]


def test_what_was_lost_once_and_is_lost_in_another_backup_too_stays_so() -> None:
    outbox = Outbox(backoff())
    lost = entry(1, state=CommandState.CHECKING_LOST, method=Method.CREATE)
    outbox.load([lost])
    assert outbox.began(Ask(lost)) is CommandState.CHECKING_LOST
    assert outbox.ended(lost.command.id, NotKnown(), 0).state is CommandState.CHECKING_LOST
    outbox.began(Ask(lost))
    transition = outbox.ended(lost.command.id, NeverArrived("e3"), 0)
    assert (transition.state, transition.epoch) == (CommandState.LOST, "e3")


def test_what_is_only_asked_for_has_no_order() -> None:
    outbox = Outbox(backoff())
    outbox.load([entry(1, state=CommandState.LOST, method=Method.CREATE), entry(2, "command-1", CommandState.CHECKING)])
    assert [one.entry.sequence for one in outbox.due(0)] == [2]


def test_of_what_was_never_confirmed_a_forgotten_key_tells_nothing() -> None:
    outbox = Outbox(backoff())
    unknown = entry(1, state=CommandState.UNKNOWN)
    outbox.load([unknown])
    outbox.began(Ask(unknown))
    assert outbox.ended(unknown.command.id, Forgotten(), 0).state is CommandState.CONFLICT
