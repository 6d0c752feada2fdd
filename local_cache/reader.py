"""Reads for the window: the mirror in use with the journal attached, on threads of their own."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from threading import Lock
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

from app.core.clock import from_wire
from app.sync.errors import MirrorDamagedError
from local_cache import cipher
from local_cache.mirror import empty_mirror
from local_cache.profile import Profile

T = TypeVar("T")
READERS = 2


class Reader:
    """Connections to the mirror in use. `mirror_number` is asked at each turn, so a new file is picked up by itself."""

    def __init__(
        self, profile: Profile, key: bytes, mirror_number: Callable[[], int], on_damage: Callable[[], None]
    ) -> None:
        self._profile = profile
        self._key = key
        self._mirror_number = mirror_number
        self._on_damage = on_damage
        self._pool = ThreadPoolExecutor(max_workers=READERS, thread_name_prefix="reader")
        self._lock = Lock()
        self._engine: Engine | None = None
        self._number = 0
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
        """A new mirror is in use: open that at the next turn."""
        with self._lock:
            if self._engine is not None:
                self._engine.dispose()
            self._engine = None

    def close(self) -> None:
        """End the threads and close the files."""
        self._pool.shutdown(wait=True, cancel_futures=True)
        self.switch()

    def _query(self, query: Callable[[Connection], T]) -> T:
        try:
            with self._connection() as connection:
                return query(connection)
        except MirrorDamagedError:
            self._give_up_mirror()
            with self._connection() as connection:
                return query(connection)

    def _give_up_mirror(self) -> None:
        """Read nothing more from a damaged file; whoever builds mirrors is told and makes a new one."""
        with self._lock:
            self._damaged = self._number
        self.switch()
        self._on_damage()

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        with cipher.storage_errors(lambda _: MirrorDamagedError()), self._current().connect() as connection:
            self._as_of = _as_of(connection)
            yield connection

    def _current(self) -> Engine:
        with self._lock:
            if self._engine is None:
                number = self._mirror_number()
                usable = number != self._damaged and self._profile.mirror(number).exists()
                self._number = number if usable else 0
                self._engine = cipher.engine_for(self._open, size=READERS)
            return self._engine

    def _open(self) -> Any:
        if self._number:
            connection = cipher.connect(self._profile.mirror(self._number), self._key, full_sync=False)
        else:
            connection = empty_mirror()
        cipher.attach(connection, self._profile.journal, self._key, "journal")
        connection.execute("PRAGMA query_only = ON")
        return connection


def _as_of(connection: Connection) -> datetime | None:
    held = connection.exec_driver_sql("SELECT value FROM main.meta WHERE name = 'state'").scalar()
    written = json.loads(held)["as_of"] if held else ""
    return from_wire(written) if written else None
