"""The engine pulls: complete, resumable, in bounds, and at once when there is news."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from app.core.clock import from_wire
from app.core.errors import (
    BackOfficeAnswerError,
)
from app.rules.checksums import Checksum
from app.sync.errors import BusyError, CursorExpiredError, MirrorDamagedError, MirrorDiffersError
from app.sync.model import Change, CommandState, MirrorState
from app.sync.puller import SAFETY_PULL_S
from app.sync.status import LineState
from tests.fakes.acts import command
from tests.fakes.virtual_time import in_virtual_time, until
from tests.sync.desks import NEW_MIRROR, EngineDesk, filled, holding, running

HOUR = 3_600.0


@in_virtual_time
async def test_a_new_desk_takes_a_snapshot_shows_how_far_it_is_and_then_follows_the_feed() -> None:
    desk = filled()
    async with running(desk):
        await desk.online()
        assert holding(desk)
        assert [change for change in desk.changes if change.is_new_mirror] == [NEW_MIRROR]
        assert desk.status.is_building is False
        desk.office.change(3, '{"status": "closed"}')
        assert await until(lambda: desk.mirror.held["troubleTicket", "T3"].revision == 8) < 1
    assert desk.office.counted["snapshot"] == 1
    assert desk.bugs == []


@in_virtual_time
async def test_what_is_at_rest_and_still_nowhere_in_the_copy_after_a_pull_has_gone() -> None:
    desk = filled()
    there, gone = Change("troubleTicket", "T1", 1, None), Change("troubleTicket", "T99", 9, None)
    desk.journal.laid = [there, gone]
    async with running(desk):
        await desk.online()
    assert [one for one in desk.journal.settled if one.body is None] == [gone]


@in_virtual_time
async def test_a_quiet_desk_pulls_every_five_minutes_and_not_more() -> None:
    desk = filled()
    async with running(desk):
        await desk.online()
        before = desk.office.counted["feed"]
        await asyncio.sleep(10 * SAFETY_PULL_S)
        assert 9 <= desk.office.counted["feed"] - before <= 11
        assert desk.office.counted["events"] == 1


@in_virtual_time
async def test_a_flood_of_news_is_pulled_in_breaths() -> None:
    desk = filled(1)
    async with running(desk):
        await desk.online()
        before = desk.office.counted["feed"]
        for _ in range(1_000):
            desk.office.told.set()
            await asyncio.sleep(0.001)
        assert desk.office.counted["feed"] - before <= 15


@in_virtual_time
async def test_the_desk_says_how_old_its_copy_is_before_any_line_is_there() -> None:
    desk = EngineDesk()
    desk.mirror.used = MirrorState("e1", "e1.0", is_complete=True, as_of="2026-03-01T08:00:00.000Z")
    desk.office.is_cut = True
    async with running(desk):
        await until(lambda: desk.status.line is LineState.CUT)
        assert desk.status.as_of == from_wire("2026-03-01T08:00:00Z")


@in_virtual_time
async def test_a_new_epoch_makes_a_new_copy_and_touches_no_command() -> None:
    desk = filled()
    async with running(desk):
        await desk.online()
        desk.office.is_cut = True
        desk.office.told.set()
        desk.journal.record(command(50))
        desk.engine.poke()
        await until(lambda: desk.status.line is LineState.CUT)
        desk.office.records = desk.office.records[:3]
        desk.office.epoch = "e2"
        desk.office.is_cut = False
        await until(lambda: desk.journal.state("command-50") is CommandState.CONFIRMED)
        await until(lambda: holding(desk))
    assert len([change for change in desk.changes if change.is_new_mirror]) == 2


@in_virtual_time
async def test_a_cursor_that_is_never_good_is_nonsense_told_and_slows_down() -> None:
    desk = filled()
    desk.office.feed_errors.extend(CursorExpiredError() for _ in range(100_000))
    async with running(desk):
        await until(lambda: desk.status.trouble == BackOfficeAnswerError.text)
        await asyncio.sleep(HOUR)
        assert desk.office.counted["snapshot"] < 60
    assert desk.bugs == []


@pytest.mark.parametrize("call", ["state", "apply"])
@in_virtual_time
async def test_a_damaged_copy_is_told_and_built_anew_while_in_use(call: str) -> None:
    desk = filled()
    async with running(desk):
        await desk.online()
        desk.mirror.fail(call, MirrorDamagedError())
        desk.office.change(2, '{"status": "closed"}')
        await until(lambda: desk.changes.count(NEW_MIRROR) == 2)
        await until(lambda: holding(desk) and desk.status.trouble == "")
    assert MirrorDamagedError.text in desk.troubles
    assert desk.bugs == []


@in_virtual_time
async def test_the_window_may_ask_for_a_new_copy_but_not_without_end() -> None:
    desk = filled()
    async with running(desk):
        await desk.online()
        for _ in range(600):
            desk.engine.rebuild()
            await asyncio.sleep(1)
        assert 2 <= desk.office.counted["snapshot"] <= 10
        await until(lambda: desk.status.trouble == "")


@in_virtual_time
async def test_a_copy_that_lasted_is_replaced_as_fast_as_the_first() -> None:
    desk = filled()
    async with running(desk):
        await desk.online()
        for _ in range(600):
            desk.engine.rebuild()
            await asyncio.sleep(1)
        await until(lambda: desk.status.trouble == "")
        await asyncio.sleep(2 * HOUR)
        for _ in range(2):
            before = desk.changes.count(NEW_MIRROR)
            desk.engine.rebuild()
            assert await until(lambda: desk.changes.count(NEW_MIRROR) > before) < 5  # noqa: B023 - used in its own turn


@in_virtual_time
async def test_come_back_later_is_honoured_by_pulls_unless_a_person_asks() -> None:
    desk = filled()
    async with running(desk):
        await desk.online()
        desk.office.feed_errors.extend([BusyError(1_000), BusyError(1_000)])
        desk.office.change(1, '{"status": "closed"}')
        await until(lambda: not holding(desk) and desk.status.line is LineState.CUT)
        asked = desk.office.counted["feed"]
        desk.office.told.set()
        await asyncio.sleep(900)
        assert desk.office.counted["feed"] == asked
        desk.engine.refresh()
        await until(lambda: desk.office.counted["feed"] == asked + 1)
        await asyncio.sleep(900)
        assert desk.office.counted["feed"] == asked + 1
        assert await until(lambda: holding(desk)) <= 101


@in_virtual_time
async def test_without_a_grant_the_desk_asks_for_a_sign_in_and_goes_on_after_it() -> None:
    desk = filled()
    grants, desk.journal.grants = desk.journal.grants, []
    async with running(desk):
        await until(lambda: desk.status.line is LineState.SIGN_IN_NEEDED)
        await asyncio.sleep(HOUR)
        assert desk.office.counted.total() == 0
        desk.journal.grants = grants
        desk.engine.signed_in("mei")
        assert await until(lambda: holding(desk)) < 1
        assert desk.status.line is LineState.ONLINE


@in_virtual_time
async def test_the_newest_grant_reads() -> None:
    desk = filled()
    desk.journal.grants.append(replace(desk.journal.grants[0], token="token-2"))
    desk.office.tokens = {"token-2"}
    async with running(desk):
        await desk.online()
        assert holding(desk)


@in_virtual_time
async def test_a_stream_that_breaks_at_once_again_and_again_is_opened_slower_and_slower() -> None:
    desk = filled()
    async with running(desk):
        await desk.online()
        before = desk.office.counted["events"]
        desk.office.breaks_streams = True
        desk.office.told.set()
        await asyncio.sleep(HOUR)
        assert desk.office.counted["events"] - before < 300
        assert desk.office.counted["feed"] < 300
        desk.office.breaks_streams = False
        await asyncio.sleep(60)
        desk.office.change(1, '{"status": "closed"}')
        assert await until(lambda: holding(desk)) < 1


@in_virtual_time
async def test_a_copy_that_is_not_what_head_office_says_is_built_again_and_the_clerk_is_told() -> None:
    desk = filled()
    async with running(desk):
        await desk.online()
        await asyncio.sleep(HOUR)
        right = desk.mirror.used.checksum
        desk.office.checksums.extend([right, Checksum(right.count + 1, right.total)])
        desk.office.told.set()
        assert await until(lambda: desk.office.counted["snapshot"] == 2) < 2 * SAFETY_PULL_S
        assert MirrorDiffersError.text in desk.troubles
        assert await until(lambda: desk.status.trouble == "") < 1
        assert desk.changes.count(NEW_MIRROR) == 2
    assert desk.bugs == []


@in_virtual_time
async def test_a_copy_that_always_differs_is_kept_in_step_and_built_again_ever_more_rarely() -> None:
    desk = filled()
    desk.office.checksums.extend([Checksum(10**6, 0)] * 10_000)
    async with running(desk):
        await desk.online()
        await asyncio.sleep(24 * HOUR)
        assert 4 <= desk.office.counted["snapshot"] <= 10
        assert desk.status.trouble == MirrorDiffersError.text
        assert desk.status.is_building is False
        desk.office.change(3, '{"status": "closed"}')
        assert await until(lambda: desk.mirror.held["troubleTicket", "T3"].revision == 8) < 1
    assert desk.bugs == []


@in_virtual_time
async def test_a_copy_that_is_what_head_office_says_is_kept() -> None:
    desk = filled()
    async with running(desk):
        await desk.online()
        desk.office.checksums.append(desk.mirror.used.checksum)
        desk.office.told.set()
        await until(lambda: not desk.office.checksums)
        await asyncio.sleep(HOUR)
    assert desk.office.counted["snapshot"] == 1
