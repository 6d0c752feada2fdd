"""An engine between stores in memory and a head office in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from app.sync.engine import SyncEngine
from app.sync.events import DataChanged, Event, StatusChanged
from app.sync.model import Change
from app.sync.parking import Parking
from app.sync.status import LineState, SyncStatus
from tests.fakes.acts import backoff
from tests.fakes.office import FakeOffice
from tests.fakes.sync_stores import FakeJournal, FakeMirror
from tests.fakes.virtual_time import LoopClock, until

NEW_MIRROR = DataChanged(frozenset(), is_new_mirror=True)


@dataclass
class EngineDesk:
    """Everything around one engine, and what it said."""

    journal: FakeJournal = field(default_factory=FakeJournal)
    mirror: FakeMirror = field(default_factory=FakeMirror)
    office: FakeOffice = field(default_factory=FakeOffice)
    said: list[Event] = field(default_factory=list)
    bugs: list[BaseException] = field(default_factory=list)
    sign_in_again: Callable[[], Awaitable[str]] | None = None
    parking: Parking | None = None

    def __post_init__(self) -> None:
        self.engine = SyncEngine(
            self.journal, self.mirror, self.office, LoopClock(), backoff(), self.said.append, self.bugs.append,
            self.sign_in_again, parking=self.parking,
        )  # fmt: skip

    @property
    def status(self) -> SyncStatus:
        """The newest status told."""
        told = [event.status for event in self.said if isinstance(event, StatusChanged)]
        return told[-1] if told else SyncStatus()

    @property
    def lines(self) -> list[LineState]:
        """The states of the line, each once in a row."""
        told = [event.status.line for event in self.said if isinstance(event, StatusChanged)]
        return [line for number, line in enumerate(told) if number == 0 or told[number - 1] is not line]

    @property
    def troubles(self) -> set[str]:
        """Every trouble that was told."""
        return {event.status.trouble for event in self.said if isinstance(event, StatusChanged)}

    @property
    def changes(self) -> list[DataChanged]:
        """What was told to have changed."""
        return [event for event in self.said if isinstance(event, DataChanged)]

    async def online(self) -> None:
        """Wait until the desk is in step."""
        await until(lambda: self.status.line is LineState.ONLINE and self.status.as_of is not None)


@asynccontextmanager
async def running(desk: EngineDesk) -> AsyncIterator[EngineDesk]:
    """Run the engine; a bug in it fails the test."""
    desk.engine.start()
    try:
        yield desk
    finally:
        await desk.engine.close()


def holding(desk: EngineDesk) -> bool:
    """Whether the desk's copy equals head office."""
    return desk.mirror.held == {(one.collection, one.id): one for one in desk.office.records}


def filled(rows: int = 7) -> EngineDesk:
    """A new desk at a head office with some tickets."""
    desk = EngineDesk()
    for number in range(1, rows + 1):
        desk.office.change(number)
    desk.office.told.clear()
    return desk


def row(number: int) -> Change:
    return Change("troubleTicket", f"T{number}", number, "{}")
