"""What the sync engine needs from outside."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from app.core.commands import Command, There
from app.sync.model import (
    Acknowledged,
    Change,
    Closed,
    CommandState,
    Entry,
    FeedPage,
    MirrorState,
    Opened,
    Outcome,
    Profile,
    SnapshotPage,
    SnapshotStart,
)
from app.sync.outbox import Transition
from app.sync.status import Held


@dataclass(frozen=True, slots=True)
class Grant:
    """What lets a person's commands through: kept encrypted until their last command ends."""

    author: str
    token: str


class OutboxStore(Protocol):
    """The journal as the engine uses it. Every call that returns has reached the disk."""

    def unfinished(self) -> list[Entry]:
        """Commands that are not at rest, in device order."""
        ...

    def mark(self, transition: Transition) -> CommandState:
        """Write a command's new state, with its effect as head office confirmed it; returns where it stands now.

        That is another one where the command is at rest already, or where the answer is of an epoch that is over.
        """
        ...

    def as_written(self, command_id: str) -> Command:
        """The command as it is by now: what its author saw may have been corrected since."""
        ...

    def server_id(self, collection: str, entity_id: str) -> str:
        """The id head office gave what was made here under `entity_id`; the same id if it was not made here."""
        ...

    def acknowledged(self) -> Acknowledged:
        """Up to where every command has ended."""
        ...

    def grant_of(self, author: str) -> Grant | None:
        """The author's grant, if the desk holds one."""
        ...

    def latest_grant(self) -> Grant | None:
        """The grant to read with: that of whoever signed in last."""
        ...

    def counts(self) -> tuple[int, int]:
        """How many commands wait, and how many need a person."""
        ...

    def held(self, authors: frozenset[str]) -> tuple[Held, ...]:
        """Acts on their way that wait for one of these people to sign in; who has waited longest first."""
        ...

    def overlaid(self) -> list[tuple[str, str]]:
        """Collection and id at head office of every entity that unsettled commands touch."""
        ...

    def resting(self) -> list[Change]:
        """What is still laid over the copy though nothing is under way, each as if it were gone at its revision."""
        ...

    def settle(self, changes: Iterable[Change]) -> None:
        """The mirror holds these rows now: drop effects that say nothing new, redo those that rest on older rows."""
        ...


class MirrorStore(Protocol):
    """The replica as the engine writes it."""

    def state(self) -> MirrorState:
        """How far the copy has come. Raises MirrorDamagedError."""
        ...

    def building(self) -> MirrorState | None:
        """A build that was cut short and can go on, if there is one."""
        ...

    def begin(self, start: SnapshotStart) -> None:
        """Start a new copy beside the one in use."""
        ...

    def add(self, page: SnapshotPage) -> None:
        """Store rows and token in one transaction."""
        ...

    def finish(self, as_of: datetime) -> None:
        """Index the new copy and put it in the place of the old one."""
        ...

    def rows(self, keys: Iterable[tuple[str, str]]) -> list[Change]:
        """The copy's rows of these collections and ids, as changes; missing ones are left out."""
        ...

    def apply(
        self, changes: Iterable[Change], cursor: str, as_of: datetime, closed: Closed | None = None
    ) -> frozenset[str]:
        """Apply changes and cursor, and let go of who is closed, in one transaction; returns the collections touched."""
        ...

    def open(self, customer: str, rows: Iterable[Change]) -> frozenset[str]:
        """Take all records of a customer outside the home, and note that, in one transaction; returns the collections touched."""
        ...

    def look(self, customer: str) -> None:
        """Note that somebody looks at this customer, if they are from outside the home."""
        ...

    def opened(self) -> list[str]:
        """The customers outside the home whom the copy holds; who was looked at last is last."""
        ...


class HeadOffice(Protocol):
    """The back office over the wire. Raises DeskError; never anything else for what the other side does."""

    async def send(self, entry: Entry, entity_id: str, grant: Grant, acknowledged: Acknowledged) -> Outcome:
        """Make the command's request."""
        ...

    async def ask(self, entry: Entry, grant: Grant) -> Outcome:
        """Ask what became of it."""
        ...

    async def read(self, collection: str, entity_id: str, grant: Grant) -> There:
        """A record as it is now; what is gone, or out of view, has no body."""
        ...

    def snapshot(self, grant: Grant, after: str) -> AsyncGenerator[SnapshotStart | SnapshotPage, None]:
        """Stream everything in scope, beginning behind `after`. Raises CursorExpiredError for an unknown `after`."""
        ...

    async def profile(self, grant: Grant, customer: str) -> Profile:
        """All records of one customer. Raises NoProfileError."""
        ...

    async def feed(self, grant: Grant, cursor: str, opened: Opened) -> FeedPage:
        """Changes after `cursor`. Raises CursorExpiredError."""
        ...

    def events(self, grant: Grant, cursor: str) -> AsyncGenerator[None, None]:
        """Yield whenever there is something to pull; ends or raises when the line is dead."""
        ...

    async def sign_in(self, user: str, password: str, device: str) -> Mapping[str, Any]:
        """Return the answer of `/desk/v1/sign-in`."""
        ...
