"""Decides what to send, ask or leave, and what an answer makes of a command. No I/O, no clock of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from app.core.commands import Method
from app.sync.model import (
    NEEDS_A_PERSON,
    OUTCOME_UNKNOWN,
    CommandState,
    Confirmed,
    Differs,
    Entry,
    Later,
    NeverArrived,
    NoGrant,
    NotKnown,
    Outcome,
    Refused,
    Unaskable,
)
from app.sync.retry import Backoff

PARALLEL = 4


@dataclass(frozen=True, slots=True)
class Send:
    """Make the request of this command."""

    entry: Entry


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask what became of this command."""

    entry: Entry


Act = Send | Ask


@dataclass(frozen=True, slots=True)
class Transition:
    """What to write down about a command after an answer."""

    command_id: str
    state: CommandState
    reason: str = ""
    confirmed: Confirmed | None = None


@dataclass(frozen=True, slots=True)
class _Wait:
    """Failures in a row, and until when there is no further attempt. What head office told is not cut short."""

    failures: int = 0
    until: float = 0.0
    is_told: bool = False


class Outbox:
    """First in, first out per entity, parallel across entities; a refused command holds back only what depends on it.

    While no connection can be made, one command tries the line for all of them.
    """

    def __init__(self, backoff: Backoff) -> None:
        self._backoff = backoff
        self._entries: dict[str, Entry] = {}
        self._running: dict[str, int] = {}  # command → how often its author had signed in when the act began
        self._waits: dict[str, _Wait] = {}
        self._line = _Wait()
        self._sign_ins: Counter[str] = Counter()
        self._without_grant: set[str] = set()

    def load(self, entries: Iterable[Entry]) -> None:
        """Take the durable outbox as it is now; what is running stays running."""
        held = {entry.command.id: entry for entry in entries}
        for command_id in self._running:
            known = self._entries[command_id]
            held[command_id] = replace(held.get(command_id, known), state=known.state)
        self._entries = held
        self._waits = {command_id: wait for command_id, wait in self._waits.items() if command_id in held}

    def grant_given(self, author: str) -> None:
        """The author signed in again: their commands may go on, also those whose refusal is still on its way here."""
        self._sign_ins[author] += 1
        self._without_grant.discard(author)

    def grant_works(self, author: str) -> bool:
        """Head office has just accepted the author's grant. Returns whether commands were waiting for that."""
        was_waiting = author in self._without_grant
        self._without_grant.discard(author)
        return was_waiting

    @property
    def without_grant(self) -> frozenset[str]:
        """The authors whose grants head office no longer accepts."""
        return frozenset(self._without_grant)

    def due(self, now: float) -> list[Act]:
        """What to do now, oldest first. A command found `sent` that is not running was cut short: ask."""
        if self._line.until > now:
            return []
        ready = [entry for entry in self._movable() if self._waits.get(entry.command.id, _Wait()).until <= now]
        return [
            Send(entry) if entry.state is CommandState.QUEUED else Ask(entry) for entry in ready[: max(self._room, 0)]
        ]

    def next_due(self, now: float) -> float | None:
        """Seconds until something becomes due by itself, None if nothing will before something else happens."""
        times = [self._waits.get(entry.command.id, _Wait()).until for entry in self._movable()]
        return max(0.0, min(times) - now, self._line.until - now) if times and self._room > 0 else None

    def hurry(self) -> None:
        """The line is back: nothing has to wait out its delay, except where head office asked for one."""
        self._line = _Wait()
        self._waits = {command_id: wait for command_id, wait in self._waits.items() if wait.is_told}

    def began(self, act: Act) -> CommandState:
        """Note that the act runs; returns the state to write down *before* anything goes on the wire."""
        state = CommandState.SENT if isinstance(act, Send) else CommandState.UNKNOWN
        command = act.entry.command
        self._entries[command.id] = replace(act.entry, state=state)
        self._running[command.id] = self._sign_ins[command.author]
        return state

    def ended(self, command_id: str, outcome: Outcome, now: float) -> Transition:
        """What the answer makes of the command."""
        sign_ins = self._running.pop(command_id)
        entry = self._entries[command_id]
        if isinstance(outcome, NoGrant) and self._sign_ins[entry.command.author] == sign_ins:
            self._without_grant.add(entry.command.author)
        transition = _transition(entry, outcome)
        self._entries[command_id] = replace(entry, state=transition.state)
        self._hear_line(outcome, now)
        if transition.state.is_moving:
            self._delay(command_id, outcome, now)
        elif transition.state is CommandState.CONFIRMED:
            del self._entries[command_id]
        return transition

    def forget(self, command_id: str, until: float) -> None:
        """What was learned could not be written down: believe the journal at the next load, but not before `until`."""
        self._entries.pop(command_id, None)
        self._waits[command_id] = replace(self._waits.get(command_id, _Wait()), until=until, is_told=True)

    @property
    def _room(self) -> int:
        return (1 if self._line.failures else PARALLEL) - len(self._running)

    def _movable(self) -> list[Entry]:
        """Of each entity the oldest command, where nothing but time keeps it."""
        oldest: dict[tuple[str, str], Entry] = {}
        for entry in sorted(self._entries.values(), key=lambda one: one.sequence):
            if not (
                entry.command.method is Method.APPEND and entry.state in NEEDS_A_PERSON
            ):  # nothing rests on an addition
                oldest.setdefault(entry.entity, entry)
        return [
            entry
            for entry in oldest.values()
            if entry.state.is_moving
            and entry.command.id not in self._running
            and entry.command.author not in self._without_grant
        ]

    def _hear_line(self, outcome: Outcome, now: float) -> None:
        if not (isinstance(outcome, (Later, NotKnown)) and outcome.line_is_cut):
            self._line = _Wait()
        elif isinstance(outcome, Later) and now >= self._line.until:  # those that failed together count once
            failures = self._line.failures + 1
            self._line = _Wait(failures, now + self._backoff.after(failures))

    def _delay(self, command_id: str, outcome: Outcome, now: float) -> None:
        wait = self._waits.get(command_id, _Wait())
        if isinstance(outcome, NeverArrived) or (isinstance(outcome, Later) and outcome.line_is_cut):
            self._waits[command_id] = replace(wait, until=now, is_told=False)
            return
        told = outcome.seconds if isinstance(outcome, Later) else None
        seconds = max(self._backoff.after(wait.failures + 1), told or 0.0)
        self._waits[command_id] = _Wait(wait.failures + 1, now + seconds, is_told=told is not None)


def _transition(entry: Entry, outcome: Outcome) -> Transition:
    command_id = entry.command.id
    match outcome:
        case Confirmed():
            return Transition(command_id, CommandState.CONFIRMED, confirmed=outcome)
        case Refused(reason):
            return Transition(command_id, CommandState.REFUSED, reason)
        case Differs():
            return Transition(command_id, CommandState.CONFLICT)
        case Unaskable():
            return Transition(command_id, CommandState.CONFLICT, OUTCOME_UNKNOWN)
        case NotKnown():
            return Transition(command_id, CommandState.UNKNOWN)
        case NeverArrived():
            return Transition(command_id, CommandState.QUEUED)
        case NoGrant() | Later():  # certainly without effect: what was sent is queued again, what was asked unknown
            return Transition(
                command_id, CommandState.QUEUED if entry.state is CommandState.SENT else CommandState.UNKNOWN
            )
