"""Customers outside the desk's home: fetched when somebody opens them, and let go of when their turn has come."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

from app.core.errors import DeskError, NeverSentError
from app.sync.errors import (
    BusyError,
    CursorExpiredError,
    GrantEndedError,
    MakingCopyError,
    MirrorDamagedError,
    SyncStoppedError,
)
from app.sync.model import Opened
from app.sync.ports import Grant, HeadOffice, MirrorStore
from app.sync.store_thread import StoreThread

MOST_OPENED = 200
_AGAIN_AT_A_TIME = 5  # between two pages of news
MOST_SIGNS = 6_000  # of an address, as their ids stand in it: proxies take 8,000
_OF_THE_PULL = (BusyError, CursorExpiredError, GrantEndedError, MirrorDamagedError, NeverSentError)


class Profiles:
    """What the puller fetches before it asks for news, so that the copy is never ahead of its cursor unknowingly."""

    def __init__(self, mirror: MirrorStore, thread: StoreThread, head_office: HeadOffice, most: int) -> None:
        self._mirror = mirror
        self._thread = thread
        self._head_office = head_office
        self._most = most
        self._wanted: dict[str, asyncio.Future[None]] = {}
        self._again: list[str] = []  # who was opened in the copy before this one
        self._refusal: DeskError | None = None  # why nobody can be fetched at the moment

    @property
    def are_wanted(self) -> bool:
        """Whether some are to be fetched yet, as there was no room for them, or as they can wait for the news."""
        return bool(self._wanted or self._again)

    def want(self, customer: str) -> asyncio.Future[None]:
        """Have everything of this customer fetched with the next pull; what is returned comes true then, or raises DeskError."""
        if customer in self._wanted:
            return self._wanted[customer]
        wanted = asyncio.get_running_loop().create_future()
        wanted.add_done_callback(_look_at)
        if self._refusal is not None:
            wanted.set_exception(self._refusal)
        else:
            self._wanted[customer] = wanted
        return wanted

    async def want_again(self, customers: list[str]) -> None:
        """The copy is a new one: have these fetched into it as well, unless it holds them, some with each pull."""
        wanted = list(dict.fromkeys([*customers, *self._again]))  # also of those whom the last copy never got
        rows = await self._thread.run(self._mirror.rows, [("customer", one) for one in wanted])
        held = {row.id for row in rows if row.body is not None}
        self._again = [one for one in wanted if one not in held]

    async def take(self, grant: Grant, epoch: str) -> frozenset[str]:
        """Fetch who is wanted into the copy, which is of that epoch; returns the collections touched.

        Who cannot be had is the trouble of whoever waits for them. Raises DeskError for what stops the pull as well.
        """
        touched: set[str] = set()
        for customer in list(self._wanted):
            if (await self.opened()).closing:
                return frozenset(touched)  # head office takes so many: first the pull lets go of some
            try:
                touched |= await self._fetched(grant, customer, epoch)
            except _OF_THE_PULL:
                raise
            except DeskError as error:
                self._wanted.pop(customer).set_exception(error)
            else:
                self._wanted.pop(customer).set_result(None)
        return await self._take_again(grant, epoch) | touched

    async def _take_again(self, grant: Grant, epoch: str) -> frozenset[str]:
        """Fetch some whom nobody waits for; who cannot be had is fetched when somebody opens them."""
        touched: set[str] = set()
        for customer in self._again[:_AGAIN_AT_A_TIME]:
            opened = await self.opened()
            if customer not in opened.customers and not opened.closing:
                try:
                    touched |= await self._fetched(grant, customer, epoch)
                except _OF_THE_PULL:
                    raise
                except DeskError:
                    pass
            self._again.remove(customer)
        return frozenset(touched)

    async def _fetched(self, grant: Grant, customer: str, epoch: str) -> frozenset[str]:
        profile = await self._head_office.profile(grant, customer)
        if profile.epoch != epoch:
            raise CursorExpiredError
        return await self._thread.run(self._mirror.open, customer, profile.rows)

    async def opened(self) -> Opened:
        """Whose records the copy holds, and who is to go."""
        customers = await self._thread.run(self._mirror.opened)
        return Opened(tuple(customers), tuple(customers[: _too_many(customers, self._most)]))

    def failed(self, error: DeskError) -> None:
        """No news are to be had: whoever waits is told."""
        wanted, self._wanted = self._wanted, {}
        for one in wanted.values():
            one.set_exception(error)

    @contextmanager
    def while_building(self) -> Iterator[None]:
        """A new copy takes minutes, and nobody is told to wait for it without a word."""
        self._refuse(MakingCopyError())
        try:
            yield
        finally:
            if isinstance(self._refusal, MakingCopyError):
                self._refusal = None

    def end(self) -> None:
        """Nothing is pulled any more."""
        self._refuse(SyncStoppedError())

    def _refuse(self, error: DeskError) -> None:
        self._refusal = error
        self.failed(error)


def _too_many(customers: list[str], most: int) -> int:
    """How many of the first are to go, so that the rest fit into a request."""
    signs, kept = 0, 0
    for customer in reversed(customers):
        signs += len(urlencode({"opened": customer})) + 1
        if signs > MOST_SIGNS or kept == most:
            break
        kept += 1
    return len(customers) - max(kept, 1) if customers else 0


def _look_at(future: asyncio.Future[None]) -> None:
    """Whoever waited may have gone: then nobody else looks at what became of it."""
    if not future.cancelled():
        future.exception()
