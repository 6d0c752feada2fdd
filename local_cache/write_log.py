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
_ORDERS = {_BIG_ENDIAN_SUMS: ">", _LITTLE_ENDIAN_SUMS: "<"}
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


@dataclass(frozen=True, slots=True)
class MendedLog:
    """A log to read from, empty where it holds nothing; it `may_lack_commits` where its beginning is not to be trusted."""

    content: bytes
    may_lack_commits: bool


def log_of(database: Path) -> Path:
    """The log that belongs to a database file."""
    return database.with_name(database.name + "-wal")


def loses_commits(log: Path) -> bool:
    """Whether recovery would pass over whole transactions because something before them is damaged."""
    return all(_loses_commits(log) for _ in range(2))  # one that is just being written may look so once


def mended(log: bytes) -> MendedLog:
    """The log with every frame of its generation, its sums made anew: what is broken in a page stays broken."""
    frames = list(_frames(log))
    salts = _generation(log, frames)
    kept = [frame for frame in frames if frame.salts == salts and frame.page]
    is_from_the_start = kept == frames[: len(kept)] and _is_proven(log, frames, salts)
    content = _written_anew(kept, salts) if kept else b""
    return MendedLog(content, may_lack_commits=bool(frames) and not (_is_sound(log) or is_from_the_start))


def _written_anew(frames: list[_Frame], salts: Sums) -> bytes:
    header = struct.pack(">6I", _BIG_ENDIAN_SUMS, 3_007_000, PAGE_SIZE, 0, *salts)
    sums = _summed((0, 0), header, ">")
    parts = [header, struct.pack(">2I", *sums)]
    for frame in frames:
        sums = _summed(sums, frame.numbers() + frame.content, ">")
        parts.append(_FRAME.pack(frame.page, frame.size_after_commit, *salts, *sums) + frame.content)
    return b"".join(parts)


def pages_in(log: bytes) -> Iterator[tuple[int, bytes]]:
    """Every page in the log, damaged or not, with the number it has in the file."""
    return ((frame.page, frame.content) for frame in _frames(log))


def pages_taken_from(log: Path) -> set[int]:
    """The numbers of the pages that recovery takes from the log, whatever lies in their places in the file."""
    try:
        content = log.read_bytes()
    except FileNotFoundError:
        return set()
    if not _is_sound(content):
        return set()
    header, pages, taken = _HEADER.unpack_from(content), set[int](), set[int]()
    sums: Sums = header[6:]
    for frame in _frames(content):
        sums = _summed(sums, frame.numbers() + frame.content, _ORDERS[header[0]])
        if frame.salts != header[4:6] or frame.sums != sums:
            break
        pages.add(frame.page)
        if frame.size_after_commit:
            taken |= pages
    return taken


def _loses_commits(log: Path) -> bool:
    try:
        content = log.read_bytes()
    except FileNotFoundError:
        return False
    frames = list(_frames(content))
    if not frames:
        return False
    if not _is_sound(content):
        return any(frame.size_after_commit for frame in frames)
    header = _HEADER.unpack_from(content)
    return _commits_behind_damage(frames, header[4:6], header[6:], _ORDERS[header[0]])


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
    """The salts of the newest generation: the sound header's, else those of the first frame that is proven to be sound.

    Where all of the newest one is broken these are an older one's, whose pages the file holds just so already.
    """
    held = _salts_of(log)
    if not frames or _is_sound(log):
        return held
    proven = next(_proven(log, frames), None)
    return proven.salts if proven else held


def _is_proven(log: bytes, frames: list[_Frame], salts: Sums) -> bool:
    return any(frame.salts == salts for frame in _proven(log, frames))


def _proven(log: bytes, frames: list[_Frame]) -> Iterator[_Frame]:
    """The frames whose sums go on from those of what stands before them, whatever is broken elsewhere."""
    before: Sums = _HEADER.unpack_from(log)[6:] if frames else (0, 0)
    for frame in frames:
        if any(_summed(before, frame.numbers() + frame.content, order) == frame.sums for order in _ORDERS.values()):
            yield frame
        before = frame.sums


def _is_sound(log: bytes) -> bool:
    """Whether the log's header is as it was written."""
    if len(log) < _HEADER.size:
        return False
    header = _HEADER.unpack_from(log)
    return header[0] in _ORDERS and _summed((0, 0), log[:24], _ORDERS[header[0]]) == header[6:]


def _salts_of(log: bytes) -> Sums:
    return _HEADER.unpack_from(log)[4:6] if len(log) >= _HEADER.size else (0, 0)


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
