"""Wherever the disk is full or breaks, at any single write: who asked is told, what was saved stays, work goes on with room.

The files are the real ones, encrypted, and so is all that writes them. Every write, sync and file that SQLite makes by
itself counts, and each is refused once; the long form takes them all, a usual run one in so many.
"""

from __future__ import annotations

import asyncio
import shutil
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Iterator
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from sqlalchemy import select

from app.core.commands import Command
from app.core.errors import DeskError, StorageError, StorageFullError
from app.sync.model import MOVING, CommandState, Confirmed, SnapshotPage, SnapshotStart
from app.sync.outbox import Transition
from app.sync.ports import Grant, HeadOffice
from app.sync.snapshot import SnapshotTaker
from app.sync.store_thread import StoreThread
from local_cache import cipher
from local_cache.journal_schema import command
from local_cache.mirror import MirrorFile
from local_cache.pins import DeskClerks
from local_cache.profile import Profile
from local_cache.write_log import PAGE_SIZE, log_of
from tests.cache.damage import ACTS, IN_THE_LOG, crashed, sequences, spoil
from tests.cache.desk_files import KEY, REGION, DeskFiles
from tests.cache.records import change, contact, customer, filing, ticket
from tests.fakes.clock import NOON
from tests.fakes.sqlite_disk import SqliteDisk, sqlite_on

ONE_IN = 101  # of the writes of a life that a usual run refuses; a prime, so that all kinds of them have their turn
TRIES = 3
BY_THE_WAY = {  # what SQLite does, or tries, beside what it was asked for, and does again: nobody need hear of it
    *(f"{what} {name}.db" for what in ("write", "sync", "truncate") for name in ("journal", "mirror-1")),
    *(f"{what} {name}.db-wal" for what in ("sync", "delete") for name in ("journal", "mirror-1")),
}
TICKET = "T1"
ANSWER = {
    "token": "t", "offlineUntil": "2026-04-01T00:00:00Z", "office": "here",
    "user": {"id": "mei", "name": "Mei", "role": "clerk"},
}  # fmt: skip
OLD = [change("customer", number, customer(f"C{number}", "x" * 900)) for number in range(1, 5)]
NEWS = [change("customer", 9, customer("C1", "news " * 200)), change("troubleTicket", 10, ticket(TICKET))]


class Office:
    """A head office that has nothing but a snapshot of two pages."""

    async def snapshot(self, _grant: Grant, after: str) -> AsyncGenerator[SnapshotStart | SnapshotPage, None]:
        yield SnapshotStart("e1", "e1.4", len(OLD))
        if not after:
            yield SnapshotPage(tuple(OLD[:2]), "customer/C2")
        yield SnapshotPage(tuple(OLD[2:]), "")


class Life:
    """A day at a desk, step by step; what its clerk was told was saved, and with which words what was not."""

    def __init__(self, folder: Path) -> None:
        self.profile = Profile(folder)
        self.profile.prepare()
        self.states: dict[str, CommandState] = {}
        self.cursor = ""
        self.told: list[DeskError] = []
        self.desk: DeskFiles | None = None
        self._filed, self._other = filing("no signal " * 60), filing("no sound " * 60)
        self._added = contact(self._filed.id, "called again")

    @property
    def files(self) -> DeskFiles:
        """The open files."""
        assert self.desk is not None
        return self.desk

    def steps(self) -> Iterator[Callable[[], None]]:
        """Everything that writes, in the order of a day."""
        yield self._open
        yield lambda: self._ignored(DeskClerks(self.files.journal, self.files.clock).signed_in(ANSWER))
        yield lambda: self._record(self._filed)
        yield self._copy
        yield lambda: self._mark(self._filed, CommandState.SENT)
        yield lambda: self._mark(self._filed, CommandState.CONFIRMED, Confirmed(TICKET, 10, ticket(TICKET), "e1"))
        yield lambda: self._record(self._added)
        yield self._feed
        yield lambda: self._record(self._other)
        yield lambda: self._mark(self._other, CommandState.SENT)
        yield lambda: self._mark(self._other, CommandState.REFUSED)
        yield lambda: self._set_aside(self._other)

    def live(self) -> None:
        """Do each step until it is done; whenever the disk refuses, look whether anything else is wrong."""
        for step in self.steps():
            for tries in count(1):
                try:
                    step()
                    break
                except (StorageError, StorageFullError) as error:
                    self.told.append(error)
                    assert tries < TRIES, "there is room again, and it still does not work"
                    if self.desk is not None:
                        self.check(self.desk)

    def check(self, desk: DeskFiles) -> None:
        """What was said to be saved is there, and nothing else is; the copy is where it was."""
        with desk.journal.reading() as connection:
            rows = connection.execute(select(command.c.id, command.c.state).order_by(command.c.sequence)).all()
        assert {row.id: row.state for row in rows} == self.states
        assert [row.id for row in rows] == list(self.states)
        assert desk.broken_at() is None
        assert desk.mirror.state().cursor == self.cursor
        shown = {row["id"] for row in (one.body for one in desk.tickets().values())}
        assert shown == self.shown()

    def shown(self) -> set[str]:
        """The tickets that a clerk has to see."""
        filed = self._filed.id if self.states.get(self._filed.id) is not CommandState.CONFIRMED else TICKET
        other = {self._other.id} if self.states.get(self._other.id) in (*MOVING, CommandState.REFUSED) else set()
        return ({filed} if self._filed.id in self.states else set()) | other

    def close(self) -> None:
        """End the day."""
        if self.desk is not None:
            self.desk.close()

    def _open(self) -> None:
        self.desk = DeskFiles(self.profile)

    def _ignored(self, _result: object) -> None:
        return

    def _record(self, act: Command) -> None:
        self.files.record(act)
        self.states[act.id] = CommandState.QUEUED

    def _mark(self, act: Command, state: CommandState, confirmed: Confirmed | None = None) -> None:
        self.files.outbox.mark(Transition(act.id, state, "", confirmed))
        self.states[act.id] = state

    def _set_aside(self, act: Command) -> None:
        self.files.set_aside(act.id)
        self.states[act.id] = CommandState.SET_ASIDE

    def _copy(self) -> None:
        asyncio.run(self._take_snapshot())
        self.cursor = "e1.4"

    async def _take_snapshot(self) -> None:
        thread = StoreThread()
        taker = SnapshotTaker(self.files.mirror, thread, cast(HeadOffice, Office()), self.files.clock, lambda _: None)
        try:
            await taker.take(Grant("mei", "t"))
        finally:
            await thread.close()

    def _feed(self) -> None:
        self.files.mirror.apply(NEWS, "e1.10", NOON)
        self.cursor = "e1.10"
        self.files.outbox.settle(NEWS)


def lived(folder: Path, disk: SqliteDisk) -> Life:
    """A life on that disk, looked at as it goes, as a kill would leave it, and at its end."""
    left = Profile(folder / "left")
    with sqlite_on(disk):
        life = Life(folder / "desk")
        try:
            life.live()
            life.check(life.files)
            shutil.copytree(life.profile.folder, left.folder)
        finally:
            life.close()
    for profile in (left, life.profile):
        reopened(life, profile)
    return life


def reopened(life: Life, profile: Profile) -> None:
    """The next start finds everything, in files that are sound."""
    desk = DeskFiles(profile)
    try:
        assert desk.salvaged is None
        life.check(desk)
        assert {row.id for row in desk.mirror.rows([("customer", f"C{number}") for number in range(1, 5)])} == {
            f"C{number}" for number in range(1, 5)
        }
        assert len(profile.mirrors()) == 1
        copy = MirrorFile(profile, profile.mirrors()[0], KEY, REGION, only_look=True)
        copy.check()
        copy.close()
    finally:
        desk.close()


def writes_of_a_life(folder: Path, *, is_full: bool) -> int:
    """How many operations a disk has to do for it."""
    disk = SqliteDisk(is_full)
    assert lived(folder, disk).told == []
    return len(disk.done)


def survive(folder: Path, every: int, *, is_full: bool) -> Counter[str]:
    """Refuse one operation in so many, a life each; of what kind those were of which somebody was told, or was not."""
    heard: Counter[str] = Counter()
    for first in range(1, writes_of_a_life(folder / "sound", is_full=is_full) + 1, every):
        disk = SqliteDisk(is_full, first)
        life = lived(folder / str(first), disk)
        (refused,) = disk.refused
        assert life.told or refused in BY_THE_WAY, refused
        heard[refused if life.told else "untold"] += 1
        shutil.rmtree(folder / str(first))
    return heard


@pytest.mark.parametrize("is_full", [True, False], ids=["full", "broken"])
def test_wherever_the_disk_refuses_nothing_is_lost_and_work_goes_on(tmp_path: Path, *, is_full: bool) -> None:
    heard = survive(tmp_path, ONE_IN, is_full=is_full)
    assert heard.total() > heard["untold"]


@pytest.mark.whole
@pytest.mark.timeout(1_200)
@pytest.mark.parametrize("is_full", [True, False], ids=["full", "broken"])
def test_every_single_write_may_be_refused(tmp_path: Path, *, is_full: bool) -> None:
    heard = survive(tmp_path, 1, is_full=is_full)
    assert heard.total() > 380
    assert heard["write journal.db-wal"] > 100


def test_a_disk_without_room_for_a_file_is_said_to_be_full(profile: Profile, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite then says no more than that it could not."""
    for free, error in ((0, StorageFullError), (1 << 30, StorageError)):
        monkeypatch.setattr(shutil, "disk_usage", lambda _, free=free: SimpleNamespace(free=free))
        with sqlite_on(SqliteDisk(first=1)), pytest.raises(error):
            DeskFiles(profile)


def test_a_log_that_was_half_moved_into_its_file_is_no_damage_and_a_broken_page_still_is(used: DeskFiles) -> None:
    left = crashed(used)
    with sqlite_on(SqliteDisk(is_full=False)) as disk:
        again = cipher.connect(left.journal, KEY, full_sync=True)
        disk.is_refusing = lambda: disk.done[-1].endswith(".db")
        with pytest.raises(cipher.driver.OperationalError):
            cipher.take_in_log(again)
        half = Profile(left.folder.with_name("half"))
        shutil.copytree(left.folder, half.folder)
        disk.is_refusing = lambda: False
        again.close()
    desk = DeskFiles(half)
    assert (desk.salvaged, len(sequences(desk))) == (None, ACTS + IN_THE_LOG)
    desk.close()
    spoil(half.journal, PAGE_SIZE + 100)
    assert log_of(half.journal).exists() is False
    desk = DeskFiles(half)
    assert desk.salvaged is not None
    desk.close()


@pytest.mark.parametrize("is_alone", [True, False], ids=["alone", "beside another"])
def test_what_was_said_not_to_be_saved_does_not_come_back_after_a_kill(desk: DeskFiles, *, is_alone: bool) -> None:
    desk.close()
    disk = SqliteDisk(is_full=False, only="journal.db-wal")
    left = Profile(desk.profile.folder.with_name("left"))
    with sqlite_on(disk):
        desk.open()
        if not is_alone:
            desk.sync_journal.meta("device")
        saved = filing("saved")
        desk.record(saved)
        disk.is_refusing = lambda: disk.done[-1].startswith("sync")
        with pytest.raises(StorageError):
            desk.record(filing("not saved"))
        shutil.copytree(desk.profile.folder, left.folder)
        assert desk.commands() == 1
        disk.is_refusing = lambda: False
        desk.close()
        for profile in (left, desk.profile):
            again = DeskFiles(profile)
            assert list(again.tickets()) == [saved.id]
            again.close()
    desk.open()
