"""Customers from outside the home come when somebody opens them, and go when others have taken their place."""

from __future__ import annotations

import asyncio

import pytest

from app.core.errors import BackOfficeUnreachableError, StorageError
from app.sync.errors import NoProfileError
from app.sync.events import DataChanged
from app.sync.model import Change, Opened
from app.sync.profiles import MOST_OPENED, MOST_SIGNS
from tests.fakes.virtual_time import until
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


async def test_a_profile_of_another_epoch_is_not_mixed_in_but_fetched_again_after_the_new_copy() -> None:
    desk = desk_beside("C1")
    desk.office.change(1)
    async with running(desk):
        await desk.online()
        desk.office.epoch = "e2"
        await desk.engine.fetch("C1")
        assert (desk.mirror.used.epoch, desk.mirror.customers) == ("e2", ["C1"])
        assert desk.office.counted["profile"] == 2


async def test_the_first_who_were_opened_go_when_there_are_too_many() -> None:
    names = [f"C{number}" for number in range(MOST_OPENED + 2)]
    desk = desk_beside(*names)
    async with running(desk):
        await desk.online()
        desk.mirror.customers = names[:-1]
        desk.mirror.held = {(one.collection, one.id): one for name in names[:-1] for one in theirs(name)}
        await desk.engine.fetch(names[-1])
        await until(lambda: desk.mirror.customers == names[2:])
        assert desk.office.asked_with[-1].closing in ((), tuple(names[:2]))
        assert ("customer", names[0]) not in desk.mirror.held
        assert ("customer", names[2]) in desk.mirror.held


async def test_the_ids_of_who_is_opened_fit_into_an_address_and_the_last_one_stays_whatever_its_length() -> None:
    names = ["x" * (MOST_SIGNS - 1), "y" * 10, "z" * (MOST_SIGNS + 1)]
    desk = desk_beside(*names)
    async with running(desk):
        await desk.online()
        for name in names:
            await desk.engine.fetch(name)
        await until(lambda: desk.mirror.customers == names[-1:])
