"""Keeps the mirror in step: snapshot, feed, and the stream that says when to pull."""

from __future__ import annotations

import asyncio

from app.core.clock import Clock
from app.core.errors import BackOfficeAnswerError, BackOfficeUnreachableError, DeskError
from app.sync.errors import BusyError, CursorExpiredError, GrantEndedError, MirrorDamagedError
from app.sync.model import MirrorState, SnapshotStart
from app.sync.ports import Grant, HeadOffice, MirrorStore, OutboxStore
from app.sync.retry import Backoff
from app.sync.store_thread import StoreThread

SAFETY_PULL_S = 300.0
MOST_PAGES_A_PULL = 2_000


class PullListener:
    """What the engine wants to hear of pulling."""

    def answered(self) -> None:
        """Head office answered sensibly."""

    def failed(self, error: DeskError) -> None:
        """A pull failed; it is tried again."""

    def in_step(self, state: MirrorState) -> None:
        """Everything head office had is here."""

    def loading(self, state: MirrorState) -> None:
        """A new copy is being built."""

    def changed(self, collections: frozenset[str], *, is_new_mirror: bool) -> None:
        """Rows changed."""


class Puller:
    """Pulls at once, when told to, when the stream says so, and every five minutes unasked."""

    def __init__(
        self,
        mirror: MirrorStore,
        journal: OutboxStore,
        thread: StoreThread,
        head_office: HeadOffice,
        clock: Clock,
        backoff: Backoff,
        listener: PullListener,
    ) -> None:
        self._mirror = mirror
        self._journal = journal
        self._thread = thread
        self._head_office = head_office
        self._clock = clock
        self._backoff = backoff
        self._listener = listener
        self._wanted = asyncio.Event()
        self._complete = asyncio.Event()
        self._is_damaged = False

    def rebuild(self) -> None:
        """The copy in use cannot be read any more: build another."""
        self._is_damaged = True
        self.pull_soon()

    def pull_soon(self) -> None:
        """Pull now, or again when the running pull has ended."""
        self._wanted.set()

    async def run(self) -> None:
        """Pull for ever."""
        failures = 0
        while True:
            self._wanted.clear()
            wait = SAFETY_PULL_S
            try:
                await self._pull()
                failures = 0
            except DeskError as error:
                failures += 1
                self._is_damaged = self._is_damaged or isinstance(error, MirrorDamagedError)
                self._listener.failed(error)
                told = error.seconds if isinstance(error, BusyError) else None
                wait = told if told is not None else self._backoff.after(failures)
            await self._rest(wait)

    async def listen(self) -> None:
        """Follow the stream of events for ever; a dead stream is opened again."""
        failures = 0
        while True:
            await self._complete.wait()
            try:
                grant, state = await self._grant(), await self._state()
                async for _ in self._head_office.events(grant, state.cursor):
                    failures = 0
                    self.pull_soon()
            except DeskError:
                pass  # the pull meets the same trouble and reports it
            failures += 1
            self.pull_soon()
            await asyncio.sleep(self._backoff.after(failures))

    async def _rest(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._wanted.wait(), seconds)
        except TimeoutError:
            return

    async def _pull(self) -> None:
        grant = await self._grant()
        state = await self._state()
        if self._is_damaged or not state.is_complete:
            state = await self._snapshot(grant)
            self._is_damaged = False
        try:
            await self._feed(grant, state)
        except CursorExpiredError:
            await self._feed(grant, await self._snapshot(grant))

    async def _grant(self) -> Grant:
        grant = await self._thread.run(self._journal.latest_grant)
        if grant is None:
            raise GrantEndedError
        return grant

    async def _state(self) -> MirrorState:
        """How far the copy is; a damaged one counts as none, and is built anew."""
        try:
            return await self._thread.run(self._mirror.state)
        except MirrorDamagedError as error:
            self._listener.failed(error)
            return MirrorState()

    async def _snapshot(self, grant: Grant) -> MirrorState:
        building = await self._thread.run(self._mirror.building)
        try:
            await self._download(grant, building)
        except CursorExpiredError:  # the server was restored meanwhile: nothing of the old build is worth keeping
            await self._download(grant, None)
        state = await self._thread.run(self._mirror.state)
        self._listener.changed(frozenset(), is_new_mirror=True)
        return state

    async def _download(self, grant: Grant, building: MirrorState | None) -> None:
        ended = False
        async for part in self._head_office.snapshot(grant, building.after if building else ""):
            if isinstance(part, SnapshotStart):
                if building and building.epoch != part.epoch:
                    raise CursorExpiredError
                if not building:
                    await self._thread.run(self._mirror.begin, part)
                continue
            await self._thread.run(self._mirror.add, part)
            ended = not part.after
            if state := await self._thread.run(self._mirror.building):
                self._listener.loading(state)
        if not ended:
            raise BackOfficeUnreachableError
        await self._thread.run(self._mirror.finish, self._clock.now())

    async def _settle_rest(self) -> None:
        """What a crash between the two files left unsettled, or a snapshot brought, is settled now."""
        if overlaid := await self._thread.run(self._journal.overlaid):
            await self._thread.run(self._journal.settle, await self._thread.run(self._mirror.rows, overlaid))

    async def _feed(self, grant: Grant, state: MirrorState) -> None:
        cursor = state.cursor
        for _ in range(MOST_PAGES_A_PULL):
            page = await self._head_office.feed(grant, cursor)
            if page.more and page.cursor == cursor:
                raise BackOfficeAnswerError  # it says there is more and gives nothing: never ask in a circle
            now = self._clock.now()
            touched = await self._thread.run(self._mirror.apply, page.changes, page.cursor, now)
            if page.changes:
                await self._thread.run(self._journal.settle, page.changes)
                self._listener.changed(touched, is_new_mirror=False)
            self._listener.answered()
            cursor = page.cursor
            if not page.more:
                await self._settle_rest()
                self._complete.set()
                self._listener.in_step(await self._thread.run(self._mirror.state))
                return
        raise BackOfficeAnswerError
