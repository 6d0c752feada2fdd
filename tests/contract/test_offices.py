"""Two real back offices and one desk: what was done for one never reaches the other, nor is it shown as the other's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from app.core.commands import Command, Method
from app.core.ids import new_id
from app.session.model import OtherOfficeError
from app.sync.model import CommandState
from app.sync.status import LineState
from local_cache.journal_schema import OFFICE
from tests.contract.desks import RealDesk, opened
from tests.contract.office_process import SECRET, OfficeProcess
from tests.contract.survival import TOKEN
from tests.contract.windows import window
from tests.fakes.acts import command
from tests.fakes.hostile_office import HostileOffice, answer, says


@pytest.fixture
def other_office(tmp_path: Path) -> Iterator[OfficeProcess]:
    """A back office that has nothing to do with the first."""
    folder = tmp_path / "other"
    folder.mkdir()
    process = OfficeProcess(folder)
    process.start()
    yield process
    process.kill()


@asynccontextmanager
async def desk_at(server: str, folder: Path) -> AsyncIterator[RealDesk]:
    """The desk at that address, syncing."""
    async with opened(folder / "desk", server) as desk:
        desk.engine.start()
        yield desk


async def sign_in(desk: RealDesk) -> None:
    """Let the demonstration clerk in."""
    device = await desk.engine.thread.run(desk.journal.device)
    answered = await desk.office.sign_in_embedded(SECRET, device)
    await desk.engine.thread.run(desk.clerks.signed_in, answered)
    desk.engine.signed_in("demo")


def complaint(author: str = "demo") -> Command:
    """A new ticket."""
    made, command_id = command(1, author=author, method=Method.CREATE), new_id()
    return replace(made, id=command_id, entity_id=command_id)


async def leave_one_waiting(office: OfficeProcess, folder: Path) -> Command:
    """Sign in, save a complaint while the office is away, and go."""
    act = complaint()
    async with desk_at(office.url, folder) as desk:
        await sign_in(desk)
        await desk.online()
        await asyncio.to_thread(office.kill)
        await desk.record(act)
        await desk.until(lambda: desk.status.waiting == 1 and desk.status.line is LineState.CUT)
    return act


async def test_what_waits_for_an_office_is_not_sent_to_another_in_its_place(
    tmp_path: Path, office: OfficeProcess
) -> None:
    act = await leave_one_waiting(office, tmp_path)
    mine = office.database
    office.database = tmp_path / "swapped.db"
    await asyncio.to_thread(office.start)
    async with desk_at(office.url, tmp_path) as desk:
        with pytest.raises(OtherOfficeError) as refused:
            await sign_in(desk)
        assert refused.value.params == {"count": "1", "address": office.url}
        await desk.until(lambda: desk.status.line is LineState.SIGN_IN_NEEDED)
        assert await desk.state(act.id) is not CommandState.CONFIRMED
    assert office.tickets() == []
    await asyncio.to_thread(office.kill)
    office.database = mine
    await asyncio.to_thread(office.start)
    async with desk_at(office.url, tmp_path) as desk:
        await sign_in(desk)
        await desk.ended(act.id)
    assert len(office.tickets()) == 1


async def test_a_desk_with_nothing_unfinished_goes_over_and_shows_only_the_new_office(
    tmp_path: Path, office: OfficeProcess, other_office: OfficeProcess
) -> None:
    act, theirs = complaint(), other_office.file("At the other")
    async with desk_at(office.url, tmp_path) as desk:
        await sign_in(desk)
        await desk.online()
        await desk.record(act)
        await desk.ended(act.id)
        (ours,) = office.everything()
        await desk.holds(*ours)
    again = complaint()
    async with desk_at(other_office.url, tmp_path) as desk:
        await sign_in(desk)
        await desk.holds("troubleTicket", theirs)
        assert desk.new_mirrors == 1
        assert await desk.row(*ours) is None
        await desk.record(again)
        await desk.ended(again.id)
        await desk.until(lambda: desk.status.waiting == 0)
    assert len(office.everything()) == 1
    assert len(other_office.everything()) == 2


async def test_the_real_sync_process_refuses_in_the_clerks_words_and_sends_nothing(
    tmp_path: Path, office: OfficeProcess, other_office: OfficeProcess
) -> None:
    async with window(tmp_path, office.url) as at_first:
        await at_first.link.call("sign-in-embedded", secret=SECRET)
        await at_first.until(lambda: at_first.status.as_of is not None)
        await asyncio.to_thread(office.kill)
        at_first.record(complaint())
        await at_first.until(lambda: at_first.status.waiting == 1 and at_first.status.line is LineState.CUT)
    async with window(tmp_path, other_office.url) as at_other:
        with pytest.raises(OtherOfficeError) as refused:
            await at_other.link.call("sign-in-embedded", secret=SECRET)
        assert str(refused.value) == (
            "This is another back office than the one this desk works for. Acts still waiting for that one: 1. "
            f"They are safe; nothing was sent or changed. Start with --server {office.url}, or give another --profile."
        )
        assert not at_other.journal_is_quiet()
    assert other_office.tickets() == []


async def test_the_window_hears_at_once_that_what_it_shows_is_of_another_office(
    tmp_path: Path, office: OfficeProcess, other_office: OfficeProcess
) -> None:
    async with window(tmp_path, office.url) as at_first:
        await at_first.link.call("sign-in-embedded", secret=SECRET)
        await at_first.until(lambda: at_first.status.as_of is not None)
    other_office.misbehave("hang", "GET", "/snapshot", times=10)
    async with window(tmp_path, other_office.url) as at_other:
        await at_other.link.call("sign-in-embedded", secret=SECRET)
        await at_other.until(lambda: any(news.is_new_mirror for news in at_other.news))


async def test_an_office_without_an_id_is_known_by_its_origin(tmp_path: Path) -> None:
    person = {"id": "mei", "name": "Mei", "role": "clerk"}
    told = says(answer({"token": TOKEN, "offlineUntil": "2030-01-01T00:00:00Z", "user": person}))
    offices = [HostileOffice(nasty={"sign-in": told}) for _ in range(2)]
    first, second = [await office.start() for office in offices]
    try:
        async with opened(tmp_path / "desk", first) as desk:
            await desk.sign_in("mei", "secret")
            assert desk.journal.meta(OFFICE) == first
            await desk.record(complaint("mei"))
            await desk.sign_in("mei", "secret")
        async with opened(tmp_path / "desk", second) as desk:
            with pytest.raises(OtherOfficeError):
                await desk.sign_in("mei", "secret")
    finally:
        for office in offices:
            await office.close()
