"""The sync engine: one sender, one puller, one account of the line that both share."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from math import ceil
from typing import Any

from app.core.clock import Clock, from_wire
from app.core.errors import (
    BackOfficeAnswerError,
    BackOfficeUnreachableError,
    DeskError,
    StorageError,
    StorageFullError,
)
from app.core.tasks import TaskScope
from app.drafts.model import NoHallError
from app.sync.errors import GrantEndedError, HomeUnknownError, MirrorDamagedError, OfficeReplacedError
from app.sync.events import DataChanged, Event, StatusChanged
from app.sync.leases import LeaseKeeper, Leasing
from app.sync.line import Line
from app.sync.merging import Merge, on_top
from app.sync.model import (
    Confirmed,
    Differs,
    Entry,
    Forgotten,
    Later,
    Merged,
    MirrorState,
    NeverArrived,
    NoGrant,
    NotKnown,
    Outcome,
    Refused,
    Unaskable,
)
from app.sync.outbox import Outbox
from app.sync.pace import Pace
from app.sync.parking import Parking, ParkingKeeper
from app.sync.ports import HeadOffice, MirrorStore, OutboxStore
from app.sync.profiles import MOST_OPENED
from app.sync.puller import Puller, PullListener, Urgency
from app.sync.retry import Backoff
from app.sync.sender import DISK_REST_S, DISK_TROUBLE, Sender, SendListener
from app.sync.status import SyncStatus
from app.sync.store_thread import StoreThread
from app.sync.troubles import Troubles

_TROUBLE = (BackOfficeAnswerError, MirrorDamagedError, OfficeReplacedError, StorageError, StorageFullError)
_PULL, _JOURNAL, _HOME = "pull", "journal", "home"
OUTBOX, DRAFT = "outbox", "draft"


class SyncEngine(PullListener, SendListener):
    """Runs until closed; everything that changes goes out through `emit`.

    `sign_in_again` gets a new grant without a person and returns whose it is, where the desk can do that. It raises
    GrantEndedError once it is refused.
    """

    def __init__(
        self,
        journal: OutboxStore,
        mirror: MirrorStore,
        head_office: HeadOffice,
        clock: Clock,
        backoff: Backoff,
        emit: Callable[[Event], None],
        on_bug: Callable[[BaseException], None],
        sign_in_again: Callable[[], Awaitable[str]] | None = None,
        thread: StoreThread | None = None,
        leasing: Leasing | None = None,
        parking: Parking | None = None,
        merge: Merge = on_top,
        most_opened: int = MOST_OPENED,
    ) -> None:
        self._journal = journal
        self._clock = clock
        self._emit = emit
        self._report = on_bug
        self._sign_in_again = sign_in_again
        self._renews_itself = sign_in_again is not None
        self._line = Line()
        self._troubles = Troubles()
        self._pace = Pace()
        self._status = SyncStatus()
        self._is_home_unknown = False
        self._will_count = False
        self._tasks = TaskScope(self._broke)
        self._thread = thread or StoreThread()
        self._outbox = Outbox(backoff)
        self._sender = Sender(self._outbox, journal, self._thread, head_office, clock, self._tasks, self, merge)
        self._leases = LeaseKeeper(leasing, journal, self._thread) if leasing else None
        self._parking = ParkingKeeper(parking, journal, self._thread, self._draft_moved) if parking else None
        self._puller = Puller(mirror, journal, self._thread, head_office, clock, backoff, self, most_opened)

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
        if self._leases is not None:
            self._tasks.start(self._leases.run())
        if self._parking is not None:
            self._tasks.start(self._parking.run())

    async def close(self) -> None:
        """Stop; a request under way is abandoned and asked about at the next start."""
        self._puller.end()
        await self._tasks.close()
        await self._thread.close()

    def poke(self) -> None:
        """The window recorded or changed a command, or a draft."""
        self._sender.reload()
        self._wake_parking()
        self._tasks.start(self._count())

    def found_twice(self) -> None:
        """Head office turned out to hold an act of this desk more than once, and a person has to know."""
        self._emit(DataChanged(frozenset({OUTBOX})))
        self._tasks.start(self._count())

    @property
    def hall(self) -> ParkingKeeper:
        """The hall's drafts, for the window. Raises NoHallError where this desk parks nothing."""
        if self._parking is None:
            raise NoHallError
        return self._parking

    def refresh(self) -> None:
        """Somebody asks to pull and send now, without waiting out any delay of ours."""
        self._outbox.hurry()
        self._sender.reload()
        self._puller.pull(Urgency.PERSON)

    async def fetch(self, customer: str) -> None:
        """Somebody opens a customer outside the desk's home: have them here. Raises DeskError."""
        await self._puller.fetch(customer)

    def looked_at(self, customer: str) -> None:
        """Somebody looks at a customer whom the copy holds."""
        self._tasks.start(self._puller.looked_at(customer))

    def rebuild(self) -> None:
        """The copy cannot be read any more."""
        self.failed(MirrorDamagedError())
        self._puller.rebuild()

    def signed_in(self, author: str) -> None:
        """A person signed in with the line: their commands may go on."""
        self._wake_leases()
        self._wake_parking()
        self._granted(author)
        self._hear_answer()
        self._tell()
        self.refresh()

    # PullListener

    def answered(self, author: str) -> None:
        if self._outbox.grant_works(author):
            self._sender.wake()
            self._tasks.start(self._count())
        self._troubles.note(_PULL, "")
        self._hear_answer()
        self._tell()

    async def renew(self) -> bool:
        if self._sign_in_again is None:
            return False
        try:
            author = await self._sign_in_again()
        except GrantEndedError:
            self._renews_itself = False
            self._tasks.start(self._count())
            raise
        self._renews_itself = True
        self._granted(author)
        return True

    def failed(self, error: DeskError) -> None:
        self._pace.rest()
        now = self._clock.now()
        if isinstance(error, BackOfficeUnreachableError):
            self._line.silent(now)
        elif isinstance(error, GrantEndedError):
            self._line.locked_out(now)
        self._troubles.note(_PULL, type(error).text if isinstance(error, _TROUBLE) else "")
        self._tell()

    def holds(self, state: MirrorState) -> None:
        if bool(state.unknown_home) != self._is_home_unknown:
            self._is_home_unknown = not self._is_home_unknown
            self._troubles.note(_HOME, HomeUnknownError.text if self._is_home_unknown else "")
        self._tell(as_of=from_wire(state.as_of) if state.as_of else None)

    def in_step(self) -> None:
        self._pace.rest()
        self._tell(loaded=0, total=0, remaining_s=None)

    def loading(self, state: MirrorState) -> None:
        self._hear_answer()
        total = max(state.total, state.rows, 1)
        remaining_s = self._pace.remaining(self._clock.monotonic(), state.rows, total)
        self._tell(loaded=state.rows, total=total, remaining_s=None if remaining_s is None else ceil(remaining_s))

    def changed(self, collections: frozenset[str], *, is_new_mirror: bool) -> None:
        if is_new_mirror:  # of another epoch, it may have brought back acts that had ended
            self._sender.reload()
        self._emit(DataChanged(collections, is_new_mirror))

    # SendListener

    def sending(self, entry: Entry) -> None:
        self._emit(DataChanged(frozenset({OUTBOX, entry.command.collection})))

    def sent(self, entry: Entry, outcome: Outcome) -> None:
        self._hear(entry, outcome)
        if isinstance(outcome, (Confirmed, NoGrant)):  # the pull brings the result, or finds that no grant is left
            self._puller.pull(Urgency.NEWS)
        self._emit(DataChanged(frozenset({OUTBOX, entry.command.collection})))
        self._tell()
        self._tasks.start(self._count())

    def disk_failed(self, error: DeskError) -> None:
        self._troubles.note(_JOURNAL, type(error).text)
        self._tell()

    def disk_works(self) -> None:
        self._troubles.note(_JOURNAL, "")
        self._tell()

    def _hear(self, entry: Entry, outcome: Outcome) -> None:
        """What an answer, or none, says of the line and of head office."""
        match outcome:
            case NotKnown(line_is_cut=True) | Later(line_is_cut=True):
                self._line.silent(self._clock.now())
            case NotKnown() | Later(makes_no_sense=True):
                self._troubles.note(entry.command.id, BackOfficeAnswerError.text)
            case Later() | NoGrant():
                pass
            case NeverArrived() | Merged() | Confirmed() | Refused() | Differs() | Unaskable() | Forgotten():
                if not isinstance(outcome, (NeverArrived, Merged)):  # then it is not over yet
                    self._troubles.note(entry.command.id, "")
                if self._hear_answer():  # a pull that itself brought the line up must not hurry itself
                    self._puller.pull(Urgency.LINE_UP)

    def _hear_answer(self) -> bool:
        """Head office answered; returns whether the line has just come up."""
        came_up = self._line.answered(self._clock.now())
        if came_up:
            self._outbox.hurry()
            self._sender.wake()
            self._wake_leases()
            self._wake_parking()
        return came_up

    def _wake_leases(self) -> None:
        if self._leases is not None:
            self._leases.wake()

    def _wake_parking(self) -> None:
        if self._parking is not None:
            self._parking.wake()

    def _draft_moved(self) -> None:
        self._emit(DataChanged(frozenset({DRAFT})))

    def _granted(self, author: str) -> None:
        self._outbox.grant_given(author)
        self._sender.wake()
        self._tasks.start(self._count())

    async def _count(self) -> None:
        authors = frozenset[str]() if self._renews_itself else self._outbox.without_grant
        try:
            waiting, needs_you = await self._thread.run(self._journal.counts)
            held = await self._thread.run(self._journal.held, authors)
        except DISK_TROUBLE as error:
            self.disk_failed(error)
            await self._count_again()
        else:
            self._tell(waiting=waiting, needs_you=needs_you, held=held)

    async def _count_again(self) -> None:
        """What could not be counted is, once the disk lets us, whether or not anything happens meanwhile."""
        if not self._will_count:
            self._will_count = True
            await asyncio.sleep(DISK_REST_S)
            self._will_count = False
            self.poke()

    def _tell(self, **news: Any) -> None:
        told = replace(
            self._status, line=self._line.state, since=self._line.since, trouble=self._troubles.text, **news
        )  # fmt: skip
        if told != self._status:
            self._status = told
            self._emit(StatusChanged(told))

    def _broke(self, error: BaseException) -> None:
        """A bug or a broken invariant: stop syncing, keep the outbox, say so."""
        self._report(error)
        self._line.stop(self._clock.now())
        self._puller.end()
        self._tasks.cancel()
        if isinstance(error, DeskError):
            self._troubles.note(_JOURNAL, type(error).text)
        self._tell()
