"""Reads for the window: the mirror in use with the journal attached, on threads of their own."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from threading import Lock
from typing import TypeVar

from sqlalchemy import Connection

from app.core.clock import from_wire
from app.core.errors import StorageError
from app.sync.errors import MirrorDamagedError
from local_cache import cipher
from local_cache.journal import JournalDamagedError
from local_cache.mirror_source import MirrorReplacedError, MirrorSource
from local_cache.profile import Profile

T = TypeVar("T")
READERS = 2
_TURNS = 5  # a mirror that is replaced more often within one question is no accident


class Reader:
    """Connections to the mirror in use. Each turn finds out whether it still is, so a new file is picked up by itself."""

    def __init__(
        self, profile: Profile, key: bytes, mirror_number: Callable[[], int], on_damage: Callable[[], None]
    ) -> None:
        self._profile = profile
        self._key = key
        self._mirror_number = mirror_number
        self._on_damage = on_damage
        self._pool = ThreadPoolExecutor(max_workers=READERS, thread_name_prefix="reader")
        self._lock = Lock()
        self._source: MirrorSource | None = None
        self._damaged = -1
        self._as_of: datetime | None = None

    async def run(self, query: Callable[[Connection], T]) -> T:
        """Await `query(connection)`. Where no copy can be read, the query sees an empty one beside the overlay."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._query, query)

    @property
    def as_of(self) -> datetime | None:
        """Up to when the copy is known to be in step."""
        return self._as_of

    def switch(self) -> None:
        """Open the mirror in use anew at the next turn; who still reads the old one reads it to the end."""
        with self._lock:
            source, self._source = self._source, None
            if source is not None:
                source.retire()

    def close(self) -> None:
        """End the threads and close the files."""
        self._pool.shutdown(wait=True, cancel_futures=True)
        self.switch()

    def _query(self, query: Callable[[Connection], T]) -> T:
        for _ in range(_TURNS):
            with self._borrowed() as source:
                try:
                    return self._ask(source, query)
                except MirrorReplacedError:
                    self._leave(source)
                except MirrorDamagedError as error:
                    if not source.number:  # there is no mirror in it, so it is the journal
                        raise JournalDamagedError from error
                    self._give_up(source)
        raise StorageError

    def _ask(self, source: MirrorSource, query: Callable[[Connection], T]) -> T:
        with cipher.storage_errors(MirrorDamagedError, self._profile.folder), source.reading() as connection:
            self._as_of = _as_of(connection)
            return query(connection)

    def _give_up(self, source: MirrorSource) -> None:
        """Read nothing more from a damaged file; whoever builds mirrors is told and makes a new one."""
        if self._leave(source):
            self._damaged = source.number
            self._on_damage()

    def _leave(self, source: MirrorSource) -> bool:
        """Stop using it, if nobody else has done so already."""
        with self._lock:
            if self._source is not source:
                return False
            self._source = None
            source.retire()
            return True

    @contextmanager
    def _borrowed(self) -> Iterator[MirrorSource]:
        with self._lock:
            if self._source is None:
                number = self._mirror_number()
                self._source = MirrorSource(
                    self._profile, self._key, number, READERS, is_damaged=number == self._damaged
                )
            source = self._source
            source.users += 1
        try:
            yield source
        finally:
            with self._lock:
                source.users -= 1
                source.close_if_done()


def _as_of(connection: Connection) -> datetime | None:
    held = connection.exec_driver_sql("SELECT value FROM main.meta WHERE name = 'state'").scalar()
    written = json.loads(held)["as_of"] if held else ""
    return from_wire(written) if written else None
