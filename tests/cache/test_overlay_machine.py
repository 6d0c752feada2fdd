"""Whatever clerks, head office and the line do, the clerk sees the mirror with the desk's own acts over it."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from app.core.certainty import Certainty
from app.sync.model import Change, CommandState, Confirmed
from local_cache.profile import Profile
from tests.cache.desk_files import DeskFiles
from tests.cache.overlay_model import Act, Entity, by_id, notes_in
from tests.cache.records import change, contact, filing, gone, notes_of, ticket

MOST_ENTITIES = 3  # few, so that much happens to each
SELDOM = st.integers(0, 4)  # acts on 0 only


class OverlayMachine(RuleBasedStateMachine):
    """One customer, one desk, head office, and a feed between them."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        profile = Profile(self.folder)
        profile.prepare()
        self.desk = DeskFiles(profile)
        self.entities: list[Entity] = []
        self.feed: list[Change] = []
        self.applied = 0
        self.revision = 0
        self.said = 0
        self.is_exact = True  # False: a crash came between the two files, or an answer told less than the mirror

    def teardown(self) -> None:
        self.desk.close()
        shutil.rmtree(self.folder)

    @initialize()
    def first_snapshot(self) -> None:
        self.desk.build([])

    # ---- the clerk

    @precondition(lambda self: len(self.entities) < MOST_ENTITIES)
    @rule()
    def files(self) -> None:
        act = filing()
        self.desk.record(act)
        entity = Entity(local_id=act.id)
        entity.waiting.append(Act(act.id, entity, ""))
        self.entities.append(entity)

    @precondition(lambda self: self._shown())
    @rule(data=st.data())
    def adds_a_contact(self, data: st.DataObject) -> None:
        entity = data.draw(st.sampled_from(self._shown()))
        ids = [entity.shown_id, *([entity.local_id] if entity.local_id else [])]
        act = contact(data.draw(st.sampled_from(ids)), self._words())
        self.desk.record(act)
        entity.waiting.append(Act(act.id, entity, act.body[0]["value"]["text"]))

    @precondition(lambda self: self._in_state(CommandState.REFUSED))
    @rule(data=st.data())
    def sets_aside(self, data: st.DataObject) -> None:
        act = data.draw(st.sampled_from(self._in_state(CommandState.REFUSED)))
        self.desk.set_aside(act.id)
        act.entity.waiting.remove(act)
        if not act.note:  # the clerk lets go of what was built on a ticket that never was
            for later in list(act.entity.waiting):
                self.desk.mark(later.id, CommandState.REFUSED)
                self.desk.set_aside(later.id)
                act.entity.waiting.remove(later)

    @rule(chance=SELDOM)
    def restarts(self, chance: int) -> None:
        if chance == 0:
            self.desk.close()
            self.desk.open()

    # ---- the line

    @precondition(lambda self: self._next_acts())
    @rule(data=st.data())
    def is_refused(self, data: st.DataObject) -> None:
        act = data.draw(st.sampled_from(self._next_acts()))
        if act.state is CommandState.QUEUED:
            act.state = CommandState.REFUSED
            self.desk.mark(act.id, CommandState.SENT)
            self.desk.mark(act.id, CommandState.REFUSED, reason="no")

    @precondition(lambda self: self._next_acts())
    @rule(data=st.data())
    def is_confirmed(self, data: st.DataObject) -> None:
        act = data.draw(st.sampled_from(self._next_acts()))
        if act.state is CommandState.QUEUED and self._takes_effect(act):
            body = ticket(act.entity.server_id, notes=act.entity.office or (), external_id=act.entity.local_id)
            self._confirm(act, body)

    @precondition(lambda self: self._next_acts())
    @rule(data=st.data())
    def loses_its_answer(self, data: st.DataObject) -> None:
        act = data.draw(st.sampled_from(self._next_acts()))
        if act.state is CommandState.QUEUED and self._takes_effect(act):
            act.state = CommandState.UNKNOWN
            self.desk.mark(act.id, CommandState.UNKNOWN)

    @precondition(lambda self: self._in_state(CommandState.UNKNOWN))
    @rule(data=st.data())
    def is_asked_about(self, data: st.DataObject) -> None:
        self._confirm(data.draw(st.sampled_from(self._in_state(CommandState.UNKNOWN))), None)

    @precondition(lambda self: self.applied < len(self.feed))
    @rule(data=st.data(), settles=st.booleans())
    def pulls(self, data: st.DataObject, *, settles: bool) -> None:
        count = data.draw(st.integers(1, len(self.feed) - self.applied))
        page = self.feed[self.applied : self.applied + count]
        self.applied += count
        self.desk.mirror.apply(page, f"e1.{page[-1].revision}", self.desk.clock.now())
        if settles:
            self.desk.outbox.settle(page)
        else:
            self.is_exact = False
        for one in page:
            self._by_server_id(one.id).mirrors(one.revision, notes_in(one))

    @rule()
    def pulls_to_the_end(self) -> None:
        if self.applied < len(self.feed):
            page = self.feed[self.applied :]
            self.applied = len(self.feed)
            self.desk.feed(*page, cursor=f"e1.{page[-1].revision}")
            for one in page:
                self._by_server_id(one.id).mirrors(one.revision, notes_in(one))
        self.desk.catch_up()
        self.is_exact = True

    @rule(chance=SELDOM)
    def takes_a_new_snapshot(self, chance: int) -> None:
        if chance:
            return
        held = [(one, one.office) for one in self.entities if one.office is not None]
        self.desk.build([self._as_change(one) for one, _ in held], cursor=f"e1.{self.revision}")
        self.applied = len(self.feed)
        for entity in self.entities:
            if entity.server_id:
                entity.mirrors(self._revision_of(entity), entity.office)
        self.desk.catch_up()
        self.is_exact = True

    # ---- head office

    @precondition(lambda self: len(self.entities) < MOST_ENTITIES)
    @rule()
    def somebody_else_files(self) -> None:
        entity = Entity(server_id=f"T{len(self.entities)}", office=[])
        self.entities.append(entity)
        self._publish(entity)

    @precondition(lambda self: self._at_office())
    @rule(data=st.data())
    def somebody_else_adds_a_contact(self, data: st.DataObject) -> None:
        entity = data.draw(st.sampled_from(self._at_office()))
        assert entity.office is not None
        entity.office = [*entity.office, self._words()]
        self._publish(entity)

    @precondition(lambda self: self._deletable())
    @rule(data=st.data())
    def head_office_deletes(self, data: st.DataObject) -> None:
        entity = data.draw(st.sampled_from(self._deletable()))
        entity.office = None
        self._publish(entity)

    # ---- what must hold

    @invariant()
    def the_clerk_sees_what_is_true(self) -> None:
        seen, alone = self.desk.ask(lambda one: (by_id(one), by_id(one, alone=True)))
        assert seen == alone
        if self.is_exact:
            expected = {one.shown_id: notes for one in self.entities if (notes := one.expected()) is not None}
            assert seen.keys() == expected.keys()
            last_looks = {one.shown_id for one in self.entities if one.mirror and one.mirror[1] is None}
            for key in seen.keys() - last_looks:  # what a ticket looked like when it was deleted depends on the pages
                assert notes_of(seen[key].body) == expected[key]
        for entity in self.entities:
            if entity.waiting:
                one = seen[entity.shown_id]
                assert one.certainty is entity.waiting[-1].state.certainty
                assert one.command_id == entity.waiting[-1].id
            elif entity.shown_id in seen:
                assert seen[entity.shown_id].certainty is Certainty.CONFIRMED

    @invariant()
    def every_act_that_has_not_ended_is_in_the_outbox(self) -> None:
        waiting = {act.id: act.state for one in self.entities for act in one.waiting}
        assert {one.command.id: one.state for one in self.desk.outbox.unfinished()} == waiting

    @invariant()
    def the_audit_chain_holds(self) -> None:
        assert self.desk.broken_at() is None

    # ---- the model's own steps

    def _takes_effect(self, act: Act) -> bool:
        entity = act.entity
        if act.note and entity.office is None:
            return False  # head office would refuse it
        if not act.note:
            entity.server_id, entity.office = f"T{self.entities.index(entity)}", []
        else:
            assert entity.office is not None
            entity.office = [*entity.office, act.note]
        self._publish(entity)
        act.took_effect_at = self.revision
        return True

    def _confirm(self, act: Act, body: dict[str, object] | None) -> None:
        entity = act.entity
        known = max([one for one in (entity.mirror, entity.confirmed) if one], key=lambda one: one[0], default=(0, []))
        if body is None and known[0] > act.took_effect_at:
            self.is_exact = self.is_exact and entity.is_known
        if body is None and entity.mirror and not entity.is_known:
            self.is_exact = False
        notes = notes_of(body) if body else [*(known[1] or []), *([act.note] if act.note else [])]
        if act.took_effect_at >= known[0]:
            entity.confirmed = (act.took_effect_at, notes)
        entity.is_known = True
        entity.waiting.remove(act)
        self.desk.confirm(act.id, Confirmed(entity.server_id, act.took_effect_at, body))

    def _publish(self, entity: Entity) -> None:
        self.revision += 1
        self.feed.append(self._as_change(entity, self.revision))

    def _as_change(self, entity: Entity, revision: int = 0) -> Change:
        at = revision or self._revision_of(entity)
        if entity.office is None:
            return gone("troubleTicket", entity.server_id, at)
        return change("troubleTicket", at, ticket(entity.server_id, "C1", entity.office, entity.local_id))

    def _revision_of(self, entity: Entity) -> int:
        return max(one.revision for one in self.feed if one.id == entity.server_id)

    def _by_server_id(self, server_id: str) -> Entity:
        return next(one for one in self.entities if one.server_id == server_id)

    def _words(self) -> str:
        self.said += 1
        return f"said {self.said}"

    def _shown(self) -> list[Entity]:
        return [one for one in self.entities if one.expected() is not None]

    def _deletable(self) -> list[Entity]:
        return [one for one in self._at_office() if not one.waiting and (one.is_known or not one.local_id)]

    def _at_office(self) -> list[Entity]:
        return [one for one in self.entities if one.office is not None]

    def _next_acts(self) -> list[Act]:
        return [one.waiting[0] for one in self.entities if one.waiting]

    def _in_state(self, state: CommandState) -> list[Act]:
        return [act for one in self.entities for act in one.waiting if act.state is state]


@pytest.mark.timeout(600)  # finding the shortest way to a failure takes its time
def test_the_clerk_always_sees_the_copy_with_the_desks_own_acts_over_it() -> None:
    quiet = list(HealthCheck)  # real files are slow
    run_state_machine_as_test(
        OverlayMachine,
        settings=settings(max_examples=25, stateful_step_count=30, deadline=None, suppress_health_check=quiet),
    )
