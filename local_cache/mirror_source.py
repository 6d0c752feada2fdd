"""One mirror file as the window reads it, with the journal attached; an empty one in memory where there is no file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection

from app.sync.errors import MirrorDamagedError
from local_cache import cipher
from local_cache.mirror import empty_mirror
from local_cache.mirror_schema import SCHEMA_VERSION
from local_cache.mirror_store import POINTER
from local_cache.profile import Profile

_IN_USE = f"SELECT value FROM journal.meta WHERE name = '{POINTER}'"  # noqa: S608 - our own name


class MirrorReplacedError(Exception):
    """Another mirror is in use by now."""


class MirrorSource:
    """Open for as long as somebody reads from it; whoever owns it guards `users` with a lock."""

    def __init__(self, profile: Profile, key: bytes, number: int, readers: int, *, is_damaged: bool) -> None:
        self._profile = profile
        self._key = key
        self._in_use = number
        is_usable = bool(number) and not is_damaged and profile.mirror(number).exists()
        self.number = number if is_usable else 0
        self.users = 0
        self._is_retired = False
        self._engine = cipher.engine_for(self._open, size=readers)

    def retire(self) -> None:
        """Nobody new reads from it: close it when the last reader has ended."""
        self._is_retired = True
        self.close_if_done()

    def close_if_done(self) -> None:
        """Close the files, if they are retired and nobody reads."""
        if self._is_retired and not self.users:
            self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One view of both files. The journal is pinned first, so that what has left it is in the mirror already."""
        with self._engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            if int(connection.exec_driver_sql(_IN_USE).scalar() or 0) != self._in_use:
                raise MirrorReplacedError
            yield connection

    def _open(self) -> Any:
        connection = self._mirror() if self.number else empty_mirror()
        try:
            cipher.attach(connection, self._profile.journal, self._key, "journal")
            connection.execute("PRAGMA query_only = ON")
        except BaseException:
            connection.close()
            raise
        return connection

    def _mirror(self) -> Any:
        path = self._profile.mirror(self.number)
        try:
            connection = cipher.connect(path, self._key, full_sync=False, may_create=False)
        except cipher.driver.OperationalError as error:
            if path.exists():
                raise
            raise MirrorReplacedError from error
        if connection.execute("PRAGMA user_version").fetchone()[0] != SCHEMA_VERSION:
            connection.close()
            raise MirrorDamagedError
        return connection
