"""Why signing in may fail, in the clerk's words."""

from __future__ import annotations

from app.core.errors import DeskError
from app.core.words import QT_TRANSLATE_NOOP

MIN_PIN_DIGITS = 6


class SignInRefusedError(DeskError):
    """Wrong user or password."""

    text = QT_TRANSLATE_NOOP("errors", "User or password is wrong. Nothing is locked. Try again.")


class OtherOfficeError(DeskError):
    """Another back office answered than the one for which acts still wait at this desk."""

    text = QT_TRANSLATE_NOOP(
        "errors",
        "This is another back office than the one this desk works for. Acts still waiting for that one: {count}. "
        "They are safe; nothing was sent or changed. Start with --server {address}, or give another --profile.",
    )


class WrongPinError(DeskError):
    """Wrong desk PIN, or none set on this desk."""

    text = QT_TRANSLATE_NOOP(
        "errors",
        "This is not the desk PIN of that user. Type it again; without one, sign in with the password when the line is back.",
    )


class TooManyTriesError(DeskError):
    """Sign-in is throttled."""

    text = QT_TRANSLATE_NOOP("errors", "Too many tries. Wait {seconds} seconds, then try again.")


class PinRemovedError(DeskError):
    """Too many wrong desk PINs in a row: whatever the clock says, there is no further try."""

    text = QT_TRANSLATE_NOOP(
        "errors",
        "The desk PIN was typed wrong {tries} times, so it was removed. What was saved is safe. "
        "Sign in with the password when the line is back, then set a new PIN.",
    )


class OfflineGrantEndedError(DeskError):
    """The person has been offline for longer than head office allows."""

    text = QT_TRANSLATE_NOOP(
        "errors",
        "Work without the line was allowed until {until}. What was saved is safe. Sign in when the line is back.",
    )


class WeakPinError(DeskError):
    """The chosen desk PIN is too short."""

    text = QT_TRANSLATE_NOOP("errors", "The desk PIN needs at least {digits} digits. Choose another.")


class GuessablePinError(DeskError):
    """One digit over and over, or digits counted up or down."""

    text = QT_TRANSLATE_NOOP("errors", "That PIN is guessed at the first try. Choose another.")
