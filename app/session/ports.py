"""What signing in needs from outside."""

from __future__ import annotations

from typing import Protocol

from app.core.permissions import Clerk


class HeadOfficeSignIn(Protocol):
    """Asks head office. Raises SignInRefusedError, TooManyTriesError or BackOfficeUnreachableError."""

    async def sign_in(self, user: str, password: str) -> Clerk:
        """Sign in there and keep the grant for this person's commands."""
        ...


class DeskPins(Protocol):
    """The desk's own memory of who may work here without a line. Raises DeskError only."""

    async def check(self, user: str, pin: str) -> Clerk:
        """Return the clerk whose PIN this is.

        Raises WrongPinError, PinRemovedError, TooManyTriesError or OfflineGrantEndedError.
        """
        ...

    async def set_pin(self, user: str, pin: str) -> None:
        """Keep only a hash of the PIN."""
        ...
