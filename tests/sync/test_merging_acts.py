"""Somebody was quicker: the engine reads what is there, merges and sends again, or leaves it to a person with both versions."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import replace
from typing import Any

import pytest

from app.core.commands import Command, Method, There
from app.core.errors import BackOfficeAnswerError, BackOfficeUnreachableError, DeskError, NeverSentError, StorageError
from app.sync.errors import BusyError, GrantEndedError
from app.sync.merging import on_top
from app.sync.model import CommandState, Confirmed, Differs, Forgotten, NotKnown
from app.sync.outbox import MOST_MERGES
from app.sync.sender import MOST_READS
from app.sync.status import LineState
from tests.fakes.acts import command
from tests.fakes.virtual_time import in_virtual_time, until
from tests.sync.desks import EngineDesk, running

SEEN = {"id": "T1", "severity": "minor", "description": "old", "note": []}
OTHERS = There({**SEEN, "description": "theirs"}, 7, "e1")


def change(number: int = 1, *, seen: dict[str, Any] | None = SEEN, **delta: object) -> Command:
    """A clerk who saw that ticket at revision 5 wants something of it changed."""
    made = command(number, "T1", method=Method.CHANGE)
    return replace(made, body=delta or {"severity": "major"}, base_tag='"e1-5"', seen=seen)


def desk_where(*there: There, differs: int = 1) -> EngineDesk:
    """A desk whose changes differ so often, at a head office that holds this."""
    desk = EngineDesk()
    desk.office.outcomes.extend([Differs()] * differs)
    desk.office.there = deque(there)
    return desk


async def ended(desk: EngineDesk, state: CommandState = CommandState.CONFIRMED, number: int = 1) -> float:
    return await until(lambda: desk.journal.state(f"command-{number}") is state)


@in_virtual_time
async def test_changes_of_others_to_other_fields_are_no_hindrance() -> None:
    desk = desk_where(OTHERS)
    desk.journal.record(change())
    async with running(desk):
        assert await ended(desk) < 1
    first, again = desk.office.sent
    assert (again.id, again.body, again.base_tag, again.seen) == (first.id, first.body, '"e1-7"', OTHERS.body)
    assert desk.journal.entries["command-1"].command == again
    assert desk.bugs == []


@in_virtual_time
async def test_what_only_a_person_can_say_goes_to_needs_you_with_what_is_there() -> None:
    there = There({**SEEN, "severity": "critical"}, 7, "e1")
    desk = desk_where(there)
    desk.journal.record(change())
    async with running(desk):
        await ended(desk, CommandState.CONFLICT)
        await until(lambda: desk.status.needs_you == 1)
    assert desk.journal.there["command-1"] == there
    assert desk.office.read_of == [("troubleTicket", "T1")]
    assert (desk.office.counted["send"], desk.journal.entries["command-1"].command) == (1, change())


@in_virtual_time
async def test_a_change_to_what_was_deleted_goes_to_needs_you() -> None:
    desk = desk_where(There())
    desk.journal.record(change())
    async with running(desk):
        await ended(desk, CommandState.CONFLICT)
    assert desk.journal.there["command-1"] == There()


def test_also_one_that_wants_nothing_goes_on_top_of_nothing() -> None:
    """An empty change is in nobody's way, and still it has no record to go to."""
    assert on_top(replace(change(), body={}), There()) == Differs(There())


@in_virtual_time
async def test_a_record_that_others_change_again_and_again_is_left_to_a_person() -> None:
    changing = [There({**SEEN, "description": f"theirs {one}"}, 7 + one, "e1") for one in range(99)]
    desk = desk_where(*changing, differs=99)
    desk.journal.record(change())
    async with running(desk):
        await ended(desk, CommandState.CONFLICT)
        await asyncio.sleep(3_600)
    assert desk.office.counted["send"] == MOST_MERGES + 1
    assert desk.journal.there["command-1"] == changing[MOST_MERGES]


@pytest.mark.parametrize(
    ("error", "at_least"),
    [
        (BackOfficeUnreachableError(), 0), (BackOfficeAnswerError(), 0), (BusyError(600), 600),
        (GrantEndedError(), 0),  # which a pull finds to be good after all
    ],
)  # fmt: skip
@in_virtual_time
async def test_what_is_there_is_read_later_where_that_fails(error: DeskError, at_least: float) -> None:
    desk = desk_where(OTHERS, differs=2)
    desk.office.read_errors.append(error)
    desk.journal.record(change())
    async with running(desk):
        assert await ended(desk) >= at_least
    assert (desk.office.counted["read"], desk.office.sent[-1].base_tag) == (2, OTHERS.tag)
    assert desk.bugs == []


@in_virtual_time
async def test_what_cannot_be_read_for_now_is_no_cut_line_unless_nothing_could_be_sent() -> None:
    """Nothing else waits until the line is back: head office has just answered."""
    for error, is_cut in ((BackOfficeUnreachableError(), False), (NeverSentError(), True)):
        desk = desk_where(OTHERS, differs=2)
        desk.office.read_errors.append(error)
        desk.journal.record(change())
        async with running(desk):
            await ended(desk)
            await desk.online()
        assert (LineState.CUT in desk.lines) is is_cut


@in_virtual_time
async def test_of_a_record_that_is_answered_with_nonsense_somebody_hears_at_once_and_decides_in_the_end() -> None:
    desk = desk_where(OTHERS, differs=99)
    desk.office.read_errors.extend([BackOfficeAnswerError()] * 99)
    desk.journal.record(change())
    async with running(desk):
        await until(lambda: desk.status.trouble == BackOfficeAnswerError.text)
        assert desk.journal.state("command-1").is_moving
        await ended(desk, CommandState.CONFLICT)
        await until(lambda: desk.status.trouble == "")
        assert desk.office.counted["read"] == MOST_READS
    assert desk.journal.there["command-1"] is None


@in_virtual_time
async def test_nonsense_is_counted_in_a_row() -> None:
    desk = desk_where(*(There({**SEEN, "description": f"theirs {one}"}, 7 + one, "e1") for one in range(9)), differs=9)
    nonsense: list[DeskError | None] = [BackOfficeAnswerError()] * (MOST_READS - 1)
    desk.office.read_errors.extend([*nonsense, None, *nonsense, None])
    desk.journal.record(change())
    desk.office.outcomes = deque([Differs()] * (2 * MOST_READS))
    async with running(desk):
        await ended(desk)


@in_virtual_time
async def test_a_merge_that_could_not_be_written_down_is_made_again() -> None:
    desk = desk_where(OTHERS, differs=2)
    desk.journal.fail("mark-merged", StorageError())
    desk.journal.record(change())
    async with running(desk):
        await ended(desk)
    assert [one.base_tag for one in desk.office.sent] == ['"e1-5"', '"e1-5"', '"e1-7"']
    assert desk.bugs == []


@in_virtual_time
async def test_nothing_goes_out_again_while_it_is_being_written_down_why() -> None:
    """The line comes back at that very moment, and the disk then does not take it."""
    desk = desk_where(OTHERS, differs=2)
    desk.journal.fail("mark-merged", StorageError())
    desk.journal.record(change())
    loop = asyncio.get_running_loop()

    async def the_line_comes_back() -> None:
        desk.engine.failed(BackOfficeUnreachableError())
        desk.engine.answered("mei")
        for _ in range(20):
            await asyncio.sleep(0)

    desk.journal.before["mark-merged"] = lambda: asyncio.run_coroutine_threadsafe(the_line_comes_back(), loop).result()
    async with running(desk):
        await ended(desk)
    assert [one.base_tag for one in desk.office.sent] == ['"e1-5"', '"e1-5"', '"e1-7"']
    assert desk.bugs == []


@in_virtual_time
async def test_a_merged_act_whose_answer_is_lost_is_asked_for() -> None:
    desk = desk_where(OTHERS)
    desk.office.outcomes.append(NotKnown())
    desk.journal.record(change())
    async with running(desk):
        await ended(desk)
    assert (desk.office.counted["send"], desk.office.counted["ask"], len(desk.office.taken)) == (2, 1, 1)


@pytest.mark.parametrize("outcome", [Differs(), Forgotten()])
@in_virtual_time
async def test_what_nobody_wrote_down_the_sight_of_and_what_may_have_happened_is_left_to_a_person(
    outcome: Differs | Forgotten,
) -> None:
    desk = EngineDesk()
    desk.office.outcomes.append(outcome)
    desk.journal.record(change(seen=None) if isinstance(outcome, Differs) else change())
    async with running(desk):
        await ended(desk, CommandState.CONFLICT)
    assert desk.office.counted["read"] == 0
    assert desk.journal.there["command-1"] is None


@in_virtual_time
async def test_two_changes_of_one_clerk_go_out_in_their_order_though_the_first_moves_the_record_on() -> None:
    mine = There({**SEEN, "severity": "major"}, 6, "e1")
    desk = EngineDesk()
    desk.office.there = deque([mine])
    desk.journal.record(change(), change(2, seen=mine.body, description="new"))
    desk.office.outcomes.extend([Confirmed("T1", 6), Differs()])
    async with running(desk):
        await ended(desk)
        await ended(desk, number=2)
    assert [(one.id, one.base_tag) for one in desk.office.sent] == [
        ("command-1", '"e1-5"'), ("command-2", '"e1-5"'), ("command-2", '"e1-6"'),
    ]  # fmt: skip
