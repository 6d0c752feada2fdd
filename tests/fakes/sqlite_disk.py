"""A disk that fills up or breaks under SQLite itself: any of its writes, syncs and files made fails, or all of them.

SQLite reaches the disk through a table of functions. This puts others in their place, which count, refuse where they are
told to, and else do what the old ones did. So the encrypted files, their logs and whatever SQLite does by itself, such as
moving a log into its file, meet the failure where they would meet it in life, in the very process of the test.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from sqlcipher3 import _sqlite3

_OK, _FULL, _CANNOT_OPEN, _CREATE = 0, 13, 14, 0x4
_WRITE, _SYNC, _TRUNCATE, _DELETE, _SHM_SIZE, _SHM_MAP = (10 | one << 8 for one in (3, 4, 6, 10, 19, 21))
_MEMORY, _NUMBER, _LONG = ctypes.c_void_p, ctypes.c_int, ctypes.c_int64
_open = ctypes.CFUNCTYPE(_NUMBER, _MEMORY, _MEMORY, _MEMORY, _NUMBER, _MEMORY)
_delete = ctypes.CFUNCTYPE(_NUMBER, _MEMORY, _MEMORY, _NUMBER)
_write = ctypes.CFUNCTYPE(_NUMBER, _MEMORY, _MEMORY, _NUMBER, _LONG)
_truncate = ctypes.CFUNCTYPE(_NUMBER, _MEMORY, _LONG)
_sync = ctypes.CFUNCTYPE(_NUMBER, _MEMORY, _NUMBER)
_map = ctypes.CFUNCTYPE(_NUMBER, _MEMORY, _NUMBER, _NUMBER, _NUMBER, _MEMORY)
_FILE_PLACES = {"write": 3, "truncate": 4, "sync": 5, "map": 13}  # in sqlite3_io_methods, counted in words
_LONGEST_TABLE = 19


class _System(ctypes.Structure):
    """The head of sqlite3_vfs."""

    _fields_: ClassVar = [
        ("version", _NUMBER), ("file_size", _NUMBER), ("path_length", _NUMBER), ("next", _MEMORY), ("name", _MEMORY),
        ("data", _MEMORY), ("open", _MEMORY), ("delete", _MEMORY),
    ]  # fmt: skip


@dataclass
class SqliteDisk:
    """What it did, and what it refuses: so many operations from the one numbered `first`, counted from 1.

    A full disk takes nothing more, a broken one fails at everything. `only` names the files it concerns.
    """

    is_full: bool = True
    first: int = 0
    times: int = 1
    only: str = ""
    done: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    is_refusing: Callable[[], bool] = lambda: False  # whether it refuses everything, whatever the count says

    def refuses(self, what: str, name: str) -> bool:
        """Count one operation that is about to happen; whether it does not."""
        if self.only not in name or (self.is_full and what in ("sync", "delete", "truncate")):
            return False
        self.done.append(f"{what} {name}")
        refused = self.is_refusing() or (self.first and self.first <= len(self.done) < self.first + self.times)
        if refused:
            self.refused.append(self.done[-1])
        return bool(refused)


@contextmanager
def sqlite_on(disk: SqliteDisk) -> Iterator[SqliteDisk]:
    """Let every file that SQLite opens meanwhile lie on this disk; it has to be closed meanwhile, too."""
    functions = _Functions(disk)
    functions.put_in()
    try:
        yield disk
    finally:
        functions.take_out()


class _Functions:
    """Ours, in front of SQLite's own. Kept for ever: a file may be closed late."""

    _all: ClassVar[list[_Functions]] = []

    def __init__(self, disk: SqliteDisk) -> None:
        self._disk = disk
        self._names: dict[int, str] = {}
        self._tables: dict[int, Any] = {}
        self._kept: list[Any] = []
        library = ctypes.CDLL(_sqlite3.__file__)
        library.sqlite3_vfs_find.restype = ctypes.POINTER(_System)
        self._system = library.sqlite3_vfs_find(None).contents
        self._before = self._system.open, self._system.delete
        self._all.append(self)

    def put_in(self) -> None:
        """From now on."""
        self._system.open = self._made(_open, self._opened(_open(self._before[0])))
        self._system.delete = self._made(_delete, self._deleted(_delete(self._before[1])))

    def take_out(self) -> None:
        """As it was, for files that are opened from now on."""
        self._system.open, self._system.delete = self._before

    def _opened(self, original: Any) -> Callable[..., int]:
        def opened(system: int, path: int | None, file: int, flags: int, told: int) -> int:
            at = _path_at(path) if path else Path("temporary")
            name, is_new = at.name, bool(flags & _CREATE) and not at.exists()
            if is_new and self._disk.refuses("make", name):
                ctypes.c_void_p.from_address(file).value = None  # nothing to close
                return _CANNOT_OPEN
            code: int = original(system, path, file, flags, told)
            if code == _OK:
                self._names[file] = name
                held = ctypes.c_void_p.from_address(file)
                held.value = ctypes.addressof(self._table(held.value or 0))
            return code

        return opened

    def _deleted(self, original: Any) -> Callable[..., int]:
        def deleted(system: int, path: int, is_synced: int) -> int:
            if self._disk.refuses("delete", _path_at(path).name):
                return _DELETE
            code: int = original(system, path, is_synced)
            return code

        return deleted

    def _table(self, address: int) -> Any:
        """A copy of a file's functions with ours among them."""
        if address not in self._tables:
            table = (ctypes.c_void_p * _LONGEST_TABLE)()
            ctypes.memmove(table, address, ctypes.sizeof(table))
            ours = {"write": self._written, "truncate": self._cut, "sync": self._synced, "map": self._mapped}
            kinds = {"write": _write, "truncate": _truncate, "sync": _sync, "map": _map}
            for what, place in _FILE_PLACES.items():
                if table[place]:
                    table[place] = self._made(kinds[what], ours[what](kinds[what](table[place] or 0)))
            self._tables[address] = table
        return self._tables[address]

    def _written(self, original: Any) -> Callable[..., int]:
        def written(file: int, content: int, length: int, place: int) -> int:
            if self._refuses("write", file):
                original(file, content, length // 2, place)  # a disk gives up in the middle
                return _FULL if self._disk.is_full else _WRITE
            code: int = original(file, content, length, place)
            return code

        return written

    def _cut(self, original: Any) -> Callable[..., int]:
        return lambda file, size: _TRUNCATE if self._refuses("truncate", file) else original(file, size)

    def _synced(self, original: Any) -> Callable[..., int]:
        return lambda file, flags: _SYNC if self._refuses("sync", file) else original(file, flags)

    def _mapped(self, original: Any) -> Callable[..., int]:
        def mapped(file: int, page: int, size: int, is_longer: int, told: int) -> int:
            if is_longer and self._refuses("share", file):
                return _SHM_SIZE if self._disk.is_full else _SHM_MAP
            code: int = original(file, page, size, is_longer, told)
            return code

        return mapped

    def _refuses(self, what: str, file: int) -> bool:
        return self._disk.refuses(what, self._names.get(file, ""))

    def _made(self, kind: Any, function: Callable[..., int]) -> int | None:
        made = kind(function)
        self._kept.append(made)
        return ctypes.cast(made, ctypes.c_void_p).value


def _path_at(address: int) -> Path:
    """SQLite keeps the address of a name, so that the name itself has to be handed on and no copy of it."""
    return Path(ctypes.string_at(address).decode())
