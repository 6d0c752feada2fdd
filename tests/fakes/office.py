"""A head office in memory: takes each key once, and misbehaves when told to."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.core.commands import Command, Method, There
from app.core.errors import BackOfficeUnreachableError, DeskError
from app.rules.checksums import Checksum
from app.sync.errors import CursorExpiredError, GrantEndedError, NoProfileError
from app.sync.model import (
    Acknowledged,
    Change,
    Confirmed,
    Entry,
    FeedPage,
    Later,
    NeverArrived,
    NoGrant,
    NotKnown,
    Opened,
    Outcome,
    Profile,
    SnapshotPage,
    SnapshotStart,
)
from app.sync.ports import Grant

PAGE = 2


@dataclass
class FakeOffice:
    """Satisfies `HeadOffice`. `met` holds the moments of every call by name."""

    epoch: str = "e1"
    is_cut: bool = False
    tokens: set[str] = field(default_factory=lambda: {"token-1"})
    records: list[Change] = field(default_factory=list)
    taken: dict[str, int] = field(default_factory=dict)
    outcomes: deque[Outcome | DeskError | Exception] = field(default_factory=deque)
    feed_errors: deque[DeskError] = field(default_factory=deque)
    checksums: deque[Checksum] = field(default_factory=deque)
    read_of: list[tuple[str, str]] = field(default_factory=list)
    there: deque[There] = field(default_factory=lambda: deque([There()]))
    read_errors: deque[DeskError | None] = field(default_factory=deque)
    snapshot_script: list[SnapshotStart | SnapshotPage | DeskError] | None = None
    profiles: dict[str, tuple[Change, ...]] = field(default_factory=dict)
    asked_with: list[Opened] = field(default_factory=list)
    met: dict[str, list[float]] = field(default_factory=dict)
    sent_to: list[str] = field(default_factory=list)
    sent: list[Command] = field(default_factory=list)
    resumed_after: list[str] = field(default_factory=list)
    told: asyncio.Event = field(default_factory=asyncio.Event)
    hold: asyncio.Event | None = None
    stalls: bool = False
    breaks_streams: bool = False

    @property
    def counted(self) -> Counter[str]:
        """How often each call was made."""
        return Counter({name: len(moments) for name, moments in self.met.items()})

    def change(self, number: int, text: str = "{}") -> None:
        """Somebody changes a ticket; whoever listens is told."""
        self.records.append(Change("troubleTicket", f"T{number}", len(self.records) + 1, text))
        self.told.set()

    @property
    def cursor(self) -> str:
        return f"{self.epoch}.{len(self.records)}"

    async def send(self, entry: Entry, entity_id: str, grant: Grant, acknowledged: Acknowledged) -> Outcome:
        assert acknowledged.sequence < entry.sequence
        self._note("send")
        self.sent_to.append(entity_id)
        self.sent.append(entry.command)
        if self.is_cut:
            return Later(line_is_cut=True)
        if grant.token not in self.tokens:
            return NoGrant()
        if self.hold:
            await self.hold.wait()
        if not self.outcomes:
            return self._take(entry, entity_id)
        outcome = self.outcomes.popleft()
        if isinstance(outcome, Exception):
            raise outcome
        if isinstance(outcome, NotKnown):
            self._take(entry, entity_id)
        return outcome

    async def ask(self, entry: Entry, grant: Grant) -> Outcome:
        self._note("ask")
        if self.is_cut:
            return Later(line_is_cut=True)
        if grant.token not in self.tokens:
            return NoGrant()
        revision = self.taken.get(entry.command.id)
        return Confirmed(entry.command.entity_id, revision) if revision else NeverArrived()

    async def read(self, collection: str, entity_id: str, grant: Grant) -> There:
        self._note("read")
        self.read_of.append((collection, entity_id))
        if self.read_errors and (error := self.read_errors.popleft()):
            raise error
        self._check(grant)
        return self.there.popleft() if len(self.there) > 1 else self.there[0]

    async def snapshot(self, grant: Grant, after: str) -> AsyncGenerator[SnapshotStart | SnapshotPage, None]:
        self._note("snapshot")
        self.resumed_after.append(after)
        self._check(grant)
        for part in self.snapshot_script if self.snapshot_script is not None else self._parts(after):
            if isinstance(part, DeskError):
                raise part
            if self.stalls:
                await asyncio.Event().wait()
            yield part

    async def profile(self, grant: Grant, customer: str) -> Profile:
        self._note("profile")
        self._check(grant)
        if customer not in self.profiles:
            raise NoProfileError
        return Profile(self.epoch, self.profiles[customer])

    async def feed(self, grant: Grant, cursor: str, opened: Opened) -> FeedPage:
        self._note("feed")
        self.asked_with.append(opened)
        self._check(grant)
        if self.feed_errors:
            raise self.feed_errors.popleft()
        epoch, _, number = cursor.partition(".")
        if epoch != self.epoch:
            raise CursorExpiredError
        checksum = self.checksums.popleft() if self.checksums else None
        closed = tuple((row.collection, row.id) for name in opened.closing for row in self.profiles[name])
        changes = tuple(self.records[int(number) :])
        return FeedPage(changes, self.cursor, more=False, checksum=checksum, closed=closed if opened.closing else None)

    async def events(self, grant: Grant, cursor: str) -> AsyncGenerator[None, None]:
        self._note("events")
        self._check(grant)
        if cursor != self.cursor:
            yield
        while not self.breaks_streams:
            await self.told.wait()
            self.told.clear()
            if self.is_cut or self.breaks_streams:
                raise BackOfficeUnreachableError
            yield

    async def sign_in(self, user: str, password: str, device: str) -> Mapping[str, Any]:
        raise NotImplementedError

    def _note(self, call: str) -> None:
        self.met.setdefault(call, []).append(asyncio.get_running_loop().time())

    def _check(self, grant: Grant) -> None:
        if self.is_cut:
            raise BackOfficeUnreachableError
        if grant.token not in self.tokens:
            raise GrantEndedError

    def _take(self, entry: Entry, entity_id: str) -> Confirmed:
        key = entry.command.id
        if key not in self.taken:
            self.change(entry.sequence)
            self.taken[key] = len(self.records)
        is_new = entry.command.method is Method.CREATE
        return Confirmed(f"T{entry.sequence}" if is_new else entity_id, self.taken[key])

    def _parts(self, after: str) -> list[SnapshotStart | SnapshotPage]:
        rows = sorted({one.id: one for one in self.records}.values(), key=lambda one: one.id)
        rest = [one for one in rows if one.id > after]
        pages = [tuple(rest[start : start + PAGE]) for start in range(0, len(rest), PAGE)]
        return [
            SnapshotStart(self.epoch, self.cursor, len(rows)),
            *(SnapshotPage(page, page[-1].id) for page in pages),
            SnapshotPage((), ""),
        ]
