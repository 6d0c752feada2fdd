"""The window's half of a desk without a window: the journal, and the link to a real sync process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from app.bootstrap.link import SyncLink
from app.bootstrap.reducers import REDUCERS
from app.core.clock import SystemClock
from app.core.commands import Command
from app.sync.events import DataChanged
from app.sync.status import SyncStatus
from local_cache.journal import Journal
from local_cache.outbox_store import JournalOutbox
from local_cache.profile import Profile
from tests.contract.desks import KEY, PATIENCE_S, REGION

GONE_SECONDS = 10.0


class Window:
    """Records commands, hears what the sync process says."""

    def __init__(self, folder: Path, server: str, secret: str = "") -> None:
        self.profile = Profile(folder / "desk")
        self.profile.prepare()
        self.log = folder / "log"
        self.first = {
            "server": server, "profile": str(self.profile.folder), "key": KEY.hex(), "region": REGION,
            "log": str(self.log), "secret": secret,
        }  # fmt: skip
        self.journal = Journal(self.profile, KEY, REDUCERS, SystemClock())
        self.journal.open()
        self.said: list[SyncStatus] = []
        self.news: list[DataChanged] = []
        self._heard = asyncio.Event()
        self.link = SyncLink(self.first, self.log, self._on_status, self._on_data)

    @property
    def status(self) -> SyncStatus:
        """As last heard."""
        return self.said[-1] if self.said else SyncStatus()

    def record(self, act: Command) -> None:
        """What saving a form does."""
        self.journal.record(act, None)
        self.link.tell("poke")

    def journal_is_quiet(self) -> bool:
        """Whether no command waits."""
        return JournalOutbox(self.journal, SystemClock()).counts() == (0, 0)

    def token(self) -> str:
        """The newest grant's token."""
        grant = JournalOutbox(self.journal, SystemClock()).latest_grant()
        assert grant is not None
        return grant.token

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Wait for what the sync process says."""
        async with asyncio.timeout(PATIENCE_S):
            while not is_so():
                self._heard.clear()
                await self._heard.wait()

    def _on_status(self, status: SyncStatus) -> None:
        self.said.append(status)
        self._heard.set()

    def _on_data(self, news: DataChanged) -> None:
        self.news.append(news)
        self._heard.set()


@asynccontextmanager
async def window(folder: Path, server: str, secret: str = "") -> AsyncIterator[Window]:
    """A window whose sync process runs, and may sign in again by itself if it holds the office's secret."""
    opened = Window(folder, server, secret)
    opened.link.start()
    try:
        yield opened
    finally:
        await opened.link.close()
        opened.journal.close()


async def gone(pid: int | None) -> None:
    """Wait until there is no such process; an ended one that nobody waited for counts as gone."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + GONE_SECONDS
    while is_alive(pid):
        assert loop.time() < deadline, "it still runs"
        await asyncio.sleep(0.02)


def is_alive(pid: int | None) -> bool:
    """Whether that process still runs."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
