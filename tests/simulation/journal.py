"""A desk's journal in memory: what is in it survives every kill. Held to the same tests as the real one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar

from app.core.commands import Command, Method, There
from app.sync.effects import Body, Effect, Effects, Reducers
from app.sync.merging import put_on
from app.sync.model import (
    ADOPTABLE,
    ASKED_ANEW,
    AT_REST,
    KEPT_BY_GRANT,
    NEEDS_A_PERSON,
    TAKEN,
    UNDER_WAY,
    WAITING,
    Acknowledged,
    Change,
    CommandState,
    Entry,
    is_told_again,
)
from app.sync.outbox import Transition
from app.sync.overlay import Overlaid
from app.sync.ports import Grant
from app.sync.status import Held, held_back
from tests.fakes.clock import FakeClock
from tests.simulation.shelf import MemoryShelf

Entity = tuple[str, str]


_ASKED_FOR = {CommandState.CONFIRMED: CommandState.CHECKING, CommandState.LOST: CommandState.CHECKING_LOST}


@dataclass(frozen=True, slots=True)
class Row:
    """A command as the journal holds it."""

    entry: Entry
    reason: str = ""
    result_id: str = ""
    result_revision: int = 0
    there: There | None = None

    @property
    def state(self) -> CommandState:
        return self.entry.state

    @property
    def command(self) -> Command:
        return self.entry.command


@dataclass
class MemoryJournal:
    """Satisfies `OutboxStore`, and records and sets aside as the window does."""

    reducers: Reducers
    rows: dict[str, Row] = field(default_factory=dict)
    effects: dict[Entity, Effect] = field(default_factory=dict)
    grants: dict[str, Grant] = field(default_factory=dict)
    epoch: str = ""
    past_epochs: list[str] = field(default_factory=list)
    shelf: MemoryShelf = field(default_factory=lambda: MemoryShelf(FakeClock(), "", lambda: ""))
    rules_kind: ClassVar[type[Effects]] = Effects

    def __post_init__(self) -> None:
        self.rules = self.rules_kind(self.reducers)
        self.open: dict[str, None] = {}  # the commands that are not at rest, oldest first
        self.on_entity: dict[Entity, list[str]] = defaultdict(list)
        self._made_as: dict[Entity, str] = {}
        self.table = MemoryEffects(self)

    # ---- the window's half

    def record(self, act: Command, before: Body | None, revision: int = 0, epoch: str = "") -> None:
        """Store command and effect; the same id again changes nothing."""
        if act.id in self.rows:
            return
        if act.replaces:
            self.set_aside(act.replaces)
        self.shelf.spend(act)
        sent_as = str(before.get("externalId", "")) if before else ""
        is_unanswered = sent_as in self.rows and self.rows[sent_as].state in KEPT_BY_GRANT
        known_as = sent_as if is_unanswered else act.entity_id
        local = replace(act, entity_id=self._made_as.get((act.collection, act.entity_id), known_as))
        self.rows[act.id] = Row(Entry(local, len(self.rows) + 1, CommandState.QUEUED))
        self.open[act.id] = None
        self.on_entity[local.collection, local.entity_id].append(act.id)
        self.rules.put(self.table, local, before, revision if epoch in ("", self.epoch) else 0)

    def set_aside(self, command_id: str) -> bool:
        """Put a command that needs a person to rest; returns whether there was one."""
        row = self.rows[command_id]
        if row.state not in NEEDS_A_PERSON:
            return False
        self._to(row, CommandState.SET_ASIDE)
        self.rules.rebuild(self.table, *row.entry.entity)
        return True

    def adopt(self, command_id: str, by: str) -> bool:
        """Let somebody stand for a command that waits; returns whether it does."""
        row = self.rows[command_id]
        if row.state not in ADOPTABLE or by in (row.command.author, row.command.adopted_by):
            return False
        act = replace(row.command, adopted_by=by)
        self.rows[command_id] = replace(row, entry=replace(row.entry, command=act))
        return True

    def send_on_top(self, command_id: str) -> bool:
        """Let a differing command go out again on its author's word, on what was found there; returns whether it can."""
        row = self.rows[command_id]
        if row.state is not CommandState.CONFLICT or row.there is None or row.there.body is None:
            return False
        act = replace(put_on(row.command, row.there), adopted_by="")
        again = replace(row, entry=replace(row.entry, command=act), there=None)
        self._to(again, CommandState.QUEUED)
        self.rules.merged(self.table, again.command, row.there)
        return True

    def sign_in(self, grant: Grant) -> None:
        """Keep the grant of who signed in last."""
        self.grants.pop(grant.author, None)
        self.grants[grant.author] = grant

    def overlay_of(self, collection: str) -> Iterator[Overlaid]:
        """The overlay with where its commands stand, in device order."""
        mine = [one for one in self.effects.values() if one.collection == collection]
        for one in sorted(mine, key=lambda each: self.rows[each.command_id].entry.sequence):
            row = self.rows[one.command_id]
            yield Overlaid(
                one.entity_id, one.server_id, one.customer_id, one.body, one.revision, one.command_id,
                one.epoch != self.epoch, row.state, row.reason,
            )  # fmt: skip

    # ---- OutboxStore

    def unfinished(self) -> list[Entry]:
        return [self.rows[one].entry for one in self.open]

    def mark(self, transition: Transition) -> CommandState:
        row = self.rows[transition.command_id]
        if row.state in AT_REST:
            return row.state
        if transition.epoch in self.past_epochs:
            if row.state in ASKED_ANEW:
                return row.state
            transition = Transition(transition.command_id, CommandState.UNKNOWN)
        confirmed, is_news = transition.confirmed, not is_told_again(row.state, transition.state)
        if confirmed:
            row = replace(row, result_id=confirmed.id, result_revision=confirmed.revision)
            if row.command.method is Method.CREATE:
                self._made_as[row.command.collection, confirmed.id] = row.command.id
        if transition.state is CommandState.LOST:
            if row.command.method is Method.CREATE:
                self._made_as.pop((row.command.collection, row.result_id), None)
            row = replace(row, result_id="", result_revision=0)
        there = transition.there if transition.state is CommandState.CONFLICT else None
        if transition.merged:
            row = replace(row, entry=replace(row.entry, command=transition.merged))
        self._to(replace(row, reason=transition.reason, there=there), transition.state)
        if transition.merged and transition.there:
            self.rules.merged(self.table, transition.merged, transition.there)
        if is_news:
            self.rules.told(self.table, row.command, transition.state, confirmed)
        return transition.state

    def as_written(self, command_id: str) -> Command:
        return self.rows[command_id].command

    def server_id(self, collection: str, entity_id: str) -> str:
        made = self.rows.get(entity_id)
        return (made.result_id if made and made.command.collection == collection else "") or entity_id

    def acknowledged(self) -> Acknowledged:
        first = next(iter(self.open), None)
        reached = self.rows[first].entry.sequence - 1 if first else len(self.rows)
        return Acknowledged(reached if self.epoch else 0, self.epoch)

    def grant_of(self, author: str) -> Grant | None:
        return self.grants.get(author)

    def latest_grant(self) -> Grant | None:
        return next(reversed(self.grants.values()), None)

    def counts(self) -> tuple[int, int]:
        states = [self.rows[one].state for one in self.open]
        return sum(one in WAITING for one in states), sum(one in NEEDS_A_PERSON for one in states)

    def held(self, authors: frozenset[str]) -> tuple[Held, ...]:
        on_their_way = [self.rows[one].command for one in self.open if self.rows[one].state in KEPT_BY_GRANT]
        counts = Counter(held_back(on_their_way, authors).values()) if authors else Counter[str]()
        return tuple(Held(author, author, count) for author, count in counts.items())

    def overlaid(self) -> list[Entity]:
        return [(one.collection, one.server_id or one.entity_id) for one in self.effects.values()]

    def settle(self, changes: Iterable[Change]) -> None:
        if self.effects:
            self.rules.settle(self.table, changes)

    def resting(self) -> list[Change]:
        laid = (one for one in self.effects.values() if self.rows[one.command_id].state not in UNDER_WAY)
        return [Change(one.collection, one.server_id or one.entity_id, one.revision, None) for one in laid]

    def change_epochs(self, epoch: str) -> None:
        """A copy of that epoch comes into use: whatever was confirmed, or lost, in another one is to be asked for."""
        before, self.epoch = self.epoch, epoch
        if before == epoch:
            return
        self._over([before], epoch)
        for row in list(self.rows.values()):
            if row.state in _ASKED_FOR:
                self._to(row, _ASKED_FOR[row.state])
        unfinished = (key for key, row in self.rows.items() if row.state not in AT_REST)
        self.open = dict.fromkeys(unfinished)

    def begins(self, epoch: str) -> None:
        """A copy of that epoch begins: others that were heard of by now are over."""
        self._over([one.epoch for one in self.effects.values() if one.epoch != self.epoch], epoch)

    def _over(self, ended: Iterable[str], now: str) -> None:
        past = dict.fromkeys((*self.past_epochs, *ended))
        self.past_epochs = [one for one in past if one not in ("", now)]

    def known_there(self) -> list[Entity]:
        """What is overlaid and known to be at head office."""
        there = (one for one in self.effects.values() if one.server_id or one.base is not None)
        return [(one.collection, one.server_id or one.entity_id) for one in there]

    def _to(self, row: Row, state: CommandState) -> None:
        act = replace(row.command, seen=None) if state in AT_REST else row.command
        self.rows[act.id] = replace(row, entry=replace(row.entry, command=act, state=state))
        if state in AT_REST:
            self.open.pop(row.command.id, None)


class MemoryEffects:
    """Satisfies `EffectRows`."""

    def __init__(self, journal: MemoryJournal) -> None:
        self._journal = journal

    def epoch(self) -> str:
        return self._journal.epoch

    def past_epochs(self) -> Sequence[str]:
        return self._journal.past_epochs

    def held(self, collection: str, entity_id: str) -> Effect | None:
        return self._journal.effects.get((collection, entity_id))

    def of(self, collection: str, known_as: str) -> Sequence[Effect]:
        held = self._journal.effects.values()
        return [one for one in held if one.collection == collection and known_as in (one.entity_id, one.server_id)]

    def all(self) -> Sequence[Effect]:
        return list(self._journal.effects.values())

    def keep(self, effect: Effect) -> None:
        self._journal.effects[effect.collection, effect.entity_id] = effect

    def drop(self, effect: Effect) -> None:
        self._journal.effects.pop((effect.collection, effect.entity_id), None)

    def under_way(self, effect: Effect) -> list[Command]:
        return [row.command for row in self._on(effect) if row.state in UNDER_WAY]

    def newest_confirmed(self, effect: Effect) -> str:
        confirmed = [row.command.id for row in self._on(effect) if row.state in TAKEN]
        return confirmed[-1] if confirmed else ""

    def rewrite(self, act: Command) -> None:
        row = self._journal.rows[act.id]
        self._journal.rows[act.id] = replace(row, entry=replace(row.entry, command=act))

    def result_of(self, command_id: str) -> str:
        row = self._journal.rows.get(command_id)
        return row.result_id if row else ""

    def unfinished(self) -> list[Command]:
        rows = (self._journal.rows[one] for one in self._journal.open)
        return [row.command for row in rows if row.state in UNDER_WAY]

    def _on(self, effect: Effect) -> list[Row]:
        return [self._journal.rows[one] for one in self._journal.on_entity[effect.collection, effect.entity_id]]
