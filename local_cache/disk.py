"""What the file system refuses, in words a clerk can act on; and how a file gets on the disk for good."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from app.core.errors import StorageError, StorageFullError

_FEW_PAGES = 64 * 1024  # what a database needs beside itself when it is opened
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


@contextmanager
def disk_errors() -> Iterator[None]:
    """Turn what the file system raises into StorageFullError or StorageError."""
    try:
        yield
    except OSError as error:
        raise (StorageFullError if error.errno in _NO_ROOM else StorageError) from error


def has_room(folder: Path) -> bool:
    """Whether the disk has room for a few pages more; one that cannot be asked is taken to have it."""
    try:
        return shutil.disk_usage(folder).free >= _FEW_PAGES
    except OSError:
        return True


def write_durably(path: Path, content: bytes) -> None:
    """Write all of it or nothing; it survives a power cut. Raises OSError and leaves nothing half done."""
    fresh = path.with_name(path.name + ".new")
    try:
        with fresh.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_file(path: Path) -> None:
    """Make a file that others wrote survive a power cut. Raises OSError."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make renamings survive a power cut, where the system lets a folder be synced."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
