"""A desk without its window: the real engine on real files, over real HTTP, in this process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import select

from app.bootstrap.any_office import DeskMemory, any_head_office
from app.bootstrap.grants import keep_grants_for
from app.core.clock import Clock, SystemClock
from app.core.commands import Command, There
from app.sync.effects import Reducers
from app.sync.engine import SyncEngine
from app.sync.events import DataChanged, Event, StatusChanged
from app.sync.model import Change, CommandState
from app.sync.profiles import MOST_OPENED
from app.sync.retry import Backoff
from app.sync.status import LineState, SyncStatus
from app.sync.store_thread import StoreThread
from app.tmf.foreign.head_office import Pace
from app.tmf.foreign.signing_in import BASIC
from app.tmf.transport import Transport
from local_cache.effects import there_from
from local_cache.journal import Journal
from local_cache.journal_schema import command as command_table
from local_cache.mirror_store import MirrorFiles
from local_cache.outbox_store import JournalOutbox
from local_cache.pins import DeskClerks
from local_cache.profile import Profile
from tests.fakes.acts import REDUCERS

KEY = bytes(range(32))
REGION = "CN"
PATIENCE_S = 30.0
QUICK = Pace(least_rest_s=0.2, longest_rest_s=0.2, late_s=0.3)  # tests do not wait


class QuickBackoff(Backoff):
    """Tests do not wait."""

    def after(self, attempt: int) -> float:
        return 0.02 * min(attempt, 5)


class RealDesk:
    """Journal, mirror, engine and HTTP client of one desk."""

    def __init__(
        self,
        folder: Path,
        server: str,
        *,
        clock: Clock | None = None,
        backoff: Backoff | None = None,
        reducers: Reducers = REDUCERS,
        home: Sequence[str] = (),
        most_opened: int = MOST_OPENED,
    ) -> None:
        clock = clock or SystemClock()
        self.profile = Profile(folder)
        self.profile.prepare()
        self.journal = Journal(self.profile, KEY, reducers, clock)
        self.journal.open()
        keep_grants_for(server, self.journal)
        self.outbox = JournalOutbox(self.journal, clock)
        self.mirror = MirrorFiles(self.profile, KEY, self.journal, REGION, home)
        self.clerks = DeskClerks(self.journal, clock)
        self.transport = Transport(server)
        thread = StoreThread()
        memory = DeskMemory(self.journal, self.outbox, self.mirror, thread, self._found_twice)
        self.office = any_head_office(self.transport, memory, clock, BASIC, QUICK, home)
        self.said: list[Event] = []
        self.bugs: list[BaseException] = []
        self._heard = asyncio.Event()
        self.engine = SyncEngine(
            self.outbox, self.mirror, self.office, clock, backoff or QuickBackoff(), self._hear, self.bugs.append,
            thread=thread, most_opened=most_opened,
        )  # fmt: skip

    async def sign_in(self, user: str, password: str) -> str:
        """Sign a person in and keep their grant; returns their id."""
        device = await self.engine.thread.run(self.journal.device)
        answer = await self.office.sign_in(user, password, device)
        clerk = await self.engine.thread.run(self.clerks.signed_in, answer)
        self.engine.signed_in(clerk.id)
        return clerk.id

    async def record(self, act: Command) -> None:
        """What the window does when a clerk saves."""
        await self.engine.thread.run(self.journal.record, act, None)
        self.engine.poke()

    async def state(self, command_id: str) -> CommandState:
        """Where a command stands on disk."""
        return await self.engine.thread.run(self._state, command_id)

    def there(self, command_id: str) -> There:
        """What a command differs from. Blocking."""
        with self.journal.reading() as connection:
            row = connection.execute(select(command_table).where(command_table.c.id == command_id)).one()
        found = there_from(row)
        assert found is not None
        return found

    async def row(self, collection: str, entity_id: str) -> Change | None:
        """A row of the copy in use."""
        rows = await self.engine.thread.run(self.mirror.rows, [(collection, entity_id)])
        return rows[0] if rows else None

    @property
    def status(self) -> SyncStatus:
        """The newest status told."""
        told = [event.status for event in self.said if isinstance(event, StatusChanged)]
        return told[-1] if told else SyncStatus()

    @property
    def new_mirrors(self) -> int:
        """How often another copy was put in use."""
        return sum(isinstance(event, DataChanged) and event.is_new_mirror for event in self.said)

    async def until(self, is_so: Callable[[], bool], patience_s: float = PATIENCE_S) -> None:
        """Wait for events until it is so."""
        async with asyncio.timeout(patience_s):
            while not is_so():
                self._heard.clear()
                await self._heard.wait()

    def heard_more(self) -> Callable[[], bool]:
        """Whether the engine has said anything since this was asked."""
        heard = len(self.said)
        return lambda: len(self.said) > heard

    async def ended(self, command_id: str, state: CommandState = CommandState.CONFIRMED) -> None:
        """Wait until a command stands there."""
        async with asyncio.timeout(PATIENCE_S):
            while await self.state(command_id) is not state:
                self._heard.clear()
                await self._heard.wait()

    async def holds(self, collection: str, entity_id: str, revision: int = 0) -> Change:
        """Wait until the copy in use has the row, at that revision or a later one."""
        async with asyncio.timeout(PATIENCE_S):
            while (row := await self.row(collection, entity_id)) is None or row.revision < revision:
                self._heard.clear()
                await self._heard.wait()
            return row

    async def online(self) -> None:
        """Wait until the desk is in step."""
        await self.until(lambda: self.status.line is LineState.ONLINE and self.status.as_of is not None)

    async def close(self) -> None:
        """Stop and close everything."""
        await self.engine.close()
        await self.transport.close()
        self.mirror.close()
        self.journal.close()

    def refresh(self) -> None:
        """What F5 does."""
        self.office.sweep_soon()
        self.engine.refresh()

    def _found_twice(self) -> None:
        self.engine.found_twice()

    def _hear(self, event: Event) -> None:
        self.said.append(event)
        self._heard.set()

    def _state(self, command_id: str) -> CommandState:
        with self.journal.reading() as connection:
            found = connection.execute(select(command_table.c.state).where(command_table.c.id == command_id))
            return CommandState(found.scalar_one())


@asynccontextmanager
async def opened(
    folder: Path,
    server: str,
    clock: Clock | None = None,
    home: Sequence[str] = (),
    most_opened: int = MOST_OPENED,
) -> AsyncIterator[RealDesk]:
    """A desk that is closed at the end; a bug in it fails the test."""
    desk = RealDesk(folder, server, clock=clock, home=home, most_opened=most_opened)
    try:
        yield desk
    finally:
        await desk.close()
    assert desk.bugs == []
