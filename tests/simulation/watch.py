"""The invariants of DESIGN: looked at while a simulation runs, and once all is quiet. A fault is a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from app.core.commands import Command, Method
from app.sync.model import AT_REST, MOVING, TAKEN, CommandState
from tests.simulation.acts import Body, is_in
from tests.simulation.desk import Desk
from tests.simulation.journal import Entity
from tests.simulation.life import BrokenError
from tests.simulation.office import HISTORY, TICKET, Done, Office

_LOST = (CommandState.LOST, CommandState.CHECKING_LOST)
WITHOUT_EFFECT = (CommandState.REFUSED, CommandState.LOST, CommandState.SET_ASIDE)


def _said(body: Body) -> Body:
    return {name: value for name, value in body.items() if name not in ("id", HISTORY)}


@dataclass
class Watch:
    """Follows what was accepted, what took effect and what each desk shows."""

    office: Office
    accepted: dict[str, Command] = field(default_factory=dict)
    done: dict[str, Done] = field(default_factory=dict)  # by key, in the history that head office has now
    lost: set[str] = field(default_factory=set)  # had taken effect when head office was put back to an earlier day
    given: dict[tuple[str, str], str] = field(default_factory=dict)  # by which act, whatever head office forgets
    _sights: dict[str, list[Body]] = field(default_factory=dict)  # what each act was put on top of by a person
    _adopted: dict[str, set[str]] = field(default_factory=dict)
    _newest: dict[tuple[str, Entity], int] = field(default_factory=dict)
    _held: dict[str, tuple[str, dict[Entity, int]]] = field(default_factory=dict)
    _to_see: dict[str, dict[str, Command]] = field(default_factory=dict)

    def accept(self, desk: Desk, act: Command) -> None:
        """The clerk was told that it is saved."""
        for one in act.spends:
            before = self.given.setdefault((one.kind, one.item), act.id)
            if before != act.id:
                raise BrokenError(f"8: {one.kind} {one.item} is given out by {act.id}, and was by {before}")
        self.accepted[act.id] = act
        self._to_see.setdefault(desk.name, {})[act.id] = act

    def effect(self, done: Done) -> None:
        """Head office committed an effect."""
        key = done.act
        act = self.accepted.get(key)
        if act is None:
            raise BrokenError(f"2: an effect under {key}, which nobody asked for")
        if key in self.done:
            raise BrokenError(f"2: {key} took effect twice")
        if done.decided_by != act.author:
            raise BrokenError(f"4: {key} is {act.author}'s, and head office wrote down {done.decided_by}")
        if done.author not in (act.author, *self._adopted.get(key, ())):
            raise BrokenError(f"4: {key} is {act.author}'s and was sent with the grant of {done.author}")
        last = self._newest.get((done.device, done.entity), 0)
        if done.sequence < last:
            raise BrokenError(f"4: act {done.sequence} of {done.device} on {done.entity} came after its act {last}")
        if act.method is Method.CHANGE:
            self._look_at_change(act, done)
        self._newest[done.device, done.entity] = done.sequence
        self.done[key] = done

    def adopts(self, key: str, by: str) -> None:
        """A supervisor stands for the act."""
        self._adopted.setdefault(key, set()).add(by)

    def saw(self, key: str, body: Body) -> None:
        """A person was shown this, and wants the act to go on top of it."""
        self._sights.setdefault(key, []).append(body)

    def _look_at_change(self, act: Command, done: Done) -> None:
        """What somebody wanted is there whole, and takes the place of nothing that nobody had seen."""
        sights = [act.seen, *self._sights.get(act.id, ())]
        for name in (done.was.keys() | done.body.keys()) - {HISTORY}:
            was, now, wanted = done.was.get(name), done.body.get(name), act.body.get(name)
            if name == "note":
                kept = [*(was or ()), *(one for one in wanted or () if one["by"] == act.id)]
                if any(one not in (now or ()) for one in kept):
                    raise BrokenError(f"3: a note is lost from {done.entity} by {act.id}")
            elif name not in act.body and now != was:
                raise BrokenError(f"3: {act.id} changed {name} of {done.entity}, which nobody asked for")
            elif name in act.body and now != wanted:
                raise BrokenError(f"3: {act.id} is in effect without the {name} that it sets")
            elif name in act.body and was != wanted and all(one.get(name) != was for one in sights):
                raise BrokenError(f"3: {act.id} took the place of {was} in {name}, which its author never saw")
        if "status" in act.body and not any(_said(one) == _said(done.was) for one in sights):
            raise BrokenError(f"3: {act.id} set the status of {done.entity}, which its author never saw as it was")

    def restored(self) -> None:
        """Head office has gone back to a backup."""
        kept = {one.act: one for one in self.office.books.done}
        self.lost |= self.done.keys() - kept.keys()
        self.done = kept
        self._newest = {(one.device, one.entity): one.sequence for one in kept.values()}

    def store_called(self, desk: Desk, call: str) -> None:
        """A desk has written something."""
        if call in ("apply", "finish"):
            self._look_at_copy(desk)
        if call in ("apply", "finish", "settle", "mark", "record"):
            self._look_at_view(desk)
            self._look_at_lost(desk)

    def at_rest(self, desks: list[Desk]) -> None:
        """Everything is quiet. Raises BrokenError."""
        recorded = {key: row for desk in desks for key, row in desk.journal.rows.items()}
        if gone := self.accepted.keys() - recorded.keys():
            raise BrokenError(f"1: {sorted(gone)} vanished from the journal")
        for key, row in recorded.items():
            if row.state in MOVING:
                raise BrokenError(f"3: {key} never ended: {row.state}")
            if row.state is CommandState.CONFIRMED and key not in self.done:
                raise BrokenError(f"2: {key} is confirmed and never took effect")
            if row.state in WITHOUT_EFFECT and key in self.done:
                raise BrokenError(f"2: {key} is {row.state} and took effect")
        for key in self.office.lender.refused:
            raise BrokenError(f"8: head office does not let {key} give out what its desk has on lease")
        for desk in desks:
            self._look_at_view(desk)
            for fault in self._differences(desk):
                raise BrokenError(f"5: {desk.name}: {fault}")

    def _look_at_copy(self, desk: Desk) -> None:
        copy = desk.mirror.used
        if copy is None:
            return
        now = {key: row.revision for key, row in copy.rows.items()}
        epoch, before = self._held.get(desk.name, ("", {}))
        if epoch == copy.state.epoch:
            for key, revision in before.items():
                if copy.revision(key) < revision and self._is_theirs(desk, key):
                    raise BrokenError(f"6: {key} at {desk.name} went back from {revision} to {copy.revision(key)}")
        self._held[desk.name] = (copy.state.epoch, now)
        if copy.state.epoch != self.office.epoch:
            return
        reached = int(copy.state.cursor.rpartition(".")[2])
        for key, one in self.office.books.documents.items():
            if one.revision > reached:
                continue
            is_theirs = desk.view.covers(key, one)
            if not is_theirs and key in now:
                raise BrokenError(f"7: {desk.name} is at {reached} and still has {key}, which left its view")
            if is_theirs and one.body is not None and now.get(key) != one.revision:
                raise BrokenError(f"6: {desk.name} is at {reached} and has {key} at {now.get(key)}, not {one.revision}")
            if is_theirs and one.body is None and key in now:
                raise BrokenError(f"7: {desk.name} is at {reached} and still has {key}, deleted at {one.revision}")

    def _look_at_view(self, desk: Desk) -> None:
        """What the clerk did stays in sight, from the moment it was saved until the copy holds it."""
        waiting = self._to_see.get(desk.name, {})
        for key, act in list(waiting.items()):
            row = desk.journal.rows[key]
            entity = (act.collection, desk.journal.server_id(act.collection, row.command.entity_id))
            if row.state in WITHOUT_EFFECT or key in self.lost or self._is_settled(desk, row.result_revision, entity):
                del waiting[key]
                continue
            seen = desk.seen(*entity)
            if seen is None or not is_in(seen.body, act):
                if row.state in TAKEN and not self._is_theirs(desk, entity):
                    del waiting[key]
                    continue
                what = "no such record" if seen is None else "its effect is missing"
                raise BrokenError(f"1: {key} is {row.state} at {desk.name}, and the clerk sees: {what}")

    def _look_at_lost(self, desk: Desk) -> None:
        """A ticket that head office has lost stays in sight until a person decides."""
        rows = desk.journal.rows
        for act in (rows[key].command for key in desk.journal.open if rows[key].state in _LOST):
            seen = desk.seen(act.collection, act.entity_id)
            if act.method is Method.CREATE and (seen is None or not is_in(seen.body, act)):
                raise BrokenError(f"3: {act.id} is lost, and {desk.name} shows nothing of it")

    def _is_settled(self, desk: Desk, revision: int, entity: Entity) -> bool:
        """Whether the copy has come as far as the effect; what it holds is compared with head office's anyway."""
        copy = desk.mirror.used
        return bool(revision) and copy is not None and copy.revision(entity) >= revision

    def _is_theirs(self, desk: Desk, entity: Entity) -> bool:
        there = self.office.books.documents.get(entity)
        return there is not None and there.body is not None and desk.view.covers(entity, there)

    def _differences(self, desk: Desk) -> Iterator[str]:
        there = self.office.holds(desk.view)
        here = {key: row.revision for key, row in desk.mirror.used.rows.items()} if desk.mirror.used else {}
        for key in sorted(there.keys() | here.keys()):
            if there.get(key) != here.get(key):
                yield f"{key} is at {here.get(key)} here and at {there.get(key)} at head office"
        for one in desk.journal.overlay_of(
            TICKET
        ):  # what the copy has reached is not shown, and goes at the next settling
            if one.state in AT_REST and here.get((TICKET, one.server_id or one.entity_id), 0) < one.revision:
                yield f"{one.entity_id} is still overlaid, and nothing is under way"
