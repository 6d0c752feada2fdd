"""Keeps the mirror in step: snapshot, feed, and the stream that says when to pull."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import aclosing, suppress
from enum import IntEnum

from app.core.clock import Clock
from app.core.errors import BackOfficeAnswerError, DeskError
from app.sync.errors import BusyError, CursorExpiredError, GrantEndedError, MirrorDamagedError, MirrorDiffersError
from app.sync.model import Change, Closed, FeedPage, MirrorState
from app.sync.ports import Grant, HeadOffice, MirrorStore, OutboxStore
from app.sync.profiles import MOST_OPENED, Profiles
from app.sync.retry import Backoff
from app.sync.snapshot import SnapshotTaker
from app.sync.store_thread import StoreThread

SAFETY_PULL_S = 300.0
BREATH_S = 0.1  # a burst of changes is one pull
LONGEST_REBUILD_REST_S = 300.0
GOOD_COPY_S = 3_600.0  # a copy that lasted this long was no victim of a disk that damages all of them
STEADY_S = 30.0
MOST_PAGES_A_PULL = 2_000
DIFFERING_REST_S = 60.0  # before a copy that differs is built again; four times as long each time it differs after that
LONGEST_DIFFERING_REST_S = 6 * 3_600.0


class Urgency(IntEnum):
    """Why to pull, and which rest that ends."""

    NONE = 0
    NEWS = 1  # something changed: no need to wait for the next safety pull
    LINE_UP = 2  # a failed pull may be tried again
    PERSON = 3  # somebody asked for it, also where head office said when to come back


class PullListener:
    """What the engine wants to hear of pulling."""

    def answered(self, author: str) -> None:
        """Head office answered sensibly to the grant of that person."""

    async def renew(self) -> bool:
        """No grant is accepted: get one without a person. False where only a person can. Raises DeskError."""
        return False

    def failed(self, error: DeskError) -> None:
        """A pull failed; it is tried again."""

    def holds(self, state: MirrorState) -> None:
        """So far the copy has come, whatever the line does."""

    def in_step(self) -> None:
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
        most_opened: int = MOST_OPENED,
    ) -> None:
        self._mirror = mirror
        self._journal = journal
        self._thread = thread
        self._head_office = head_office
        self._clock = clock
        self._backoff = backoff
        self._listener = listener
        self._profiles = Profiles(mirror, thread, head_office, most_opened)
        self._taker = SnapshotTaker(mirror, thread, head_office, clock, listener.loading)
        self._asked = Urgency.NONE
        self._wake = asyncio.Event()
        self._complete = asyncio.Event()
        self._is_damaged = False
        self._differs = False
        self._in_vain = 0  # builds in a row because a copy differed
        self._builds = 0
        self._no_build_before = 0.0  # monotonic seconds
        self._built_at = 0.0

    def rebuild(self) -> None:
        """The copy in use cannot be read any more: build another."""
        self._is_damaged = True
        self.pull(Urgency.NEWS)

    async def fetch(self, customer: str) -> None:
        """Have everything of a customer outside the home in the copy. Raises DeskError."""
        wanted = self._profiles.want(customer)
        self.pull(Urgency.PERSON)
        await asyncio.shield(wanted)  # who does not wait any more leaves others waiting

    async def looked_at(self, customer: str) -> None:
        """Somebody looks at a customer whom the copy holds: if they are from outside the home, others go first."""
        with suppress(DeskError):  # the pull meets the same trouble and reports it
            await self._thread.run(self._mirror.look, customer)

    def end(self) -> None:
        """Nothing is pulled any more: whoever waits for a customer is told, now and later."""
        self._profiles.end()

    def pull(self, urgency: Urgency) -> None:
        """Pull now, or again when the running pull has ended."""
        self._asked = max(self._asked, urgency)
        self._wake.set()

    async def run(self) -> None:
        """Pull for ever."""
        failures = 0
        while True:
            self._asked = Urgency.NONE
            try:
                await self._pull_or_renew()
            except DeskError as error:
                failures += 1
                self._is_damaged = self._is_damaged or isinstance(error, MirrorDamagedError)
                self._listener.failed(error)
                self._profiles.failed(error)
                await self._rest_after(error, failures)
            else:
                failures = 0
                await asyncio.sleep(BREATH_S)
                wait = self._until_built_again if self._differs else SAFETY_PULL_S
                await self._rest(min(wait, SAFETY_PULL_S), Urgency.NEWS)

    async def listen(self) -> None:
        """Follow the stream of events for ever; a dead stream is opened again."""
        await self._complete.wait()
        failures = 0
        while True:
            began, told = self._clock.monotonic(), 0.0
            try:
                await self._follow()
            except DeskError as error:  # the pull meets the same trouble and reports it
                told = (error.seconds or 0.0) if isinstance(error, BusyError) else 0.0
            failures = 1 if self._clock.monotonic() - began >= STEADY_S else failures + 1
            self.pull(Urgency.NEWS)
            await asyncio.sleep(max(told, self._backoff.after(failures)))

    async def _follow(self) -> None:
        state, grant = await self._state(), await self._grant()
        async with aclosing(self._head_office.events(grant, state.cursor)) as events:
            async for _ in events:
                self.pull(Urgency.NEWS)

    async def _rest_after(self, error: DeskError, failures: int) -> None:
        own = self._backoff.after(failures)
        if isinstance(error, GrantEndedError):
            await self._rest(SAFETY_PULL_S, Urgency.PERSON)
        elif isinstance(error, BusyError) and error.seconds is not None:
            await self._rest(max(error.seconds, own), Urgency.PERSON)
        else:
            await self._rest(own, Urgency.LINE_UP)

    async def _rest(self, seconds: float, least: Urgency) -> None:
        """Wait, but no longer than until somebody asks at least that urgently."""
        try:
            async with asyncio.timeout(seconds):
                while self._asked < least:
                    self._wake.clear()
                    await self._wake.wait()
        except TimeoutError:
            return

    async def _pull_or_renew(self) -> None:
        """Once at most: a grant that is given and not accepted would be asked for without end."""
        try:
            await self._pull()
        except GrantEndedError:
            if not await self._listener.renew():
                raise
            await self._pull()

    async def _pull(self) -> None:
        state = await self._state()
        self._listener.holds(state)
        grant = await self._grant()
        is_due = self._differs and self._until_built_again == 0
        if self._is_damaged or is_due or not state.is_complete:
            state = await self._snapshot(grant)
        try:
            await self._feed(grant, state)
        except CursorExpiredError:
            await self._feed_anew(grant)

    @property
    def _until_built_again(self) -> float:
        """Seconds for which a copy that differs is used on: most of it is right, and another may differ just as much."""
        rest = min(DIFFERING_REST_S * 4.0**self._in_vain, LONGEST_DIFFERING_REST_S)
        return max(0.0, self._built_at + rest - self._clock.monotonic()) if self._built_at else 0.0

    async def _feed_anew(self, grant: Grant) -> None:
        state = await self._snapshot(grant)
        try:
            await self._feed(grant, state)
        except CursorExpiredError as error:
            raise BackOfficeAnswerError from error  # it refuses the cursor it has just given

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

    async def _opened(self) -> list[str]:
        """Whom the copy holds from outside the home, if that can be read."""
        try:
            return await self._thread.run(self._mirror.opened)
        except MirrorDamagedError:
            return []

    async def _snapshot(self, grant: Grant) -> MirrorState:
        if self._clock.monotonic() - self._built_at >= GOOD_COPY_S:
            self._builds = 0
        with self._profiles.while_building():
            await asyncio.sleep(self._no_build_before - self._clock.monotonic())
            opened = await self._opened()
            await self._taker.take(grant)
        await self._profiles.want_again(opened)
        self._builds += 1  # a disk that damages every copy must not make the desk download without end
        self._built_at = self._clock.monotonic()
        self._no_build_before = self._built_at + min(2.0**self._builds, LONGEST_REBUILD_REST_S)
        state = await self._thread.run(self._mirror.state)
        self._is_damaged = False
        self._in_vain += self._differs
        self._differs = False
        self._listener.changed(frozenset(), is_new_mirror=True)
        return state

    async def _feed(self, grant: Grant, state: MirrorState) -> None:
        if touched := await self._profiles.take(grant, state.epoch):
            self._listener.changed(touched, is_new_mirror=False)
        cursor, opened = state.cursor, await self._profiles.opened()
        resting = await self._thread.run(self._journal.resting)
        for _ in range(MOST_PAGES_A_PULL):
            page = await self._head_office.feed(grant, cursor, opened)
            if page.more and page.cursor == cursor:
                raise BackOfficeAnswerError  # it says there is more and gives nothing: never ask in a circle
            as_of = page.as_of or self._clock.now()
            closed = None if page.closed is None else Closed(opened.closing, page.closed)
            touched = await self._thread.run(self._mirror.apply, page.changes, page.cursor, as_of, closed)
            if page.changes or page.closed:
                await self._thread.run(self._journal.settle, page.changes)
                self._listener.changed(touched, is_new_mirror=False)
            self._listener.answered(grant.author)
            cursor = page.cursor
            if not page.more:
                await self._caught_up(resting)
                await self._compare(page)
                if self._profiles.are_wanted:
                    self.pull(Urgency.NEWS)
                return
        raise BackOfficeAnswerError

    async def _caught_up(self, resting: Iterable[Change]) -> None:
        """What a crash between the two files left unsettled, or a snapshot brought, is settled now.

        What had taken effect before head office was asked for news, and does not live in the copy, has gone since; or it took
        effect on what this desk has no copy of any more.
        """
        if overlaid := await self._thread.run(self._journal.overlaid):
            rows = await self._thread.run(self._mirror.rows, overlaid)
            held = {(row.collection, row.id) for row in rows if row.body is not None}
            gone = [one for one in resting if (one.collection, one.id) not in held]
            await self._thread.run(self._journal.settle, [*rows, *gone])
        self._complete.set()
        self._listener.holds(await self._thread.run(self._mirror.state))
        self._listener.in_step()

    async def _compare(self, page: FeedPage) -> None:
        """Look whether the copy is what head office says it should be."""
        state = await self._thread.run(self._mirror.state)
        if page.checksum is None or state.cursor != page.cursor:  # or another office has taken the place of this one
            return
        self._differs = state.checksum != page.checksum
        if self._differs:
            self._listener.failed(MirrorDiffersError())
        else:
            self._in_vain = 0
