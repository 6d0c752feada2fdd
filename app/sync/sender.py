"""Drives the outbox: writes down, sends, asks, writes down."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from app.core.clock import Clock
from app.core.errors import StorageError, StorageFullError
from app.core.tasks import TaskScope
from app.sync.errors import GrantEndedError
from app.sync.model import Later, NoGrant, NotKnown, Outcome
from app.sync.outbox import Act, Ask, Outbox, Transition
from app.sync.ports import HeadOffice, OutboxStore
from app.sync.store_thread import StoreThread

DISK_TROUBLE = (StorageError, StorageFullError)
DISK_REST_S = 5.0
OnOutcome = Callable[[Outcome], None]


class Sender:
    """Sends what is due until it is closed. `on_outcome` hears every answer, also "no answer"."""

    def __init__(
        self,
        outbox: Outbox,
        store: OutboxStore,
        thread: StoreThread,
        head_office: HeadOffice,
        clock: Clock,
        tasks: TaskScope,
        on_outcome: OnOutcome,
    ) -> None:
        self._outbox = outbox
        self._store = store
        self._thread = thread
        self._head_office = head_office
        self._clock = clock
        self._tasks = tasks
        self._on_outcome = on_outcome
        self._wake = asyncio.Event()
        self._writing = asyncio.Lock()  # what is read from the journal is never older than what the outbox knows

    def wake(self) -> None:
        """There may be something new to send."""
        self._wake.set()

    async def run(self) -> None:
        """Send what is due, wait for the next thing, for ever."""
        while True:
            self._wake.clear()
            try:
                async with self._writing:
                    self._outbox.load(await self._thread.run(self._store.unfinished))
            except DISK_TROUBLE:
                await asyncio.sleep(DISK_REST_S)
                continue
            for act in self._outbox.due(self._clock.monotonic()):
                state = self._outbox.began(act)
                self._tasks.start(self._do(act, Transition(act.entry.command.id, state)))
            await self._rest()

    async def _rest(self) -> None:
        seconds = self._outbox.next_due(self._clock.monotonic())
        try:
            await asyncio.wait_for(self._wake.wait(), seconds)
        except TimeoutError:
            return

    async def _do(self, act: Act, began: Transition) -> None:
        try:
            await self._thread.run(self._store.mark, began)
        except DISK_TROUBLE:  # nothing goes on the wire that is not written down first
            self._outbox.ended(act.entry.command.id, Later(DISK_REST_S), self._clock.monotonic())
            return
        await self._write(act.entry.command.id, await self._over_the_wire(act))

    async def _write(self, command_id: str, outcome: Outcome) -> None:
        async with self._writing:
            transition = self._outbox.ended(command_id, outcome, self._clock.monotonic())
            try:
                await self._thread.run(self._store.mark, transition)
            except DISK_TROUBLE:  # on disk it still counts as sent, so head office is asked again once there is room
                self._outbox.forget(command_id)
                outcome = NotKnown()
        self._on_outcome(outcome)
        self.wake()

    async def _over_the_wire(self, act: Act) -> Outcome:
        entry = act.entry
        grant = await self._thread.run(self._store.grant_of, entry.command.author)
        if grant is None:
            return NoGrant()
        try:
            if isinstance(act, Ask):
                return await self._head_office.ask(entry, grant)
            entity_id = await self._thread.run(self._store.server_id, *entry.entity)
            acknowledged = await self._thread.run(self._store.acknowledged)
            return await self._head_office.send(entry, entity_id, grant, acknowledged)
        except GrantEndedError:
            return NoGrant()
