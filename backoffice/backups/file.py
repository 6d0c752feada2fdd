"""The format of a backup: JSON lines, compressed; the last one carries the checksum of all before it.

```
{"format":1,"schema":3,"version":"0.1.0","made":"…Z","office":"…","epoch":"…","sequence":1234}
{"table":"document","columns":["row","collection",…]}
[1,"customer",…]
{"rows":7043,"sha256":"…"}
```
"""

from __future__ import annotations

import gzip
import hashlib
import os
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

FORMAT: Final = 1
_COMPRESSION: Final = 3  # more costs time and saves little
_BATCH: Final = 2000
_MOST_LINE: Final = 64 * 1024 * 1024
_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
_ENDING: Final = b'{"rows"'
DAMAGED: Final = "This is no backup, or a damaged one. Nothing was restored from it."
Row = list[Any]
T = TypeVar("T")


class BackupError(Exception):
    """The backup cannot be written or used; the text says why and is meant for the operator."""


class _Format(msgspec.Struct, frozen=True):
    format: int


class Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a backup is of."""

    schema: int
    version: str
    made: str
    office: str
    epoch: str
    sequence: int
    format: int = FORMAT


class Heading(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the rows that follow belong to."""

    table: str
    columns: list[str]


class Ending(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many rows there are, and the SHA-256 of every line before this one."""

    rows: int
    sha256: str


class Writer:
    """Writes lines, and sums them up."""

    def __init__(self, stream: gzip.GzipFile, header: Header) -> None:
        self._stream = stream
        self._sum = hashlib.sha256()
        self._encoder = msgspec.json.Encoder()
        self.rows = 0
        self._write([header])

    def table(self, name: str, columns: list[str], rows: Iterable[Sequence[object]]) -> None:
        """Add all rows of a table."""
        self._write([Heading(str(name), [str(column) for column in columns])])
        for batch in _batches(rows):
            self._write([list(row) for row in batch])
            self.rows += len(batch)

    def end(self) -> None:
        """Add the last line."""
        self._write([Ending(self.rows, self._sum.hexdigest())])

    def _write(self, lines: Sequence[object]) -> None:
        text = self._encoder.encode_lines(lines)
        self._sum.update(text)
        self._stream.write(text)


class Reader:
    """Reads what a writer wrote. Raises BackupError as soon as it is clear that something is wrong."""

    def __init__(self, stream: gzip.GzipFile) -> None:
        self._stream = stream
        self._sum = hashlib.sha256()
        self._rows = 0
        first = self._line()
        _refuse_newer(first)
        self.header = _decoded(first, Header)
        self._sum.update(first)

    def parts(self) -> Iterator[Heading | list[Row]]:
        """Headings, each followed by its rows in batches. They can be trusted once this has come to its end."""
        rows: list[Row] = []
        while not (line := self._line()).startswith(_ENDING):
            self._sum.update(line)
            if line.startswith(b"["):
                rows.append(_decoded(line, Row))
                self._rows += 1
            is_heading = not line.startswith(b"[")
            if rows and (is_heading or len(rows) == _BATCH):
                yield rows
                rows = []
            if is_heading:
                yield _decoded(line, Heading)
        if rows:
            yield rows
        if _decoded(line, Ending) != Ending(self._rows, self._sum.hexdigest()) or self._stream.read(1):
            raise BackupError(DAMAGED)

    def _line(self) -> bytes:
        line = self._stream.readline(_MOST_LINE)
        if not line.endswith(b"\n"):
            raise BackupError(DAMAGED)
        return line


@contextmanager
def writing(path: Path, header: Header) -> Iterator[Writer]:
    """A new file, which is there as a whole at the end or not at all. Raises BackupError."""
    if path.exists():
        raise BackupError(f"{path} exists already. A backup never takes the place of another: give a new name.")
    part = path.with_name(f"{path.name}.part")
    try:
        with os.fdopen(os.open(part, _NEW, 0o600), "wb") as file:
            with gzip.GzipFile("", "wb", _COMPRESSION, file, mtime=0) as stream:
                writer = Writer(stream, header)
                yield writer
                writer.end()
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        raise BackupError(f"{path} cannot be written: {error.strerror}.") from error
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def reading(path: Path) -> Iterator[Reader]:
    """A backup, to be read to its end. Raises BackupError."""
    try:
        with gzip.open(path, "rb") as stream:
            yield Reader(stream)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise BackupError(DAMAGED) from error
    except OSError as error:
        raise BackupError(f"{path} cannot be read: {error.strerror}.") from error


def _refuse_newer(line: bytes) -> None:
    if _decoded(line, _Format).format > FORMAT:
        raise BackupError("This backup was made by a newer version of the back office. Use that version.")


def _decoded(line: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(line, type=kind)
    except msgspec.DecodeError as error:
        raise BackupError(DAMAGED) from error


def _batches(rows: Iterable[Sequence[object]]) -> Iterator[list[Sequence[object]]]:
    remaining = iter(rows)
    while batch := list(islice(remaining, _BATCH)):
        yield batch


def _sync_folder(folder: Path) -> None:
    """So that the name survives a power cut too; Windows has no such call."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)
