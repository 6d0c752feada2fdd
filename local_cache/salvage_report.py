"""What a salvage found: kept in the new journal, and said to the clerk once."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import Connection

from app.core.errors import DeskError
from app.core.words import QT_TRANSLATE_NOOP
from local_cache.journal import Journal
from local_cache.meta import write_meta

NOT_KNOWN = -1
_SALVAGE, _TOLD = "salvage", "salvage_told"
_SHOWN_NUMBERS = 20


class JournalSalvagedError(DeskError):
    """Said once at the start after a salvage; the desk works on."""

    text = QT_TRANSLATE_NOOP(
        "errors",
        "The desk's journal was damaged. What could be read is in a new one; the old file is kept as {file}. "
        "Lost acts, by number: {missing}. Call IT.",
    )


class NoActLostError(DeskError):
    """The same, where every act could be read."""

    text = QT_TRANSLATE_NOOP(
        "errors",
        "The desk's journal was damaged. No act is lost: all are in a new one; the old file is kept as {file}. Call IT.",
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
            return NoActLostError(file=self.file)
        return JournalSalvagedError(file=self.file, missing=self.listed)


def note_salvage(connection: Connection, found: Salvage) -> None:
    """Keep it in the caller's transaction."""
    write_meta(connection, _SALVAGE, json.dumps([found.at, found.file, found.saved, list(found.missing)]))


def note_told(journal: Journal, found: Salvage) -> None:
    """Keep that the clerk has been told. Raises DeskError."""
    with journal.writing() as connection:
        write_meta(connection, _TOLD, found.at)


def salvage_untold(journal: Journal) -> Salvage | None:
    """The newest salvage, as long as no clerk was told of it: the start that made it may have been cut short."""
    noted = salvage_noted(journal)
    return noted if noted is not None and journal.meta(_TOLD) != noted.at else None


def salvage_noted(journal: Journal) -> Salvage | None:
    """The newest salvage of this desk, if there ever was one."""
    noted = journal.meta(_SALVAGE)
    if not noted:
        return None
    at, file, saved, missing = json.loads(noted)
    return Salvage(at, file, saved, tuple(missing))
