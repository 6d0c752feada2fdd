"""Sign in with the line, or without it by desk PIN."""

from __future__ import annotations

from dataclasses import replace

from app.core.errors import BackOfficeUnreachableError
from app.core.permissions import Clerk
from app.session.model import MIN_PIN_DIGITS, GuessablePinError, WeakPinError
from app.session.ports import DeskPins, HeadOfficeSignIn

_COUNTING = "01234567890123456789 98765432109876543210"


class SignIn:
    """Knows whether head office or the desk itself may vouch for a person."""

    def __init__(self, head_office: HeadOfficeSignIn, pins: DeskPins) -> None:
        self._head_office = head_office
        self._pins = pins

    async def sign_in(self, user: str, secret: str) -> Clerk:
        """Ask head office; with the line cut, `secret` is taken for the desk PIN."""
        try:
            return await self._head_office.sign_in(user.strip(), secret)
        except BackOfficeUnreachableError:
            return await self._pins.check(user.strip(), secret)

    async def set_pin(self, clerk: Clerk, pin: str) -> Clerk:
        """Set the PIN with which this person may sign in here when the line is cut."""
        if not pin.isascii() or not pin.isdigit() or len(pin) < MIN_PIN_DIGITS:
            raise WeakPinError(digits=str(MIN_PIN_DIGITS))
        if len(set(pin)) == 1 or pin in _COUNTING:
            raise GuessablePinError
        await self._pins.set_pin(clerk.id, pin)
        return replace(clerk, has_pin=True)
