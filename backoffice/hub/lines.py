"""One listener's line: event after event, each until it is taken, however long that takes and whatever others do."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol, TypeVar

import httpx
import structlog

from app.core.clock import Clock
from backoffice.errors import RefusedError
from backoffice.hub.callbacks import checked
from backoffice.hub.courier import Courier, Outcome
from backoffice.hub.ledger import HubSettings, Ledger, Letter, Page
from backoffice.hub.patience import Patience

T = TypeVar("T")


class Threads(Protocol):
    """Where blocking work is done."""

    async def read(self, work: Callable[[], T]) -> T:
        """Do what only reads."""
        ...

    async def write(self, work: Callable[[], T]) -> T:
        """Do what writes, to its end."""
        ...


class Line:
    """Sends one subscription's events. `news` wakes it."""

    def __init__(
        self, name: str, ledger: Ledger, courier: Courier, threads: Threads, clock: Clock, settings: HubSettings
    ) -> None:
        self.news = asyncio.Event()
        self._name = name
        self._ledger = ledger
        self._courier = courier
        self._threads = threads
        self._clock = clock
        self._settings = settings
        self._begun = (0, 0)  # the revision that is being told, and how many of its events were taken
        self._patience = Patience(settings.first_rest_s, settings.longest_rest_s)
        self._log = structlog.get_logger().bind(subscription=name)

    async def run(self) -> None:
        """Send until the subscription has ended."""
        async with self._courier.client() as client:
            while True:
                page = await self._threads.read(lambda: self._ledger.next_page(self._name))
                if page is None:
                    return
                if await self._send(client, page) and page.is_last:
                    await self.news.wait()
                self.news.clear()

    async def _send(self, client: httpx.AsyncClient, page: Page) -> bool:
        """Whether all of it was taken. What was is kept, also where this is cut short."""
        reached = page.subscription.position
        try:
            for letter in page.letters:
                outcome = await self._say(client, page.subscription.callback, letter)
                if not outcome.is_taken:
                    break
                reached = letter.revision
            else:
                reached = page.end
                return True
        finally:
            if reached > page.subscription.position:
                await self._threads.write(lambda: self._ledger.taken(self._name, reached))
        await self._rest(outcome)
        return False

    async def _say(self, client: httpx.AsyncClient, url: str, letter: Letter) -> Outcome:
        """Send what of a letter was not taken yet."""
        revision, said = self._begun
        for step, message in enumerate(letter.messages):
            if letter.revision == revision and step < said:
                continue
            outcome = await self._try(client, url, message)
            if not outcome.is_taken:
                return outcome
            self._begun = (letter.revision, step + 1)
            if self._patience.succeeded():
                self._log.warning("hub listener takes events again")
        return Outcome(is_taken=True)

    async def _try(self, client: httpx.AsyncClient, url: str, message: bytes) -> Outcome:
        try:
            callback = checked(url, self._settings.callback_hosts)
        except RefusedError:
            return Outcome(is_taken=False, why="the host of the callback is not allowed")
        return await self._courier.deliver(client, callback, message, self._clock.now())

    async def _rest(self, outcome: Outcome) -> None:
        wait = self._patience.failed(self._clock.monotonic(), outcome.retry_after_s)
        if self._patience.failures == 1:
            self._log.info("hub listener does not take an event", why=outcome.why)
        if (lag := self._patience.lags(self._clock.monotonic())) is not None:
            self._log.warning("hub listener lags", why=outcome.why, seconds=round(lag))
        await asyncio.sleep(wait)
