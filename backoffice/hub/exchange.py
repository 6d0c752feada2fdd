"""Runs a line for every subscription, in one process of all that serve a database."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import structlog

from app.core.clock import Clock
from backoffice.holding import Hold
from backoffice.hub.courier import Courier
from backoffice.hub.ledger import HubSettings, Ledger
from backoffice.hub.lines import Line, Threads
from backoffice.store import Store
from backoffice.web.logs import what_failed

_NAME = "hub"
_TIDIES_EVERY_S = 60.0
_BREATH_S = 0.02  # however fast others commit


class Exchange:
    """`run` it until it is cancelled. `anybody` is who asks without a token, where the server allows that."""

    def __init__(
        self, store: Store, clock: Clock, threads: Threads, settings: HubSettings, anybody: str | None
    ) -> None:
        self._store = store
        self._clock = clock
        self._threads = threads
        self._settings = settings
        self._ledger = Ledger(store, clock, settings, anybody)
        self._courier = Courier(settings.time_limit_s)
        self._hold = Hold(store.engine, _NAME)
        self._tidied: float | None = None
        self._lines: dict[str, tuple[Line, asyncio.Task[None]]] = {}

    async def run(self, bell: asyncio.Event) -> None:
        """Look whenever the bell rings, and every now and then since other processes write too."""
        try:
            while True:
                bell.clear()
                is_ours = await self._look_around()
                await asyncio.sleep(_BREATH_S if is_ours else self._settings.looks_every_s)
                if is_ours:
                    with suppress(TimeoutError):
                        async with asyncio.timeout(self._settings.looks_every_s):
                            await bell.wait()
        finally:
            await self._stop()

    async def _look_around(self) -> bool:
        """Whether it is this process that sends, and it could look."""
        try:
            if not await self._threads.read(self._hold.is_ours):
                await self._end(set(self._lines))
                return False
            await self._tidy()
            await self._follow(await self._threads.read(self._ledger.news))
        except Exception as error:  # noqa: BLE001 - whatever it was: nobody else would go on
            structlog.get_logger().error("hub", **what_failed(error))
            return False
        return True

    async def _tidy(self) -> None:
        now = self._clock.monotonic()
        if self._tidied is None or now - self._tidied >= _TIDIES_EVERY_S:
            await self._threads.write(self._ledger.tidy)
            self._tidied = now

    async def _follow(self, news: dict[str, bool]) -> None:
        """A line for every subscription and for no other; those that have news wake."""
        await self._end({name for name in self._lines if name not in news or self._lines[name][1].done()})
        for name, is_new in news.items():
            if name not in self._lines:
                line = Line(name, self._ledger, self._courier, self._threads, self._clock, self._settings)
                self._lines[name] = line, asyncio.create_task(line.run())
            if is_new:
                self._lines[name][0].news.set()

    async def _end(self, names: set[str]) -> None:
        tasks = [self._lines.pop(name)[1] for name in names]
        for task in tasks:
            task.cancel()
        for result in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(result, Exception):
                structlog.get_logger().error("hub line failed", **what_failed(result))

    async def _stop(self) -> None:
        await self._end(set(self._lines))
        self._courier.close()
        self._hold.let_go()
