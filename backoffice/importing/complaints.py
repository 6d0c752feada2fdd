"""Turns the complaints file into trouble tickets. Nobody in the public file is a customer here, so no ticket has one; an
operator's own file may name them (`customerid`).

What TMF621 has no attribute for is kept as follows. The place is a related entity with the role `place`, named
"City, State ZIP". The status that the source gives stands in `statusChangeReason` as `Source status: Solved`. That it
was filed on behalf of someone else is a note. The source has neither a time zone nor a severity: times are taken as
UTC, severity as `minor`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Final

from app.core.clock import to_wire
from backoffice.documents import Document
from backoffice.importing.account import Account
from backoffice.importing.bodies.parts import Json, place, related
from backoffice.importing.bodies.tickets import Progress, note, trouble_ticket
from backoffice.importing.reading import RowReader, parse_date, parse_time
from backoffice.importing.records import rows_by_key
from backoffice.importing.report import Finding, RefusedError
from backoffice.importing.table import Row, Table

FILE: Final = "comcast_complaints_2015.csv"
ID: Final = "ticket#"
NEEDED: Final = (ID, "customercomplaint", "date", "time", "status")
USED: Final = (*NEEDED, "date_month_year", "receivedvia", "city", "state", "zipcode", "filingonbehalfofsomeone")

OWN: Final = ("customerid",)

_STATUSES: Final = {"open": "acknowledged", "pending": "pending", "solved": "resolved", "closed": "closed"}
_DATES: Final = ("date", "date_month_year")
_SMALL_WORDS: Final = frozenset({"of", "and", "the"})
_ZIP_DIGITS: Final = 5
_ZIP_LEAST_DIGITS: Final = 3


class ComplaintFile:
    """The file, open."""

    def __init__(self, table: Table) -> None:
        self.size = table.size
        self._table = table

    def documents(self, account: Account) -> Iterator[Document]:
        """A ticket for each complaint."""
        for row in rows_by_key(self._table, ID, account):
            try:
                ticket, findings = read_complaint(row)
            except RefusedError as error:
                account.refused(error.finding)
            else:
                account.took(*findings)
                yield ticket
        account.absent(self._table.name, self._table.absent)


@contextmanager
def opened(path: Path) -> Iterator[ComplaintFile]:
    """Open the file. Raises FileUnusableError."""
    with Table(path, NEEDED) as table:
        yield ComplaintFile(table)


def read_complaint(row: Row) -> tuple[Document, list[Finding]]:
    """The ticket of a row, with what is odd about it. Raises RefusedError where the dates cannot be read or differ."""
    reader = RowReader(row)
    if not reader.text(ID).isdecimal():
        reader.note(ID, "not a number")
    if not reader.text("customercomplaint"):
        reader.note("customercomplaint", "empty")
    return _ticket(reader), reader.findings


def _ticket(reader: RowReader) -> Document:
    received = to_wire(datetime.combine(_date(reader), _time(reader)).replace(tzinfo=UTC))
    title = reader.text("customercomplaint")
    channel = reader.text("receivedvia")
    customer = reader.row.own(OWN[0])
    return trouble_ticket(
        reader.text(ID),
        name=title,
        description=title,
        kind="complaint",
        severity="minor",
        created=received,
        progress=Progress(_status(reader), f"Source status: {reader.text('status')}", received),
        notes=_notes(reader, received),
        entities=_places(reader),
        parties=[related("customer", "customer", customer)] if customer else [],
        **({"channel": {"id": "-".join(channel.casefold().split()), "name": channel}} if channel else {}),
    )


def _date(reader: RowReader) -> date:
    found = [_readable_date(reader, column) for column in _DATES if reader.text(column)]
    if not found:
        raise reader.refuse(_DATES[0], "no date")
    if len(set(found)) > 1:
        raise reader.refuse(_DATES[0], f"differs from the other date, {reader.text(_DATES[1])}")
    for column in _DATES:
        if column in reader.row and not reader.text(column):
            reader.note(column, "empty")
    return found[0]


def _readable_date(reader: RowReader, column: str) -> date:
    day = parse_date(reader.text(column))
    if day is None:
        raise reader.refuse(column, "not a date")
    return day


def _time(reader: RowReader) -> time:
    if not reader.text("time"):
        reader.note("time", "empty, taken as midnight")
        return time()
    moment = parse_time(reader.text("time"))
    if moment is None:
        raise reader.refuse("time", "not a time")
    return moment


def _status(reader: RowReader) -> str:
    if not reader.text("status"):
        reader.note("status", "empty")
    return _STATUSES.get(reader.one_of("status", _STATUSES), "acknowledged")


def _notes(reader: RowReader, received: str) -> list[Json]:
    if reader.answer("filingonbehalfofsomeone"):
        return [note(1, "import", received, "Filed on behalf of someone else.")]
    return []


def _places(reader: RowReader) -> list[Json]:
    words = [reader.text("city"), _state(reader), _zip_code(reader)]
    if not any(words):
        return []
    name = ", ".join(part for part in (words[0], " ".join(words[1:]).strip()) if part)
    return [place("place", _slug(words), name)]


def _state(reader: RowReader) -> str:
    words = reader.text("state").split()
    state = " ".join(word.lower() if word.lower() in _SMALL_WORDS else word[:1].upper() + word[1:] for word in words)
    if state != reader.text("state"):
        reader.note("state", f"written as {state}")
    return state


def _zip_code(reader: RowReader) -> str:
    code = reader.text("zipcode")
    if code.isdecimal() and _ZIP_LEAST_DIGITS <= len(code) < _ZIP_DIGITS:
        reader.note("zipcode", "leading zero restored")
        return code.zfill(_ZIP_DIGITS)
    return code


def _slug(words: Sequence[str]) -> str:
    return "-".join("-".join(words).casefold().split())
