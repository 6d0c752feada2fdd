"""The engine's stores in memory, which fail on request and count what is asked of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from app.core.clock import to_wire
from app.core.commands import Command, There
from app.core.errors import DeskError, StorageError
from app.sync.model import (
    AT_REST,
    MOVING,
    NEEDS_A_PERSON,
    Acknowledged,
    Change,
    Closed,
    CommandState,
    Entry,
    MirrorState,
    SnapshotPage,
    SnapshotStart,
)
from app.sync.outbox import Transition
from app.sync.ports import Grant
from app.sync.status import Held, held_back
from tests.fakes.acts import AUTHOR


@dataclass
class _Failing:
    failing: dict[str, list[DeskError]] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)
    before: dict[str, Callable[[], object]] = field(default_factory=dict)  # what happens just before a call

    def fail(self, call: str, *errors: DeskError) -> None:
        """Raise these, one at each of the next calls."""
        self.failing.setdefault(call, []).extend(errors)

    def _met(self, call: str) -> None:
        self.asked[call] += 1
        if call in self.before:
            self.before.pop(call)()
        if waiting := self.failing.get(call):
            raise waiting.pop(0)


@dataclass
class FakeJournal(_Failing):
    """Satisfies `OutboxStore`. Names to fail: unfinished, mark-<state>, mark-merged, grant, counts, held."""

    entries: dict[str, Entry] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    grants: list[Grant] = field(default_factory=lambda: [Grant(AUTHOR, "token-1")])
    settled: list[Change] = field(default_factory=list)
    laid: list[Change] = field(default_factory=list)  # over the copy, with nothing under way
    there: dict[str, There | None] = field(default_factory=dict)

    def record(self, *commands: Command) -> None:
        """What the window does."""
        for one in commands:
            self.entries[one.id] = Entry(one, len(self.entries) + 1, CommandState.QUEUED)

    def state(self, command_id: str) -> CommandState:
        """Where a command stands on disk."""
        return self.entries[command_id].state

    def unfinished(self) -> list[Entry]:
        self._met("unfinished")
        return [entry for entry in self.entries.values() if entry.state not in AT_REST]

    def mark(self, transition: Transition) -> CommandState:
        self._met("mark-merged" if transition.merged else f"mark-{transition.state}")
        entry = self.entries[transition.command_id]
        if entry.state not in AT_REST:
            act = transition.merged or entry.command
            self.entries[transition.command_id] = replace(entry, state=transition.state, command=act)
            self.there[transition.command_id] = transition.there
        if transition.confirmed:
            self.ids[transition.command_id] = transition.confirmed.id
        return self.state(transition.command_id)

    def as_written(self, command_id: str) -> Command:
        return self.entries[command_id].command

    def server_id(self, collection: str, entity_id: str) -> str:
        assert collection == "troubleTicket"
        return self.ids.get(entity_id, entity_id)

    def acknowledged(self) -> Acknowledged:
        waiting = [entry.sequence for entry in self.entries.values() if entry.state not in AT_REST]
        return Acknowledged(min(waiting, default=len(self.entries) + 1) - 1)

    def grant_of(self, author: str) -> Grant | None:
        self._met("grant")
        return next((grant for grant in reversed(self.grants) if grant.author == author), None)

    def latest_grant(self) -> Grant | None:
        return self.grants[-1] if self.grants else None

    def counts(self) -> tuple[int, int]:
        self._met("counts")
        states = [entry.state for entry in self.entries.values()]
        return sum(one in MOVING for one in states), sum(one in NEEDS_A_PERSON for one in states)

    def held(self, authors: frozenset[str]) -> tuple[Held, ...]:
        self._met("held")
        on_their_way = [entry.command for entry in self.entries.values() if entry.state in MOVING]
        counts = Counter(held_back(on_their_way, authors).values())
        return tuple(Held(author, author.title(), count) for author, count in counts.items())

    def overlaid(self) -> list[tuple[str, str]]:
        return [(one.collection, one.id) for one in self.laid]

    def resting(self) -> list[Change]:
        return self.laid

    def settle(self, changes: Iterable[Change]) -> None:
        self.settled.extend(changes)


@dataclass
class FakeMirror(_Failing):
    """Satisfies `MirrorStore`. Names to fail: state, begin, add, finish, open, opened, apply."""

    held: dict[tuple[str, str], Change] = field(default_factory=dict)
    used: MirrorState = field(default_factory=MirrorState)
    built: MirrorState | None = None
    rows_built: list[Change] = field(default_factory=list)
    customers: list[str] = field(default_factory=list)

    def state(self) -> MirrorState:
        self._met("state")
        return self.used

    def building(self) -> MirrorState | None:
        return self.built

    def begin(self, start: SnapshotStart) -> None:
        self._met("begin")
        self.built, self.rows_built = MirrorState(epoch=start.epoch, cursor=start.cursor, total=start.total), []

    def add(self, page: SnapshotPage) -> None:
        self._met("add")
        assert self.built is not None
        self.rows_built += page.rows
        self.built = replace(self.built, after=page.after, rows=self.built.rows + len(page.rows))

    def finish(self, as_of: datetime) -> None:
        self._met("finish")
        assert self.built is not None
        held = {(one.collection, one.id): one for one in self.rows_built}
        if len(held) < len(self.rows_built):
            raise StorageError  # a unique index does not take a row twice
        self.held, self.customers = held, []
        self.used = replace(self.built, is_complete=True, as_of=to_wire(as_of))
        self.built = None

    def rows(self, keys: Iterable[tuple[str, str]]) -> list[Change]:
        return [self.held[key] for key in keys if key in self.held]

    def open(self, customer: str, rows: Iterable[Change]) -> frozenset[str]:
        self._met("open")
        changed = list(rows)
        self.held |= {(one.collection, one.id): one for one in changed}
        self.customers.append(customer)
        return frozenset(one.collection for one in changed)

    def look(self, customer: str) -> None:
        self._met("look")
        if customer in self.customers:
            self.customers.remove(customer)
            self.customers.append(customer)

    def opened(self) -> list[str]:
        self._met("opened")
        return list(self.customers)

    def apply(
        self, changes: Iterable[Change], cursor: str, as_of: datetime, closed: Closed | None = None
    ) -> frozenset[str]:
        self._met("apply")
        changed = list(changes)
        self.held |= {(one.collection, one.id): one for one in changed}
        for key in closed.records if closed else ():
            self.held.pop(key, None)
        self.customers = [one for one in self.customers if closed is None or one not in closed.customers]
        self.used = replace(self.used, cursor=cursor, as_of=to_wire(as_of))
        return frozenset(one.collection for one in changed)
