"""What the status bar says of the line and the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from app.sync.status import Held, LineState, SyncStatus
from ui.theme.tokens import Level
from ui.widgets.ages import time_of_day

translate = QCoreApplication.translate

_SECONDS_OF_A_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Told:
    """One part of the status bar: words, ink and icon."""

    text: str
    level: Level = Level.PLAIN
    icon: str = ""


def line_words(status: SyncStatus, *, is_signed_in: bool = True) -> Told:
    """The line in one sentence, and what is wrong with head office's answers for as long as it is."""
    told = _line(status, is_signed_in=is_signed_in)
    if not status.trouble or told.level is Level.ACT:
        return told
    from ui.words import reason_in_words  # noqa: PLC0415 - knows all features, which the first frame does not wait for

    return Told(f"{told.text} · {reason_in_words(status.trouble)}", Level.LOOK, "note")


def _line(status: SyncStatus, *, is_signed_in: bool) -> Told:
    """The state of the line; a cut line is a state to work in, not an error."""
    if status.line is LineState.STOPPED:
        text = translate("line", "Exchange with head office is stopped. What you saved is safe. Call IT.")
        return Told(text, Level.ACT, "refused")
    if status.line is LineState.SIGN_IN_NEEDED and not is_signed_in:
        return Told(translate("line", "Sign in to connect"), Level.MUTED, "line-cut")
    if status.line is LineState.SIGN_IN_NEEDED:
        return Told(translate("line", "Head office wants you to sign in again; work goes on"), Level.LOOK, "line-cut")
    if status.line is LineState.CUT:
        return Told(_cut(status), Level.LOOK, "line-cut")
    if status.is_building:
        return Told(_building(status), Level.WAITING, "copying")
    if status.line is LineState.STARTING:
        return Told(translate("line", "Connecting to head office…"), Level.MUTED, "line-up")
    return Told(translate("line", "Online"), Level.PLAIN, "line-up")


def waiting_words(status: SyncStatus) -> Told:
    """How many saved acts are not at head office yet, and who has to sign in before some of them can go on."""
    if not status.waiting:
        return Told("")
    waiting = translate("line", "{count} waiting").format(count=status.waiting)
    if not status.held:
        return Told(waiting, Level.WAITING, "waiting")
    return Told(f"{waiting} · {_held(status.held)}", Level.LOOK, "waiting")


def needs_you_words(status: SyncStatus) -> Told:
    """How many acts want a decision, and the key to them."""
    if not status.needs_you:
        return Told("")
    told = translate("line", "{count} needs you  Ctrl+J").format(count=status.needs_you)
    return Told(told, Level.ACT, "needs-you")


def as_of_words(status: SyncStatus) -> Told:
    """Up to when the local copy is complete."""
    time = time_of_day(status.as_of)
    return Told(translate("line", "as of {time}").format(time=time) if time else "", Level.MUTED)


def _held(held: Sequence[Held]) -> str:
    """For whom acts wait: one name, since the bar has room for no more."""
    is_one = len(held) == 1
    several = translate("line", "{count} until {name} and others sign in")
    pattern = translate("line", "{count} until {name} signs in") if is_one else several
    return pattern.format(count=sum(one.count for one in held), name=held[0].name)


def _cut(status: SyncStatus) -> str:
    if status.since is None:
        return translate("line", "Line cut, work goes on")
    return translate("line", "Line cut since {time}, work goes on").format(time=time_of_day(status.since))


def _building(status: SyncStatus) -> str:
    if status.loaded >= status.total:
        return translate("line", "Copying this branch's data: all is here and is being made searchable")
    told = translate("line", "Copying this branch's data: {done} of {all}")
    known = told.format(done=f"{status.loaded:,}", all=f"{status.total:,}")
    return f"{known} · {_remaining(status.remaining_s)}" if status.remaining_s is not None else known


def _remaining(seconds: int) -> str:
    if seconds < _SECONDS_OF_A_MINUTE:
        return translate("line", "less than a minute left")
    return translate("line", "about {minutes} min left").format(minutes=-(-seconds // _SECONDS_OF_A_MINUTE))
