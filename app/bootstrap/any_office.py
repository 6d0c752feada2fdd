"""The head office at an address, ours or somebody else's, with what the desk remembers of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from app.core.clock import Clock
from app.sync.model import Change, MirrorState
from app.sync.store_thread import StoreThread
from app.tmf.any_head_office import AnyHeadOffice, Kind
from app.tmf.foreign.head_office import ForeignHeadOffice, Pace
from app.tmf.foreign.signing_in import Credentials
from app.tmf.head_office import HttpHeadOffice
from app.tmf.transport import Transport
from local_cache.journal import Journal
from local_cache.journal_schema import OFFICE
from local_cache.mirror_schema import COLLECTIONS
from local_cache.mirror_store import MirrorFiles
from local_cache.offices import ADDRESS, KIND
from local_cache.outbox_store import JournalOutbox


class DeskMemory:
    """Implements `app.tmf.foreign.ports.Memory` on the desk's files; `on_twice` hears of what happened twice."""

    def __init__(
        self,
        journal: Journal,
        outbox: JournalOutbox,
        mirror: MirrorFiles,
        thread: StoreThread,
        on_twice: Callable[[], None],
    ) -> None:
        self._journal = journal
        self._outbox = outbox
        self._mirror = mirror
        self._thread = thread
        self._on_twice = on_twice

    async def state(self) -> MirrorState:
        """How far the copy in use has come."""
        return await self._thread.run(self._mirror.state)

    async def rows(self, keys: Iterable[tuple[str, str]]) -> Sequence[Change]:
        """The copy's rows of these collections and ids, deletions included."""
        return await self._thread.run(self._mirror.rows, list(keys))

    async def ids(self, collection: str, after: str, limit: int) -> Sequence[str]:
        """The first ids behind `after` that the copy holds of a collection."""
        return await self._thread.run(self._mirror.ids, collection, after, limit)

    async def server_id(self, collection: str, entity_id: str) -> str:
        """The id that the server gave what was made here under `entity_id`."""
        return await self._thread.run(self._outbox.server_id, collection, entity_id)

    async def made_by(self, command_ids: Iterable[str]) -> Mapping[str, str]:
        """Of these, the commands that count as confirmed once, each with the id of what it made or was made on."""
        return await self._thread.run(self._outbox.made_by, list(command_ids))

    async def happened_twice(self, command_id: str, ids: Iterable[str]) -> None:
        """Let a person know that head office holds more than once what the command did."""
        await self._thread.run(self._outbox.happened_twice, command_id, list(ids))
        self._on_twice()

    async def kind_of(self, origin: str) -> Kind | None:
        """What the back office there is; None while nobody of this desk has signed in at it."""
        return await self._thread.run(self._kind_of, origin)

    def _kind_of(self, origin: str) -> Kind | None:
        office, address = self._journal.meta(OFFICE), self._journal.meta(ADDRESS)
        if self._journal.meta(KIND) == Kind.FOREIGN:
            return Kind.FOREIGN if office == origin else None
        return Kind.OURS if office and (address == origin or address.startswith(f"{origin}/")) else None


def any_head_office(
    transport: Transport,
    memory: DeskMemory,
    clock: Clock,
    scheme: str,
    pace: Pace | None = None,
    home: Sequence[str] = (),
) -> AnyHeadOffice:
    """The head office behind a transport; `scheme` says how people sign in where it is somebody else's, which knows no home."""
    credentials = Credentials(scheme, transport.origin, transport.address, clock)
    foreign = ForeignHeadOffice(transport, memory, clock, credentials, pace or Pace())
    ours = HttpHeadOffice(transport, COLLECTIONS, clock, home)
    return AnyHeadOffice(ours, foreign, lambda: memory.kind_of(transport.origin))
