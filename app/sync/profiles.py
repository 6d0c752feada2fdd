"""Customers outside the desk's home: fetched when somebody opens them, and let go of when their turn has come."""

from __future__ import annotations

import asyncio

from app.core.errors import DeskError
from app.sync.errors import CursorExpiredError, NoProfileError
from app.sync.model import Opened
from app.sync.ports import Grant, HeadOffice, MirrorStore
from app.sync.store_thread import StoreThread

MOST_OPENED = 200
MOST_SIGNS = 4_000  # of their ids together, since they stand in an address


class Profiles:
    """What the puller fetches before it asks for news, so that the copy is never ahead of its cursor unknowingly."""

    def __init__(self, mirror: MirrorStore, thread: StoreThread, head_office: HeadOffice, most: int) -> None:
        self._mirror = mirror
        self._thread = thread
        self._head_office = head_office
        self._most = most
        self._wanted: dict[str, asyncio.Future[None]] = {}

    def want(self, customer: str) -> asyncio.Future[None]:
        """Have everything of this customer fetched with the next pull; what is returned comes true then, or raises DeskError."""
        if customer not in self._wanted:
            self._wanted[customer] = asyncio.get_running_loop().create_future()
            self._wanted[customer].add_done_callback(_look_at)
        return self._wanted[customer]

    async def take(self, grant: Grant, epoch: str) -> frozenset[str]:
        """Fetch who is wanted into the copy, which is of that epoch; returns the collections touched. Raises DeskError."""
        touched: set[str] = set()
        for customer in list(self._wanted):
            try:
                profile = await self._head_office.profile(grant, customer)
            except NoProfileError as error:
                self._wanted.pop(customer).set_exception(error)
                continue
            if profile.epoch != epoch:
                raise CursorExpiredError
            touched |= await self._thread.run(self._mirror.open, customer, profile.rows)
            self._wanted.pop(customer).set_result(None)
        return frozenset(touched)

    async def opened(self) -> Opened:
        """Whose records the copy holds, and who is to go."""
        customers = await self._thread.run(self._mirror.opened)
        return Opened(tuple(customers), tuple(customers[: _too_many(customers, self._most)]))

    def failed(self, error: DeskError) -> None:
        """No news are to be had: whoever waits is told."""
        wanted, self._wanted = self._wanted, {}
        for one in wanted.values():
            one.set_exception(error)


def _too_many(customers: list[str], most: int) -> int:
    """How many of the first are to go, so that the rest fit into a request."""
    signs, kept = 0, 0
    for customer in reversed(customers):
        signs += len(customer.encode())
        if signs > MOST_SIGNS or kept == most:
            break
        kept += 1
    return len(customers) - max(kept, 1) if customers else 0


def _look_at(future: asyncio.Future[None]) -> None:
    """Whoever waited may have gone: then nobody else looks at what became of it."""
    if not future.cancelled():
        future.exception()
