"""A server without a feed: swept and compared by content, and a list that shifts while it is read deletes nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import httpx
import pytest

from app.core.errors import BackOfficeAnswerError, BackOfficeUnreachableError
from app.sync.errors import CursorExpiredError
from app.sync.model import SnapshotPage, SnapshotStart
from app.tmf.foreign.content import same_content
from app.tmf.foreign.head_office import Pace
from app.tmf.foreign.seen import Seen
from tests.fakes.clock import NOON
from tests.fakes.tmf_server import TmfServer
from tests.sync.foreign import GRANT, foreign_desk


def server(tickets: int = 5, made: TmfServer | None = None) -> TmfServer:
    """A server with some tickets and a customer."""
    made = made or TmfServer()
    for number in range(tickets):
        made.file(f"T{number}")
    made.records["customer"] = {"C1": {"id": "C1", "name": "Mei"}}
    return made


@pytest.mark.parametrize(
    "made",
    [
        TmfServer,
        partial(TmfServer, sorts=True),
        partial(TmfServer, counts=False),
        partial(TmfServer, counts=False, pages=False),
    ],
)
async def test_whatever_its_habits_the_whole_of_it_is_copied_and_kept(made: Callable[[], TmfServer]) -> None:
    there = server(made=made())
    async with foreign_desk(there) as desk:
        await desk.copy()
        assert set(desk.memory.shown) == {"T0", "T1", "T2", "T3", "T4", "C1"}
        there.file("T9")
        there.tickets["T3"]["severity"] = "minor"
        del there.tickets["T1"]
        await desk.sweep()
        assert desk.memory.shown == {**there.tickets, **there.records["customer"]}


async def test_what_says_the_same_keeps_its_revision_and_what_does_not_gets_a_higher_one() -> None:
    there = server()
    async with foreign_desk(there) as desk:
        await desk.copy()
        before = {key: one.revision for key, one in desk.memory.held.items()}
        there.tickets["T2"] = dict(reversed(there.tickets["T2"].items()))  # the same in another order
        there.tickets["T3"]["severity"] = "minor"
        pages = await desk.sweep()
        assert [change.id for page in pages for change in page.changes] == ["T3"]
        after = {key: one.revision for key, one in desk.memory.held.items()}
        assert {key for key in after if after[key] != before[key]} == {("troubleTicket", "T3")}
        there.tickets["T3"]["severity"] = "major"
        await desk.copy()  # a copy that is built anew goes on counting
        assert desk.memory.held["troubleTicket", "T3"].revision > after["troubleTicket", "T3"]


async def test_a_list_that_shifts_while_it_is_read_deletes_nothing() -> None:
    there = server(made=TmfServer(sorts=True))
    async with foreign_desk(there) as desk:
        await desk.copy()

        def shift(request: httpx.Request) -> None:
            if request.url.params.get("offset") == "2" and "T0" in there.tickets:
                del there.tickets["T0"]  # T2 slips to a page that has been read

        there.before = shift
        await desk.sweep()
        assert set(desk.memory.shown) == {"T0", "T1", "T2", "T3", "T4", "C1"}
        await desk.sweep()
        assert set(desk.memory.shown) == {"T1", "T2", "T3", "T4", "C1"}


async def test_what_is_not_listed_is_gone_only_once_its_own_address_says_so() -> None:
    there = server()
    async with foreign_desk(there) as desk:
        await desk.copy()
        del there.tickets["T4"]

        def proxy(request: httpx.Request) -> None:
            if request.url.path.endswith("/T4"):
                there.answers.append(httpx.Response(404, html="<h1>Not found</h1>"))

        there.before = proxy
        with pytest.raises(BackOfficeAnswerError):
            await desk.sweep()
        assert "T4" in desk.memory.shown
        there.before = lambda _request: None
        await desk.pull()
        assert "T4" not in desk.memory.shown


async def test_a_collection_that_is_not_offered_any_more_is_kept() -> None:
    there = server()
    async with foreign_desk(there) as desk:
        await desk.copy()
        del there.records["customer"]
        await desk.sweep()
        assert "C1" in desk.memory.shown


async def test_what_was_deleted_may_come_back() -> None:
    there = server()
    async with foreign_desk(there) as desk:
        await desk.copy()
        lost = there.tickets.pop("T1")
        await desk.sweep()
        there.tickets["T1"] = lost
        await desk.sweep()
        assert desk.memory.shown["T1"] == lost


async def test_a_sweep_that_is_cut_goes_on_where_it_was() -> None:
    there = server(tickets=9)
    async with foreign_desk(there) as desk:
        await desk.copy()
        there.asked.clear()

        def cut(request: httpx.Request) -> None:
            if request.url.params.get("offset") == "6":
                there.before = lambda _request: None
                raise httpx.ConnectError("cut")

        there.before = cut
        with pytest.raises(BackOfficeUnreachableError):
            await desk.sweep()
        await desk.pull()
        assert there.asked.count("GET /tmf-api/troubleTicket/v4/troubleTicket") == 5


async def test_what_was_found_before_the_line_was_cut_is_kept() -> None:
    there = server(tickets=9)
    async with foreign_desk(there) as desk:
        await desk.copy()
        there.tickets["T0"]["severity"] = "minor"

        def cut(request: httpx.Request) -> None:
            if request.url.params.get("offset") == "6":
                raise httpx.ConnectError("cut")

        there.before = cut
        with pytest.raises(BackOfficeUnreachableError):
            await desk.sweep()
        assert desk.memory.shown["T0"] == there.tickets["T0"]


async def test_changes_that_were_not_kept_are_found_again() -> None:
    there = server()
    async with foreign_desk(there) as desk:
        await desk.copy()
        there.file("T9")
        desk.clock.move(timedelta(hours=1))
        page = await desk.office.feed(GRANT, desk.memory.cursor)
        assert [change.id for change in page.changes] == ["T9"]  # and the disk takes nothing of it
        await desk.pull()
        assert "T9" in desk.memory.shown


async def test_the_copy_is_as_old_as_the_beginning_of_the_last_whole_sweep() -> None:
    async with foreign_desk(server()) as desk:
        await desk.copy()
        (page,) = await desk.pull()
        assert page.as_of == NOON
        desk.clock.move(timedelta(minutes=10))
        assert (await desk.pull())[-1].as_of == NOON + timedelta(minutes=10)
        desk.clock.move(timedelta(seconds=5))
        assert (await desk.pull())[-1].as_of == NOON + timedelta(minutes=10)


async def test_between_sweeps_only_one_row_is_read_unless_somebody_asks() -> None:
    there = server()
    async with foreign_desk(there) as desk:
        await desk.copy()
        there.asked.clear()
        await desk.pull()
        assert len(there.asked) == 1
        desk.office.sweep_soon()
        await desk.pull()
        assert len(there.asked) > 8


async def test_a_cut_snapshot_goes_on_behind_its_token() -> None:
    there = server()
    async with foreign_desk(there) as desk:
        parts = [part async for part in desk.office.snapshot(GRANT, "")]
        start, first = parts[0], parts[1]
        assert isinstance(start, SnapshotStart)
        assert isinstance(first, SnapshotPage)
        assert (start.total, [row.id for row in first.rows]) == (6, ["T0", "T1"])
        rest = [part async for part in desk.office.snapshot(GRANT, first.after)]
        assert isinstance(rest[0], SnapshotStart)
        assert rest[0].epoch == start.epoch
        assert rest[1:] == parts[2:]


@pytest.mark.parametrize("cursor", ["", "3f.9c.1234", "foreign/e/1/1/never", "foreign/e/x/1/2026-01-01T00:00:00.000Z"])
async def test_a_cursor_of_another_kind_takes_a_new_copy(cursor: str) -> None:
    async with foreign_desk(server()) as desk:
        with pytest.raises(CursorExpiredError):
            await desk.office.feed(GRANT, cursor)


def test_a_long_sweep_is_followed_by_a_long_rest() -> None:
    pace = Pace()
    assert [pace.rest_after(seconds) for seconds in (0.1, 60, 7_200)] == [30.0, 240.0, 3_600.0]


def test_content_is_compared_by_what_it_says() -> None:
    assert same_content('{"a": 1, "b": [1, 2]}', '{"b":[1,2],"a":1}')
    assert not same_content('{"a": true}', '{"a": 1}')
    assert not same_content('{"a": [1, 2]}', '{"a": [2, 1]}')
    assert not same_content(None, "{}")
    assert same_content(None, None)


def test_every_id_that_was_met_is_remembered_and_hardly_any_other() -> None:
    seen = Seen(1_000)
    for number in range(1_000):
        seen.add(f"T{number}")
    assert all(f"T{number}" in seen for number in range(1_000))
    assert sum(f"C{number}" in seen for number in range(10_000)) < 10
