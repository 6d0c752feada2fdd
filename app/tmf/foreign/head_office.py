"""What `app.sync.ports.HeadOffice` asks for, on plain TM Forum v4 (docs/protocol.md, "Foreign servers")."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from app.core.clock import Clock
from app.core.commands import There
from app.core.errors import DeskError
from app.core.ids import new_id
from app.sync.errors import CursorExpiredError, MirrorDamagedError
from app.sync.model import Change, Entry, FeedPage, Outcome, SnapshotPage, SnapshotStart
from app.sync.ports import Grant
from app.tmf.foreign.acts import LATE_S, Acts
from app.tmf.foreign.content import Read, same_content
from app.tmf.foreign.cursor import Cursor
from app.tmf.foreign.doubles import Doubles
from app.tmf.foreign.lists import Lists
from app.tmf.foreign.ports import Memory
from app.tmf.foreign.signing_in import Credentials
from app.tmf.foreign.sweep import Sweep, ends
from app.tmf.transport import Transport

# What changes most often comes first, and everybody after what they belong to.
COLLECTIONS: Final = (
    "troubleTicket", "serviceProblem", "productOrder", "customer", "individual", "organization", "billingAccount",
    "product", "service",
)  # fmt: skip
_STEPS_A_TURN = 10
_CHANGES_A_TURN = 500
_UNTOLD = 5_000_000  # rows of a collection whose number is not told: only bounds what is believed
_LEAST_NAP_S = 1.0


@dataclass(frozen=True, slots=True)
class Pace:
    """How often everything is looked at: a sweep that took long is followed by a long rest."""

    least_rest_s: float = 30.0
    longest_rest_s: float = 3_600.0
    rest_per_second: float = 4.0
    late_s: float = LATE_S

    def rest_after(self, seconds: float) -> float:
        """How long to rest after a sweep that took `seconds`."""
        return min(max(seconds * self.rest_per_second, self.least_rest_s), self.longest_rest_s)


class ForeignHeadOffice:
    """A TM Forum server at one address that knows nothing of desks."""

    def __init__(
        self, transport: Transport, memory: Memory, clock: Clock, credentials: Credentials, pace: Pace = Pace()
    ) -> None:
        self._memory = memory
        self._clock = clock
        self._credentials = credentials
        self._pace = pace
        self._lists = Lists(transport)
        self._doubles = Doubles(self._lists, memory)
        self._touched: dict[tuple[str, str], None] = {}
        self._acts = Acts(transport, self._lists, memory, clock, self._touch, pace.late_s)
        self._sweep: Sweep | None = None
        self._began = (0.0, clock.now())
        self._due = 0.0
        self._told = ""

    async def send(self, entry: Entry, entity_id: str, grant: Grant) -> Outcome:
        """Make the command's request, unless what it does is done already."""
        return await self._acts.send(entry, entity_id, grant)

    async def ask(self, entry: Entry, grant: Grant) -> Outcome:
        """Look for what the command would have left behind."""
        return await self._acts.ask(entry, grant)

    async def read(self, collection: str, entity_id: str, grant: Grant) -> There:
        """A record as it is now; what is gone, or out of view, has no body. The copy gets it with the next pull."""
        read = await self._lists.record(grant, collection, entity_id)
        self._touch(*read.key)
        return There(read.body if read.text is not None else None)

    async def sign_in(self, user: str, password: str) -> Mapping[str, Any]:
        """Return an answer like that of `/desk/v1/sign-in`, made up here."""
        return await self._credentials.sign_in(self._lists, user, password)

    def sweep_soon(self) -> None:
        """Somebody asked for news."""
        self._due = min(self._due, self._clock.monotonic())

    async def snapshot(self, grant: Grant, after: str) -> AsyncGenerator[SnapshotStart | SnapshotPage, None]:
        """List everything, beginning behind `after`. Raises CursorExpiredError for an unknown `after`."""
        began, now = self._clock.monotonic(), self._clock.now()
        epoch, revision, first, offset = _point(after) if after else (*await self._next_revision(), 0, 0)
        total = sum([await self._count(grant, collection) for collection in COLLECTIONS])
        yield SnapshotStart(epoch, str(Cursor(epoch, revision, now)), total)
        for number, collection in enumerate(COLLECTIONS[first:], first):
            first_before, is_last = "", False
            while not is_last:
                page = await self._lists.page(grant, collection, offset)
                if page is None:
                    break
                await self._doubles.look(grant, page.reads)
                is_last = ends(page, offset, first_before)
                offset += len(page.reads)
                first_before = page.reads[0].id if page.reads else ""
                goes_on = f"{epoch} {revision} {number} {offset}"
                if page.reads:
                    yield SnapshotPage(tuple(Change(*read.key, revision, read.text) for read in page.reads), goes_on)
            offset = 0
        self._sweep = None
        self._due = self._clock.monotonic() + self._pace.rest_after(self._clock.monotonic() - began)
        yield SnapshotPage((), "")

    async def feed(self, grant: Grant, cursor: str) -> FeedPage:
        """What the clerk's acts touched is read again at once; then the sweep goes on, if one is due."""
        at = Cursor.read(cursor)
        if cursor != self._told:
            self._sweep = None  # what it had found may not have been kept
        self._told = cursor
        changes = _Changes(self._memory, at.revision)
        try:
            await self._look(grant, changes)
        except DeskError:
            if not changes.found:
                raise
            is_cut = True  # what was found until then is kept first; the next turn meets the trouble again
        else:
            is_cut = False
        as_of = self._began[1] if changes.is_whole else at.as_of
        after = replace(at, revision=changes.revision, turn=at.turn + 1, as_of=as_of)
        self._told = str(after)
        return FeedPage(tuple(changes.found), self._told, self._sweep is not None or is_cut, as_of=as_of)

    async def events(self) -> AsyncGenerator[None, None]:
        """Yield whenever a sweep is due."""
        while True:
            left = self._due - self._clock.monotonic()
            if left <= 0 and self._sweep is None:
                yield
            await asyncio.sleep(max(min(left, self._pace.least_rest_s), _LEAST_NAP_S))

    async def _look(self, grant: Grant, changes: _Changes) -> None:
        await self._read_touched(grant, changes)
        if self._sweep is not None or self._clock.monotonic() >= self._due:
            await self._go_on(grant, changes)
        elif not changes.found:
            await self._lists.page(grant, COLLECTIONS[0], 0, 1)  # that it answers is news, too

    async def _go_on(self, grant: Grant, changes: _Changes) -> None:
        if self._sweep is None:
            self._sweep = Sweep(self._lists, self._memory, COLLECTIONS)
            self._began = (self._clock.monotonic(), self._clock.now())
        for _ in range(_STEPS_A_TURN):
            reads = await self._sweep.step(grant)
            await self._doubles.look(grant, reads)
            await changes.compare(reads)
            if self._sweep.is_done:
                self._rest(changes)
                return
            if self._touched or len(changes.found) >= _CHANGES_A_TURN:
                return

    def _rest(self, changes: _Changes) -> None:
        self._sweep = None
        changes.is_whole = True
        now = self._clock.monotonic()
        self._due = now + self._pace.rest_after(now - self._began[0])

    async def _read_touched(self, grant: Grant, changes: _Changes) -> None:
        for collection, entity_id in list(self._touched):
            read = await self._lists.record(grant, collection, entity_id)
            await self._doubles.look(grant, [read])
            await changes.compare([read], is_ours=True)
            self._touched.pop(read.key, None)

    def _touch(self, collection: str, entity_id: str) -> None:
        self._touched[collection, entity_id] = None

    async def _next_revision(self) -> tuple[str, int]:
        """The epoch goes on for as long as it is known how far it has counted."""
        try:
            at = Cursor.read((await self._memory.state()).cursor)
        except (CursorExpiredError, MirrorDamagedError):
            return new_id(), 1
        return at.epoch, at.revision + 1

    async def _count(self, grant: Grant, collection: str) -> int:
        page = await self._lists.page(grant, collection, 0, 1)
        if page is None:
            return 0
        return _UNTOLD if page.total is None else page.total


class _Changes:
    """What is news among what was read, numbered by the desk's own count."""

    def __init__(self, memory: Memory, revision: int) -> None:
        self._memory = memory
        self.revision = revision
        self.found: list[Change] = []
        self.is_whole = False

    async def compare(self, reads: Iterable[Read], *, is_ours: bool = False) -> None:
        """Keep what the copy does not hold so already; what this desk has changed is news whatever it says.

        Only with a revision of its own does it take the place of what the desk shows until then.
        """
        newest = {read.key: read for read in reads}
        held = {(one.collection, one.id): one.body for one in await self._memory.rows(newest)}
        for key, read in newest.items():
            if is_ours or not same_content(held.get(key), read.text):
                self.revision += 1
                self.found.append(Change(*key, self.revision, read.text))


def _point(after: str) -> tuple[str, int, int, int]:
    try:
        epoch, revision, number, offset = after.split(" ")
        return epoch, int(revision), int(number), int(offset)
    except ValueError as error:
        raise CursorExpiredError from error
