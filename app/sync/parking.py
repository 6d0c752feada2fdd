"""Takes drafts to the hall and fetches them: each is on some disk at every moment, and worked on at one desk.

What is between desk and hall moves on only what head office itself says of it. Whatever else is answered leaves it where it
is, and it is asked about again later.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace

from app.core.drafts import Draft, Place
from app.core.errors import (
    BackOfficeAnswerError,
    BackOfficeUnreachableError,
    DeskError,
    StorageError,
    StorageFullError,
)
from app.core.words import said_of
from app.drafts.model import (
    DraftTakenError,
    DraftUnreadableError,
    NewerDraftError,
    NoHallError,
    NotParkedError,
    ParkedDraft,
)
from app.drafts.ports import HallOffice, ParkingStore
from app.sync.errors import GrantEndedError
from app.sync.keeping import Keeper
from app.sync.ports import OutboxStore
from app.sync.retry import Backoff
from app.sync.store_thread import StoreThread

EVERY_S = 300.0
_UNUSABLE = (BackOfficeAnswerError, DraftUnreadableError, NewerDraftError, StorageError, StorageFullError)


@dataclass(frozen=True, slots=True)
class Parking:
    """What it takes to park drafts.

    `public_of` makes the public half of the desk's secret key, `knows` whether this program can show a draft.
    """

    store: ParkingStore
    office: HallOffice
    public_of: Callable[[bytes], str]
    knows: Callable[[Draft], bool]
    every_s: float = EVERY_S


@dataclass(frozen=True, slots=True)
class _Wait:
    """How often in a row a draft could not be settled, and until when it is left alone; with another token it is not."""

    failures: int
    until: float
    token: str


class ParkingKeeper(Keeper):
    """Looks after drafts on their way until it is closed, now and then and when it is woken. `on_changed` hears of each step."""

    def __init__(
        self, parking: Parking, journal: OutboxStore, thread: StoreThread, on_changed: Callable[[], None]
    ) -> None:
        super().__init__(parking.every_s)
        self._parking = parking
        self._journal = journal
        self._thread = thread
        self._on_changed = on_changed
        self._backoff = Backoff()
        self._waits: dict[str, _Wait] = {}
        self._told: set[str] = set()  # the tokens with which this desk's key was told: each says for which hall

    async def parked(self, person: str) -> tuple[ParkedDraft, ...]:
        """What is parked at the hall of this person, who need not be who signed in here last."""
        token = await self._token_of(person)
        await self._tell_key(token)
        return await self._parking.office.parked(token)

    async def resume(self, draft_id: str, author: str) -> None:
        """Fetch one for this author."""
        token = await self._token_of(author)
        await self._tell_key(token)
        await self._fetch(await self._claim(token, draft_id, author))

    async def discard_parked(self, draft_id: str, person: str) -> None:
        """Let go of one at the hall for good; head office knows whether this person may."""
        await self._parking.office.take(await self._token_of(person), draft_id)

    async def _claim(self, token: str, draft_id: str, author: str) -> Draft:
        """Get it onto this desk's disk. What the desk cannot use is everybody's again."""
        store, run = self._parking.store, self._thread.run
        device, secret = await run(store.device), await run(store.secret)
        try:
            draft = await self._parking.office.claim(token, draft_id, device, secret)
            if not self._parking.knows(draft):
                raise NewerDraftError
            mine = replace(draft, author=author, place=Place.FETCHING)
            await run(store.fetching, mine)
        except _UNUSABLE:
            with suppress(DeskError):
                await self._parking.office.let_go(token, draft_id)
            raise
        return mine

    def _pause(self) -> float:
        now = asyncio.get_running_loop().time()
        return min([self._every_s, *(max(0.0, wait.until - now) for wait in self._waits.values())])

    async def _look(self) -> None:
        with _going_on():
            await self._tell_key(await self._latest())
        on_the_way = await self._thread.run(self._parking.store.on_the_way)
        self._waits = {one.id: self._waits[one.id] for one in on_the_way if one.id in self._waits}
        for draft in on_the_way:
            with _going_on():
                await self._settle(draft, await self._token_of(draft.author))

    async def _settle(self, draft: Draft, token: str) -> None:
        """Go on with one draft; what is wrong with it stands with it, and it is left alone for a while."""
        wait, now = self._waits.get(draft.id), asyncio.get_running_loop().time()
        if wait is not None and wait.token == token and now < wait.until:
            return
        try:
            await (self._retake(draft) if draft.place is Place.FETCHING else self._park(draft, token))
        except BackOfficeUnreachableError:
            raise
        except DeskError as error:
            failures = 1 if wait is None else wait.failures + 1
            self._waits[draft.id] = _Wait(failures, now + self._backoff.after(failures), token)
            await self._thread.run(self._parking.store.stuck, draft.id, _said(error))
            self._on_changed()
        else:
            self._waits.pop(draft.id, None)

    async def _park(self, draft: Draft, token: str) -> None:
        store, office, run = self._parking.store, self._parking.office, self._thread.run
        try:
            keys = {**await office.keys(token), await run(store.device): await self._public()}
            now = await run(store.parking, draft.id)
            if now is None:
                return
            await office.park(token, now, keys)
        except NoHallError as error:
            if draft.place is not Place.WAITS:
                raise  # it was asked before, so that there may be a hall all the same
            await run(store.came_back, draft.id, _said(error))
        except NotParkedError as error:
            await run(store.refused, draft.id, _said(error.why))
        else:
            await run(store.parked, draft.id)
        self._on_changed()

    async def _retake(self, draft: Draft) -> None:
        with suppress(DraftTakenError):  # then it is not here any more, and nothing of it was lost
            await self._fetch(draft)

    async def _fetch(self, draft: Draft) -> None:
        store, run = self._parking.store, self._thread.run
        try:
            await self._parking.office.take(await self._token_of(draft.author), draft.id)
        except DraftTakenError:
            await run(store.lost, draft.id)
            raise
        else:
            await run(store.fetched, draft.id)
        finally:
            self._on_changed()

    async def _tell_key(self, token: str) -> None:
        """Once for each sign-in: the hall may be another one."""
        if token not in self._told:
            with suppress(NoHallError):
                await self._parking.office.tell_key(token, await self._public())
            self._told.add(token)

    async def _public(self) -> str:
        return self._parking.public_of(await self._thread.run(self._parking.store.secret))

    async def _latest(self) -> str:
        grant = await self._thread.run(self._journal.latest_grant)
        if grant is None:
            raise GrantEndedError
        return grant.token

    async def _token_of(self, author: str) -> str:
        grant = await self._thread.run(self._journal.grant_of, author)
        if grant is None or not grant.token:
            raise GrantEndedError
        return grant.token


@contextmanager
def _going_on() -> Iterator[None]:
    """What is wrong with one of them keeps no other back; where head office does not answer, it answers nobody."""
    try:
        yield
    except BackOfficeUnreachableError:
        raise
    except DeskError:
        pass


def _said(error: DeskError) -> str:
    return said_of(error.text, **error.params)
