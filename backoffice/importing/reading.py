"""Reads numbers, dates and answers out of the cells of a row, and remembers what was odd about them."""

from __future__ import annotations

import re
from collections.abc import Container
from datetime import date, time
from typing import Final

from backoffice.importing.report import Finding, Kind, RefusedError
from backoffice.importing.table import Row

_NUMBER: Final = re.compile(r"[+-]?(?:\d{1,15}(?:\.\d{0,15})?|\.\d{1,15})", re.ASCII)
_NUMERIC_DATE: Final = re.compile(r"(\d{1,2})-(\d{1,2})-(\d{4})", re.ASCII)
_ISO_DATE: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_NAMED_DATE: Final = re.compile(r"(\d{1,2})-([A-Za-z]{3})-(\d{2})", re.ASCII)
_TIME: Final = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))? ?([AP]M)", re.ASCII | re.IGNORECASE)
_TIME_OF_24: Final = re.compile(r"(\d{2}):(\d{2})(?::(\d{2}))?", re.ASCII)
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CENTURY: Final = 2000
_NOON: Final = 12


class RowReader:
    """One row being read; `findings` are the notes so far."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.findings: list[Finding] = []
        if row.is_dirty:
            self.note("", "control characters left out")

    def text(self, column: str) -> str:
        """The cell as it is."""
        return self.row[column]

    def number(self, column: str) -> float | None:
        """The cell as a number; None, and a note unless the file has no such column, if it is none."""
        value = parse_number(self.row[column])
        if value is None and column in self.row:
            self.note(column, "not a number" if self.row[column] else "empty")
        return value

    def optional_number(self, column: str, lowest: float, highest: float) -> float | None:
        """The cell as a number within limits; None if it is empty, None and a note if it is something else."""
        if not self.row[column]:
            return None
        value = self.number(column)
        if value is None or lowest <= value <= highest:
            return value
        self.note(column, f"not between {lowest:g} and {highest:g}")
        return None

    def answer(self, column: str) -> bool | None:
        """Whether the cell says yes; None if it is empty, None and a note if it is no answer."""
        answer = self.row[column].casefold()
        if answer == "yes":
            return True
        if answer == "no" or answer.startswith("no "):  # "No internet service"
            return False
        if answer:
            self.note(column, "neither yes nor no")
        return None

    def one_of(self, column: str, known: Container[str]) -> str:
        """The cell in lower case; what is not known is noted and read as empty."""
        value = " ".join(self.row[column].casefold().split())
        if value and value not in known:
            self.note(column, "not known")
            return ""
        return value

    def note(self, column: str, reason: str) -> None:
        """Remember that a cell is odd."""
        self.findings.append(self._finding(column, reason, Kind.NOTED))

    def refuse(self, column: str, reason: str) -> RefusedError:
        """The error to raise because of a cell."""
        return RefusedError(self._finding(column, reason, Kind.REFUSED))

    def _finding(self, column: str, reason: str, kind: Kind) -> Finding:
        value = self.row[column] if column else ""
        return Finding(self.row.file, self.row.line, column, value, reason, kind)


def parse_number(text: str) -> float | None:
    """A plain decimal number; None for anything else, also for `nan`, `1e9` and `1,000`."""
    return float(text) if _NUMBER.fullmatch(text) else None


def parse_date(text: str) -> date | None:
    """A date written 2015-04-22, 22-04-2015 or 22-Apr-15; None for anything else."""
    if match := _ISO_DATE.fullmatch(text):
        return _date(int(match[1]), int(match[2]), int(match[3]))
    if match := _NUMERIC_DATE.fullmatch(text):
        return _date(int(match[3]), int(match[2]), int(match[1]))
    if (match := _NAMED_DATE.fullmatch(text)) and match[2].casefold() in _MONTHS:
        return _date(_CENTURY + int(match[3]), _MONTHS.index(match[2].casefold()) + 1, int(match[1]))
    return None


def parse_time(text: str) -> time | None:
    """A time of day written 3:53:50 PM or 15:53:50; None for anything else, also for 3:53, which may be either half's."""
    if match := _TIME_OF_24.fullmatch(text):
        return _time(int(match[1]), match)
    match = _TIME.fullmatch(text)
    if match is None or not 1 <= int(match[1]) <= _NOON:
        return None
    return _time(int(match[1]) % _NOON + (_NOON if match[4].casefold() == "pm" else 0), match)


def _time(hour: int, match: re.Match[str]) -> time | None:
    try:
        return time(hour, int(match[2]), int(match[3] or 0))
    except ValueError:
        return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
