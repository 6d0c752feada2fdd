"""Takes drafts to the hall and fetches them: each is on some disk at every moment, and worked on at one desk."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

from app.core.drafts import Draft, Place
from app.drafts.model import DraftTakenError, NoHallError, ParkedDraft
from app.drafts.ports import HallOffice, ParkingStore
from app.sync.errors import GrantEndedError
from app.sync.keeping import Keeper
from app.sync.ports import OutboxStore
from app.sync.store_thread import StoreThread

EVERY_S = 300.0


@dataclass(frozen=True, slots=True)
class Parking:
    """What it takes to park drafts. `public_of` makes the public half of the desk's secret key."""

    store: ParkingStore
    office: HallOffice
    public_of: Callable[[bytes], str]
    every_s: float = EVERY_S


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
        self._told: set[str] = set()  # the tokens with which this desk's key was told: each says for which hall

    async def parked(self) -> tuple[ParkedDraft, ...]:
        """What is parked at the hall."""
        token = await self._latest()
        await self._tell_key(token)
        return await self._parking.office.parked(token)

    async def resume(self, draft_id: str, author: str) -> None:
        """Fetch one for this author."""
        store, run = self._parking.store, self._thread.run
        token = await self._token_of(author)
        await self._tell_key(token)
        device, secret = await run(store.device), await run(store.secret)
        draft = await self._parking.office.claim(token, draft_id, device, secret)
        mine = replace(draft, author=author, place=Place.FETCHING)
        await run(store.fetching, mine)
        await self._fetch(mine)

    async def _look(self) -> None:
        with suppress(NoHallError):
            await self._tell_key(await self._latest())
        for draft in await self._thread.run(self._parking.store.on_the_way):
            with suppress(GrantEndedError):  # it waits for its author; those of others go on
                await (self._retake(draft) if draft.place is Place.FETCHING else self._park(draft))

    async def _park(self, draft: Draft) -> None:
        store, office, run = self._parking.store, self._parking.office, self._thread.run
        token = await self._token_of(draft.author)
        is_parked = False
        with suppress(NoHallError):
            keys = {**await office.keys(token), await run(store.device): await self._public()}
            now = await run(store.parking, draft.id)
            if now is None:
                return
            is_parked = await office.park(token, now, keys)
        await run(store.parked if is_parked else store.came_back, draft.id)
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
