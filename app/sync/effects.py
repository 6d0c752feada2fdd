"""The overlay: every entity that unsent or unsettled commands touch, as it will look once head office has them."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from app.core.commands import Command, Method, There
from app.rules.merging import corrected
from app.sync.merging import over
from app.sync.model import Change, CommandState, Confirmed

Body = Mapping[str, Any]
Reducer = Callable[[Body | None, Command], dict[str, Any]]
Reducers = Mapping[tuple[str, int], Reducer]  # by a command's kind and version


@dataclass(frozen=True, slots=True)
class Effect:
    """What this desk's commands make of an entity; `base` and `body` are JSON texts.

    `base` is the entity without them (None: they made it), `revision` the one of head office that it rests on, in `epoch`,
    `is_gone` whether it was deleted there at that revision, `server_id` its id there once a command on it was confirmed.
    `command_id` is the newest command that is not at rest, else the newest that took effect.
    """

    collection: str
    entity_id: str
    customer_id: str
    base: str | None
    body: str
    command_id: str
    server_id: str
    revision: int
    is_gone: bool = False
    epoch: str = ""


class EffectRows(Protocol):
    """The journal's effects and commands, inside one transaction."""

    def epoch(self) -> str:
        """The epoch of the copy in use; what head office answers may be of a newer one already."""
        ...

    def past_epochs(self) -> Collection[str]:
        """The epochs of copies that were in use before."""
        ...

    def held(self, collection: str, entity_id: str) -> Effect | None:
        """What is laid over an entity, by the id it has on this desk."""
        ...

    def of(self, collection: str, known_as: str) -> Sequence[Effect]:
        """What is laid over an entity, by either of its ids."""
        ...

    def all(self) -> Sequence[Effect]:
        """All of the overlay."""
        ...

    def keep(self, effect: Effect) -> None:
        """Put it in the place of what is held for its entity."""
        ...

    def drop(self, effect: Effect) -> None:
        """Hold nothing for its entity any more."""
        ...

    def under_way(self, effect: Effect) -> list[Command]:
        """The commands on its entity whose effect the desk has to show (`UNDER_WAY`), in device order."""
        ...

    def newest_confirmed(self, effect: Effect) -> str:
        """The newest command on its entity that head office took; empty if there is none."""
        ...

    def rewrite(self, act: Command) -> None:
        """Write down what a command has become."""
        ...

    def result_of(self, command_id: str) -> str:
        """The id head office gave to what a command made; empty while that is not known."""
        ...

    def unfinished(self) -> list[Command]:
        """All commands whose effect the desk has to show, in device order."""
        ...


class Effects:
    """Works effects out. Reducers are chosen by the command's kind and version."""

    def __init__(self, reducers: Reducers) -> None:
        self._reducers = reducers

    def put(self, rows: EffectRows, act: Command, before: Body | None, revision: int) -> None:
        """Lay one more command over the entity, seen as `before` at `revision`; None where the command makes it."""
        held = rows.held(act.collection, act.entity_id)
        if held:
            rows.keep(replace(held, body=self._after(json.loads(held.body), [act]), command_id=act.id))
            return
        base = None if before is None else as_json(before)
        body, there = self._after(before, [act]), rows.result_of(act.entity_id)
        epoch = rows.epoch()
        rows.keep(
            Effect(act.collection, act.entity_id, act.customer_id, base, body, act.id, there, revision, epoch=epoch)
        )

    def rebuild(self, rows: EffectRows, collection: str, entity_id: str) -> None:
        """Work the entity out again from its base; drop it where nothing of the desk is in it any more."""
        held = rows.held(collection, entity_id)
        if held is not None:
            self._rebuild(rows, held)

    def confirm(self, rows: EffectRows, act: Command, result: Confirmed) -> None:
        """Head office took the command: its answer is the new base, unless the mirror is already further."""
        held = rows.held(act.collection, act.entity_id)
        if held is None:
            return
        self._correct(rows, held, act, result)
        held, epoch = replace(held, server_id=result.id), result.epoch or rows.epoch()
        is_past = (
            held.is_gone and result.body is None
        )  # it had its effect before it was deleted: only the feed brings it back
        is_news = held.base is None or epoch != held.epoch or result.revision > held.revision
        if is_news and not is_past:
            base = json.loads(held.base) if held.base else None
            body = result.body if result.body is not None else {**self._reduced(base, [act]), "id": result.id}
            held = replace(held, base=as_json(body), revision=result.revision, is_gone=False, epoch=epoch)
        self._rebuild(rows, held)

    def _correct(self, rows: EffectRows, held: Effect, act: Command, result: Confirmed) -> None:
        """What waits on the entity was decided in sight of what was expected of the act: nobody else's work is in the way
        where head office made something more of that, such as a history."""
        is_alone = act.method is Method.CREATE or act.seen is not None  # else others may have had a part in the answer
        if result.body is None or not result.epoch or not is_alone:
            return
        expected = self._reducers[act.kind, act.version](act.seen, act)
        for one in rows.under_way(held):
            if one.seen is not None:
                rows.rewrite(replace(one, seen=corrected(one.seen, expected, result.body)))

    def told(self, rows: EffectRows, act: Command, state: CommandState, confirmed: Confirmed | None) -> None:
        """Head office told what became of the act."""
        if confirmed is not None:
            self.confirm(rows, act, confirmed)
        elif state is CommandState.LOST:
            self.lost(rows, act)
        elif state is CommandState.CONFIRMED:  # and no more than that
            self.rebuild(rows, act.collection, act.entity_id)

    def lost(self, rows: EffectRows, act: Command) -> None:
        """Head office has lost what it had confirmed: what the act had made is shown again, as not in effect."""
        held = rows.held(act.collection, act.entity_id)
        if act.method is Method.CREATE:  # what it was called there may be given to another
            if held is None:
                self.put(rows, act, None, 0)
            else:
                fresh = replace(held, base=None, server_id="", revision=0, is_gone=False, epoch=rows.epoch())
                rows.keep(fresh)
        self.rebuild(rows, act.collection, act.entity_id)

    def settle(self, rows: EffectRows, changes: Iterable[Change]) -> None:
        """The copy in use moved on: drop what says nothing new, work the rest out again from the newer row."""
        for change in changes:
            for held in rows.of(change.collection, change.id):
                if held.epoch == rows.epoch() and change.revision >= held.revision:
                    self._rest_on(rows, held, change.body, change.revision)

    def merged(self, rows: EffectRows, act: Command, there: There) -> None:
        """The act, changed or not, is to go on top of what head office holds now."""
        held = rows.held(act.collection, act.entity_id)
        if held is None:
            return
        if there.body is not None and there.epoch == held.epoch and there.revision > held.revision:
            held = replace(held, base=as_json(there.body), revision=there.revision, is_gone=False)
        self._rebuild(rows, held)

    def vanished(self, rows: EffectRows, keys: Iterable[tuple[str, str]]) -> None:
        """Head office no longer has these: what has been done to one of them stays in sight until that is told."""
        for collection, entity_id in keys:
            for held in rows.of(collection, entity_id):
                self._rest_on(rows, held, None, held.revision)

    def new_epoch(self, rows: EffectRows) -> None:
        """The copy in use is of an epoch in which revisions are counted anew: it is newer than what is of an earlier one."""
        for held in rows.all():
            if held.epoch != rows.epoch() and held.epoch in ("", *rows.past_epochs()):
                rows.keep(replace(held, revision=0, epoch=rows.epoch()))

    def restore(self, rows: EffectRows) -> None:
        """After a salvage: drop effects whose command is lost, make those again whose command creates its entity."""
        for held in rows.all():
            self._rebuild(rows, held)
        for act in rows.unfinished():
            if act.method is Method.CREATE and rows.held(act.collection, act.entity_id) is None:
                self.put(rows, act, None, 0)
                self.rebuild(rows, act.collection, act.entity_id)

    def _rest_on(self, rows: EffectRows, held: Effect, body: str | None, revision: int) -> None:
        if not rows.under_way(held):
            rows.drop(held)
            return
        is_gone = body is None
        self._rebuild(rows, replace(held, base=held.base if is_gone else body, revision=revision, is_gone=is_gone))

    def _rebuild(self, rows: EffectRows, held: Effect) -> None:
        waiting = rows.under_way(held)
        newest = waiting[-1].id if waiting else rows.newest_confirmed(held)
        if not newest or (not waiting and (held.is_gone or held.base is None)):
            rows.drop(held)
        else:
            base = json.loads(held.base) if held.base else None
            rows.keep(replace(held, body=self._after(base, waiting), command_id=newest))

    def _after(self, before: Body | None, acts: Iterable[Command]) -> str:
        return as_json(self._reduced(before, acts))

    def _reduced(self, before: Body | None, acts: Iterable[Command]) -> Body:
        body = before
        for act in acts:
            body = self._reducers[act.kind, act.version](body, over(act, body))
        assert body is not None, "an entity has a base, or a command that makes it"  # noqa: S101 - an invariant
        return body


def as_json(body: Any) -> str:
    """JSON in plain ASCII: it holds whatever a clerk pasted, also what UTF-8 cannot."""
    return json.dumps(body)
