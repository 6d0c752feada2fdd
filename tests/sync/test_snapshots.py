"""The engine takes a snapshot: resumable, in bounds, and never believed further than it makes sense."""

from __future__ import annotations

import pytest

from app.core.errors import (
    BackOfficeAnswerError,
    BackOfficeUnreachableError,
    DeskError,
    StorageError,
    StorageFullError,
)
from app.sync.errors import HomeUnknownError
from app.sync.model import MirrorState, SnapshotPage, SnapshotStart
from app.sync.snapshot import PAGE_S, SPARE_ROWS
from app.sync.status import LineState
from tests.fakes.virtual_time import in_virtual_time, until
from tests.sync.desks import NEW_MIRROR, filled, holding, row, running


@in_virtual_time
async def test_a_cut_download_goes_on_where_it_was_cut() -> None:
    desk = filled()
    start = SnapshotStart("e1", "e1.7", 7)
    desk.office.snapshot_script = [start, SnapshotPage((row(1), row(2)), "T2"), BackOfficeUnreachableError()]
    async with running(desk):
        await until(lambda: desk.status.line is LineState.CUT)
        assert (desk.status.loaded, desk.status.total) == (2, 7)
        desk.office.snapshot_script = None
        await desk.online()
        assert holding(desk)
    assert desk.office.resumed_after == ["", "T2"]


@in_virtual_time
async def test_a_home_in_which_head_office_knows_nobody_is_told_for_as_long_as_the_copy_is_used() -> None:
    desk = filled()
    desk.mirror.used = MirrorState("e1", "e1.7", is_complete=True, unknown_home="Xihuu")
    async with running(desk):
        await desk.online()
        assert desk.status.trouble == HomeUnknownError.text
        desk.engine.rebuild()
        await until(lambda: NEW_MIRROR in desk.changes)
        await until(lambda: desk.status.trouble == "")


@in_virtual_time
async def test_a_head_office_restored_in_the_middle_of_a_download_is_copied_from_the_start() -> None:
    desk = filled()
    start = SnapshotStart("older", "older.9", 7)
    desk.office.snapshot_script = [start, SnapshotPage((row(1), row(9)), "T9"), BackOfficeUnreachableError()]
    async with running(desk):
        await until(lambda: desk.status.line is LineState.CUT)
        desk.office.snapshot_script = None
        await desk.online()
        assert holding(desk)
    assert desk.office.resumed_after == ["", "T9", ""]
    assert desk.changes.count(NEW_MIRROR) == 1


@in_virtual_time
async def test_a_download_that_only_lacked_its_last_step_is_not_made_again() -> None:
    desk = filled(2)
    desk.mirror.built = MirrorState("e1", "e1.2", rows=2, total=2)
    desk.mirror.rows_built = [row(1), row(2)]
    async with running(desk):
        await desk.online()
        assert holding(desk)
    assert desk.office.counted["snapshot"] == 0


@in_virtual_time
async def test_a_snapshot_without_end_is_given_up_told_and_begun_anew() -> None:
    desk = filled(2)
    pages = [
        SnapshotPage(tuple(row(9_000 * page + number) for number in range(9_000)), f"T{page}") for page in range(4)
    ]
    desk.office.snapshot_script = [SnapshotStart("e1", "e1.2", 2), *pages]
    assert sum(len(page.rows) for page in pages) > SPARE_ROWS
    async with running(desk):
        await until(lambda: desk.status.trouble == BackOfficeAnswerError.text)
        desk.office.snapshot_script = None
        await desk.online()
        assert holding(desk)
        await until(lambda: desk.status.trouble == "")
    assert set(desk.office.resumed_after) == {""}


@pytest.mark.parametrize(
    "script",
    [
        [SnapshotPage((row(1),), "T1")],
        [SnapshotStart("e1", "e1.2", 2), SnapshotStart("e1", "e1.2", 2)],
        [SnapshotStart("e1", "e1.2", 2), SnapshotPage((row(1),), "T1"), BackOfficeAnswerError()],
    ],
)
@in_virtual_time
async def test_a_senseless_snapshot_is_told_and_the_next_one_taken(
    script: list[SnapshotStart | SnapshotPage | DeskError],
) -> None:
    desk = filled(2)
    desk.office.snapshot_script = script
    async with running(desk):
        await until(lambda: desk.status.trouble == BackOfficeAnswerError.text)
        desk.office.snapshot_script = None
        await desk.online()
        assert holding(desk)
        assert desk.status.trouble == ""
    assert desk.bugs == []


@in_virtual_time
async def test_a_download_that_ends_without_its_end_is_a_cut_line() -> None:
    desk = filled(2)
    desk.office.snapshot_script = [SnapshotStart("e1", "e1.2", 2), SnapshotPage((row(1),), "T1")]
    async with running(desk):
        await until(lambda: desk.status.line is LineState.CUT)
        desk.office.snapshot_script = None
        await desk.online()
        assert holding(desk)


@in_virtual_time
async def test_a_page_that_never_comes_is_a_cut_line() -> None:
    desk = filled(2)
    desk.office.stalls = True
    async with running(desk):
        assert await until(lambda: desk.status.line is LineState.CUT) >= PAGE_S
        desk.office.stalls = False
        await desk.online()
        assert holding(desk)


@pytest.mark.parametrize(("call", "error"), [("add", StorageFullError()), ("finish", StorageError())])
@in_virtual_time
async def test_a_copy_that_does_not_fit_is_told_and_made_when_there_is_room(call: str, error: DeskError) -> None:
    desk = filled()
    desk.mirror.fail(call, error)
    async with running(desk):
        await until(lambda: desk.status.trouble == type(error).text)
        await desk.online()
        assert holding(desk)
        await until(lambda: desk.status.trouble == "")


@in_virtual_time
async def test_a_copy_that_cannot_be_finished_is_begun_anew() -> None:
    desk = filled(2)
    desk.office.snapshot_script = [SnapshotStart("e1", "e1.2", 2), SnapshotPage((row(1), row(1)), "")]
    async with running(desk):
        await until(lambda: desk.status.trouble == StorageError.text)
        desk.office.snapshot_script = None
        await desk.online()
        assert holding(desk)
