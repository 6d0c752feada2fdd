"""Decides what to send, ask or leave, and what an answer makes of a command. No I/O, no clock of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from app.sync.model import (
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


class Outbox:
    """First in, first out per entity, parallel across entities; a refused command holds back only what depends on it."""

    def __init__(self, backoff: Backoff) -> None:
        self._backoff = backoff
        self._entries: dict[str, Entry] = {}
        self._running: set[str] = set()
        self._not_before: dict[str, float] = {}
        self._attempts: dict[str, int] = {}
        self._without_grant: set[str] = set()

    def load(self, entries: Iterable[Entry]) -> None:
        """Take the durable outbox as it is now; what is running stays running."""
        held = {entry.command.id: entry for entry in entries}
        for command_id in self._running & held.keys():
            held[command_id] = self._entries[command_id]
        self._entries = held

    def grant_given(self, author: str) -> None:
        """The author signed in again: their commands may go on."""
        self._without_grant.discard(author)

    def due(self, now: float) -> list[Act]:
        """What to do now, oldest first. A command found `sent` that is not running was cut short: ask."""
        acts: list[Act] = []
        blocked: set[tuple[str, str]] = set()
        for entry in sorted(self._entries.values(), key=lambda one: one.sequence):
            if entry.entity not in blocked and self._may_move(entry, now):
                if len(self._running) + len(acts) >= PARALLEL:
                    break
                acts.append(Send(entry) if entry.state is CommandState.QUEUED else Ask(entry))
            blocked.add(entry.entity)
        return acts

    def next_due(self, now: float) -> float | None:
        """Seconds until something becomes due by itself, None if nothing will."""
        waits = [
            self._not_before.get(command_id, now) - now
            for command_id, entry in self._entries.items()
            if entry.state.is_moving and command_id not in self._running
        ]
        return max(0.0, min(waits)) if waits else None

    def hurry(self) -> None:
        """The line is back: nothing has to wait out its delay."""
        self._not_before.clear()
        self._attempts.clear()

    def began(self, act: Act) -> CommandState:
        """Note that the act runs; returns the state to write down *before* anything goes on the wire."""
        state = CommandState.SENT if isinstance(act, Send) else CommandState.UNKNOWN
        command_id = act.entry.command.id
        self._entries[command_id] = replace(act.entry, state=state)
        self._running.add(command_id)
        return state

    def ended(self, command_id: str, outcome: Outcome, now: float) -> Transition:
        """What the answer makes of the command."""
        self._running.discard(command_id)
        entry = self._entries[command_id]
        transition = self._transition(entry, outcome)
        self._entries[command_id] = replace(entry, state=transition.state)
        if transition.state.is_moving:
            self._delay(command_id, outcome, now)
        elif transition.state is CommandState.CONFIRMED:
            del self._entries[command_id]
        return transition

    def forget(self, command_id: str) -> None:
        """What was learned could not be written down: believe the journal at the next load."""
        self._entries.pop(command_id, None)

    def _may_move(self, entry: Entry, now: float) -> bool:
        return (
            entry.state.is_moving
            and entry.command.id not in self._running
            and entry.command.author not in self._without_grant
            and self._not_before.get(entry.command.id, now) <= now
        )

    def _transition(self, entry: Entry, outcome: Outcome) -> Transition:
        command_id = entry.command.id
        match outcome:
            case Confirmed():
                return Transition(command_id, CommandState.CONFIRMED, confirmed=outcome)
            case Refused(reason):
                return Transition(command_id, CommandState.REFUSED, reason)
            case Differs():
                return Transition(command_id, CommandState.CONFLICT)
            case NotKnown():
                return Transition(command_id, CommandState.UNKNOWN)
            case NoGrant():
                self._without_grant.add(entry.command.author)
                return Transition(command_id, self._unchanged(entry))
            case Later():
                return Transition(command_id, self._unchanged(entry))
            case NeverArrived():
                return Transition(command_id, CommandState.QUEUED)

    @staticmethod
    def _unchanged(entry: Entry) -> CommandState:
        """A request that certainly had no effect leaves a sent command queued and an asked one unknown."""
        return CommandState.QUEUED if entry.state is CommandState.SENT else entry.state

    def _delay(self, command_id: str, outcome: Outcome, now: float) -> None:
        if isinstance(outcome, NeverArrived):
            self._not_before.pop(command_id, None)
            return
        attempt = self._attempts[command_id] = self._attempts.get(command_id, 0) + 1
        told = outcome.seconds if isinstance(outcome, Later) else None
        self._not_before[command_id] = now + (told if told is not None else self._backoff.after(attempt))
