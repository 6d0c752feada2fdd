"""Customers from outside the home come when somebody opens them, and go when others have taken their place."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

import pytest

from app.core.errors import BackOfficeAnswerError, BackOfficeUnreachableError, DeskError, NeverSentError, StorageError
from app.sync.errors import MakingCopyError, NoProfileError, SyncStoppedError
from app.sync.events import DataChanged
from app.sync.model import Change, FeedPage, Opened, Profile, SnapshotPage, SnapshotStart
from app.sync.ports import Grant
from app.sync.profiles import MOST_OPENED, MOST_SIGNS
from app.sync.status import LineState
from tests.fakes.virtual_time import in_virtual_time, until
from tests.sync.desks import EngineDesk, running


def theirs(name: str) -> tuple[Change, ...]:
    """All records of a customer."""
    return (Change("customer", name, 3, "{}"), Change("troubleTicket", f"T-{name}", 4, "{}"))


def desk_beside(*customers: str) -> EngineDesk:
    """A desk with these customers at head office, outside its home."""
    desk = EngineDesk()
    desk.office.profiles = {name: theirs(name) for name in customers}
    return desk


async def test_who_is_opened_is_here_before_the_next_news_and_followed_from_then_on() -> None:
    desk = desk_beside("C1")
    async with running(desk):
        await desk.online()
        assert desk.office.asked_with[-1] == Opened()
        await desk.engine.fetch("C1")
        assert ("customer", "C1") in desk.mirror.held
        assert DataChanged(frozenset({"customer", "troubleTicket"})) in desk.changes
        await until(lambda: desk.office.asked_with[-1] == Opened(("C1",)))


async def test_who_opens_the_same_customer_twice_has_them_fetched_once() -> None:
    desk = desk_beside("C1")
    async with running(desk):
        await desk.online()
        await asyncio.gather(desk.engine.fetch("C1"), desk.engine.fetch("C1"))
        assert desk.office.counted["profile"] == 1


async def test_who_does_not_wait_any_more_stops_nobody_else() -> None:
    desk = desk_beside("C1")
    async with running(desk):
        await desk.online()
        gone, stays = (asyncio.create_task(desk.engine.fetch("C1")) for _ in range(2))
        await asyncio.sleep(0)
        gone.cancel()
        await stays
        assert ("customer", "C1") in desk.mirror.held


async def test_without_the_line_whoever_waits_is_told_and_may_ask_again() -> None:
    desk = desk_beside("C1")
    async with running(desk):
        await desk.online()
        desk.office.is_cut = True
        with pytest.raises(BackOfficeUnreachableError):
            await desk.engine.fetch("C1")
        desk.office.is_cut = False
        await desk.engine.fetch("C1")
    assert desk.bugs == []


async def test_who_is_not_there_is_told_and_stops_no_news() -> None:
    desk = desk_beside("C1")
    async with running(desk):
        await desk.online()
        results = await asyncio.gather(desk.engine.fetch("C9"), desk.engine.fetch("C1"), return_exceptions=True)
        assert [type(one) for one in results] == [NoProfileError, type(None)]
        pulls = desk.office.counted["feed"]
        await until(lambda: desk.office.counted["feed"] > pulls)
        assert desk.status.trouble == ""


async def test_a_disk_that_does_not_take_them_is_told() -> None:
    desk = desk_beside("C1")
    async with running(desk):
        await desk.online()
        desk.mirror.fail("open", StorageError())
        with pytest.raises(StorageError):
            await desk.engine.fetch("C1")
        await desk.engine.fetch("C1")


@in_virtual_time
async def test_a_profile_of_another_epoch_is_not_mixed_in_and_comes_after_the_new_copy() -> None:
    desk = desk_beside("C1")
    desk.office.change(1)
    async with running(desk):
        await desk.online()
        desk.office.epoch = "e2"
        with pytest.raises(MakingCopyError):
            await desk.engine.fetch("C1")
        assert desk.mirror.customers == []
        await until(lambda: desk.mirror.used.epoch == "e2")
        await desk.engine.fetch("C1")
        assert desk.mirror.customers == ["C1"]


@pytest.mark.parametrize("error", [BackOfficeAnswerError, BackOfficeUnreachableError])
async def test_one_who_cannot_be_had_keeps_neither_the_others_nor_the_news_away(error: type[DeskError]) -> None:
    desk = desk_beside("C1", "C2")
    refuse(desk, "C1", error())
    async with running(desk):
        await desk.online()
        results = await asyncio.gather(desk.engine.fetch("C1"), desk.engine.fetch("C2"), return_exceptions=True)
        assert [type(one) for one in results] == [error, type(None)]
        pulls = desk.office.counted["feed"]
        await until(lambda: desk.office.counted["feed"] > pulls)
        assert (desk.status.line, desk.status.trouble) == (LineState.ONLINE, "")


async def test_without_any_line_nobody_is_asked_for_one_by_one() -> None:
    desk = desk_beside("C1", "C2")
    refuse(desk, "C1", NeverSentError())
    async with running(desk):
        await desk.online()
        results = await asyncio.gather(desk.engine.fetch("C1"), desk.engine.fetch("C2"), return_exceptions=True)
        assert [type(one) for one in results] == [NeverSentError, NeverSentError]
        assert desk.office.counted["profile"] == 0


@in_virtual_time
async def test_whoever_opens_somebody_while_a_new_copy_is_made_is_told_so_at_once() -> None:
    desk = desk_beside("C1")
    async with running(desk):
        await desk.online()
        snapshot, goes_on = desk.office.snapshot, asyncio.Event()

        async def slow(grant: Grant, after: str) -> AsyncGenerator[SnapshotStart | SnapshotPage, None]:
            async for part in snapshot(grant, after):
                await goes_on.wait()
                yield part

        desk.office.snapshot = slow  # type: ignore[method-assign]
        desk.engine.rebuild()
        for _ in ("waits already", "comes later"):
            with pytest.raises(MakingCopyError):
                await desk.engine.fetch("C1")
        goes_on.set()
        await until(lambda: desk.mirror.asked["finish"] == 2)
        await desk.engine.fetch("C1")


async def test_a_desk_that_has_stopped_leaves_nobody_waiting() -> None:
    desk = desk_beside("C1")
    async with running(desk):
        await desk.online()
        asking = asyncio.create_task(desk.engine.fetch("C1"))
        await asyncio.sleep(0)
        desk.mirror.before["opened"] = _break
        for fetch in (asking, desk.engine.fetch("C1")):
            with pytest.raises(SyncStoppedError):
                await fetch
        assert [str(bug) for bug in desk.bugs] == ["an invariant"]


def _break() -> None:
    raise RuntimeError("an invariant")


def refuse(desk: EngineDesk, refused: str, error: DeskError) -> None:
    """Head office does not give this customer."""
    profile = desk.office.profile

    async def given(grant: Grant, customer: str) -> Profile:
        if customer == refused:
            raise error
        return await profile(grant, customer)

    desk.office.profile = given  # type: ignore[method-assign]


async def test_while_no_news_come_no_more_are_opened_than_head_office_takes() -> None:
    names = [f"C{number}" for number in range(MOST_OPENED + 3)]
    desk = desk_beside(*names)
    feed = desk.office.feed

    async def no_news(grant: Grant, cursor: str, opened: Opened) -> FeedPage:
        del grant, cursor, opened
        raise BackOfficeAnswerError

    async with running(desk):
        await desk.online()
        desk.mirror.customers = names[:MOST_OPENED]
        desk.office.feed = no_news  # type: ignore[method-assign]
        await desk.engine.fetch(names[-3])
        for name in names[-2:]:
            with pytest.raises(BackOfficeAnswerError):
                await desk.engine.fetch(name)
        assert len(desk.mirror.customers) == MOST_OPENED + 1
        desk.office.feed = feed  # type: ignore[method-assign]
        await asyncio.gather(*map(desk.engine.fetch, names[-2:]))  # each as soon as there is room
        await until(lambda: desk.mirror.customers == names[3:])


async def test_the_first_who_were_opened_go_when_there_are_too_many() -> None:
    names = [f"C{number}" for number in range(MOST_OPENED + 2)]
    desk = desk_beside(*names)
    async with running(desk):
        await desk.online()
        desk.mirror.customers = names[:-1]
        desk.mirror.held = {(one.collection, one.id): one for name in names[:-1] for one in theirs(name)}
        await desk.engine.fetch(names[-1])
        await until(lambda: desk.mirror.customers == names[2:])
        assert any(asked.closing == tuple(names[:1]) for asked in desk.office.asked_with)
        assert ("customer", names[0]) not in desk.mirror.held
        assert ("customer", names[2]) in desk.mirror.held


async def test_who_was_looked_at_last_stays_longest_and_nobody_is_asked_for_that() -> None:
    names = [f"C{number}" for number in range(MOST_OPENED + 1)]
    desk = desk_beside(*names)
    async with running(desk):
        await desk.online()
        desk.mirror.customers = names[:-1]
        asked = desk.office.counted["feed"]
        desk.engine.looked_at(names[0])
        await until(lambda: desk.mirror.customers[-1] == names[0])
        assert desk.office.counted["feed"] == asked
        await desk.engine.fetch(names[-1])
        await until(lambda: desk.mirror.customers == [*names[2:-1], names[0], names[-1]])


@in_virtual_time
async def test_who_was_opened_in_the_old_copy_comes_into_the_new_one_unasked() -> None:
    names = [f"C{number}" for number in range(8)]
    desk = desk_beside(*names, "at home")
    desk.office.records = [Change("customer", "at home", 1, "{}")]
    async with running(desk):
        await desk.online()
        desk.mirror.customers = [*names, "gone", "at home"]
        desk.engine.rebuild()
        await until(lambda: desk.mirror.customers == names)
        assert ("troubleTicket", "T-C7") in desk.mirror.held
        assert desk.office.counted["profile"] == len(names) + 1
        await desk.engine.fetch("at home")
        assert desk.bugs == []


async def test_the_ids_of_who_is_opened_fit_into_an_address_and_the_last_one_stays_whatever_its_length() -> None:
    names = ["x" * (MOST_SIGNS - 20), "y" * 10, "名" * (MOST_SIGNS // 9), "z" * (MOST_SIGNS + 1)]
    desk = desk_beside(*names)
    async with running(desk):
        await desk.online()
        for name in names:
            await desk.engine.fetch(name)
        await until(lambda: desk.mirror.customers == names[-1:])
        assert Opened(tuple(names[:2]), tuple(names[:1])) in desk.office.asked_with
        assert not any({names[1], names[2]} <= {*one.closing} for one in desk.office.asked_with[:-2])
