"""What the endpoints share: the store and what works on it, and the threads in which that happens."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

from app.core.clock import Clock, SystemClock
from backoffice.desks import Desks
from backoffice.errors import ConflictError
from backoffice.facts.asking import LIMIT_SECONDS, Sources, demonstration
from backoffice.hub.ledger import HubSettings
from backoffice.operations import Act, Answer, Keyed, Operations, Work
from backoffice.people import People, Person
from backoffice.scopes import Scope
from backoffice.store import Store
from backoffice.throttle import Throttle
from backoffice.web.broker import Broker
from backoffice.web.gathering import Gathering, Questions

T = TypeVar("T")
_GATHERERS, _WRITERS, _ASKING = 1, 4, 4  # of the database's connections; the rest are for readers


@dataclass(frozen=True, slots=True)
class Options:
    """How the server was started. `secret` signs in `secret_holder`; `enrolled_only`: passwords do, at enrolled desks only;
    `foreign`: plain TM Forum, as others' servers are."""

    no_auth: bool = False
    test_faults: bool = False
    secret: str | None = None
    secret_holder: Person | None = None
    heartbeat_seconds: float = 15.0
    worker: int = 1
    workers: int = 1
    enrolled_only: bool = False
    demonstration_facts: bool = False
    foreign: bool = False
    fact_seconds: float = LIMIT_SECONDS
    hub: HubSettings = field(default_factory=HubSettings)


class Context:
    """One running back office."""

    def __init__(self, store: Store, options: Options, clock: Clock | None = None) -> None:
        self.store = store
        self.options = options
        self.clock = clock or SystemClock()
        self.people = People(store, self.clock)
        self.desks = Desks(store, self.clock)
        self.throttle = Throttle(store, self.clock)
        self.facts = demonstration(self.clock) if options.demonstration_facts else Sources()
        self.broker = Broker()
        self.answering = options.workers  # how many workers do, as the supervisor last said
        self._operations = Operations(store, self.clock)
        self._answers_at_once = store.engine.dialect.name == "sqlite"
        # They queue here and never keep a reader's thread waiting. SQLite has one writer.
        self._writer = ThreadPoolExecutor(1 if self._answers_at_once else _WRITERS, "writer")
        gatherer = self._writer if self._answers_at_once else ThreadPoolExecutor(_GATHERERS, "gatherer")
        self._gathering = Gathering(self._operations.perform_together, gatherer)
        self._questions = Questions(ThreadPoolExecutor(_ASKING, "asking"))
        self._running: set[tuple[str, str]] = set()

    async def read(self, work: Callable[[], T]) -> T:
        """Do blocking work that only reads."""
        return await asyncio.to_thread(work)

    async def look_up(self, work: Callable[[], T]) -> T:
        """Do work that asks one question by a key: of SQLite at once, since going to a thread takes longer than the answer."""
        if self._answers_at_once:
            return work()
        found: T = await self._questions.add(work)
        return found

    async def write(self, work: Callable[[], T]) -> T:
        """Do blocking work that writes, to its end even if the client leaves."""
        return await asyncio.shield(self._in_writer(work))

    async def perform(self, act: Act, scope: Scope) -> Answer:
        """Carry out an act within a scope; a second one under the same key is refused while the first still runs."""
        return await self._alone(act, lambda: self._in_turn(act, scope))

    async def once(self, request: Keyed, scope: Scope, work: Work) -> Answer:
        """Do the work of a request that is none of TM Forum's, once under its key."""
        return await self._alone(request, lambda: self._in_writer(lambda: self._operations.once(request, scope, work)))

    async def _alone(self, request: Keyed, begin: Callable[[], asyncio.Future[Answer]]) -> Answer:
        if request.key is None:
            return await asyncio.shield(begin())
        slot = (request.owner, request.key)
        if slot in self._running:
            raise ConflictError("The first request with this Idempotency-Key still runs.", {"Retry-After": "1"})
        self._running.add(slot)
        future = begin()
        future.add_done_callback(lambda _: self._running.discard(slot))
        return await asyncio.shield(future)

    def close(self) -> None:
        """Wait for the writers and let go of their threads."""
        self._questions.close()
        self._gathering.close()
        self._writer.shutdown()

    def _in_turn(self, act: Act, scope: Scope) -> asyncio.Future[Answer]:
        future = self._gathering.add((act, scope))
        future.add_done_callback(_retrieve)
        return future

    def _in_writer(self, work: Callable[[], T]) -> asyncio.Future[T]:
        future = asyncio.get_running_loop().run_in_executor(self._writer, work)
        future.add_done_callback(_retrieve)
        return future


def _retrieve(future: asyncio.Future[T]) -> None:
    """Look at the outcome, so that one that nobody waits for any more is not reported as forgotten."""
    if not future.cancelled():
        future.exception()
