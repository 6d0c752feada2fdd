"""One desk of a crowd while it is on: the real engine on encrypted files, over HTTP."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Final

from app.core.clock import to_wire
from app.core.errors import BackOfficeUnreachableError
from app.sync.retry import Backoff
from app.sync.status import LineState
from local_cache.mirror_store import POINTER
from local_cache.reader import Reader
from local_cache.records import MirrorCustomers
from local_cache.salvage import open_journal
from tests.contract.desks import KEY, REGION, RealDesk
from tests.crowd.acts import CROWD_REDUCERS, Plan
from tests.crowd.grounds import PASSWORD
from tests.crowd.looks import audit_is_whole, held_in, sequence_of, states_in
from tests.crowd.records import Done, HallOrder, Returned, Started, user_of
from tests.crowd.week import AWAY, Week, WeekAgo, granted

PATIENCE_S: Final = 1_800.0
SEARCHED: Final = "张"
_MOST_HITS = 20
_TYPING_S = 2.0


class Place:
    """A desk, and whoever works there."""

    def __init__(self, order: HallOrder, number: int) -> None:
        self._number = number
        self._user = user_of(number)
        self._url = order.url
        self._folder = Path(order.folder) / f"desk-{number}"
        self._plan = Plan(number, order.seed)
        self._clock = WeekAgo()
        self._seconds = 0.0
        self.typed_again = 0

    async def copy(self) -> None:
        """Sign in, take a copy, go."""
        self._switch_on()
        await self._sign_in()
        await self._in_step()
        await self._desk.close()

    async def work(self, acts: int) -> list[Done]:
        """A week without the line."""
        week = Week(self._desk.profile, self._number, self._clock)
        try:
            return await week.work(self._plan, acts)
        finally:
            week.close()

    async def come_back(self) -> None:
        """The line is there again, the grants of a week ago are not: the person signs in, and everything goes."""
        began, self._clock.passed = time.monotonic(), AWAY
        self._switch_on()
        await self._desk.until(lambda: self._desk.status.line is LineState.SIGN_IN_NEEDED, PATIENCE_S)
        await self._sign_in()
        await self._in_step()
        await self._desk.until(lambda: self._desk.status.waiting == 0, PATIENCE_S)
        self._seconds = round(time.monotonic() - began, 2)

    async def settle(self, sequence: int) -> Returned:
        """Be in step with what the others sent, too; tell how it looks here then, and go."""
        desk, run = self._desk, self._desk.engine.thread.run
        desk.engine.refresh()
        heard = desk.heard_more()
        while sequence_of((await run(desk.mirror.state)).cursor) < sequence:
            await desk.until(heard, PATIENCE_S)
            heard = desk.heard_more()
        told, states, is_sound = (
            desk.status,
            await run(states_in, desk.journal),
            await run(audit_is_whole, desk.journal),
        )
        held = await run(held_in, desk.profile, desk.journal)
        await desk.close()
        problems = [*map(repr, desk.bugs), *([told.trouble] if told.trouble else [])]
        return Returned(
            self._number, self._seconds, states, told.needs_you, told.waiting, is_sound, held, problems
        )  # fmt: skip

    async def start(self) -> Started:
        """A morning: the files are opened and somebody searches, while the sync process beside that gets in step."""
        self._clock.passed = AWAY
        began, since = time.monotonic(), to_wire(self._clock.now())
        journal, salvaged = await asyncio.to_thread(
            open_journal, self._desk.profile, KEY, CROWD_REDUCERS, self._clock
        )  # fmt: skip
        assert salvaged is None
        reader = Reader(self._desk.profile, KEY, lambda: int(journal.meta(POINTER, "0")), lambda: None)
        searched, in_step = await asyncio.gather(self._search(reader, began), self._get_in_step(since, began))
        await asyncio.to_thread(reader.close)
        journal.close()
        await self._desk.close()
        return Started(self._number, searched[1], in_step, searched[0], [*map(repr, self._desk.bugs)])

    async def _search(self, reader: Reader, began: float) -> tuple[int, float]:
        hits = await MirrorCustomers(reader, REGION).search(SEARCHED, _MOST_HITS)
        return len(hits), round(time.monotonic() - began, 3)

    async def _get_in_step(self, since: str, began: float) -> float:
        await asyncio.to_thread(self._make)
        self._desk.engine.start()
        await self._desk.until(lambda: self._as_of() > since, PATIENCE_S)
        return round(time.monotonic() - began, 3)

    def _as_of(self) -> str:
        return to_wire(self._desk.status.as_of) if self._desk.status.as_of else ""

    def _switch_on(self) -> None:
        self._make()
        self._desk.engine.start()

    def _make(self) -> None:
        self._desk = RealDesk(
            self._folder, self._url, clock=self._clock, backoff=Backoff(), reducers=CROWD_REDUCERS
        )  # fmt: skip

    async def _sign_in(self) -> None:
        """By password, for eight days; typed again where head office is too busy to answer in time."""
        desk, run = self._desk, self._desk.engine.thread.run
        device = await run(desk.journal.device)
        while True:
            try:
                answer = await desk.office.sign_in(self._user, PASSWORD, device)
                break
            except BackOfficeUnreachableError:
                self.typed_again += 1
                await asyncio.sleep(_TYPING_S)
        clerk = await run(desk.clerks.signed_in, granted(dict(answer), self._clock.now()))
        desk.engine.signed_in(clerk.id)

    async def _in_step(self) -> None:
        since = to_wire(self._clock.now())
        await self._desk.until(lambda: self._as_of() > since, PATIENCE_S)
