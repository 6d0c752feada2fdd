"""A damaged journal: what can be read goes into a new file, what is missing is listed, the old file is kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table, insert, select

from app.core.clock import Clock, to_wire
from app.core.errors import DeskError
from app.core.words import QT_TRANSLATE_NOOP
from local_cache import audit, cipher
from local_cache.effects import Reducers
from local_cache.journal import Journal, write_meta
from local_cache.journal_schema import command, tables
from local_cache.profile import Profile

SALVAGE = "salvage"
_FARTHEST_GAP = 1_000  # unreadable rows in a row after which nothing more is expected


class JournalSalvagedError(DeskError):
    """Said once at the start after a salvage; the desk works on."""

    text = QT_TRANSLATE_NOOP(
        "errors",
        "The desk's journal was damaged. What could be read is in a new one; the old file is kept as {file}. "
        "Lost acts, by number: {missing}. Call IT.",
    )


@dataclass(frozen=True, slots=True)
class Salvage:
    """What a salvage found: the kept file's name, rows saved, and missing device sequences."""

    at: str
    file: str
    saved: int
    missing: tuple[int, ...]

    def as_error(self) -> JournalSalvagedError:
        """The words for the clerk."""
        listed = ", ".join(str(one) for one in self.missing[:20]) or "–"
        return JournalSalvagedError(file=self.file, missing=listed + (" …" if len(self.missing) > 20 else ""))  # noqa: PLR2004


def salvage(profile: Profile, key: bytes, reducers: Reducers, clock: Clock) -> Salvage:
    """Put a new journal in the damaged one's place. Raises DeskError if the new one cannot be written."""
    kept = _set_old_aside(profile, clock.now())
    fresh = Journal(profile, key, reducers, clock)
    fresh.open()
    saved, newest = 0, 0
    try:
        old = cipher.connect(kept, key, full_sync=False)
    except cipher.WrongKeyError:  # the first page itself is gone, and with it the way to every other
        old = None
    with fresh.writing() as connection:
        for table in tables.sorted_tables if old else ():
            for row in _readable_rows(old, table):
                connection.execute(insert(table).prefix_with("OR REPLACE").values(row))
                saved += 1
        newest = _newest_sequence(old) if old else 0
        held = set(connection.execute(select(command.c.sequence)).scalars())
        found = Salvage(to_wire(clock.now()), kept.name, saved, tuple(sorted(set(range(1, newest + 1)) - held)))
        write_meta(connection, SALVAGE, json.dumps([found.at, found.file, found.saved, list(found.missing)]))
        audit.restart(connection, found.at, f"salvaged from {kept.name}")
    if old:
        old.close()
    fresh.close()
    return found


def salvage_noted(journal: Journal) -> Salvage | None:
    """The newest salvage of this desk, if there ever was one."""
    noted = journal.meta(SALVAGE)
    if not noted:
        return None
    at, file, saved, missing = json.loads(noted)
    return Salvage(at, file, saved, tuple(missing))


def _set_old_aside(profile: Profile, now: datetime) -> Any:
    kept = profile.journal.with_name(f"journal-damaged-{now:%Y%m%d-%H%M%S}.db")
    for suffix in ("-wal", "-shm"):
        beside = profile.journal.with_name(profile.journal.name + suffix)
        if beside.exists():
            beside.replace(kept.with_name(kept.name + suffix))
    profile.journal.replace(kept)
    return kept


def _readable_rows(old: Any, table: Table) -> Iterator[dict[str, Any]]:
    names = [column.name for column in table.columns]
    fields = ", ".join(names)
    missed, rowid = 0, 0
    while missed < _FARTHEST_GAP:
        rowid += 1
        try:
            row = old.execute(f"SELECT {fields} FROM {table.name} WHERE rowid = ?", (rowid,)).fetchone()  # noqa: S608 - our own names
        except cipher.driver.DatabaseError:
            row = None
        missed = 0 if row else missed + 1
        if row:
            yield dict(zip(names, row, strict=True))


def _newest_sequence(old: Any) -> int:
    """The last number the damaged journal gave out, as far as anything still says so."""
    try:
        row = old.execute("SELECT seq FROM sqlite_sequence WHERE name = 'command'").fetchone()
    except cipher.driver.DatabaseError:
        return 0
    return int(row[0]) if row else 0
