"""Decides what to send, ask or leave, and what an answer makes of a command. No I/O, no clock of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice

from app.core.commands import Command, Method, There
from app.sync.model import (
    ASKED_ANEW,
    NEEDS_A_PERSON,
    CommandState,
    Confirmed,
    Differs,
    Entry,
    Forgotten,
    Later,
    Merged,
    NeverArrived,
    NoGrant,
    NotKnown,
    Outcome,
    Refused,
    Unaskable,
)
from app.sync.priority import priority_of
from app.sync.reasons import LOST_WITH_THE_BACKUP, OUTCOME_UNKNOWN
from app.sync.retry import Backoff

PARALLEL = 4
MOST_MERGES = 5  # of one command in a row: a record that others change so often is left to a person


@dataclass(frozen=True, slots=True)
class Send:
    """Make the request of this command."""

    entry: Entry


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask what became of this command."""

    entry: Entry


Act = Send | Ask
Entity = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Transition:
    """What to write down about a command after an answer. `there`: what it differs from, or was merged with as `merged`."""

    command_id: str
    state: CommandState
    reason: str = ""
    confirmed: Confirmed | None = None
    lost_in: str = ""
    there: There | None = None
    merged: Command | None = None

    @property
    def epoch(self) -> str:
        """In which head office said so; empty where the state does not depend on it."""
        return self.confirmed.epoch if self.confirmed else self.lost_in


@dataclass(frozen=True, slots=True)
class _Wait:
    """Failures in a row, and until when there is no further attempt. What head office told is not cut short."""

    failures: int = 0
    until: float = 0.0
    is_told: bool = False


class Outbox:
    """First in, first out per entity, parallel across entities; a refused command holds back only what depends on it.

    An entity that something urgent waits for goes before others, with all that has to go before that.

    While no connection can be made, one command tries the line for all of them.
    """

    def __init__(self, backoff: Backoff) -> None:
        self._backoff = backoff
        self._entries: dict[str, Entry] = {}  # in device order
        self._asked_anew: dict[str, Entry] = {}
        self._hurried: dict[
            Entity, list[str]
        ] = {}  # entities with something urgent, few of many: their commands in order
        self._behind: Counter[Entity] = Counter()  # entities of which it is not known whether they are there
        self._running: dict[str, tuple[str, int]] = {}  # command → its sender, how often they had signed in as it began
        self._waits: dict[str, _Wait] = {}
        self._merges: Counter[str] = Counter()
        self._line = _Wait()
        self._sign_ins: Counter[str] = Counter()
        self._may_check = True  # somebody's grant is good for asking what became of acts that had ended
        self._without_grant: set[str] = set()

    def load(self, entries: Iterable[Entry]) -> None:
        """Take the durable outbox as it is now; what is running stays running."""
        held = {entry.command.id: entry for entry in entries}
        for command_id in self._running:
            known = self._known(command_id)
            held[command_id] = replace(held.get(command_id, known), state=known.state)
        self._sort(held.values())
        self._waits = {command_id: wait for command_id, wait in self._waits.items() if command_id in held}
        self._merges = Counter({command_id: times for command_id, times in self._merges.items() if command_id in held})

    def grant_given(self, author: str) -> None:
        """The author signed in again: their commands may go on, also those whose refusal is still on its way here."""
        self._sign_ins[author] += 1
        self._may_check = True
        self._without_grant.discard(author)

    def grant_works(self, author: str) -> bool:
        """Head office has just accepted the author's grant. Returns whether commands were waiting for that."""
        was_waiting = author in self._without_grant or not self._may_check
        self._may_check = True
        self._without_grant.discard(author)
        return was_waiting

    @property
    def without_grant(self) -> frozenset[str]:
        """The authors whose grants head office no longer accepts."""
        return frozenset(self._without_grant)

    def due(self, now: float) -> list[Act]:
        """What to do now, the most urgent first, then the oldest.

        A command found `sent` that is not running was cut short: ask.
        """
        if self._line.until > now:
            return []
        ready = (entry for entry in self._movable() if self._until(entry) <= now)
        taken = islice(ready, max(self._room, 0))
        return [Send(entry) if entry.state is CommandState.QUEUED else Ask(entry) for entry in taken]

    def next_due(self, now: float) -> float | None:
        """Seconds until something becomes due by itself, None if nothing will before something else happens."""
        if self._room <= 0:
            return None
        first: float | None = None
        for entry in self._movable():
            until = self._until(entry)
            first = until if first is None else min(first, until)
            if first <= now:
                break
        return None if first is None else max(0.0, first - now, self._line.until - now)

    def hurry(self) -> None:
        """The line is back: nothing has to wait out its delay, except where head office asked for one."""
        self._line = _Wait()
        self._waits = {command_id: wait for command_id, wait in self._waits.items() if wait.is_told}

    def began(self, act: Act) -> CommandState:
        """Note that the act runs; returns the state to write down *before* anything goes on the wire."""
        asked = act.entry.state if act.entry.state in ASKED_ANEW else CommandState.UNKNOWN
        state = CommandState.SENT if isinstance(act, Send) else asked
        command = act.entry.command
        if act.entry.state not in ASKED_ANEW:
            self._entries[command.id] = replace(act.entry, state=state)
        self._running[command.id] = command.sender, self._sign_ins[command.sender]
        return state

    def ended(self, command_id: str, outcome: Outcome, now: float) -> Transition:
        """What the answer makes of the command."""
        sender, sign_ins = self._running.pop(command_id)
        entry = self._known(command_id)
        if isinstance(outcome, NoGrant) and entry.state in ASKED_ANEW:
            self._may_check = False  # anybody's grant would do
        elif isinstance(outcome, NoGrant) and self._sign_ins[sender] == sign_ins:
            self._without_grant.add(sender)
        transition = _transition(entry, self._bounded(command_id, outcome))
        self._to(replace(entry, command=transition.merged or entry.command), transition.state)
        self._hear_line(outcome, now)
        if transition.state.is_moving:
            self._delay(transition, outcome, now)
        return transition

    def forget(self, command_id: str, until: float) -> None:
        """What was learned could not be written down: believe the journal at the next load, but not before `until`."""
        self._drop(command_id)
        self._waits[command_id] = replace(self._waits.get(command_id, _Wait()), until=until, is_told=True)

    @property
    def _room(self) -> int:
        return (1 if self._line.failures else PARALLEL) - len(self._running)

    def _movable(self) -> Iterator[Entry]:
        """What nothing but time keeps: of each entity the oldest command; then what is asked for anew, in any order.

        Entities that something urgent waits for come before both.
        """
        asked = self._asked_anew.values() if self._may_check else ()
        hurried = {entry.command.id: entry for entry in self._hurried_first()}
        others = (one for one in chain(self._oldest(self._entries.values()), asked) if one.command.id not in hurried)
        return (entry for entry in chain(hurried.values(), others) if entry.command.id not in self._running)

    def _oldest(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        met: set[Entity] = set()
        for entry in entries:
            if entry.command.method is Method.APPEND and entry.state in NEEDS_A_PERSON:
                continue  # nothing rests on an addition
            if entry.entity in met or self._behind[entry.entity]:
                continue
            met.add(entry.entity)
            if entry.state.is_moving and entry.command.sender not in self._without_grant:
                yield entry

    def _hurried_first(self) -> list[Entry]:
        """What something urgent waits for and can move, the most urgent first; nobody looks through all others for it."""
        found: list[tuple[int, Entry]] = []
        for commands in self._hurried.values():
            held = [self._known(one) for one in commands if one in self._entries or one in self._asked_anew]
            urgency = max((priority_of(one.command.kind) for one in held if one.state.is_moving), default=0)
            asked = [one for one in held if one.state in ASKED_ANEW and self._may_check]
            first = [*self._oldest(one for one in held if one.state not in ASKED_ANEW), *asked] if urgency else []
            found += [(urgency, one) for one in first]
        return [entry for _, entry in sorted(found, key=lambda one: (-one[0], one[1].sequence))]

    def _until(self, entry: Entry) -> float:
        wait = self._waits.get(entry.command.id)
        return wait.until if wait else 0.0

    def _known(self, command_id: str) -> Entry:
        return self._entries.get(command_id) or self._asked_anew[command_id]

    def _sort(self, entries: Iterable[Entry]) -> None:
        ordered = sorted(entries, key=lambda one: one.sequence)
        self._entries = {one.command.id: one for one in ordered if one.state not in ASKED_ANEW}
        self._asked_anew = {one.command.id: one for one in ordered if one.state in ASKED_ANEW}
        self._behind = Counter(one.entity for one in self._asked_anew.values())
        self._hurried = {one.entity: [] for one in ordered if priority_of(one.command.kind)}
        for one in ordered if self._hurried else ():
            if one.entity in self._hurried:
                self._hurried[one.entity].append(one.command.id)

    def _to(self, entry: Entry, state: CommandState) -> None:
        if state is CommandState.CONFIRMED:
            self._drop(entry.command.id)
        elif state is CommandState.LOST:  # it takes its old place among the others
            self._drop(entry.command.id)
            self._sort((*self._entries.values(), *self._asked_anew.values(), replace(entry, state=state)))
        elif state not in ASKED_ANEW:
            self._entries[entry.command.id] = replace(entry, state=state)

    def _drop(self, command_id: str) -> None:
        self._entries.pop(command_id, None)
        asked = self._asked_anew.pop(command_id, None)
        if asked is not None:
            self._behind[asked.entity] -= 1

    def _bounded(self, command_id: str, outcome: Outcome) -> Outcome:
        """The answer, unless it would merge the command for ever."""
        if not isinstance(outcome, Merged):
            if not isinstance(outcome, (Later, NotKnown, NeverArrived, NoGrant)):
                del self._merges[command_id]
            return outcome
        self._merges[command_id] += 1
        if self._merges[command_id] <= MOST_MERGES:
            return outcome
        del self._merges[command_id]
        return Differs(outcome.there)

    def _hear_line(self, outcome: Outcome, now: float) -> None:
        if not (isinstance(outcome, (Later, NotKnown)) and outcome.line_is_cut):
            self._line = _Wait()
        elif isinstance(outcome, Later) and now >= self._line.until:  # those that failed together count once
            failures = self._line.failures + 1
            self._line = _Wait(failures, now + self._backoff.after(failures))

    def _delay(self, transition: Transition, outcome: Outcome, now: float) -> None:
        command_id = transition.command_id
        wait = self._waits.get(command_id, _Wait())
        is_to_be_sent = isinstance(outcome, (NeverArrived, Merged)) and transition.state is CommandState.QUEUED
        if is_to_be_sent or (isinstance(outcome, Later) and outcome.line_is_cut):
            self._waits[command_id] = replace(wait, until=now, is_told=False)
            return
        told = outcome.seconds if isinstance(outcome, Later) else None
        seconds = max(self._backoff.after(wait.failures + 1), told or 0.0)
        self._waits[command_id] = _Wait(wait.failures + 1, now + seconds, is_told=told is not None)


def _transition(entry: Entry, outcome: Outcome) -> Transition:
    command_id = entry.command.id
    if entry.state in ASKED_ANEW:
        return _checked(entry, outcome)
    match outcome:
        case Confirmed():
            return Transition(command_id, CommandState.CONFIRMED, confirmed=outcome)
        case Refused(reason):
            return Transition(command_id, CommandState.REFUSED, reason)
        case Differs(there):
            return Transition(command_id, CommandState.CONFLICT, there=there)
        case Merged(command, there):
            return Transition(command_id, CommandState.QUEUED, there=there, merged=command)
        case Forgotten():  # nobody can say any more
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


def _checked(entry: Entry, outcome: Outcome) -> Transition:
    """What a head office that was put back to a backup says of an act that it had confirmed."""
    command_id = entry.command.id
    match outcome:
        case Confirmed():
            return Transition(command_id, CommandState.CONFIRMED, confirmed=outcome)
        case Forgotten() | Unaskable():  # it had ended before that backup was made; or there are no backups to tell of
            return Transition(command_id, CommandState.CONFIRMED)
        case NeverArrived(epoch) if epoch:
            return Transition(command_id, CommandState.LOST, LOST_WITH_THE_BACKUP, lost_in=epoch)
        case _:
            return Transition(command_id, entry.state)
