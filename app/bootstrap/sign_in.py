"""Signing in: `app.session`'s ports answered by the sync process and by the desk's own memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.bootstrap.link import SyncLink
from app.core.errors import BackOfficeUnreachableError
from app.core.permissions import Clerk

if TYPE_CHECKING:  # heavy: the window imports it after its first paint
    from app.bootstrap.store import Store


class HeadOfficeByLink:
    """Implements `app.session.ports.HeadOfficeSignIn`."""

    def __init__(self, store: Store, link: SyncLink | None) -> None:
        self._store = store
        self._link = link

    async def sign_in(self, user: str, password: str) -> Clerk:
        """Sign in there and keep the grant for this person's commands."""
        return await self._clerk_after("sign-in", user=user, password=password)

    async def sign_in_embedded(self, secret: str) -> Clerk:
        """Sign the demonstration clerk in."""
        return await self._clerk_after("sign-in-embedded", secret=secret)

    async def _clerk_after(self, call: str, **words: str) -> Clerk:
        if self._link is None:
            raise BackOfficeUnreachableError
        answer = await self._link.call(call, **words)
        clerk = await self._store.log.run(self._store.clerks.find, answer["id"])
        assert clerk is not None, "the sync process wrote it before it answered"  # noqa: S101
        return clerk


class DeskPinsByStore:
    """Implements `app.session.ports.DeskPins`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def check(self, user: str, pin: str) -> Clerk:
        """Return the clerk whose PIN this is."""
        return await self._store.log.run(self._store.clerks.check, user, pin)

    async def set_pin(self, user: str, pin: str) -> None:
        """Keep only a hash of the PIN."""
        await self._store.log.run(self._store.clerks.set_pin, user, pin)
