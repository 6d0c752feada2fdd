"""The planner, step by step."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.core.commands import Method, There
from app.sync.model import (
    CommandState,
    Confirmed,
    Differs,
    Entry,
    Later,
    Merged,
    NeverArrived,
    NoGrant,
    NotKnown,
    Outcome,
    Refused,
    Unaskable,
)
from app.sync.outbox import MOST_MERGES, PARALLEL, Ask, Outbox, Send
from app.sync.priority import BAR_LOST_PHONE
from app.sync.retry import LONGEST_S
from tests.fakes.acts import AUTHOR, backoff, entry

CUT = Later(line_is_cut=True)


def outbox(*entries: Entry) -> Outbox:
    made = Outbox(backoff(1))
    made.load(entries)
    return made


def numbers(box: Outbox, now: float = 0.0) -> list[int]:
    return [act.entry.sequence for act in box.due(now)]


def turn(box: Outbox, outcome: Outcome, now: float = 0.0) -> CommandState:
    """The oldest command that is due meets this outcome."""
    act = box.due(now)[0]
    box.began(act)
    return box.ended(act.entry.command.id, outcome, now).state


def test_commands_on_one_entity_go_one_after_the_other_and_others_beside_them() -> None:
    box = outbox(entry(1, "A"), entry(2, "A"), entry(3, "B"))
    assert numbers(box) == [1, 3]
    assert turn(box, Confirmed("A", 7)) is CommandState.CONFIRMED
    assert numbers(box) == [2, 3]


def test_no_more_than_a_few_run_at_once() -> None:
    box = outbox(*(entry(number) for number in range(1, 20)))
    for act in box.due(0):
        box.began(act)
    assert numbers(box) == []
    assert box.next_due(0) is None
    box.ended("command-1", Confirmed("T1", 1), 0)
    assert numbers(box) == [PARALLEL + 1]


@pytest.mark.parametrize("is_urgent", [False, True], ids=["nothing urgent", "something urgent that cannot move"])
def test_of_many_that_wait_only_the_next_few_are_looked_at(monkeypatch: pytest.MonkeyPatch, *, is_urgent: bool) -> None:
    looked: list[int] = []

    def entity(one: Entry) -> tuple[str, str]:
        looked.append(one.sequence)
        return one.command.collection, one.command.entity_id

    monkeypatch.setattr(Entry, "entity", property(entity))
    stuck = (replace(lost_phone(301, "L"), state=CommandState.REFUSED), lost_phone(302, "L")) if is_urgent else ()
    box = outbox(*(entry(number) for number in range(1, 301)), *stuck)
    for _ in range(300):
        assert turn(box, Confirmed("T", 1)) is CommandState.CONFIRMED
        box.next_due(0)
    assert box.due(0) == []
    assert len(looked) < 300 * 30


def lost_phone(number: int, entity: str) -> Entry:
    """A lost phone is to be barred."""
    made = entry(number, entity, method=Method.CHANGE)
    return replace(made, command=replace(made.command, kind=BAR_LOST_PHONE))


def test_a_lost_phone_goes_before_whatever_has_waited_for_longer() -> None:
    box = outbox(*(entry(number) for number in range(1, 20)), lost_phone(20, "L"))
    assert numbers(box) == [20, 1, 2, 3]


def test_what_a_lost_phone_waits_behind_goes_before_others_too_and_stays_in_front_of_it() -> None:
    box = outbox(*(entry(number) for number in range(1, 9)), entry(9, "L"), lost_phone(10, "L"), entry(11, "L"))
    assert numbers(box) == [9, 1, 2, 3]
    turn(box, Confirmed("L", 1))
    assert numbers(box) == [10, 1, 2, 3]
    turn(box, Confirmed("L", 2))
    assert numbers(box) == [1, 2, 3, 4], "what comes after it is in turn again"


def test_a_lost_phone_tries_the_line_for_all_and_goes_on_first_after_a_restart() -> None:
    box = outbox(*(entry(number) for number in range(1, 9)), lost_phone(9, "L"))
    turn(box, CUT)
    assert numbers(box, LONGEST_S) == [9]
    again = outbox(*(entry(number) for number in range(1, 9)), replace(lost_phone(9, "L"), state=CommandState.SENT))
    assert numbers(again)[0] == 9


def test_a_lost_phone_breaks_no_order_behind_what_needs_a_person_and_no_delay_that_head_office_asked_for() -> None:
    refused = entry(1, "L", CommandState.REFUSED, method=Method.CHANGE)
    box = outbox(refused, lost_phone(2, "L"), lost_phone(3, "M"), entry(4))
    assert numbers(box) == [3, 4]
    turn(box, Later(600))
    assert numbers(box, 599) == [4]


def test_what_is_asked_for_anew_on_the_line_of_a_lost_phone_goes_before_others_too() -> None:
    asked = entry(1, "L", CommandState.CHECKING)
    box = outbox(asked, *(entry(number) for number in range(2, 9)), lost_phone(9, "L"))
    assert numbers(box) == [1, 2, 3, 4]
    turn(box, Confirmed("L", 1))
    assert numbers(box) == [9, 2, 3, 4]
    in_doubt = replace(lost_phone(9, "L"), state=CommandState.CHECKING)
    assert numbers(outbox(*(entry(number) for number in range(2, 9)), in_doubt)) == [9, 2, 3, 4]


@pytest.mark.parametrize("outcome", [Refused("no"), Differs(), Unaskable()])
def test_what_needs_a_person_holds_back_only_what_comes_after_it(outcome: Outcome) -> None:
    box = outbox(entry(1, "A", method=Method.CHANGE), entry(2, "A"), entry(3, "B"))
    assert turn(box, outcome).is_moving is False
    assert numbers(box, 1e9) == [3]
    turn(box, Confirmed("B", 1))
    assert box.next_due(0) is None, "nobody must be woken for a command that cannot move"


def test_nothing_rests_on_a_note_that_was_refused() -> None:
    box = outbox(entry(1, "A"), entry(2, "A"))
    turn(box, Refused("no"))
    assert numbers(box) == [2]


def test_a_command_found_sent_is_asked_about_not_sent_again() -> None:
    box = outbox(entry(1, state=CommandState.SENT))
    assert box.due(0) == [Ask(entry(1, state=CommandState.SENT))]
    assert turn(box, NeverArrived()) is CommandState.QUEUED
    assert box.due(0) == [Send(entry(1))]


def test_asking_again_and_again_grows_slower_also_when_head_office_never_heard_of_it() -> None:
    box, now, gaps = outbox(entry(1)), 0.0, []
    for _ in range(12):
        turn(box, NotKnown(), now)
        assert numbers(box, now) == []
        gap = box.next_due(now)
        assert gap is not None
        gaps.append(gap)
        now += gap
        turn(box, NeverArrived(), now)
    assert gaps[0] <= 0.5
    assert LONGEST_S / 2 <= gaps[-1] <= LONGEST_S


def test_head_office_says_when_to_come_back_and_no_returning_line_cuts_that_short() -> None:
    box = outbox(entry(1, "A"), entry(2, "B"))
    turn(box, Later(120))
    turn(box, NotKnown())
    box.hurry()
    assert numbers(box) == [2]
    assert numbers(box, 119.9) == [2]
    assert numbers(box, 120) == [1, 2]


def test_come_back_at_once_is_not_taken_at_its_word() -> None:
    box = outbox(entry(1))
    turn(box, Later(0))
    assert numbers(box) == []


def test_while_no_connection_can_be_made_one_command_tries_for_all() -> None:
    box = outbox(*(entry(number) for number in range(1, 9)))
    for act in box.due(0):
        box.began(act)
    for number in range(1, PARALLEL + 1):
        box.ended(f"command-{number}", CUT, 0)
    assert numbers(box) == []
    gap = box.next_due(0)
    assert gap is not None
    assert gap <= 0.5, "four that failed together are one failure"
    assert numbers(box, gap) == [1]
    turn(box, Confirmed("T1", 1), gap)
    assert numbers(box, gap) == [2, 3, 4, 5]


def test_an_answer_that_never_came_back_says_nothing_of_the_line_for_others() -> None:
    box = outbox(entry(1), entry(2))
    turn(box, NotKnown(line_is_cut=True))
    assert numbers(box) == [2]


def test_a_grant_that_ended_holds_its_authors_commands_until_they_sign_in() -> None:
    box = outbox(entry(1), entry(2), entry(3, author="li"))
    assert turn(box, NoGrant()) is CommandState.QUEUED
    assert numbers(box, 1e9) == [3]
    box.grant_given(AUTHOR)
    assert numbers(box, 1e9) == [1, 2, 3]


def test_a_refusal_of_the_old_grant_that_comes_after_the_sign_in_holds_nothing() -> None:
    box = outbox(entry(1))
    box.began(box.due(0)[0])
    box.grant_given(AUTHOR)
    box.ended("command-1", NoGrant(), 0)
    assert numbers(box, 1) == [1]


def test_a_grant_seen_to_work_lets_its_authors_commands_go_on() -> None:
    box = outbox(entry(1))
    turn(box, NoGrant())
    assert box.grant_works(AUTHOR)
    assert numbers(box, 1) == [1]
    assert not box.grant_works(AUTHOR)


def test_what_runs_stays_running_when_the_journal_is_read_again() -> None:
    box = outbox(entry(1, "A"))
    box.began(box.due(0)[0])
    box.load([entry(1, "A"), entry(2, "A")])
    assert numbers(box) == []
    box.load([])
    assert box.ended("command-1", NotKnown(), 0).state is CommandState.UNKNOWN


def test_what_could_not_be_written_down_is_believed_as_the_journal_has_it_after_a_rest() -> None:
    box = outbox(entry(1))
    turn(box, Confirmed("T1", 1))
    box.forget("command-1", until=5)
    box.load([entry(1, state=CommandState.SENT)])
    assert box.due(4.9) == []
    assert box.next_due(0) == 5
    assert isinstance(box.due(5)[0], Ask)


def test_the_longest_wait_is_bounded() -> None:
    waits = backoff(2)
    assert all(0 < waits.after(attempt) <= LONGEST_S for attempt in (1, 2, 10, 1_000, 10**9))


def merged(box: Outbox, now: float = 0.0) -> CommandState:
    """The oldest command that is due meets another revision and goes on top of that."""
    command = box.due(now)[0].entry.command
    return turn(box, Merged(command, There({}, 7, "e1")), now)


def test_a_merged_command_goes_out_again_at_once_also_after_one_that_had_to_wait() -> None:
    box = outbox(entry(1))
    turn(box, Later())
    now = box.next_due(0) or 0.0
    assert merged(box, now) is CommandState.QUEUED
    assert numbers(box, now) == [1]


def test_merges_are_counted_in_a_row_whatever_comes_between_and_anew_once_a_person_was_asked() -> None:
    box = outbox(entry(1))
    now = 0.0
    for _ in range(MOST_MERGES):
        assert merged(box, now) is CommandState.QUEUED
        turn(box, Later(), now)
        now += LONGEST_S
    assert merged(box, now) is CommandState.CONFLICT
    box.load([entry(1)])  # sent on top
    assert merged(box, now) is CommandState.QUEUED
    assert turn(box, Differs(), now) is CommandState.CONFLICT
    box.load([entry(1)])
    assert [merged(box, now) for _ in range(MOST_MERGES)] == [CommandState.QUEUED] * MOST_MERGES


def test_what_has_left_the_outbox_leaves_no_count_of_its_merges_behind() -> None:
    box = outbox(entry(1), entry(2))
    assert merged(box) is CommandState.QUEUED
    box.load([entry(2)])  # the first one was set aside
    box.load([entry(1)])
    assert [merged(box) for _ in range(MOST_MERGES)] == [CommandState.QUEUED] * MOST_MERGES
    assert merged(box) is CommandState.CONFLICT


def test_it_is_the_senders_grant_that_counts_not_the_authors_in_whose_place_they_sent() -> None:
    act = entry(1, author="li")
    adopted = replace(act, command=replace(act.command, adopted_by="boss"))
    box = outbox(adopted)
    turn(box, NoGrant())
    assert box.without_grant == {"boss"}
    box = outbox(adopted)
    box.began(box.due(0)[0])
    box.grant_given("boss")
    box.ended("command-1", NoGrant(), 0)
    assert box.without_grant == frozenset()
