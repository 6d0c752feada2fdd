"""Drives the outbox: writes down, sends, asks, writes down."""

from __future__ import annotations

import asyncio
from collections import Counter

from app.core.clock import Clock
from app.core.commands import Command
from app.core.errors import BackOfficeUnreachableError, DeskError, NeverSentError, StorageError, StorageFullError
from app.core.tasks import TaskScope
from app.sync.errors import BusyError, GrantEndedError
from app.sync.merging import Merge, on_top
from app.sync.model import ASKED_ANEW, Acknowledged, CommandState, Differs, Entry, Later, NoGrant, NotKnown, Outcome
from app.sync.outbox import Act, Ask, Outbox, Transition
from app.sync.ports import Grant, HeadOffice, OutboxStore
from app.sync.store_thread import StoreThread

DISK_TROUBLE = (StorageError, StorageFullError)
DISK_REST_S = 5.0
MOST_READS = 5  # of one record in a row that head office answers with nonsense: then a person is told


class SendListener:
    """What the engine wants to hear of sending."""

    def sending(self, entry: Entry) -> None:
        """The command's request, or the question about it, is about to go out."""

    def sent(self, entry: Entry, outcome: Outcome) -> None:
        """What became of that, also "no answer"."""

    def disk_failed(self, error: DeskError) -> None:
        """The journal took or gave nothing; tried again soon."""

    def disk_works(self) -> None:
        """The journal was read or written."""


class Sender:
    """Sends what is due until it is closed."""

    def __init__(
        self,
        outbox: Outbox,
        store: OutboxStore,
        thread: StoreThread,
        head_office: HeadOffice,
        clock: Clock,
        tasks: TaskScope,
        listener: SendListener,
        merge: Merge = on_top,
    ) -> None:
        self._outbox = outbox
        self._store = store
        self._thread = thread
        self._head_office = head_office
        self._clock = clock
        self._tasks = tasks
        self._listener = listener
        self._merge = merge
        self._unread: Counter[str] = Counter()  # command → how often what it differs from could not be understood
        self._wake = asyncio.Event()
        self._is_stale = True
        self._writing = asyncio.Lock()  # what is read from the journal is never older than what the outbox knows

    def reload(self) -> None:
        """Somebody else changed the journal: read it again."""
        self._is_stale = True
        self.wake()

    def wake(self) -> None:
        """Something may be due."""
        self._wake.set()

    async def run(self) -> None:
        """Send what is due, wait for the next thing, for ever."""
        while True:
            self._wake.clear()
            if self._is_stale and not await self._load():
                await asyncio.sleep(DISK_REST_S)
                continue
            async with self._writing:  # what is not written down yet is not due: the disk may not take it
                for act in self._outbox.due(self._clock.monotonic()):
                    state = self._outbox.began(act)
                    self._tasks.start(self._do(act, Transition(act.entry.command.id, state)))
            await self._rest()

    async def _rest(self) -> None:
        seconds = self._outbox.next_due(self._clock.monotonic())
        try:
            async with asyncio.timeout(seconds):  # `wait_for` of Python 3.11 may lose a cancellation
                await self._wake.wait()
        except TimeoutError:
            return

    async def _load(self) -> bool:
        async with self._writing:
            self._is_stale = False
            try:
                self._outbox.load(await self._thread.run(self._store.unfinished))
            except DISK_TROUBLE as error:
                self._is_stale = True
                self._listener.disk_failed(error)
                return False
        self._listener.disk_works()
        return True

    async def _do(self, act: Act, began: Transition) -> None:
        entry = act.entry
        try:
            if began.state is not entry.state:  # what is asked for again stands there already
                await self._thread.run(self._store.mark, began)
        except DISK_TROUBLE as error:  # nothing goes on the wire that is not written down first
            self._outbox.ended(entry.command.id, Later(DISK_REST_S), self._clock.monotonic())
            self._listener.disk_failed(error)
            self.wake()
            return
        self._listener.sending(entry)
        await self._write(entry, await self._over_the_wire(act))

    async def _write(self, entry: Entry, outcome: Outcome) -> None:
        command_id = entry.command.id
        async with self._writing:
            transition = self._outbox.ended(command_id, outcome, self._clock.monotonic())
            try:
                if await self._written(entry, transition) is not transition.state:
                    self._is_stale = True
                self._listener.disk_works()
            except DISK_TROUBLE as error:  # on disk it still counts as sent, so head office is asked again
                self._outbox.forget(command_id, self._clock.monotonic() + DISK_REST_S)
                self._is_stale = True
                self._listener.disk_failed(error)
        self._listener.sent(entry, outcome)
        self.wake()

    async def _written(self, entry: Entry, transition: Transition) -> CommandState:
        """Where the command stands in the journal once that is written down."""
        is_asking = entry.state is not CommandState.QUEUED
        if is_asking and transition.state is entry.state:
            return transition.state
        return await self._thread.run(self._store.mark, transition)

    async def _over_the_wire(self, act: Act) -> Outcome:
        command = act.entry.command
        try:
            if act.entry.state in ASKED_ANEW:  # its author may never sign in here again
                grant = await self._thread.run(self._store.latest_grant)
            else:
                grant = await self._thread.run(self._store.grant_of, command.sender)
            entity_id = await self._thread.run(self._store.server_id, *act.entry.entity)
            acknowledged = await self._thread.run(self._store.acknowledged)
        except DISK_TROUBLE as error:
            self._listener.disk_failed(error)
            return Later(DISK_REST_S)
        if not grant:
            return NoGrant()
        outcome = await self._exchange(act, entity_id, grant, acknowledged)
        if isinstance(outcome, Differs) and outcome.there is None and command.seen is not None:
            return await self._merged(command, entity_id, grant)
        return outcome

    async def _exchange(self, act: Act, entity_id: str, grant: Grant, acknowledged: Acknowledged) -> Outcome:
        try:
            if isinstance(act, Ask):
                return await self._head_office.ask(act.entry, grant)
            return await self._head_office.send(act.entry, entity_id, grant, acknowledged)
        except GrantEndedError:
            return NoGrant()
        except BackOfficeUnreachableError:
            return NotKnown(line_is_cut=True)
        except DeskError:
            return NotKnown()

    async def _merged(self, command: Command, entity_id: str, grant: Grant) -> Outcome:
        """What becomes of a command whose record has changed: that is read, and the two are put together."""
        try:
            command = await self._thread.run(self._store.as_written, command.id)
            there = await self._head_office.read(command.collection, entity_id, grant)
        except DISK_TROUBLE as error:
            self._listener.disk_failed(error)
            return Later(DISK_REST_S)
        except GrantEndedError:
            return NoGrant()
        except BusyError as error:
            return Later(error.seconds)
        except (
            BackOfficeUnreachableError
        ) as error:  # there was a line just now: only one that cannot be had again is cut
            return Later(line_is_cut=isinstance(error, NeverSentError))
        except DeskError:
            return self._not_understood(command.id)
        self._unread.pop(command.id, None)
        return self._merge(command, there)

    def _not_understood(self, command_id: str) -> Outcome:
        self._unread[command_id] += 1
        if self._unread[command_id] < MOST_READS:
            return Later(makes_no_sense=True)
        del self._unread[command_id]
        return Differs()
