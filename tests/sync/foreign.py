"""A desk's end of the line to a foreign server in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from app.sync.model import FeedPage, SnapshotPage, SnapshotStart
from app.sync.ports import Grant
from app.tmf.foreign.head_office import ForeignHeadOffice, Pace
from app.tmf.foreign.signing_in import Credentials
from tests.fakes.clock import FakeClock
from tests.fakes.tmf_server import FakeMemory, TmfServer

GRANT = Grant("mei", "Basic bWVpOnNlY3JldA==")


class ForeignDesk:
    """Pulls when told to."""

    def __init__(self, server: TmfServer, memory: FakeMemory, office: ForeignHeadOffice, clock: FakeClock) -> None:
        self.server = server
        self.memory = memory
        self.office = office
        self.clock = clock

    async def copy(self) -> None:
        """Take a snapshot."""
        async for part in self.office.snapshot(GRANT, ""):
            if isinstance(part, SnapshotStart):
                self.memory.held.clear()
                self.memory.cursor = part.cursor
            else:
                self._store(part)

    async def pull(self) -> list[FeedPage]:
        """What the puller does, until nothing more comes."""
        pages = []
        while True:
            page = await self.office.feed(GRANT, self.memory.cursor)
            assert page.cursor != self.memory.cursor
            self.memory.take(page)
            pages.append(page)
            if not page.more:
                return pages

    async def sweep(self) -> list[FeedPage]:
        """Pull after a rest, so that everything is looked at."""
        self.clock.move(timedelta(hours=1))
        return await self.pull()

    def _store(self, page: SnapshotPage) -> None:
        self.memory.held |= {(row.collection, row.id): row for row in page.rows}


@asynccontextmanager
async def foreign_desk(server: TmfServer) -> AsyncIterator[ForeignDesk]:
    """A desk at this server that has no copy yet."""
    memory, clock, transport = FakeMemory(), FakeClock(), server.transport()
    credentials = Credentials("basic", "http://127.0.0.1:1", "http://127.0.0.1:1", clock)
    try:
        yield ForeignDesk(server, memory, ForeignHeadOffice(transport, memory, clock, credentials, Pace()), clock)
    finally:
        await transport.close()
