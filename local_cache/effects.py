"""The overlay: every entity that unsent or unsettled commands touch, as it will look once head office has them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, insert, or_, select, update

from app.core.clock import from_wire
from app.core.commands import Command, Method
from app.sync.model import UNFINISHED, Change, CommandState, Confirmed
from local_cache.journal_schema import command, effect

Body = Mapping[str, Any]
Reducer = Callable[[Body | None, Command], dict[str, Any]]
Reducers = Mapping[tuple[str, int], Reducer]


class Effects:
    """Works effects out inside the caller's transaction. Reducers are chosen by the command's kind and version."""

    def __init__(self, reducers: Reducers) -> None:
        self._reducers = reducers

    def put(self, connection: Connection, act: Command, before: Body | None, revision: int) -> None:
        """Lay one more command over the entity, seen as `before` at `revision`; None where the command makes it."""
        held = _held(connection, act.collection, act.entity_id)
        if held:
            _change(connection, held, body=self._after(json.loads(held.body), [act]), command_id=act.id)
            return
        known_as = select(command.c.result_id).where(command.c.id == act.entity_id)
        connection.execute(
            insert(effect).values(
                collection=act.collection, entity_id=act.entity_id, customer_id=act.customer_id,
                base=None if before is None else as_json(before), body=self._after(before, [act]), command_id=act.id,
                server_id=connection.execute(known_as).scalar() or "", revision=revision, is_gone=False,
            )
        )  # fmt: skip

    def rebuild(self, connection: Connection, collection: str, entity_id: str) -> None:
        """Work the entity out again from its base; drop it where nothing of the desk is in it any more."""
        held = _held(connection, collection, entity_id)
        if held is None:
            return
        waiting = _under_way(connection, held)
        newest = waiting[-1].id if waiting else _newest_confirmed(connection, held)
        if not newest or (not waiting and (held.is_gone or held.base is None)):
            connection.execute(delete(effect).where(*_key(held)))
        else:
            base = json.loads(held.base) if held.base else None
            _change(connection, held, body=self._after(base, waiting), command_id=newest)

    def confirm(self, connection: Connection, act: Command, result: Confirmed) -> None:
        """Head office took the command: its answer is the new base, unless the mirror is already further."""
        held = _held(connection, act.collection, act.entity_id)
        if held is None:
            return
        if held.base is None or result.revision > held.revision:
            base = json.loads(held.base) if held.base else None
            body = result.body if result.body is not None else {**self._reduced(base, [act]), "id": result.id}
            _change(connection, held, base=as_json(body), revision=result.revision, is_gone=False)
        _change(connection, held, server_id=result.id)
        self.rebuild(connection, act.collection, act.entity_id)

    def settle(self, connection: Connection, changes: Iterable[Change]) -> None:
        """The mirror moved on: drop what says nothing new, work the rest out again from the newer row."""
        for change in changes:
            for held in _of(connection, change.collection, change.id):
                if change.revision >= held.revision:
                    self._rest_on(connection, held, change.body, change.revision)

    def vanished(self, connection: Connection, keys: Iterable[tuple[str, str]]) -> None:
        """Head office no longer has these: what has been done to one of them stays in sight until that is told."""
        for collection, entity_id in keys:
            for held in _of(connection, collection, entity_id):
                self._rest_on(connection, held, None, held.revision)

    def restore(self, connection: Connection) -> None:
        """After a salvage: drop effects whose command is lost, make those again whose command creates its entity."""
        for held in connection.execute(select(effect)).all():
            self.rebuild(connection, held.collection, held.entity_id)
        rows = connection.execute(select(command).where(command.c.state.in_(UNFINISHED)).order_by(command.c.sequence))
        for act in [command_from(row) for row in rows]:
            if act.method is Method.CREATE and _held(connection, act.collection, act.entity_id) is None:
                self.put(connection, act, None, 0)
                self.rebuild(connection, act.collection, act.entity_id)

    def _rest_on(self, connection: Connection, held: Any, body: str | None, revision: int) -> None:
        if not _under_way(connection, held):
            connection.execute(delete(effect).where(*_key(held)))
            return
        is_gone = body is None
        _change(connection, held, base=held.base if is_gone else body, revision=revision, is_gone=is_gone)
        self.rebuild(connection, held.collection, held.entity_id)

    def _after(self, before: Body | None, acts: Iterable[Command]) -> str:
        return as_json(self._reduced(before, acts))

    def _reduced(self, before: Body | None, acts: Iterable[Command]) -> Body:
        body = before
        for act in acts:
            body = self._reducers[act.kind, act.version](body, act)
        assert body is not None, "an entity has a base, or a command that makes it"  # noqa: S101 - an invariant
        return body


def new_epoch(connection: Connection) -> None:
    """Head office counts revisions anew: whatever the new mirror holds is newer than any base."""
    connection.execute(update(effect).values(revision=0))


def known_there(connection: Connection) -> list[tuple[str, str]]:
    """Collection and id of every entity in the overlay that head office is known to have."""
    rows = connection.execute(select(effect).where(or_(effect.c.server_id != "", effect.c.base.is_not(None))))
    return [(row.collection, row.server_id or row.entity_id) for row in rows]


def touched(connection: Connection) -> list[tuple[str, str]]:
    """Collection and id at head office of every entity in the overlay."""
    rows = connection.execute(select(effect.c.collection, effect.c.entity_id, effect.c.server_id))
    return [(row.collection, row.server_id or row.entity_id) for row in rows]


def command_from(row: Any) -> Command:
    """A row of the command table as the command it was recorded from."""
    return Command(
        id=row.id, kind=row.kind, version=row.version, method=Method(row.method), collection=row.collection,
        entity_id=row.entity_id, body=json.loads(row.body), author=row.author, made_at=from_wire(row.made_at),
        base_tag=row.base_tag, customer_id=row.customer_id, title=row.title, replaces=row.replaces,
    )  # fmt: skip


def as_json(body: Any) -> str:
    """JSON in plain ASCII: it holds whatever a clerk pasted, also what UTF-8 cannot."""
    return json.dumps(body)


def _of(connection: Connection, collection: str, entity_id: str) -> Sequence[Any]:
    """What is laid over an entity, by either of its ids."""
    same = or_(effect.c.entity_id == entity_id, effect.c.server_id == entity_id)
    return connection.execute(select(effect).where(effect.c.collection == collection, same)).all()


def _held(connection: Connection, collection: str, entity_id: str) -> Any:
    return connection.execute(
        select(effect).where(effect.c.collection == collection, effect.c.entity_id == entity_id)
    ).first()  # fmt: skip


def _under_way(connection: Connection, held: Any) -> list[Command]:
    rows = connection.execute(
        select(command).where(*_on(held), command.c.state.in_(UNFINISHED)).order_by(command.c.sequence)
    )
    return [command_from(row) for row in rows]


def _newest_confirmed(connection: Connection, held: Any) -> str:
    confirmed = select(command.c.id).where(*_on(held), command.c.state == CommandState.CONFIRMED)
    return connection.execute(confirmed.order_by(command.c.sequence.desc()).limit(1)).scalar() or ""


def _change(connection: Connection, held: Any, **news: object) -> None:
    connection.execute(update(effect).where(*_key(held)).values(news))


def _on(held: Any) -> tuple[Any, Any]:
    return command.c.collection == held.collection, command.c.entity_id == held.entity_id


def _key(held: Any) -> tuple[Any, Any]:
    return effect.c.collection == held.collection, effect.c.entity_id == held.entity_id
