"""Gives the fields of a CSV file their names, whatever the case, blanks and marks of its header."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final

from backoffice.importing.rows import Record, RecordReader, Unreadable

_BYTE_ORDER_MARK: Final = "\ufeff"
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


class FileUnusableError(Exception):
    """A file that cannot be imported at all; the text says which and why."""


class Row:
    """The cells of one record by column, without blanks around them and without control characters."""

    __slots__ = ("_columns", "cells", "file", "is_dirty", "line")

    def __init__(self, file: str, record: Record, columns: Columns) -> None:
        self.file = file
        self.line = record.line
        self.cells = tuple(sys.intern(_cleaned(field)) for field in record.fields)
        self.is_dirty = any(_CONTROL.search(field) for field in record.fields)
        self._columns = columns

    def __getitem__(self, column: str) -> str:
        """The cell in a column; empty if the file has no such column."""
        index = self._columns.index(column)
        return "" if index is None else self.cells[index]

    def __contains__(self, column: str) -> bool:
        return self._columns.index(column) is not None

    def own(self, column: str) -> str:
        """The cell in a column that only operators' own files have: nobody is told where it is absent."""
        return self[column] if self._columns.has(column) else ""


class Columns:
    """Where each column stands; of two with the same name the first. `absent` are those that were asked for in vain."""

    def __init__(self, header: Sequence[str]) -> None:
        self.absent: set[str] = set()
        self._indexes = {folded_header(name): index for index, name in reversed(list(enumerate(header)))}

    def has(self, column: str) -> bool:
        """Whether there is such a column; to ask is not to want it."""
        return column in self._indexes

    def index(self, column: str) -> int | None:
        """The column's place, None if there is none."""
        index = self._indexes.get(column)
        if index is None:
            self.absent.add(column)
        return index


class Table:
    """An open CSV file that has the columns it needs. Raises FileUnusableError on entering if it has not."""

    def __init__(self, path: Path, needed: Sequence[str]) -> None:
        self.name = path.name
        self._path = path
        self._needed = needed

    def __enter__(self) -> Table:
        with ExitStack() as stack:
            self._stream = stack.enter_context(self._opened())
            self.size = os.fstat(self._stream.fileno()).st_size
            self._reader = RecordReader(self._stream)
            self._columns = self._read_header()
            stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stream.close()

    def __iter__(self) -> Iterator[Row | Unreadable]:
        for record in self._reader:
            yield Row(self.name, record, self._columns) if isinstance(record, Record) else record

    @property
    def consumed(self) -> int:
        """How many bytes were read."""
        return self._reader.consumed

    def has(self, column: str) -> bool:
        """Whether there is such a column."""
        return self._columns.has(column)

    @property
    def absent(self) -> list[str]:
        """The columns that were asked for and are not there."""
        return sorted(self._columns.absent)

    def _opened(self) -> BinaryIO:
        try:
            return self._path.open("rb")
        except OSError as error:
            raise FileUnusableError(f"{self._path}: {error.strerror}") from error

    def _read_header(self) -> Columns:
        header = next(iter(self._reader), None)
        if not isinstance(header, Record):
            raise FileUnusableError(f"{self._path}: no header in the first line")
        self._reader.width = len(header.fields)
        columns = Columns(header.fields)
        if missing := [name for name in self._needed if columns.index(name) is None]:
            there = ", ".join(folded_header(name) for name in header.fields)
            raise FileUnusableError(f"{self._path}: no column {', '.join(missing)}. It has: {there}")
        return columns


def folded_header(name: str) -> str:
    """A column's name without case, blanks and byte order mark: `Customerid ` is `customerid`."""
    return "".join(name.replace(_BYTE_ORDER_MARK, "").split()).casefold()


def _cleaned(field: str) -> str:
    return _CONTROL.sub("", field).strip()
