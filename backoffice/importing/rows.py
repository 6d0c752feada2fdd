"""Cuts a CSV file into records without ever giving up on it: a broken record costs itself, not what follows it."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

MAX_RECORD: Final = 1 << 20  # bytes; a quote that is never closed must not swallow a file of any size


@dataclass(frozen=True, slots=True)
class Record:
    """The fields that begin on a physical line, counted from 1."""

    line: int
    fields: list[str]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """What stands on a physical line but is no record, and why."""

    line: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    text: str
    is_utf8: bool
    is_whole: bool


class RecordReader:
    """Reads records of `width` fields; blank lines are skipped. `consumed` counts bytes, for progress."""

    def __init__(self, stream: BinaryIO) -> None:
        self.consumed = 0
        self.width: int | None = None
        self._stream = stream
        self._number = 0
        self._ahead: deque[_Line] = deque()
        csv.field_size_limit(max(csv.field_size_limit(), MAX_RECORD))

    def __iter__(self) -> Iterator[Record | Unreadable]:
        while (line := self._next_line()) is not None:
            if line.text.strip():
                yield self._record(line)

    def _record(self, first: _Line) -> Record | Unreadable:
        if not first.is_whole:
            return _unreadable(first, f"longer than {MAX_RECORD} bytes")
        taken = _Taken(first)
        try:
            fields = next(csv.reader(self._feed(taken)))
        except csv.Error as error:
            return self._give_back(taken, str(error))
        if taken.ran_out:
            return self._give_back(taken, "a quote is not closed")
        if self.width is not None and len(fields) != self.width:
            return self._give_back(taken, f"{len(fields)} fields instead of {self.width}")
        if not all(line.is_utf8 for line in taken.lines):
            return _unreadable(first, "not UTF-8")
        return Record(first.number, fields)

    def _feed(self, taken: _Taken) -> Iterator[str]:
        """The first line, and as many more as the CSV parser asks for until a quote is closed."""
        yield taken.lines[0].text
        while taken.size <= MAX_RECORD and (line := self._next_line()) is not None:
            taken.add(line)
            yield line.text
        taken.ran_out = True

    def _give_back(self, taken: _Taken, reason: str) -> Unreadable:
        """Give up the first line only: the lines after it were most likely drawn in by a stray quote."""
        self._ahead.extendleft(reversed(taken.lines[1:]))
        return _unreadable(taken.lines[0], reason)

    def _next_line(self) -> _Line | None:
        if self._ahead:
            return self._ahead.popleft()
        raw = self._stream.readline(MAX_RECORD + 1)
        if not raw:
            return None
        self._number += 1
        self.consumed += len(raw)
        is_whole = len(raw) <= MAX_RECORD or raw.endswith(b"\n")
        if not is_whole:
            self._skip_to_line_end()
        return _decoded(self._number, raw, is_whole=is_whole)

    def _skip_to_line_end(self) -> None:
        while raw := self._stream.readline(MAX_RECORD):
            self.consumed += len(raw)
            if raw.endswith(b"\n"):
                return


class _Taken:
    """The lines that one record has drawn in so far."""

    def __init__(self, first: _Line) -> None:
        self.lines = [first]
        self.size = len(first.text)
        self.ran_out = False

    def add(self, line: _Line) -> None:
        self.lines.append(line)
        self.size += len(line.text)


def _decoded(number: int, raw: bytes, *, is_whole: bool) -> _Line:
    try:
        return _Line(number, raw.decode(), is_utf8=True, is_whole=is_whole)
    except UnicodeDecodeError:
        return _Line(number, raw.decode(errors="backslashreplace"), is_utf8=False, is_whole=is_whole)


def _unreadable(line: _Line, reason: str) -> Unreadable:
    return Unreadable(line.number, line.text.rstrip("\r\n"), reason)
