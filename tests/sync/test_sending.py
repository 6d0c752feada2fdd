"""The engine sends: once, in order, written down first, and never without saying so."""

from __future__ import annotations

import asyncio

import pytest

from app.core.commands import Method
from app.core.errors import BackOfficeAnswerError, StorageError, StorageFullError
from app.core.tasks import TaskScope
from app.sync.events import DataChanged
from app.sync.model import CommandState, Later, NotKnown, Outcome, Refused
from app.sync.outbox import Outbox
from app.sync.ports import Grant
from app.sync.sender import DISK_REST_S, Sender, SendListener
from app.sync.status import LineState
from app.sync.store_thread import StoreThread
from tests.fakes.acts import AUTHOR, backoff, command
from tests.fakes.virtual_time import LoopClock, in_virtual_time, until
from tests.sync.desks import EngineDesk, running

HOUR = 3_600.0


async def ended(desk: EngineDesk, *numbers: int, state: CommandState = CommandState.CONFIRMED) -> float:
    return await until(lambda: all(desk.journal.state(f"command-{number}") is state for number in numbers))


@in_virtual_time
async def test_a_command_is_sent_once_and_the_clerk_sees_it_go() -> None:
    desk = EngineDesk()
    async with running(desk):
        await desk.online()
        desk.office.hold = asyncio.Event()
        desk.said.clear()
        desk.journal.record(command(1))
        desk.engine.poke()
        await until(lambda: desk.office.counted["send"] == 1)
        assert desk.journal.state("command-1") is CommandState.SENT
        assert desk.changes == [DataChanged(frozenset({"outbox", "troubleTicket"}))]
        desk.office.hold.set()
        await ended(desk, 1)
        await until(lambda: desk.status.waiting == 0)
    assert desk.office.counted["send"] == 1
    assert desk.bugs == []


@pytest.mark.parametrize("outcome", [NotKnown(), NotKnown(line_is_cut=True), BackOfficeAnswerError()])
@in_virtual_time
async def test_an_answer_lost_after_the_commit_is_asked_about(outcome: Outcome) -> None:
    desk = EngineDesk()
    desk.office.outcomes.append(outcome)
    desk.journal.record(command(1))
    async with running(desk):
        await ended(desk, 1)
    assert desk.office.counted["ask"] == 1
    assert len(desk.office.taken) == 1
    assert desk.bugs == []


@in_virtual_time
async def test_nonsense_is_told_until_the_command_has_ended() -> None:
    desk = EngineDesk()
    async with running(desk):
        await desk.online()
        desk.office.outcomes.append(NotKnown())
        desk.journal.record(command(1))
        desk.engine.poke()
        await until(lambda: desk.status.trouble == BackOfficeAnswerError.text)
        assert desk.status.waiting == 1
        await ended(desk, 1)
        await until(lambda: desk.status.trouble == "")


@in_virtual_time
async def test_a_thousand_waiting_commands_try_a_cut_line_as_one() -> None:
    desk = EngineDesk()
    desk.office.is_cut = True
    desk.journal.record(*(command(number) for number in range(1, 1_001)))
    async with running(desk):
        await asyncio.sleep(HOUR)
        assert desk.status.line is LineState.CUT
        assert desk.status.waiting == 1_000
        assert desk.office.counted["send"] + desk.office.counted["feed"] + desk.office.counted["snapshot"] < 500
        assert desk.journal.asked["unfinished"] == 1
        desk.office.is_cut = False
        await ended(desk, *range(1, 1_001))
    assert len(desk.office.taken) == 1_000


@in_virtual_time
async def test_the_returning_line_sends_what_waits_at_once() -> None:
    desk = EngineDesk()
    desk.office.is_cut = True
    desk.journal.record(command(1), command(2))
    async with running(desk):
        await asyncio.sleep(HOUR)
        desk.office.is_cut = False
        desk.engine.refresh()
        assert await ended(desk, 1, 2) < 1


@in_virtual_time
async def test_a_command_behind_a_refused_one_keeps_nobody_busy() -> None:
    desk = EngineDesk()
    desk.office.outcomes.append(Refused("no"))
    desk.journal.record(command(1, "A", method=Method.CHANGE), command(2, "A"))
    async with running(desk):
        await ended(desk, 1, state=CommandState.REFUSED)
        await asyncio.sleep(HOUR)
        assert (desk.status.waiting, desk.status.needs_you) == (1, 1)
    assert desk.office.counted["send"] == 1
    assert desk.journal.asked["unfinished"] == 2  # at the start, and with the first copy


@in_virtual_time
async def test_come_back_later_is_honoured_by_commands() -> None:
    desk = EngineDesk()
    desk.office.outcomes.append(Later(600))
    desk.journal.record(command(1))
    async with running(desk):
        await until(lambda: desk.office.counted["send"] == 1)
        desk.engine.refresh()
        await ended(desk, 1)
    first, second = desk.office.met["send"]
    assert second - first >= 600


@in_virtual_time
async def test_a_note_on_a_new_ticket_goes_out_under_the_number_it_got() -> None:
    desk = EngineDesk()
    desk.journal.record(command(1, method=Method.CREATE), command(2, "command-1"))
    async with running(desk):
        await ended(desk, 1, 2)
    assert desk.office.sent_to == ["command-1", "T1"]


@in_virtual_time
async def test_nothing_goes_on_the_wire_that_is_not_written_down_and_the_full_disk_is_told() -> None:
    desk = EngineDesk()
    async with running(desk):
        await desk.online()
        desk.journal.fail("mark-sent", StorageFullError(), StorageFullError())
        desk.journal.record(command(1))
        desk.engine.poke()
        await until(lambda: desk.status.trouble == StorageFullError.text)
        assert desk.office.counted["send"] == 0
        assert await ended(desk, 1) >= DISK_REST_S
        await until(lambda: desk.status.trouble == "")
    assert desk.office.counted["send"] == 1
    assert desk.bugs == []


@in_virtual_time
async def test_what_could_not_be_written_down_is_asked_again() -> None:
    desk = EngineDesk()
    desk.journal.fail("mark-confirmed", StorageError(), StorageError(), StorageError())
    desk.journal.record(command(1))
    async with running(desk):
        assert await ended(desk, 1) >= 2 * DISK_REST_S
    assert desk.office.counted == desk.office.counted | {"send": 1, "ask": 3}
    assert len(desk.office.taken) == 1
    assert desk.bugs == []


@pytest.mark.parametrize("call", ["unfinished", "grant", "counts"])
@in_virtual_time
async def test_a_disk_that_fails_for_a_moment_stops_nothing(call: str) -> None:
    desk = EngineDesk()
    desk.journal.fail(call, StorageError())
    desk.journal.record(command(1))
    async with running(desk):
        await ended(desk, 1)
        await desk.online()
    assert desk.bugs == []
    assert LineState.STOPPED not in desk.lines


@in_virtual_time
async def test_what_could_not_be_counted_is_counted_when_the_disk_lets_us_though_nothing_else_happens() -> None:
    desk = EngineDesk()
    async with running(desk):
        await desk.online()
        desk.office.is_cut = True
        desk.engine.refresh()
        await until(lambda: desk.status.line is LineState.CUT)
        desk.journal.fail("counts", StorageError(), StorageError())
        desk.journal.record(command(1))
        desk.engine.poke()
        await until(lambda: desk.status.trouble == StorageError.text)
        await until(lambda: (desk.status.trouble, desk.status.waiting) == ("", 1), 60)


@in_virtual_time
async def test_commands_wait_for_their_author_while_others_and_the_line_go_on() -> None:
    desk = EngineDesk()
    desk.journal.grants = [Grant("li", "old"), Grant(AUTHOR, "token-1")]
    desk.journal.record(command(1, author="li"), command(2))
    async with running(desk):
        await ended(desk, 2)
        await asyncio.sleep(HOUR)
        assert desk.journal.state("command-1") is CommandState.QUEUED
        assert desk.office.counted["send"] == 2
        assert desk.status.line is LineState.ONLINE
        desk.journal.grants.append(Grant("li", "new"))
        desk.office.tokens.add("new")
        desk.engine.signed_in("li")
        assert await ended(desk, 1) < 1


@in_virtual_time
async def test_a_refused_grant_that_turns_out_to_work_needs_no_sign_in() -> None:
    """Something between desk and head office said 401 for a while."""
    desk = EngineDesk()
    async with running(desk):
        await desk.online()
        desk.office.tokens.clear()
        desk.journal.record(command(1))
        desk.engine.poke()
        await until(lambda: desk.status.line is LineState.SIGN_IN_NEEDED)
        desk.office.tokens.add("token-1")
        await ended(desk, 1)
        assert desk.status.line is LineState.ONLINE


@in_virtual_time
async def test_a_crash_in_the_middle_ends_with_one_effect() -> None:
    desk = EngineDesk()
    desk.office.hold = asyncio.Event()
    desk.journal.record(command(1))
    async with running(desk):
        await until(lambda: desk.office.counted["send"] == 1)
    desk.office.hold = None
    again = EngineDesk(desk.journal, desk.mirror, desk.office)
    async with running(again):
        await ended(again, 1)
    assert desk.office.counted["ask"] == 1
    assert len(desk.office.taken) == 1


@in_virtual_time
async def test_a_bug_stops_syncing_keeps_the_outbox_and_says_so() -> None:
    desk = EngineDesk()
    desk.office.outcomes.append(RuntimeError("planted"))
    desk.journal.record(command(1), command(2))
    async with running(desk):
        await until(lambda: desk.status.line is LineState.STOPPED)
        calls = desk.office.counted.total()
        desk.engine.poke()
        desk.engine.refresh()
        await asyncio.sleep(HOUR)
        assert desk.office.counted.total() == calls
        assert desk.status.line is LineState.STOPPED
    assert [str(bug) for bug in desk.bugs] == ["planted"]
    assert desk.journal.state("command-1") is CommandState.SENT


@in_virtual_time
async def test_who_is_woken_and_stopped_at_the_same_moment_stops() -> None:
    desk = EngineDesk()
    thread, tasks = StoreThread(), TaskScope(desk.bugs.append)
    outbox, clock = Outbox(backoff()), LoopClock()
    sender = Sender(outbox, desk.journal, thread, desk.office, clock, tasks, SendListener())
    desk.journal.record(command(1))
    desk.office.outcomes.append(Later(HOUR))
    running_on = asyncio.create_task(sender.run())
    await until(lambda: desk.office.counted["send"] == 1)
    await asyncio.sleep(1)
    sender.wake()
    running_on.cancel()
    await asyncio.wait([running_on], timeout=HOUR)
    assert running_on.cancelled()
    tasks.cancel()
    await thread.close()
