"""SQLite's write-ahead log, read as recovery reads it: a torn end is normal, lost commits behind a bad frame are not.

Recovery stops at the first frame that does not fit and says nothing, so acts behind it would vanish unnoticed.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_HEADER, _FRAME = struct.Struct(">8I"), struct.Struct(">6I")
_BIG_ENDIAN_SUMS, _LITTLE_ENDIAN_SUMS = 0x377F0683, 0x377F0682
PAGE_SIZE = 4096  # SQLCipher's default, which all our files have
_WORD = 0xFFFFFFFF
Sums = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Frame:
    page: int
    size_after_commit: int  # 0: the transaction goes on
    salts: Sums
    sums: Sums
    content: bytes

    def numbers(self) -> bytes:
        return struct.pack(">2I", self.page, self.size_after_commit)


def log_of(database: Path) -> Path:
    """The log that belongs to a database file."""
    return database.with_name(database.name + "-wal")


def loses_commits(log: Path) -> bool:
    """Whether recovery would pass over whole transactions because something before them is damaged."""
    return all(_loses_commits(log) for _ in range(2))  # one that is just being written may look so once


def mended(log: bytes) -> bytes:
    """The log with every frame of its generation, its sums made anew: what is broken in a page stays broken."""
    frames = list(_frames(log))
    salts = _generation(log, frames)
    header = struct.pack(">6I", _BIG_ENDIAN_SUMS, 3_007_000, PAGE_SIZE, 0, *salts)
    sums = _summed((0, 0), header, ">")
    parts = [header, struct.pack(">2I", *sums)]
    for frame in frames:
        if frame.salts == salts and frame.page:
            sums = _summed(sums, frame.numbers() + frame.content, ">")
            parts.append(_FRAME.pack(frame.page, frame.size_after_commit, *salts, *sums) + frame.content)
    return b"".join(parts)


def pages_in(log: bytes) -> Iterator[tuple[int, bytes]]:
    """Every page in the log, damaged or not, with the number it has in the file."""
    return ((frame.page, frame.content) for frame in _frames(log))


def _loses_commits(log: Path) -> bool:
    try:
        content = log.read_bytes()
    except FileNotFoundError:
        return False
    frames = list(_frames(content))
    if not frames:
        return False
    header = _HEADER.unpack_from(content)
    order = {_BIG_ENDIAN_SUMS: ">", _LITTLE_ENDIAN_SUMS: "<"}.get(header[0], "")
    if not order or _summed((0, 0), content[:24], order) != header[6:]:
        return any(frame.size_after_commit for frame in frames)
    return _commits_behind_damage(frames, header[4:6], header[6:], order)


def _commits_behind_damage(frames: list[_Frame], salts: Sums, sums: Sums, order: str) -> bool:
    is_sound = True
    for frame in frames:
        if is_sound:
            sums = _summed(sums, frame.numbers() + frame.content, order)
            is_sound = frame.salts == salts and frame.sums == sums
        elif frame.salts == salts and frame.size_after_commit:
            return True
    return False


def _generation(log: bytes, frames: list[_Frame]) -> Sums:
    """The salts of the newest generation: the header's, or those of the first frame where the header is broken."""
    held: Sums = _HEADER.unpack_from(log)[4:6]
    return held if any(frame.salts == held for frame in frames) else frames[0].salts


def _frames(log: bytes) -> Iterator[_Frame]:
    step = _FRAME.size + PAGE_SIZE
    for start in range(_HEADER.size, len(log) - step + 1, step):
        page, size, *sums = _FRAME.unpack_from(log, start)
        yield _Frame(page, size, (sums[0], sums[1]), (sums[2], sums[3]), log[start + _FRAME.size : start + step])


def _summed(sums: Sums, content: bytes, order: str) -> Sums:
    """SQLite's running sums over pairs of words."""
    first, second = sums
    words = struct.unpack(f"{order}{len(content) // 4}I", content)
    for left, right in zip(words[::2], words[1::2], strict=True):
        first = (first + left + second) & _WORD
        second = (second + right + first) & _WORD
    return first, second
