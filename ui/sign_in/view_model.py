"""Signing in, and the offer of a desk PIN afterwards."""

from __future__ import annotations

from collections.abc import Coroutine
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.core.errors import DeskError
from app.core.tasks import TaskScope
from app.core.words import QT_TRANSLATE_NOOP
from app.sync.status import LineState, SyncStatus
from ui.view_model import ViewModel
from ui.workstation import Desk, Workstation


class PinsDifferError(DeskError):
    """The PIN was not typed the same way twice."""

    text = QT_TRANSLATE_NOOP("errors", "The two PINs are not the same. No PIN was set. Type it twice again.")


class UserMissingError(DeskError):
    """No user was typed."""

    text = QT_TRANSLATE_NOOP("errors", "Type your user name first.")


class SignInField(StrEnum):
    """Where the cursor can be sent."""

    USER = "user"
    SECRET = "secret"  # noqa: S105 - the name of a field
    PIN = "pin"


@dataclass(frozen=True, slots=True)
class SignInState:
    """What the sign-in page shows. Secrets are never part of it."""

    is_line_cut: bool
    is_busy: bool = False
    is_pin_offered: bool = False
    error: DeskError | None = None

    @property
    def field_at_fault(self) -> SignInField | None:
        """The field the error is about."""
        if self.error is None:
            return None
        if self.is_pin_offered:
            return SignInField.PIN
        return SignInField.USER if isinstance(self.error, UserMissingError) else SignInField.SECRET


class SignInViewModel(ViewModel[SignInState]):
    """Signs one person in; `signed_in` carries their Desk, `field_wanted` the field the cursor belongs in."""

    signed_in = Signal(object)
    field_wanted = Signal(object)

    def __init__(self, workstation: Workstation, tasks: TaskScope, parent: QObject) -> None:
        super().__init__(SignInState(_is_cut(workstation.status)), parent)
        self._workstation = workstation
        self._tasks = tasks
        self._desk: Desk | None = None

    def sign_in(self, user: str, secret: str) -> None:
        """Try these; while a try runs a second is dropped."""
        if not user.strip():
            self._refuse(UserMissingError())
        else:
            self._begin("sign-in", self._sign_in(user, secret))

    def set_pin(self, pin: str, again: str) -> None:
        """Set the desk PIN typed twice, then go in."""
        if pin != again:
            self._refuse(PinsDifferError())
        else:
            self._begin("set-pin", self._set_pin(pin))

    def skip_pin(self) -> None:
        """Go in without a desk PIN; it is offered again next time."""
        if self._desk is not None and not self.state.is_busy:
            self.signed_in.emit(self._desk)

    def follow(self, status: SyncStatus) -> None:
        """Ask for the secret that the line allows."""
        self._set(replace(self.state, is_line_cut=_is_cut(status)))

    def _begin(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        if self._tasks.first(name, work) is not None:
            self._set(replace(self.state, is_busy=True, error=None))

    async def _sign_in(self, user: str, secret: str) -> None:
        try:
            self._desk = await self._workstation.sign_in(user, secret)
        except DeskError as error:
            self._refuse(error)
            return
        self._set(replace(self.state, is_busy=False, is_pin_offered=not self._desk.clerk.has_pin))
        if self.state.is_pin_offered:
            self.field_wanted.emit(SignInField.PIN)
        else:
            self.signed_in.emit(self._desk)

    async def _set_pin(self, pin: str) -> None:
        assert self._desk is not None, "the PIN is only offered to somebody signed in"  # noqa: S101 - kept on
        try:
            clerk = await self._workstation.set_pin(self._desk.clerk, pin)
        except DeskError as error:
            self._refuse(error)
            return
        self._desk = replace(self._desk, clerk=clerk)
        self._set(replace(self.state, is_busy=False))
        self.signed_in.emit(self._desk)

    def _refuse(self, error: DeskError) -> None:
        self._set(replace(self.state, is_busy=False, error=error))
        self.field_wanted.emit(self.state.field_at_fault)


def _is_cut(status: SyncStatus) -> bool:
    return status.line is LineState.CUT
