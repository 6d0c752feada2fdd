"""Drafts go from desk to hall and from hall to desk through the real back office, and no kill and no lost answer costs one."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import select

from app.core.clock import to_wire
from app.core.drafts import Draft, Place
from app.core.errors import BackOfficeUnreachableError
from app.core.ids import new_id
from app.drafts.model import (
    DraftGoneError,
    DraftNotForYouError,
    DraftTakenError,
    DraftUnreadableError,
    NoHallError,
    ParkedState,
)
from app.drafts.ports import HallOffice, ParkingStore
from app.sync.parking import Parking, ParkingKeeper
from app.sync.store_thread import StoreThread
from app.tmf.drafts import HttpHall
from app.tmf.sealing import new_secret, public_of
from app.tmf.transport import Transport
from backoffice import schema
from backoffice.parking.parking import CLAIM_LASTS, KEPT, REMEMBERED
from backoffice.people import Person
from backoffice.scopes import EVERYTHING
from backoffice.web.context import Options
from local_cache.parking import JournalParking
from local_cache.pins import DeskClerks
from local_cache.profile import Profile
from tests.backoffice.helpers import RunningServer
from tests.cache.desk_files import DeskFiles
from tests.cache.records import draft_for, filing
from tests.contract.office_process import ForeignProcess
from tests.fakes.clock import FakeClock

WORDS = "the canary sang at noon"


class CutShortError(Exception):
    """The desk is killed here."""


class Steps:
    """Counts what the keeper does to disk and line; dies before the one numbered `fatal`, or after it did its work.

    Or before the one called `last`.
    """

    def __init__(self) -> None:
        self.count, self.fatal, self.is_after, self.last = 0, 0, False, ""

    def begin(self, fatal: int = 0, *, is_after: bool = False, last: str = "") -> None:
        self.count, self.fatal, self.is_after, self.last = 0, fatal, is_after, last

    def through(self, whole: object) -> Any:
        """The same object, each of whose calls is a step."""
        return _Stepping(whole, self)

    def before(self, name: str) -> None:
        self.count += 1
        if name == self.last or (self.count == self.fatal and not self.is_after):
            raise CutShortError

    def after(self) -> None:
        if self.count == self.fatal:
            raise CutShortError


class _Stepping:
    def __init__(self, whole: object, steps: Steps) -> None:
        self._whole, self._steps = whole, steps

    def __getattr__(self, name: str) -> Callable[..., Any]:
        call, steps = getattr(self._whole, name), self._steps

        def step(*words: Any) -> Any:
            steps.before(name)
            result = call(*words)
            steps.after()
            return result

        async def far_step(*words: Any) -> Any:
            steps.before(name)
            result = await call(*words)
            steps.after()
            return result

        return far_step if inspect.iscoroutinefunction(call) else step


class HallDesk:
    """One desk's files and the keeper of its drafts, with somebody signed in."""

    def __init__(
        self, folder: Path, server: RunningServer, person: str, hall: str = "xihu", role: str = "clerk"
    ) -> None:
        profile = Profile(folder)
        profile.prepare()
        self.person, self.server, self._hall, self._role = person, server, hall, role
        self.files = DeskFiles(profile)
        self.transport = Transport(server.url)
        self.steps = Steps()
        self.thread = StoreThread()
        self.moved = 0
        self.sign_in()
        self.restart()

    def sign_in(self) -> None:
        who = Person(self.person, self.person.title(), self._role)
        if self.server.people.find(self.person) is None:
            self.server.people.put(who, None, department=self._hall)
        token = self.server.people.grant(who, self.files.journal.device()).token
        user = {"id": self.person, "name": who.name, "role": self._role}
        answer = {"user": user, "token": token, "offlineUntil": to_wire(self.files.clock.now()), "office": "here"}
        DeskClerks(self.files.journal, self.files.clock).signed_in(answer)

    def restart(self) -> None:
        """What is not on disk is forgotten."""
        store = cast(ParkingStore, self.steps.through(JournalParking(self.files.sync_journal, new_secret)))
        office = cast(HallOffice, self.steps.through(HttpHall(self.transport)))
        parking = Parking(store, office, public_of)
        self.keeper = ParkingKeeper(parking, self.files.outbox, self.thread, self._moved)

    async def look(self) -> None:
        """What the keeper does when it is woken."""
        await self.keeper._look()

    async def begin(self) -> Draft:
        """Begin something, and let it go to the hall."""
        draft = replace(draft_for(replace(filing(), id=new_id()), WORDS), author=self.person)
        await self.files.drafts.keep(draft)
        await self.files.drafts.park(draft.id, self.person)
        return draft

    async def parked(self) -> Draft:
        """The same, and it arrives."""
        draft = await self.begin()
        await self.look()
        assert await self.places() == {}
        return draft

    async def places(self) -> dict[str, Place]:
        """What the desk has on its disk."""
        return {one.id: one.place for one in await self.files.drafts.drafts_of(self.person)}

    async def hall(self) -> dict[str, ParkedState]:
        """What it sees at the hall."""
        return {one.id: one.state for one in await self.keeper.parked()}

    async def close(self) -> None:
        await self.thread.close()
        await self.transport.close()
        self.files.close()

    def _moved(self) -> None:
        self.moved += 1


@pytest.fixture
def clock() -> FakeClock:
    """The back office's time."""
    return FakeClock()


@pytest.fixture
def server(tmp_path: Path, clock: FakeClock) -> Iterator[RunningServer]:
    """The real back office, in a thread."""
    running = RunningServer(str(tmp_path / "office.db"), Options(), clock)
    running.start()
    yield running
    running.stop()


@pytest.fixture
async def desks(tmp_path: Path, server: RunningServer) -> AsyncIterator[tuple[HallDesk, HallDesk]]:
    """Two desks of one hall that know of each other."""
    pair = HallDesk(tmp_path / "one", server, "mei"), HallDesk(tmp_path / "other", server, "li")
    for desk in pair:
        await desk.look()
    yield pair
    for desk in pair:
        await desk.close()


Desks = tuple[HallDesk, HallDesk]


async def claimed(one: HallDesk, other: HallDesk) -> Draft:
    """One parks, and the other has the box on its disk and dies before it says so."""
    draft = await one.parked()
    other.steps.begin(last="take")
    with pytest.raises(CutShortError):
        await other.keeper.resume(draft.id, "li")
    other.steps.begin()
    return draft


async def test_a_parked_draft_is_resumed_at_another_desk_by_another_clerk_as_it_was(desks: Desks) -> None:
    one, other = desks
    draft = await one.parked()
    (told,) = await other.keeper.parked()
    assert (told.kind, told.subject, told.author_name, told.state) == (
        "complaint",
        "no-service",
        "Mei",
        ParkedState.PARKED,
    )
    await other.keeper.resume(draft.id, "li")
    (resumed,) = await other.files.drafts.drafts_of("li")
    assert resumed == replace(draft, author="li")
    assert (await one.hall(), await one.places(), one.moved, other.moved) == ({}, {}, 1, 1)


async def test_the_back_office_holds_nothing_that_it_could_read(desks: Desks, server: RunningServer) -> None:
    await desks[0].parked()
    with server.store.reading(EVERYTHING) as reader:
        held = " ".join(str(row) for row in reader.connection.execute(select(schema.parked_draft)))
    assert "no-service" in held
    for canary in (WORDS, "Example", "C1", "description"):
        assert canary not in held


async def test_of_two_desks_one_gets_it_and_the_other_hears_who(desks: Desks, server: RunningServer) -> None:
    one, other = desks
    draft = await claimed(one, other)
    assert await one.hall() == {draft.id: ParkedState.CLAIMED}
    with pytest.raises(DraftTakenError) as refused:
        await one.keeper.resume(draft.id, "mei")
    assert refused.value.params == {"name": "Li"}


async def test_without_the_line_parking_waits_and_can_be_called_back(desks: Desks, server: RunningServer) -> None:
    one, _ = desks
    draft = await one.begin()
    server.stop_server()
    with pytest.raises(BackOfficeUnreachableError):
        await one.look()
    assert await one.places() == {draft.id: Place.WAITS}
    assert await one.files.drafts.call_back(draft.id, "mei")
    assert await one.places() == {draft.id: Place.HERE}


@pytest.mark.whole
async def test_what_head_office_may_have_by_now_is_not_called_back(desks: Desks) -> None:
    one, _ = desks
    draft = await one.begin()
    one.files.journal.close()
    JournalParking(one.files.sync_journal, new_secret).parking(draft.id)
    assert not await one.files.drafts.call_back(draft.id, "mei")
    await one.look()
    assert await one.hall() == {draft.id: ParkedState.PARKED}


@pytest.mark.parametrize(
    "is_after", [pytest.param(False, marks=pytest.mark.whole, id="before it"), pytest.param(True, id="after it")]
)
async def test_a_desk_that_is_killed_at_any_step_costs_no_draft_and_makes_no_second_one(
    desks: Desks, clock: FakeClock, *, is_after: bool
) -> None:
    one, other = desks
    fatal, has_died = 0, True
    while has_died:
        fatal += 1
        has_died = await goes_over(one, other, fatal, is_after=is_after)
        one, other = other, one
    assert fatal > 6


async def goes_over(one: HallDesk, other: HallDesk, fatal: int, *, is_after: bool) -> bool:
    """Park at one desk and resume at the other, each killed once and started again; whether any of them was."""
    died = 0
    draft = await one.begin()
    one.restart()
    one.steps.begin(fatal, is_after=is_after)
    try:
        await one.look()
    except CutShortError:
        died += 1
    one.steps.begin()
    one.restart()
    assert set(await one.places()) | set(await one.hall()) == {draft.id}
    await one.look()
    assert (await one.places(), await one.hall()) == ({}, {draft.id: ParkedState.PARKED})
    other.restart()
    other.steps.begin(fatal, is_after=is_after)
    try:
        await other.keeper.resume(draft.id, other.person)
    except CutShortError:
        died += 1
    other.steps.begin()
    other.restart()
    assert set(await other.places()) | set(await other.hall()) == {draft.id}
    await other.look()
    if await other.places() == {}:
        await other.keeper.resume(draft.id, other.person)
    assert (await other.places(), await other.hall(), await one.places()) == ({draft.id: Place.HERE}, {}, {})
    await other.files.drafts.discard(draft.id, other.person)
    return died > 0


async def test_a_claim_that_lapsed_before_it_was_followed_up_is_the_other_desks_and_nobody_works_on_it_twice(
    desks: Desks, clock: FakeClock
) -> None:
    one, other = desks
    draft = await claimed(one, other)
    assert await other.places() == {draft.id: Place.FETCHING}
    clock.move(CLAIM_LASTS)
    await one.keeper.resume(draft.id, "mei")
    await other.look()
    assert (await other.places(), await one.places()) == ({}, {draft.id: Place.HERE})


@pytest.mark.whole
async def test_what_has_expired_is_its_authors(desks: Desks, clock: FakeClock) -> None:
    one, other = desks
    draft = await one.parked()
    clock.move(KEPT)
    for desk in desks:
        desk.sign_in()
    with pytest.raises(DraftNotForYouError):
        await other.keeper.resume(draft.id, "li")
    assert await one.hall() == {draft.id: ParkedState.EXPIRED}
    await one.keeper.resume(draft.id, "mei")
    assert await one.places() == {draft.id: Place.HERE}


async def test_a_head_office_that_knows_nothing_of_a_claim_leaves_the_draft_here(
    desks: Desks, server: RunningServer, clock: FakeClock
) -> None:
    one, other = desks
    draft = await claimed(one, other)
    with server.store.writing() as transaction:
        transaction.connection.execute(schema.parked_draft.delete())
    await other.look()
    assert await other.places() == {draft.id: Place.HERE}
    assert REMEMBERED > KEPT


async def test_what_head_office_does_not_take_is_here_again(desks: Desks) -> None:
    one, _ = desks
    draft = replace(draft_for(filing(), "x" * 70_000), author="mei")
    await one.files.drafts.keep(draft)
    await one.files.drafts.park(draft.id, "mei")
    await one.look()
    assert await one.places() == {draft.id: Place.HERE}


@pytest.mark.whole
async def test_a_desk_that_came_to_the_hall_later_is_told_that_it_cannot_open_it(
    desks: Desks, server: RunningServer, tmp_path: Path
) -> None:
    draft = await desks[0].parked()
    late = HallDesk(tmp_path / "late", server, "zhao")
    with pytest.raises(DraftUnreadableError):
        await late.keeper.resume(draft.id, "zhao")
    assert await late.places() == {}
    with pytest.raises(DraftGoneError):
        await late.keeper.resume("another", "zhao")
    await late.close()


@pytest.mark.whole
async def test_a_foreign_server_parks_nothing_and_what_was_to_be_parked_stays_here(
    foreign: ForeignProcess, server: RunningServer, tmp_path: Path
) -> None:
    desk = HallDesk(tmp_path / "desk", server, "mei")
    desk.transport, ours = Transport(foreign.url), desk.transport
    await ours.close()
    desk.restart()
    draft = await desk.begin()
    await desk.look()
    assert await desk.places() == {draft.id: Place.HERE}
    with pytest.raises(NoHallError):
        await desk.hall()
    await desk.close()
