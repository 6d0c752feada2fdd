"""The back office at an address, whoever built it: what it is was decided at the first sign-in, and is not decided again."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from enum import StrEnum
from typing import Any

from app.core.commands import There
from app.sync.errors import NoDeskExtensionError, NoProfileError
from app.sync.model import Acknowledged, Entry, FeedPage, Opened, Outcome, Profile, SnapshotPage, SnapshotStart
from app.sync.ports import Grant
from app.tmf.foreign.head_office import ForeignHeadOffice
from app.tmf.head_office import HttpHeadOffice


class Kind(StrEnum):
    """Whether a back office speaks the desk protocol."""

    OURS = "ours"
    FOREIGN = "foreign"


class AnyHeadOffice:
    """Implements `app.sync.ports.HeadOffice`. `known_kind` tells what the desk remembers; None where nobody signed in yet."""

    def __init__(
        self, ours: HttpHeadOffice, foreign: ForeignHeadOffice, known_kind: Callable[[], Awaitable[Kind | None]]
    ) -> None:
        self._ours = ours
        self._foreign = foreign
        self._known_kind = known_kind
        self._kind: Kind | None = None

    async def send(self, entry: Entry, entity_id: str, grant: Grant, acknowledged: Acknowledged) -> Outcome:
        """Make the command's request."""
        if await self._is_foreign():  # which has no keys to forget
            return await self._foreign.send(entry, entity_id, grant)
        return await self._ours.send(entry, entity_id, grant, acknowledged)

    async def ask(self, entry: Entry, grant: Grant) -> Outcome:
        """Ask what became of it."""
        return await (await self._there()).ask(entry, grant)

    async def read(self, collection: str, entity_id: str, grant: Grant) -> There:
        """A record as it is now; what is gone, or out of view, has no body."""
        return await (await self._there()).read(collection, entity_id, grant)

    async def snapshot(self, grant: Grant, after: str) -> AsyncGenerator[SnapshotStart | SnapshotPage, None]:
        """Stream everything in scope, beginning behind `after`. Raises CursorExpiredError for an unknown `after`."""
        async with aclosing((await self._there()).snapshot(grant, after)) as parts:
            async for part in parts:
                yield part

    async def profile(self, grant: Grant, customer: str) -> Profile:
        """All records of one customer. Raises NoProfileError; of somebody else's server the desk holds everybody anyway."""
        if await self._is_foreign():
            raise NoProfileError
        return await self._ours.profile(grant, customer)

    async def feed(self, grant: Grant, cursor: str, opened: Opened) -> FeedPage:
        """Changes after `cursor`. Raises CursorExpiredError."""
        if await self._is_foreign():
            return await self._foreign.feed(grant, cursor)
        return await self._ours.feed(grant, cursor, opened)

    async def events(self, grant: Grant, cursor: str) -> AsyncGenerator[None, None]:
        """Yield whenever there is something to pull; ends or raises when the line is dead."""
        is_foreign = await self._is_foreign()
        async with aclosing(self._foreign.events() if is_foreign else self._ours.events(grant, cursor)) as events:
            async for _ in events:
                yield

    async def sign_in(self, user: str, password: str, device: str) -> Mapping[str, Any]:
        """Let somebody in; at an address where nobody has signed in before, also find out what is there."""
        kind = await self._remembered()
        if kind is Kind.FOREIGN:
            return await self._foreign.sign_in(user, password)
        try:
            return await self._ours.sign_in(user, password, device)
        except NoDeskExtensionError:
            if kind is Kind.OURS or await self._ours.has_extension():
                raise  # a back office that has lost its way is not somebody else's
            return await self._foreign.sign_in(user, password)

    async def sign_in_embedded(self, secret: str, device: str) -> Mapping[str, Any]:
        """Sign the demonstration clerk in with the secret that the embedded back office was started with."""
        return await self._ours.sign_in_embedded(secret, device)

    def sweep_soon(self) -> None:
        """Somebody asked for news; a back office that has a feed needs no telling."""
        self._foreign.sweep_soon()

    async def _there(self) -> HttpHeadOffice | ForeignHeadOffice:
        return self._foreign if await self._is_foreign() else self._ours

    async def _is_foreign(self) -> bool:
        return await self._remembered() is Kind.FOREIGN

    async def _remembered(self) -> Kind | None:
        if self._kind is None:
            self._kind = await self._known_kind()
        return self._kind
