"""A damaged journal: what can be read goes into a new file, what is missing is listed, the old file is kept.

Every step can be cut short and done again: the damaged file stays in its place, unwritten, until the new one is whole.
Then it is moved aside, which needs no room, and the new one takes its place. A salvage works in files of fixed names and
leaves none of them behind, so that the desk fills no disk by starting again and again.
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Table, insert, select

from app.core.clock import Clock, to_wire
from app.sync.effects import Reducers
from local_cache import audit, cipher, draft_rows, lease_rows
from local_cache.disk import disk_errors, sync_folder, write_durably
from local_cache.effects import EffectTable
from local_cache.first_page import mend_first_page
from local_cache.journal import Journal, JournalDamagedError
from local_cache.journal_schema import EFFECTS_OF_THE_COPY, command, tables
from local_cache.other_key import refuse_key_of_other_data
from local_cache.profile import Profile
from local_cache.readable_rows import ReadableRows
from local_cache.salvage_report import NOT_KNOWN, Salvage, note_salvage, salvage_untold
from local_cache.write_log import log_of, loses_commits, mended

_KEPT, _SALVAGED, _WORKING = "journal-damaged", "journal-salvaged", "journal-working"
_SPARE_NUMBERS = 1_000  # how many device sequences are passed over where it is not known how many were given out


def open_journal(profile: Profile, key: bytes, reducers: Reducers, clock: Clock) -> tuple[Journal, Salvage | None]:
    """The journal, checked and ready, and the salvage that no clerk was told of yet, made now or by a start cut short.

    For the one process that opens it first.
    """
    refuse_key_of_other_data(profile, key)
    with disk_errors():
        _put_in_place(profile)
    try:
        refuse_lost_acts(profile)
        _check(profile, key, reducers, clock)
    except JournalDamagedError:
        salvage(profile, key, reducers, clock)
    journal = Journal(profile, key, reducers, clock)
    try:
        journal.open()
        return journal, salvage_untold(journal)
    except BaseException:
        journal.close()
        raise


def _check(profile: Profile, key: bytes, reducers: Reducers, clock: Clock) -> None:
    """Only by looking: opened for writing, a damaged file would not stay as it is."""
    if not profile.journal.exists():
        return
    looked_at = Journal(profile, key, reducers, clock, only_look=True)
    try:
        looked_at.check()
    finally:
        looked_at.close()


def refuse_lost_acts(profile: Profile) -> None:
    """Raise JournalDamagedError where SQLite would open the journal without a word, though acts are gone from it."""
    with disk_errors():
        is_empty = not profile.journal.exists() or not profile.journal.stat().st_size
        if (is_empty and profile.mirrors()) or loses_commits(log_of(profile.journal)):
            raise JournalDamagedError


def salvage(profile: Profile, key: bytes, reducers: Reducers, clock: Clock) -> Salvage:
    """Put a new journal in the damaged one's place. Raises DeskError, with every act still there, if that fails."""
    at = clock.now()
    stamp = _free_stamp(profile, at)
    fresh, readable = profile.folder / f"{_WORKING}-fresh.db", profile.folder / f"{_WORKING}-copy.db"
    kept = _kept(profile, stamp).name if profile.journal.exists() else "–"
    try:
        with cipher.storage_errors(JournalDamagedError, profile.folder):
            _clear(profile)
            may_lack = _mend(profile.journal, readable, key)
            rows = ReadableRows(readable, key, may_lack_commits=may_lack)
            found = _refill(Journal(profile, key, reducers, clock, path=fresh), rows, kept, to_wire(at))
            fresh.replace(profile.folder / f"{_SALVAGED}-{stamp}.db")
    except BaseException:
        with suppress(OSError):
            _clear(profile)
        raise
    with disk_errors():
        _put_in_place(profile)
    return found


def _free_stamp(profile: Profile, at: datetime) -> str:
    """A damaged file that was kept before is never overwritten."""
    first = stamp = f"{at:%Y%m%d-%H%M%S}"
    again = 1
    while _kept(profile, stamp).exists() or log_of(_kept(profile, stamp)).exists():
        again += 1
        stamp = f"{first}-{again}"
    return stamp


def _kept(profile: Profile, stamp: str) -> Path:
    return profile.folder / f"{_KEPT}-{stamp}.db"


def _mend(journal: Path, readable: Path, key: bytes) -> bool:
    """A copy to read from, in which as much as possible is put right; returns whether commits may be gone unseen."""
    log = mended(log_of(journal).read_bytes() if log_of(journal).exists() else b"")
    if log.content:
        write_durably(log_of(readable), log.content)
    if journal.exists():
        shutil.copyfile(journal, readable)
        mend_first_page(readable, key)
    return log.may_lack_commits


def _refill(journal: Journal, rows: ReadableRows, kept: str, now: str) -> Salvage:
    """Fill the new journal; when this returns, all of it is in the one file."""
    try:
        journal.open()
        with rows, journal.writing() as connection:
            saved = sum(_copy(rows, table, connection) for table in tables.sorted_tables)
            found = Salvage(now, kept, saved, _missing(rows, connection))
            note_salvage(connection, found)
            connection.exec_driver_sql(EFFECTS_OF_THE_COPY)
            lease_rows.lost_sight_of(connection)
            draft_rows.drop_done(connection)
            journal.effects.restore(EffectTable(connection))
            audit.restart(connection, now, f"salvaged from {kept}")
        journal.take_in_log()
        return found
    finally:
        journal.close()


def _copy(rows: ReadableRows, table: Table, connection: Connection) -> int:
    saved = 0
    for row in rows.of(table):
        connection.execute(insert(table).prefix_with("OR REPLACE").values(row))
        saved += 1
    return saved


def _missing(rows: ReadableRows, connection: Connection) -> tuple[int, ...]:
    """The device sequences that are gone; none of them, nor any that may be, is ever given out again."""
    held = set(connection.execute(select(command.c.sequence)).scalars())
    given_out = rows.sequences_given_out()
    newest = max([given_out or 0, *held])
    _count_on_from(connection, newest if given_out is not None else newest + _SPARE_NUMBERS)
    gaps = sorted(set(range(1, newest + 1)) - held)
    return (*gaps, *(() if given_out is not None else (NOT_KNOWN,)))


def _count_on_from(connection: Connection, newest: int) -> None:
    connection.exec_driver_sql("DELETE FROM sqlite_sequence WHERE name = 'command'")
    connection.exec_driver_sql("INSERT INTO sqlite_sequence (name, seq) VALUES ('command', ?)", (newest,))


def _put_in_place(profile: Profile) -> None:
    """Let a salvaged journal that is whole take the place of the damaged one, which is kept beside it."""
    for salvaged in profile.folder.glob(f"{_SALVAGED}-*.db"):
        _clear(profile)
        kept = _kept(profile, salvaged.stem.removeprefix(f"{_SALVAGED}-"))
        _move(log_of(profile.journal), log_of(kept))  # first: a log of the old file would spoil the new one
        profile.journal.with_name(f"{profile.journal.name}-shm").unlink(missing_ok=True)
        _move(profile.journal, kept)
        sync_folder(profile.folder)
        salvaged.replace(profile.journal)
        sync_folder(profile.folder)


def _move(file: Path, aside: Path) -> None:
    if file.exists():  # else it never was, or was moved by a start that was cut short
        file.replace(aside)


def _clear(profile: Profile) -> None:
    """Remove what a salvage works with."""
    for left_over in profile.folder.glob(f"{_WORKING}-*"):
        left_over.unlink(missing_ok=True)
