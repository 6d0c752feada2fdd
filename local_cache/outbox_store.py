"""The journal as the sync engine uses it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict

from sqlalchemy import Connection, func, select, update

from app.core.clock import Clock, to_wire
from app.core.commands import Command
from app.core.wire import well_formed
from app.core.words import said_of
from app.sync.effects import as_json
from app.sync.model import (
    ASKED_ANEW,
    AT_REST,
    KEPT_BY_GRANT,
    SHOWN,
    TO_DECIDE,
    UNFINISHED,
    WAITING,
    Acknowledged,
    Change,
    CommandState,
    Entry,
    is_told_again,
)
from app.sync.outbox import Transition
from app.sync.ports import Grant
from app.sync.reasons import HELD_TWICE
from app.sync.status import Held, held_back
from local_cache import audit
from local_cache.effects import EffectTable, command_from, laid_at_rest, rewrite, touched
from local_cache.journal import Journal
from local_cache.journal_schema import EPOCH, LAST_USER, clerk, command, for_this_office, meta
from local_cache.meta import read_meta


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

    def mark(self, transition: Transition) -> CommandState:
        """Write a command's new state, with its effect as head office confirmed it; returns where it stands now."""
        with self._journal.writing() as connection:
            row = connection.execute(select(command).where(command.c.id == transition.command_id)).one()
            before = CommandState(row.state)
            if before in AT_REST:
                return before  # a late answer to something already known; a confirmed command never goes back
            effects = EffectTable(connection)
            if transition.epoch in effects.past_epochs():  # another backup has been put back since
                if before in ASKED_ANEW:
                    return before
                transition = Transition(transition.command_id, CommandState.UNKNOWN)
            is_news = not is_told_again(before, transition.state)
            news = self._news(transition, is_news=is_news)
            connection.execute(update(command).where(command.c.id == row.id).values(news))
            if is_news:
                self._journal.effects.told(effects, command_from(row), transition.state, transition.confirmed)
            if transition.merged and transition.there:
                rewrite(connection, transition.merged)
                self._journal.effects.merged(effects, transition.merged, transition.there)
                content = as_json([transition.merged.body, transition.merged.base_tag])
                audit.append(connection, to_wire(self._clock.now()), "head office", "merged", row.id, content)
            if is_news and not transition.state.is_moving:
                self._note(connection, transition)
            return transition.state

    def as_written(self, command_id: str) -> Command:
        """The command as it is by now."""
        with self._journal.reading() as connection:
            return command_from(connection.execute(select(command).where(command.c.id == command_id)).one())

    def server_id(self, collection: str, entity_id: str) -> str:
        """The id head office gave what was made here under `entity_id`."""
        with self._journal.reading() as connection:
            made = select(command.c.result_id).where(command.c.collection == collection, command.c.id == entity_id)
            return connection.execute(made).scalar() or entity_id

    def acknowledged(self) -> Acknowledged:
        """Up to where every command has ended."""
        with self._journal.reading() as connection:
            first_open = connection.execute(
                select(func.min(command.c.sequence)).where(command.c.state.in_(UNFINISHED))
            ).scalar()
            newest = connection.execute(select(func.max(command.c.sequence))).scalar() or 0
            epoch = read_meta(connection, EPOCH)
            reached = int(first_open - 1 if first_open else newest)
            return Acknowledged(reached if epoch else 0, epoch)  # without a copy nobody knows in which epoch it heard

    def grant_of(self, author: str) -> Grant | None:
        """The author's grant, if the desk holds one."""
        with self._journal.reading() as connection:
            token = connection.execute(select(clerk.c.token).where(clerk.c.id == author)).scalar()
            return Grant(author, token) if token else None

    def latest_grant(self) -> Grant | None:
        """The grant to read with: that of whoever signed in last."""
        with self._journal.reading() as connection:
            last = select(meta.c.value).where(meta.c.name == LAST_USER).scalar_subquery()
            order = (clerk.c.id != last), clerk.c.signed_in_at.desc()  # whatever the clock said
            row = connection.execute(
                select(clerk.c.id, clerk.c.token).where(clerk.c.token != "").order_by(*order)
            ).first()
            return Grant(row.id, row.token) if row else None

    def counts(self) -> tuple[int, int]:
        """How many commands wait, and how many need a person."""
        with self._journal.reading() as connection:
            counted = select(command.c.state, func.count()).where(command.c.state.in_(SHOWN))
            rows = connection.execute(counted.group_by(command.c.state)).all()
        by_state: dict[str, int] = {str(state): count for state, count in rows}
        return sum(by_state.get(one, 0) for one in WAITING), sum(by_state.get(one, 0) for one in TO_DECIDE)

    def held(self, authors: frozenset[str]) -> tuple[Held, ...]:
        """Acts on their way that wait for one of these people to sign in; who has waited longest first."""
        if not authors:
            return ()
        on_their_way = [entry.command for entry in self.unfinished() if entry.state in KEPT_BY_GRANT]
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

    def resting(self) -> list[Change]:
        """What is still laid over the copy though nothing is under way, each as if it were gone at its revision."""
        with self._journal.reading() as connection:
            return laid_at_rest(connection)

    def _news(self, transition: Transition, *, is_news: bool) -> dict[str, object]:
        news: dict[str, object] = {"state": transition.state, "reason": well_formed(transition.reason)}
        if is_news:
            news["changed_at"] = to_wire(self._clock.now())
        if transition.state is CommandState.LOST:  # what head office made of it is nothing any more
            news |= {"result_id": "", "result_revision": 0}
        differs_from = transition.there if transition.state is CommandState.CONFLICT else None
        news["there"] = as_json(asdict(differs_from)) if differs_from else ""
        if transition.state in AT_REST:  # nothing is compared with it any more
            news["seen"] = ""
        if transition.confirmed:
            news |= {"result_id": transition.confirmed.id, "result_revision": transition.confirmed.revision}
        return news

    def _note(self, connection: Connection, transition: Transition) -> None:
        now = to_wire(self._clock.now())
        audit.append(
            connection, now, "head office", transition.state, transition.command_id, well_formed(transition.reason)
        )
