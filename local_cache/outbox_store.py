"""The journal as the sync engine uses it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, func, select, update

from app.core.clock import Clock, to_wire
from app.core.wire import well_formed
from app.core.words import said_of
from app.sync.model import (
    AT_REST,
    HELD_TWICE,
    MOVING,
    SHOWN,
    TO_DECIDE,
    UNFINISHED,
    Change,
    CommandState,
    Entry,
)
from app.sync.outbox import Transition
from app.sync.ports import Grant
from app.sync.status import Held, held_back
from local_cache import audit
from local_cache.effects import EffectTable, command_from, touched
from local_cache.journal import Journal
from local_cache.journal_schema import clerk, command, for_this_office


class JournalOutbox:
    """Implements `app.sync.ports.OutboxStore` on the journal."""

    def __init__(self, journal: Journal, clock: Clock) -> None:
        self._journal = journal
        self._clock = clock

    def unfinished(self) -> list[Entry]:
        """Commands that are not at rest, in device order."""
        with self._journal.reading() as connection:
            rows = connection.execute(
                select(command).where(command.c.state.in_(UNFINISHED)).order_by(command.c.sequence)
            )
            return [Entry(command_from(row), row.sequence, CommandState(row.state)) for row in rows]

    def mark(self, transition: Transition) -> None:
        """Write a command's new state, with its effect as head office confirmed it."""
        with self._journal.writing() as connection:
            row = connection.execute(select(command).where(command.c.id == transition.command_id)).one()
            if row.state in AT_REST:
                return  # a late answer to something already known; a confirmed command never goes back
            connection.execute(update(command).where(command.c.id == row.id).values(self._news(transition)))
            if transition.confirmed:
                self._journal.effects.confirm(EffectTable(connection), command_from(row), transition.confirmed)
            if not transition.state.is_moving:
                self._note(connection, transition)

    def server_id(self, collection: str, entity_id: str) -> str:
        """The id head office gave what was made here under `entity_id`."""
        with self._journal.reading() as connection:
            made = select(command.c.result_id).where(command.c.collection == collection, command.c.id == entity_id)
            return connection.execute(made).scalar() or entity_id

    def acknowledged(self) -> int:
        """Every device sequence up to this one has ended."""
        with self._journal.reading() as connection:
            first_open = connection.execute(
                select(func.min(command.c.sequence)).where(command.c.state.in_(UNFINISHED))
            ).scalar()
            newest = connection.execute(select(func.max(command.c.sequence))).scalar() or 0
            return int(first_open - 1 if first_open else newest)

    def grant_of(self, author: str) -> Grant | None:
        """The author's grant, if the desk holds one."""
        with self._journal.reading() as connection:
            token = connection.execute(select(clerk.c.token).where(clerk.c.id == author)).scalar()
            return Grant(author, token) if token else None

    def latest_grant(self) -> Grant | None:
        """The grant to read with: that of whoever signed in last."""
        with self._journal.reading() as connection:
            row = connection.execute(
                select(clerk.c.id, clerk.c.token).where(clerk.c.token != "").order_by(clerk.c.signed_in_at.desc())
            ).first()
            return Grant(row.id, row.token) if row else None

    def counts(self) -> tuple[int, int]:
        """How many commands wait, and how many need a person."""
        with self._journal.reading() as connection:
            counted = select(command.c.state, func.count()).where(command.c.state.in_(SHOWN))
            rows = connection.execute(counted.group_by(command.c.state)).all()
        by_state: dict[str, int] = {str(state): count for state, count in rows}
        return sum(by_state.get(one, 0) for one in MOVING), sum(by_state.get(one, 0) for one in TO_DECIDE)

    def held(self, authors: frozenset[str]) -> tuple[Held, ...]:
        """Acts on their way that wait for one of these people to sign in; who has waited longest first."""
        if not authors:
            return ()
        on_their_way = [entry.command for entry in self.unfinished() if entry.state.is_moving]
        counts = Counter(held_back(on_their_way, authors).values())
        with self._journal.reading() as connection:
            known = connection.execute(select(clerk.c.id, clerk.c.name).where(clerk.c.id.in_(list(counts))))
            names = {row.id: row.name for row in known}
        return tuple(Held(author, names.get(author) or author, count) for author, count in counts.items())

    def settle(self, changes: Iterable[Change]) -> None:
        """The mirror holds these rows now: effects that say nothing new go."""
        if self.overlaid():  # mostly there is nothing, and then the window need not wait for the write lock
            with self._journal.writing() as connection:
                self._journal.effects.settle(EffectTable(connection), changes)

    def overlaid(self) -> list[tuple[str, str]]:
        """Collection and id at head office of every entity that unsettled commands touch."""
        with self._journal.reading() as connection:
            return touched(connection)

    def made_by(self, command_ids: Iterable[str]) -> Mapping[str, str]:
        """Of these, the commands that count as confirmed once, each with the id of what it made or was made on."""
        confirmed = command.c.state == CommandState.CONFIRMED
        found = select(command.c.id, command.c.result_id).where(command.c.id.in_(list(command_ids)), confirmed)
        with self._journal.reading() as connection:
            return {row.id: row.result_id for row in connection.execute(found.where(for_this_office()))}

    def happened_twice(self, command_id: str, ids: Iterable[str]) -> None:
        """Head office turned out to hold more than once what the command did: it needs a person."""
        reason = said_of(HELD_TWICE, ids=", ".join(ids))
        with self._journal.writing() as connection:
            known_once = command.c.id == command_id, command.c.state == CommandState.CONFIRMED
            news = {"state": CommandState.DOUBLED, "reason": reason, "changed_at": to_wire(self._clock.now())}
            if connection.execute(update(command).where(*known_once).values(news)).rowcount:
                self._note(connection, Transition(command_id, CommandState.DOUBLED, reason))

    def _news(self, transition: Transition) -> dict[str, object]:
        news: dict[str, object] = {
            "state": transition.state, "reason": well_formed(transition.reason),
            "changed_at": to_wire(self._clock.now()),
        }  # fmt: skip
        if transition.confirmed:
            news |= {"result_id": transition.confirmed.id, "result_revision": transition.confirmed.revision}
        return news

    def _note(self, connection: Connection, transition: Transition) -> None:
        now = to_wire(self._clock.now())
        audit.append(
            connection, now, "head office", transition.state, transition.command_id, well_formed(transition.reason)
        )
