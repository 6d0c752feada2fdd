"""The sync engine: one sender, one puller, one account of the line that both share."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

from app.core.clock import Clock
from app.core.errors import (
    BackOfficeAnswerError,
    BackOfficeUnreachableError,
    DeskError,
    StorageError,
    StorageFullError,
)
from app.core.tasks import TaskScope
from app.sync.errors import GrantEndedError, MirrorDamagedError
from app.sync.events import DataChanged, Event, StatusChanged
from app.sync.line import Line
from app.sync.model import Confirmed, Later, MirrorState, NoGrant, NotKnown, Outcome
from app.sync.outbox import Outbox
from app.sync.ports import HeadOffice, MirrorStore, OutboxStore
from app.sync.puller import Puller, PullListener
from app.sync.retry import Backoff
from app.sync.sender import Sender
from app.sync.status import LineState, SyncStatus
from app.sync.store_thread import StoreThread

_TROUBLE = (BackOfficeAnswerError, MirrorDamagedError, StorageError, StorageFullError)
OUTBOX_CHANGED = frozenset({"outbox"})


class SyncEngine(PullListener):
    """Runs until closed; everything that changes goes out through `emit`."""

    def __init__(
        self,
        journal: OutboxStore,
        mirror: MirrorStore,
        head_office: HeadOffice,
        clock: Clock,
        backoff: Backoff,
        emit: Callable[[Event], None],
        on_bug: Callable[[BaseException], None],
    ) -> None:
        self._journal = journal
        self._clock = clock
        self._emit = emit
        self._report = on_bug
        self._line = Line()
        self._status = SyncStatus()
        self._tasks = TaskScope(self._broke)
        self._thread = StoreThread()
        self._outbox = Outbox(backoff)
        self._sender = Sender(
            self._outbox, journal, self._thread, head_office, clock, self._tasks, self._on_outcome
        )  # fmt: skip
        self._puller = Puller(mirror, journal, self._thread, head_office, clock, backoff, self)

    @property
    def thread(self) -> StoreThread:
        """Where every call to the stores has to run."""
        return self._thread

    def start(self) -> None:
        """Begin to send, pull and listen."""
        self._tasks.start(self._sender.run())
        self._tasks.start(self._puller.run())
        self._tasks.start(self._puller.listen())
        self._tasks.start(self._count())

    async def close(self) -> None:
        """Stop; a request under way is abandoned and asked about at the next start."""
        await self._tasks.close()
        self._thread.close()

    def poke(self) -> None:
        """The window recorded or changed a command."""
        self._sender.wake()
        self._tasks.start(self._count())

    def refresh(self) -> None:
        """Pull and send now, without waiting out any delay."""
        self._outbox.hurry()
        self._sender.wake()
        self._puller.pull_soon()

    def rebuild(self) -> None:
        """The window cannot read the copy any more."""
        self._puller.rebuild()

    def signed_in(self, author: str) -> None:
        """A person signed in with the line: their commands may go on."""
        self._outbox.grant_given(author)
        self._line.answered(self._clock.now())
        self.refresh()

    # ---- PullListener

    def answered(self) -> None:
        came_up = self._line.answered(self._clock.now())
        if came_up:
            self._outbox.hurry()
            self._sender.wake()
        self._tell(replace(self._status, trouble=""))

    def failed(self, error: DeskError) -> None:
        now = self._clock.now()
        if isinstance(error, BackOfficeUnreachableError):
            self._line.silent(now)
        elif isinstance(error, GrantEndedError):
            self._line.locked_out(now)
        trouble = type(error).text if isinstance(error, _TROUBLE) else ""
        self._tell(replace(self._status, trouble=trouble))

    def in_step(self, state: MirrorState) -> None:
        del state
        self._tell(replace(self._status, as_of=self._clock.now(), loaded=0, total=0))

    def loading(self, state: MirrorState) -> None:
        self._line.answered(self._clock.now())
        self._tell(replace(self._status, loaded=state.rows, total=max(state.total, state.rows, 1)))

    def changed(self, collections: frozenset[str], *, is_new_mirror: bool) -> None:
        self._emit(DataChanged(collections, is_new_mirror))

    # ---- outbox

    def _on_outcome(self, outcome: Outcome) -> None:
        now = self._clock.now()
        if isinstance(outcome, (NotKnown, Later)) and outcome.line_is_cut:
            self._line.silent(now)
        elif isinstance(outcome, NoGrant):
            self._line.locked_out(now)
        elif not isinstance(outcome, (NotKnown, Later)):
            self._line.answered(now)
        if isinstance(outcome, Confirmed):
            self._puller.pull_soon()
        self._emit(DataChanged(OUTBOX_CHANGED))
        self._tasks.start(self._count())

    async def _count(self) -> None:
        waiting, needs_you = await self._thread.run(self._journal.counts)
        self._tell(replace(self._status, waiting=waiting, needs_you=needs_you))

    # ---- telling

    def _tell(self, status: SyncStatus) -> None:
        told = replace(status, line=self._line.state, since=self._line.since)
        if told != self._status:
            self._status = told
            self._emit(StatusChanged(told))

    def _broke(self, error: BaseException) -> None:
        """A bug or a broken invariant: stop syncing, keep the outbox, say so."""
        self._report(error)
        if isinstance(error, asyncio.CancelledError):
            return
        self._line.stop(self._clock.now())
        self._tasks.cancel()
        self._status = replace(self._status, line=LineState.STOPPED, since=self._line.since)
        self._emit(StatusChanged(self._status))
