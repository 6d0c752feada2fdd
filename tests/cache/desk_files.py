"""Everything of a desk that lies on disk, opened the way window and sync process open it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TypeVar

from sqlalchemy import Connection, func, select

from app.core.clock import Clock
from app.core.commands import Command
from app.core.drafts import Draft
from app.sync.model import Change, CommandState, Confirmed, SnapshotPage, SnapshotStart
from app.sync.outbox import Transition
from app.sync.overlay import Seen
from local_cache import audit
from local_cache.command_log import JournalLog
from local_cache.drafts import JournalDrafts
from local_cache.journal import Journal
from local_cache.journal_schema import command
from local_cache.mirror_store import POINTER, MirrorFiles
from local_cache.outbox_store import JournalOutbox
from local_cache.overlay import record, records_of
from local_cache.pins import DeskClerks
from local_cache.profile import Profile
from local_cache.reader import Reader
from local_cache.salvage import open_journal
from local_cache.salvage_report import Salvage, note_told
from tests.fakes.acts import AUTHOR, REDUCERS
from tests.fakes.clock import NOON, FakeClock

KEY = bytes(range(32))
REGION = "CN"
T = TypeVar("T")


class DeskFiles:
    """One desk: the window's half (`log`, `reader`) and the sync process's (`outbox`, `mirror`) over one journal."""

    def __init__(self, profile: Profile, key: bytes = KEY, clock: Clock | None = None) -> None:
        self.profile = profile
        self.key = key
        self.clock = clock or FakeClock()
        self.changed: list[str] = []
        self.damage = 0
        self.salvaged: Salvage | None = None
        self.open()

    def open(self) -> None:
        """Open all files; a damaged journal is salvaged."""
        self.journal, self.salvaged = open_journal(self.profile, self.key, REDUCERS, self.clock)
        self.reader = Reader(self.profile, self.key, lambda: int(self.journal.meta(POINTER, "0")), self._on_damage)
        self.log = JournalLog(self.journal, self.reader, self.changed.append)
        self.drafts = JournalDrafts(self.journal, self.log)
        self.sync_journal = Journal(self.profile, self.key, REDUCERS, self.clock)
        self.outbox = JournalOutbox(self.sync_journal, self.clock)
        self.mirror = MirrorFiles(self.profile, self.key, self.sync_journal, REGION)

    def close(self) -> None:
        """Close all files; the clerk has been told of a salvage by now."""
        if self.salvaged is not None:
            note_told(self.journal, self.salvaged)
        self.log.close()
        self.reader.close()
        self.mirror.close()
        self.sync_journal.close()
        self.journal.close()

    def record(self, act: Command) -> None:
        """Record as a clerk does."""
        asyncio.run(self.log.record(act))

    def keep(self, draft: Draft) -> None:
        """Keep a draft as a form does."""
        asyncio.run(self.drafts.keep(draft))

    def drafts_of(self, author: str = "mei") -> tuple[Draft, ...]:
        """The author's drafts."""
        return asyncio.run(self.drafts.drafts_of(author))

    def set_aside(self, command_id: str) -> None:
        """Put a command to rest as a supervisor does."""
        asyncio.run(self.log.set_aside(command_id, "boss"))

    def employ(self, user: str, role: str) -> None:
        """Somebody signs in at this desk."""
        told = {"user": {"id": user, "name": user.title(), "role": role}, "token": f"token of {user}"}
        DeskClerks(self.journal, self.clock).signed_in({**told, "offlineUntil": "2030-01-01T00:00:00Z"})

    def send_on_top(self, command_id: str, by: str = AUTHOR, tag: str = "") -> None:
        """Let a differing command go out again as a clerk does who looks at it, or at what has this tag."""
        (act,) = (one for one in asyncio.run(self.log.pending()) if one.command.id == command_id)
        asyncio.run(self.log.send_on_top(command_id, by, tag or (act.there.tag if act.there else "")))

    def ask(self, query: Callable[[Connection], T]) -> T:
        """Read as the window does."""
        return asyncio.run(self.reader.run(query))

    def tickets(self, customer_id: str = "C1") -> dict[str, Seen]:
        """The customer's tickets by the id that the clerk sees."""
        seen = self.ask(lambda one: records_of(one, "troubleTicket", customer_id))
        by_id = {one.body["id"]: one for one in seen}
        assert len(by_id) == len(seen), "one ticket shown twice"
        return by_id

    def ticket(self, ticket_id: str) -> Seen | None:
        """One ticket."""
        return self.ask(lambda one: record(one, "troubleTicket", ticket_id))

    def mark(self, command_id: str, state: CommandState, confirmed: Confirmed | None = None, reason: str = "") -> None:
        """Write down what head office answered."""
        self.outbox.mark(Transition(command_id, state, reason, confirmed))

    def confirm(self, command_id: str, result: Confirmed) -> None:
        """Write down that the command took effect."""
        self.mark(command_id, CommandState.CONFIRMED, result)

    def build(self, rows: Sequence[Change], epoch: str = "e1", cursor: str = "e1.0") -> None:
        """Take a snapshot of these rows."""
        self.mirror.begin(SnapshotStart(epoch, cursor, len(rows)))
        self.mirror.add(SnapshotPage(tuple(rows), ""))
        self.mirror.finish(NOON)

    def feed(self, *changes: Change, cursor: str = "e1.1") -> frozenset[str]:
        """Apply a page of the feed and settle, as the sync engine does after it."""
        touched = self.mirror.apply(changes, cursor, NOON)
        self.outbox.settle(changes)
        return touched

    def catch_up(self, resting: Sequence[Change] = ()) -> None:
        """What the sync engine does at the end of each pull; `resting` was there before it."""
        rows = self.mirror.rows(self.outbox.overlaid())
        held = {(row.collection, row.id) for row in rows if row.body is not None}
        gone = [one for one in resting if (one.collection, one.id) not in held]
        self.outbox.settle([*rows, *gone])

    def commands(self) -> int:
        """How many commands the journal holds."""
        with self.journal.reading() as connection:
            return connection.execute(select(func.count()).select_from(command)).scalar_one()

    def broken_at(self) -> int | None:
        """Where the audit chain breaks."""
        with self.journal.reading() as connection:
            return audit.first_break(connection)

    def _on_damage(self) -> None:
        self.damage += 1
