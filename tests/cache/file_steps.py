"""A desk's file operations one by one: the chosen one fails, or is the first that a process which was killed no longer did."""

from __future__ import annotations

import builtins
import errno
import io
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from local_cache import cipher

_OPERATIONS = (
    (os, "replace"), (os, "unlink"), (os, "open"), (os, "fsync"), (io, "open"), (builtins, "open"),
    (shutil, "copyfile"), (cipher, "connect"), (cipher, "look"),
)  # fmt: skip


class KilledError(BaseException):
    """Nothing catches this, and whoever cleans up behind it finds that no operation works any more."""


class FileSteps:
    """Counts the operations; the one numbered `fatal`, from 1, does not happen."""

    def __init__(self, fatal: int = 0, *, is_kill: bool = False) -> None:
        self.names: list[str] = []
        self._fatal = fatal
        self._is_kill = is_kill

    def take(self, name: str) -> None:
        """Count one operation that is about to happen, or refuse it."""
        self.names.append(name)
        if self._is_kill and len(self.names) >= self._fatal:
            raise KilledError
        if len(self.names) == self._fatal:
            raise OSError(errno.ENOSPC, "No space left on device")


@contextmanager
def taking(steps: FileSteps) -> Iterator[FileSteps]:
    """Send every file operation of this thread's code through `steps`."""
    with pytest.MonkeyPatch.context() as patch:
        for owner, name in _OPERATIONS:
            patch.setattr(owner, name, _counted(steps, name, getattr(owner, name)))
        yield steps


def _counted(steps: FileSteps, name: str, operation: Callable[..., Any]) -> Callable[..., Any]:
    def counted(*words: Any, **options: Any) -> Any:
        steps.take(name)
        return operation(*words, **options)

    return counted
