"""The outbox against a head office that loses, delays and refuses: what must hold whatever happens."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from app.sync.model import (
    CommandState,
    Confirmed,
    Entry,
    Later,
    NeverArrived,
    NoGrant,
    NotKnown,
    Outcome,
    Refused,
)
from app.sync.outbox import PARALLEL, Act, Ask, Outbox, Send
from app.sync.priority import BAR_LOST_PHONE
from tests.fakes.acts import backoff, command

ENTITIES, AUTHORS = ("A", "B", "C"), ("mei", "li")
FOR_EVER = 1e9


@dataclass
class Office:
    """Takes effect once per key. Refuses the doomed, always."""

    doomed: set[str] = field(default_factory=set)
    revisions: dict[str, int] = field(default_factory=dict)
    effects: list[Entry] = field(default_factory=list)

    def take(self, entry: Entry) -> Outcome:
        key = entry.command.id
        if key in self.revisions:
            return Confirmed(entry.command.entity_id, self.revisions[key])
        if key in self.doomed:
            return Refused("no")
        self.effects.append(entry)
        self.revisions[key] = len(self.effects)
        return Confirmed(entry.command.entity_id, self.revisions[key])

    def asked(self, entry: Entry) -> Outcome:
        return self.take(entry) if entry.command.id in self.revisions else NeverArrived()


class OutboxMachine(RuleBasedStateMachine):
    """A journal, an outbox and a head office; crashes lose the outbox, never the journal."""

    @initialize(seed=st.integers(0, 100))
    def begin(self, seed: int) -> None:
        self.seed = seed
        self.now = 0.0
        self.office = Office()
        self.journal: dict[str, Entry] = {}
        self.running: dict[str, Act] = {}
        self.late: list[Entry] = []
        self.start()

    def start(self) -> None:
        self.outbox = Outbox(backoff(self.seed))
        self.load()

    def load(self) -> None:
        at_rest = (CommandState.CONFIRMED, CommandState.SET_ASIDE)
        self.outbox.load(entry for entry in self.journal.values() if entry.state not in at_rest)

    def mark(self, command_id: str, state: CommandState) -> None:
        known = self.journal[command_id]
        self.journal[command_id] = Entry(known.command, known.sequence, state)

    @rule(
        entity=st.sampled_from(ENTITIES), author=st.sampled_from(AUTHORS), is_doomed=st.booleans(),
        kind=st.sampled_from(["", "", BAR_LOST_PHONE]),
    )  # fmt: skip
    def record(self, entity: str, author: str, is_doomed: bool, kind: str) -> None:  # noqa: FBT001 - drawn
        number = len(self.journal) + 1
        act = command(number, entity, author)
        made = Entry(replace(act, kind=kind or act.kind), number, CommandState.QUEUED)
        self.journal[made.command.id] = made
        if is_doomed:
            self.office.doomed.add(made.command.id)
        self.load()

    @rule()
    def work(self) -> None:
        for act in self.outbox.due(self.now):
            self.mark(act.entry.command.id, self.outbox.began(act))
            self.running[act.entry.command.id] = act

    @precondition(lambda self: self.running)
    @rule(data=st.data(), meets=st.sampled_from(["answer", "lost", "cut", "late", "busy", "locked", "disk"]))
    def end(self, data: st.DataObject, meets: str) -> None:
        act = self.running.pop(data.draw(st.sampled_from(sorted(self.running))))
        self.finish(act, meets)

    def finish(self, act: Act, meets: str) -> None:
        outcome = self.outcome(act, meets)
        transition = self.outbox.ended(act.entry.command.id, outcome, self.now)
        if meets == "disk":
            self.outbox.forget(act.entry.command.id, self.now + 5)
            self.load()
        else:
            self.mark(act.entry.command.id, transition.state)

    def outcome(self, act: Act, meets: str) -> Outcome:
        answer = self.office.asked(act.entry) if isinstance(act, Ask) else None
        match meets:
            case "answer" | "disk":
                return answer or self.office.take(act.entry)
            case "lost":
                _ = answer or self.office.take(act.entry)
            case "late" if isinstance(act, Send):
                self.late.append(act.entry)
            case "cut":
                return Later(line_is_cut=True)
            case "busy":
                return Later(60)
            case "locked":
                return NoGrant()
        return NotKnown(line_is_cut=meets == "lost")

    @precondition(lambda self: self.late)
    @rule(data=st.data())
    def arrive_late(self, data: st.DataObject) -> None:
        """A request that everybody gave up arrives after all; the desk has acknowledged what has ended."""
        entry = self.late.pop(data.draw(st.integers(0, len(self.late) - 1)))
        if self.journal[entry.command.id].state.is_moving:
            self.office.take(entry)

    @rule(seconds=st.sampled_from([0.1, 1.0, 30.0, 120.0]))
    def wait(self, seconds: float) -> None:
        self.now += seconds

    @rule(author=st.sampled_from(AUTHORS))
    def sign_in(self, author: str) -> None:
        self.outbox.grant_given(author)

    @rule()
    def line_comes_back(self) -> None:
        self.outbox.hurry()

    @rule(data=st.data())
    def crash(self, data: st.DataObject) -> None:
        """What was under way may have arrived or not."""
        for act in self.running.values():
            if isinstance(act, Send) and data.draw(st.booleans()):
                self.office.take(act.entry)
        self.running.clear()
        self.start()

    @precondition(lambda self: any(one.state is CommandState.REFUSED for one in self.journal.values()))
    @rule(data=st.data())
    def set_aside(self, data: st.DataObject) -> None:
        refused = sorted(key for key, one in self.journal.items() if one.state is CommandState.REFUSED)
        self.mark(data.draw(st.sampled_from(refused)), CommandState.SET_ASIDE)
        self.load()

    @invariant()
    def each_takes_effect_at_most_once(self) -> None:
        keys = [entry.command.id for entry in self.office.effects]
        assert len(keys) == len(set(keys))

    @invariant()
    def confirmed_is_once_and_refused_is_never(self) -> None:
        for key, entry in self.journal.items():
            if entry.state is CommandState.CONFIRMED:
                assert key in self.office.revisions
            if entry.state in (CommandState.REFUSED, CommandState.SET_ASIDE):
                assert key not in self.office.revisions

    @invariant()
    def effects_on_one_entity_keep_their_order(self) -> None:
        for entity in ENTITIES:
            sequences = [one.sequence for one in self.office.effects if one.command.entity_id == entity]
            assert sequences == sorted(sequences)

    @invariant()
    def never_two_of_one_entity_nor_too_many(self) -> None:
        acts = [*self.running.values(), *self.outbox.due(self.now)]
        assert len(acts) <= PARALLEL
        assert len({act.entry.entity for act in acts}) == len(acts)

    @invariant()
    def the_most_urgent_goes_first_and_then_the_oldest(self) -> None:
        urgent = {one.entity for one in self.journal.values()
                  if one.state.is_moving and one.command.kind == BAR_LOST_PHONE}  # fmt: skip
        due = [act.entry for act in self.outbox.due(self.now)]
        assert due == sorted(due, key=lambda one: (one.entity not in urgent, one.sequence))

    @invariant()
    def whoever_sleeps_is_woken_in_time_and_not_for_nothing(self) -> None:
        seconds = self.outbox.next_due(self.now)
        if seconds is None:
            assert self.outbox.due(self.now + FOR_EVER) == []
        else:
            assert self.outbox.due(self.now + seconds + 1e-6)

    def teardown(self) -> None:
        """With a sane head office every command ends, but for those behind one that needs a person."""
        for act in list(self.running.values()):
            self.finish(act, "answer")
        for author in AUTHORS:
            self.outbox.grant_given(author)
        for _ in range(20 * len(self.journal)):
            self.now += 300
            for act in self.outbox.due(self.now):
                self.mark(act.entry.command.id, self.outbox.began(act))
                self.finish(act, "answer")
        held = {one.command.entity_id for one in self.journal.values() if one.state is CommandState.REFUSED}
        left = [one for one in self.journal.values() if one.state.is_moving and one.command.entity_id not in held]
        assert left == []
        self.each_takes_effect_at_most_once()
        self.confirmed_is_once_and_refused_is_never()
        self.effects_on_one_entity_keep_their_order()


TestOutbox = OutboxMachine.TestCase
TestOutbox.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
