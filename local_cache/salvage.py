"""A damaged journal: what can be read goes into a new file, what is missing is listed, the old file is kept.

Every step can be cut short and done again: the damaged file stays in its place until the new one is whole.
"""

from __future__ import annotations

import json
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Table, insert, select

from app.core.clock import Clock, to_wire
from app.core.errors import DeskError
from app.core.words import QT_TRANSLATE_NOOP
from local_cache import audit, cipher
from local_cache.disk import disk_errors, sync_folder, write_durably
from local_cache.effects import Reducers
from local_cache.first_page import mend_first_page
from local_cache.journal import Journal, JournalDamagedError, write_meta
from local_cache.journal_schema import command, tables
from local_cache.profile import Profile
from local_cache.readable_rows import ReadableRows
from local_cache.write_log import log_of, loses_commits, mended

SALVAGE = "salvage"
NOT_KNOWN = -1
_SPARE_NUMBERS = 1_000  # how many device sequences are passed over where it is not known how many were given out
_SHOWN_NUMBERS = 20


class JournalSalvagedError(DeskError):
    """Said once at the start after a salvage; the desk works on."""

    text = QT_TRANSLATE_NOOP(
        "errors",
        "The desk's journal was damaged. What could be read is in a new one; the old file is kept as {file}. "
        "Lost acts, by number: {missing}. Call IT.",
    )


class KeyOfOtherDataError(DeskError):
    """Nothing here fits the key, not even in part: a salvage would put an empty journal in the place of a good one."""

    text = QT_TRANSLATE_NOOP(
        "errors",
        "The key in this profile belongs to other data than what lies here. Nothing was changed or deleted. Call IT.",
    )


class JournalSalvagedWholeError(DeskError):
    """The same, where every act could be read."""

    text = QT_TRANSLATE_NOOP(
        "errors",
        "The desk's journal was damaged. Everything that was saved is in a new one; the old file is kept as {file}. Call IT.",
    )


@dataclass(frozen=True, slots=True)
class Salvage:
    """What a salvage found: the kept file's name, rows saved, and missing device sequences (NOT_KNOWN: maybe more)."""

    at: str
    file: str
    saved: int
    missing: tuple[int, ...]

    @property
    def listed(self) -> str:
        """The missing numbers as words, empty where none is missing; a question mark says that there may be more."""
        known = [str(one) for one in self.missing if one != NOT_KNOWN]
        more = ["…"] if len(known) > _SHOWN_NUMBERS else []
        unknown = ["?"] if NOT_KNOWN in self.missing else []
        return ", ".join([*known[:_SHOWN_NUMBERS], *more, *unknown])

    def as_error(self) -> DeskError:
        """The words for the clerk."""
        if not self.missing:
            return JournalSalvagedWholeError(file=self.file)
        return JournalSalvagedError(file=self.file, missing=self.listed)


def open_journal(profile: Profile, key: bytes, reducers: Reducers, clock: Clock) -> tuple[Journal, Salvage | None]:
    """The journal, checked and ready; salvaged first where it is damaged. For the one process that opens it first."""
    with disk_errors():
        _put_in_place(profile)
    found = None
    try:
        refuse_lost_acts(profile)
        _check(profile, key, reducers, clock)
    except JournalDamagedError:
        found = salvage(profile, key, reducers, clock)
    journal = Journal(profile, key, reducers, clock)
    try:
        journal.open()
    except BaseException:
        journal.close()
        raise
    return journal, found


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
    is_empty = not profile.journal.exists() or not profile.journal.stat().st_size
    if (is_empty and profile.mirrors()) or loses_commits(log_of(profile.journal)):
        raise JournalDamagedError


def salvage(profile: Profile, key: bytes, reducers: Reducers, clock: Clock) -> Salvage:
    """Put a new journal in the damaged one's place. Raises DeskError, with everything as it was, if that fails."""
    kept = _free_name(profile, f"journal-damaged-{clock.now():%Y%m%d-%H%M%S}")
    fresh, scratch = profile.folder / "journal-fresh.db", profile.folder / "journal-scratch.db"
    try:
        found = _refilled(profile, key, Journal(profile, key, reducers, clock, path=fresh), kept, to_wire(clock.now()))
        with disk_errors():
            _remove(scratch)
            fresh.replace(_salvaged(profile))
    except BaseException:  # a copy left behind at every start would fill the disk that was too full already
        with suppress(OSError):
            for left_over in (scratch, fresh, kept):
                _remove(left_over)
        raise
    with disk_errors():
        _put_in_place(profile)
    return found


def _refilled(profile: Profile, key: bytes, journal: Journal, kept: Path, now: str) -> Salvage:
    """Copy the damaged file, read what can be read into the fresh one."""
    scratch = profile.folder / "journal-scratch.db"
    try:
        with cipher.storage_errors(JournalDamagedError):
            for left_over in (profile.folder / "journal-fresh.db", scratch):
                _remove(left_over)
            _keep(profile.journal, kept)
            _mend(kept, scratch, key)
        found = _refill(journal, scratch, key, kept.name if kept.exists() else "–", now)
        if not found.saved and kept.exists() and not _some_file_fits(profile, key):
            raise KeyOfOtherDataError
        return found
    finally:
        journal.close()


def _some_file_fits(profile: Profile, key: bytes) -> bool:
    """Whether the journal or any mirror begins as this key's files do."""
    return any(cipher.begins_with(path, key) for path in (profile.journal, *map(profile.mirror, profile.mirrors())))


def salvage_noted(journal: Journal) -> Salvage | None:
    """The newest salvage of this desk, if there ever was one."""
    noted = journal.meta(SALVAGE)
    if not noted:
        return None
    at, file, saved, missing = json.loads(noted)
    return Salvage(at, file, saved, tuple(missing))


def _free_name(profile: Profile, name: str) -> Path:
    """A damaged file that was kept before is never overwritten."""
    path, again = profile.folder / f"{name}.db", 1
    while path.exists():
        again += 1
        path = profile.folder / f"{name}-{again}.db"
    return path


def _keep(journal: Path, kept: Path) -> None:
    """Copy the damaged file and its log, byte by byte; both may be missing."""
    for source, copy in ((journal, kept), (log_of(journal), log_of(kept))):
        if source.exists():
            shutil.copyfile(source, copy)
            with copy.open("rb+") as file:
                os.fsync(file.fileno())
    sync_folder(kept.parent)


def _mend(kept: Path, scratch: Path, key: bytes) -> None:
    """A copy to read from, in which as much as possible is put right."""
    if log_of(kept).exists():
        log = log_of(kept).read_bytes()
        write_durably(log_of(scratch), mended(log))
    if kept.exists():
        shutil.copyfile(kept, scratch)
        mend_first_page(scratch, key)


def _refill(journal: Journal, scratch: Path, key: bytes, kept: str, now: str) -> Salvage:
    journal.open()
    rows = ReadableRows(scratch, key)
    try:
        with journal.writing() as connection:
            saved = sum(_copy(rows, table, connection) for table in tables.sorted_tables)
            found = Salvage(now, kept, saved, _missing(rows, connection))
            write_meta(connection, SALVAGE, json.dumps([found.at, found.file, found.saved, list(found.missing)]))
            journal.effects.restore(connection)
            audit.restart(connection, now, f"salvaged from {kept}")
            return found
    finally:
        rows.close()


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
    """Let a salvaged journal that is whole take the place of the damaged one, which was copied before."""
    if not _salvaged(profile).exists():
        return
    for suffix in ("-wal", "-shm"):  # first: a log of the old file would spoil the new one
        profile.journal.with_name(profile.journal.name + suffix).unlink(missing_ok=True)
    _salvaged(profile).replace(profile.journal)
    sync_folder(profile.folder)


def _salvaged(profile: Profile) -> Path:
    return profile.folder / "journal-salvaged.db"


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
