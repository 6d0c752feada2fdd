"""The overlay: every entity that unsent or unsettled commands touch, as it will look once head office has them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, delete, insert, or_, select, update

from app.core.clock import from_wire
from app.core.commands import Command, Method
from app.sync.model import Change, CommandState, Confirmed
from local_cache.journal_schema import command, effect

Body = Mapping[str, Any]
Reducer = Callable[[Body | None, Command], dict[str, Any]]
Reducers = Mapping[tuple[str, int], Reducer]

_ENDED = (CommandState.CONFIRMED, CommandState.SET_ASIDE)


class Effects:
    """Works effects out inside the caller's transaction. Reducers are chosen by the command's kind and version."""

    def __init__(self, reducers: Reducers) -> None:
        self._reducers = reducers

    def put(self, connection: Connection, act: Command, before: Body | None) -> None:
        """Lay one more command over the entity; `before` is the entity as seen, None where the command makes it."""
        held = self._held(connection, act.collection, act.entity_id)
        seen = json.loads(held.body) if held else before
        body = _json(self._reducers[act.kind, act.version](seen, act))
        if held:
            news = {"body": body, "command_id": act.id, "revision": 0}
            connection.execute(update(effect).where(*_key(act.collection, act.entity_id)).values(news))
            return
        connection.execute(
            insert(effect).values(
                collection=act.collection, entity_id=act.entity_id, customer_id=act.customer_id, body=body,
                base=None if before is None else _json(before), command_id=act.id, server_id="", revision=0,
            )
        )  # fmt: skip

    def rebuild(self, connection: Connection, collection: str, entity_id: str) -> None:
        """Work the entity out again from its base; drop it where nothing of the desk is in it any more."""
        held = self._held(connection, collection, entity_id)
        if held is None:
            return
        remaining = self._under_way(connection, collection, entity_id)
        if not remaining and not held.server_id:
            connection.execute(delete(effect).where(*_key(collection, entity_id)))
            return
        body: Body | None = json.loads(held.base) if held.base else None
        for act in remaining:
            body = self._reducers[act.kind, act.version](body, act)
        news = {"body": _json(body), "command_id": remaining[-1].id if remaining else held.command_id}
        connection.execute(update(effect).where(*_key(collection, entity_id)).values(news))

    def confirm(self, connection: Connection, act: Any, result: Confirmed) -> None:
        """Head office took the command: its answer is the new base, until the mirror has reached it."""
        key = (act.collection, act.entity_id)
        held = self._held(connection, *key)
        if held is None:
            return
        base = _json(result.body) if result.body is not None else held.body
        revision = 0 if self._under_way(connection, *key) else result.revision
        news = {"base": base, "server_id": result.id, "revision": revision, "command_id": act.id}
        connection.execute(update(effect).where(*_key(*key)).values(news))
        self.rebuild(connection, *key)

    def settle(self, connection: Connection, changes: Iterable[Change]) -> None:
        """The mirror moved on: drop what says nothing new, work the rest out again from the newer row."""
        if connection.execute(select(effect.c.entity_id).limit(1)).first() is None:
            return
        for change in changes:
            same = or_(effect.c.entity_id == change.id, effect.c.server_id == change.id)
            for held in connection.execute(select(effect).where(effect.c.collection == change.collection, same)).all():
                key = (held.collection, held.entity_id)
                if 0 < held.revision <= change.revision:
                    connection.execute(delete(effect).where(*_key(*key)))
                elif not held.revision and change.body is not None:
                    connection.execute(update(effect).where(*_key(*key)).values(base=change.body))
                    self.rebuild(connection, *key)

    def touched(self, connection: Connection) -> list[tuple[str, str]]:
        """Collection and id at head office of every entity in the overlay."""
        rows = connection.execute(select(effect.c.collection, effect.c.entity_id, effect.c.server_id))
        return [(row.collection, row.server_id or row.entity_id) for row in rows]

    def _under_way(self, connection: Connection, collection: str, entity_id: str) -> list[Command]:
        rows = connection.execute(
            select(command)
            .where(command.c.collection == collection, command.c.entity_id == entity_id)
            .where(command.c.state.not_in(_ENDED))
            .order_by(command.c.sequence)
        )
        return [command_from(row) for row in rows]

    @staticmethod
    def _held(connection: Connection, collection: str, entity_id: str) -> Any:
        return connection.execute(select(effect).where(*_key(collection, entity_id))).first()


def command_from(row: Any) -> Command:
    """A row of the command table as the command it was recorded from."""
    return Command(
        id=row.id, kind=row.kind, version=row.version, method=Method(row.method), collection=row.collection,
        entity_id=row.entity_id, body=json.loads(row.body), author=row.author, made_at=from_wire(row.made_at),
        base_tag=row.base_tag, customer_id=row.customer_id, title=row.title, replaces=row.replaces,
    )  # fmt: skip


def _key(collection: str, entity_id: str) -> tuple[Any, Any]:
    return effect.c.collection == collection, effect.c.entity_id == entity_id


def _json(body: Body | None) -> str:
    return json.dumps(body, ensure_ascii=False)
