"""A desk's journal in memory: what is in it survives every kill. Held to the same tests as the real one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar

from app.core.commands import Command, Method
from app.sync.effects import Body, Effect, Effects, Reducers
from app.sync.model import AT_REST, MOVING, NEEDS_A_PERSON, Change, CommandState, Entry
from app.sync.outbox import Transition
from app.sync.overlay import Overlaid
from app.sync.ports import Grant
from app.sync.status import Held, held_back

Entity = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Row:
    """A command as the journal holds it."""

    entry: Entry
    reason: str = ""
    result_id: str = ""
    result_revision: int = 0

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
    rules_kind: ClassVar[type[Effects]] = Effects

    def __post_init__(self) -> None:
        self.rules = self.rules_kind(self.reducers)
        self.open: dict[str, None] = {}  # the commands that are not at rest, oldest first
        self.on_entity: dict[Entity, list[str]] = defaultdict(list)
        self._made_as: dict[Entity, str] = {}
        self.table = MemoryEffects(self)

    # ---- the window's half

    def record(self, act: Command, before: Body | None, revision: int = 0) -> None:
        """Store command and effect; the same id again changes nothing."""
        if act.id in self.rows:
            return
        if act.replaces:
            self.set_aside(act.replaces)
        local = replace(act, entity_id=self._made_as.get((act.collection, act.entity_id), act.entity_id))
        self.rows[act.id] = Row(Entry(local, len(self.rows) + 1, CommandState.QUEUED))
        self.open[act.id] = None
        self.on_entity[local.collection, local.entity_id].append(act.id)
        self.rules.put(self.table, local, before, revision)

    def set_aside(self, command_id: str) -> bool:
        """Put a command that needs a person to rest; returns whether there was one."""
        row = self.rows[command_id]
        if row.state not in NEEDS_A_PERSON:
            return False
        self._to(row, CommandState.SET_ASIDE)
        self.rules.rebuild(self.table, *row.entry.entity)
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

    def mark(self, transition: Transition) -> None:
        row = self.rows[transition.command_id]
        if row.state in AT_REST:
            return
        confirmed = transition.confirmed
        if confirmed:
            row = replace(row, result_id=confirmed.id, result_revision=confirmed.revision)
            if row.command.method is Method.CREATE:
                self._made_as[row.command.collection, confirmed.id] = row.command.id
        self._to(replace(row, reason=transition.reason), transition.state)
        if confirmed:
            self.rules.confirm(self.table, row.command, confirmed)

    def server_id(self, collection: str, entity_id: str) -> str:
        made = self.rows.get(entity_id)
        return (made.result_id if made and made.command.collection == collection else "") or entity_id

    def acknowledged(self) -> int:
        first = next(iter(self.open), None)
        return self.rows[first].entry.sequence - 1 if first else len(self.rows)

    def grant_of(self, author: str) -> Grant | None:
        return self.grants.get(author)

    def latest_grant(self) -> Grant | None:
        return next(reversed(self.grants.values()), None)

    def counts(self) -> tuple[int, int]:
        states = [self.rows[one].state for one in self.open]
        return sum(one in MOVING for one in states), sum(one in NEEDS_A_PERSON for one in states)

    def held(self, authors: frozenset[str]) -> tuple[Held, ...]:
        on_their_way = [self.rows[one].command for one in self.open if self.rows[one].state in MOVING]
        counts = Counter(held_back(on_their_way, authors).values()) if authors else Counter[str]()
        return tuple(Held(author, author, count) for author, count in counts.items())

    def overlaid(self) -> list[Entity]:
        return [(one.collection, one.server_id or one.entity_id) for one in self.effects.values()]

    def settle(self, changes: Iterable[Change]) -> None:
        if self.effects:
            self.rules.settle(self.table, changes)

    def known_there(self) -> list[Entity]:
        """What is overlaid and known to be at head office."""
        there = (one for one in self.effects.values() if one.server_id or one.base is not None)
        return [(one.collection, one.server_id or one.entity_id) for one in there]

    def _to(self, row: Row, state: CommandState) -> None:
        self.rows[row.command.id] = replace(row, entry=replace(row.entry, state=state))
        if state in AT_REST:
            self.open.pop(row.command.id, None)


class MemoryEffects:
    """Satisfies `EffectRows`."""

    def __init__(self, journal: MemoryJournal) -> None:
        self._journal = journal

    def epoch(self) -> str:
        return self._journal.epoch

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
        return [row.command for row in self._on(effect) if row.state not in AT_REST]

    def newest_confirmed(self, effect: Effect) -> str:
        confirmed = [row.command.id for row in self._on(effect) if row.state is CommandState.CONFIRMED]
        return confirmed[-1] if confirmed else ""

    def result_of(self, command_id: str) -> str:
        row = self._journal.rows.get(command_id)
        return row.result_id if row else ""

    def unfinished(self) -> list[Command]:
        return [self._journal.rows[one].command for one in self._journal.open]

    def _on(self, effect: Effect) -> list[Row]:
        return [self._journal.rows[one] for one in self._journal.on_entity[effect.collection, effect.entity_id]]
