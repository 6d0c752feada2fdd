"""A desk as far as parking goes: its files, its line, and the keeper of its drafts, which can be killed at every step."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import httpx
import pytest

from app.complaints.drafts import is_known
from app.core.clock import to_wire
from app.core.drafts import Draft, Place
from app.core.errors import NeverSentError
from app.core.ids import new_id
from app.drafts.model import ParkedState
from app.drafts.ports import HallOffice, ParkingStore
from app.sync.parking import Parking, ParkingKeeper
from app.sync.store_thread import StoreThread
from app.tmf.drafts import HttpHall
from app.tmf.sealing import new_secret, public_of
from app.tmf.transport import Transport
from backoffice.people import Person
from local_cache.parking import JournalParking
from local_cache.pins import DeskClerks
from local_cache.profile import Profile
from tests.backoffice.helpers import RunningServer
from tests.cache.desk_files import DeskFiles
from tests.cache.records import draft_for, filing

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


async def _nothing(_method: str, _path: str) -> None:
    pass


class Way:
    """The way to head office, on which somebody else may answer: `instead` is asked first, and None lets a request through.

    `meanwhile` is what happens at the desk while a request is on its way.
    """

    def __init__(self, url: str) -> None:
        self._transport = Transport(url)
        self.instead: Callable[[str, str], httpx.Response | None] = lambda _method, _path: None
        self.meanwhile: Callable[[str, str], Awaitable[None]] = _nothing

    async def request(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Implements what `HttpHall` needs of a transport."""
        await self.meanwhile(method, path)
        return self.instead(method, path) or await self._transport.request(method, path, **more)

    def cut(self) -> None:
        """There is no line."""

        def nothing(_method: str, _path: str) -> httpx.Response:
            raise NeverSentError

        self.instead = nothing

    def mend(self) -> None:
        """Head office answers again."""
        self.instead = lambda _method, _path: None

    async def close(self) -> None:
        await self._transport.close()


class HallDesk:
    """One desk's files and the keeper of its drafts, with somebody signed in."""

    def __init__(self, folder: Path, server: RunningServer, person: str, hall: str = "xihu") -> None:
        profile = Profile(folder)
        profile.prepare()
        self.person, self.server, self._hall = person, server, hall
        self.files = DeskFiles(profile)
        self.way = Way(server.url)
        self.steps = Steps()
        self.thread = StoreThread()
        self.moved = 0
        self.sign_in()
        self.restart()

    def sign_in(self, person: str = "", hall: str = "", role: str = "clerk") -> None:
        """Somebody signs in with the line: whoever did so last, if nobody is named."""
        self.person, self._hall = person or self.person, hall or self._hall
        who = Person(self.person, self.person.title(), role)
        if self.server.people.find(self.person) is None:
            self.server.people.put(who, None, department=self._hall)
        token = self.server.people.grant(who, self.files.journal.device()).token
        user = {"id": self.person, "name": who.name, "role": role}
        answer = {"user": user, "token": token, "offlineUntil": to_wire(self.files.clock.now()), "office": "here"}
        DeskClerks(self.files.journal, self.files.clock).signed_in(answer)

    def restart(self) -> None:
        """What is not on disk is forgotten."""
        store = cast(ParkingStore, self.steps.through(JournalParking(self.files.sync_journal, new_secret)))
        office = cast(HallOffice, self.steps.through(HttpHall(cast(Transport, self.way))))
        parking = Parking(store, office, public_of, is_known)
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
        return {one.id: one.state for one in await self.keeper.parked(self.person)}

    async def close(self) -> None:
        await self.thread.close()
        await self.way.close()
        self.files.close()

    def _moved(self) -> None:
        self.moved += 1


Desks = tuple[HallDesk, HallDesk]


async def at_hall_without_answer(one: HallDesk) -> Draft:
    """One's draft reaches the hall, and the answer does not reach one."""
    draft = await one.begin()
    one.steps.begin(last="parked")
    with pytest.raises(CutShortError):
        await one.look()
    one.steps.begin()
    one.restart()
    assert await one.places() == {draft.id: Place.PARKING}
    return draft


async def claimed(one: HallDesk, other: HallDesk) -> Draft:
    """One parks, and the other has the box on its disk and dies before it says so."""
    draft = await one.parked()
    other.steps.begin(last="take")
    with pytest.raises(CutShortError):
        await other.keeper.resume(draft.id, "li")
    other.steps.begin()
    return draft
