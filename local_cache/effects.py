"""The overlay's rows in the journal, and the commands that they were made from."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, or_, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from app.core.clock import from_wire
from app.core.commands import Command, Method, Spend, There
from app.sync.effects import Effect, as_json
from app.sync.model import TAKEN, UNDER_WAY, Change, CommandState
from local_cache.journal_schema import EPOCH, PAST_EPOCHS, command, effect, for_this_office, meta
from local_cache.prepared import Prepared

_KEY = ("collection", "entity_id")
_columns = [effect.c[name] for name in Effect.__slots__]
_EPOCH = Prepared(select(meta.c.value).where(meta.c.name == EPOCH))
_same = effect.c.collection == bindparam("of"), effect.c.entity_id == bindparam("entity")
_HELD = Prepared(select(*_columns).where(*_same), "of", "entity")
_RESULT = Prepared(select(command.c.result_id).where(command.c.id == bindparam("act")), "act")
_add = upsert(effect)
_changed = {name: _add.excluded[name] for name in Effect.__slots__ if name not in _KEY}
_KEEP = Prepared(_add.on_conflict_do_update(index_elements=_KEY, set_=_changed), *Effect.__slots__)


class EffectTable:
    """Implements `app.sync.effects.EffectRows` in the transaction of a connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def epoch(self) -> str:
        """The epoch of the copy in use."""
        return _EPOCH.value(self._connection) or ""

    def past_epochs(self) -> Collection[str]:
        """The epochs of copies that were in use before, as far as they are kept."""
        kept = select(meta.c.value).where(meta.c.name == PAST_EPOCHS)
        found: list[str] = json.loads(self._connection.execute(kept).scalar() or "[]")
        return found

    def heard_of(self) -> list[str]:
        """The epochs, other than that of the copy in use, of which an answer has come."""
        epochs = select(effect.c.epoch).where(effect.c.epoch != self.epoch()).distinct().order_by(effect.c.epoch)
        return list(self._connection.execute(epochs).scalars())

    def held(self, collection: str, entity_id: str) -> Effect | None:
        """What is laid over an entity, by the id it has on this desk."""
        row = _HELD.first(self._connection, of=collection, entity=entity_id)
        if row is None:
            return None
        found = Effect(*row)
        return replace(found, is_gone=bool(found.is_gone))

    def of(self, collection: str, known_as: str) -> Sequence[Effect]:
        """What is laid over an entity, by either of its ids."""
        same = or_(effect.c.entity_id == known_as, effect.c.server_id == known_as)
        return self._effects(self._connection.execute(select(*_columns).where(effect.c.collection == collection, same)))

    def all(self) -> Sequence[Effect]:
        """All of the overlay."""
        return self._effects(self._connection.execute(select(*_columns)))

    def keep(self, kept: Effect) -> None:
        """Put it in the place of what is held for its entity."""
        _KEEP.do(self._connection, **{name: getattr(kept, name) for name in Effect.__slots__})

    def drop(self, dropped: Effect) -> None:
        """Hold nothing for its entity any more."""
        theirs = effect.c.collection == dropped.collection, effect.c.entity_id == dropped.entity_id
        self._connection.execute(delete(effect).where(*theirs))

    def under_way(self, over: Effect) -> list[Command]:
        """The commands on its entity whose effect the desk has to show, in device order."""
        return self._commands(*_on(over), command.c.state.in_(UNDER_WAY))

    def newest_confirmed(self, over: Effect) -> str:
        """The newest command on its entity that head office took; empty if there is none."""
        confirmed = select(command.c.id).where(*_on(over), command.c.state.in_(TAKEN))
        newest = confirmed.order_by(command.c.sequence.desc()).limit(1)
        return self._connection.execute(newest).scalar() or ""

    def rewrite(self, act: Command) -> None:
        """Write down what a command has become."""
        rewrite(self._connection, act)

    def result_of(self, command_id: str) -> str:
        """The id head office gave to what a command made; empty while that is not known."""
        return _RESULT.value(self._connection, act=command_id) or ""

    def unfinished(self) -> list[Command]:
        """All commands whose effect the desk has to show, in device order."""
        return self._commands(command.c.state.in_(UNDER_WAY))

    def _commands(self, *which: Any) -> list[Command]:
        rows = self._connection.execute(select(command).where(*which).order_by(command.c.sequence))
        return [command_from(row) for row in rows]

    def _effects(self, rows: Any) -> list[Effect]:
        return [Effect(*row) for row in rows]


def check_again(connection: Connection, at_most: int) -> None:
    """The newest acts that were confirmed, and what was lost, are to be asked for: head office was put back to a backup."""
    newest = select(func.coalesce(func.max(command.c.sequence), 0)).scalar_subquery()
    lost = update(command).where(command.c.state == CommandState.LOST, for_this_office())
    connection.execute(lost.values(state=CommandState.CHECKING_LOST))
    ended = command.c.state == CommandState.CONFIRMED, command.c.sequence > newest - at_most
    connection.execute(update(command).where(*ended, for_this_office()).values(state=CommandState.CHECKING))


def known_there(connection: Connection) -> list[tuple[str, str]]:
    """Collection and id of every entity in the overlay that head office is known to have."""
    rows = connection.execute(select(effect).where(or_(effect.c.server_id != "", effect.c.base.is_not(None))))
    return [(row.collection, row.server_id or row.entity_id) for row in rows]


def laid_at_rest(connection: Connection) -> list[Change]:
    """The overlay's entities of which nothing is under way, as tombstones of the revisions that they have."""
    rows = connection.execute(
        select(effect).join(command, command.c.id == effect.c.command_id).where(command.c.state.not_in(UNDER_WAY))
    )
    return [Change(row.collection, row.server_id or row.entity_id, row.revision, None) for row in rows]


def touched(connection: Connection) -> list[tuple[str, str]]:
    """Collection and id at head office of every entity in the overlay."""
    rows = connection.execute(select(effect.c.collection, effect.c.entity_id, effect.c.server_id))
    return [(row.collection, row.server_id or row.entity_id) for row in rows]


def command_from(row: Row[Any]) -> Command:
    """A row of the command table as the command it was recorded from."""
    return Command(
        id=row.id, kind=row.kind, version=row.version, method=Method(row.method), collection=row.collection,
        entity_id=row.entity_id, body=json.loads(row.body), author=row.author, made_at=from_wire(row.made_at),
        base_tag=row.base_tag, customer_id=row.customer_id, title=row.title, replaces=row.replaces,
        spends=spends_in(row.spends), seen=json.loads(row.seen) if row.seen else None, adopted_by=row.adopted_by,
    )  # fmt: skip


def spends_in(written: str) -> tuple[Spend, ...]:
    """What a command gives out, as its row says it."""
    return tuple(Spend(*one) for one in json.loads(written or "[]"))


def rewrite(connection: Connection, act: Command) -> None:
    """Write down what a command has become: what it sends, and what its author saw."""
    news = {"body": as_json(act.body), "base_tag": act.base_tag, "seen": as_json(act.seen)}
    connection.execute(update(command).where(command.c.id == act.id).values(news))


def there_from(row: Row[Any]) -> There | None:
    """What head office was found to hold where a command differed from it."""
    return There(**json.loads(row.there)) if row.there else None


def _on(over: Effect) -> tuple[Any, Any]:
    return command.c.collection == over.collection, command.c.entity_id == over.entity_id
