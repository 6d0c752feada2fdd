"""What records add to a mirror, gathered for many of them: one statement a table, not three a record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, insert
from sqlalchemy.dialects import sqlite

from app.core import wire
from app.core.errors import BackOfficeAnswerError
from app.rules.checksums import MODULUS, Checksum, digest
from app.sync.model import Change
from local_cache.mirror_schema import COLLECTIONS, INDEX, far_lookup, lookup, problem_service
from local_cache.search_keys import keys_of, name_words, part_words, place_words

Body = Mapping[str, Any]
Values = tuple[object, ...]
DIALECT = sqlite.dialect(paramstyle="qmark")
_ADD_KEY = str(insert(lookup).compile(dialect=DIALECT))
_ADD_FAR_KEY = str(insert(far_lookup).compile(dialect=DIALECT))
_ADD_FAR = "INSERT INTO far_index (rowid, words) VALUES (?, ?)"
_ADD_HIT = str(insert(problem_service).compile(dialect=DIALECT))
_ADD_NAME = "INSERT INTO name_index (rowid, words) VALUES (?, ?)"
_ADD_PART = "INSERT INTO part_index (rowid, words) VALUES (?, ?)"
_ADD_PLACE = "INSERT INTO place_index (rowid, words) VALUES (?, ?)"
_ADD_ROW = {name: str(insert(one.table).compile(dialect=DIALECT)) for name, one in COLLECTIONS.items()}
_LAST_ROW = {name: f'SELECT coalesce(max(row), 0) FROM "{name}"' for name in COLLECTIONS}  # noqa: S608 - our own names
_MOST_REVISIONS = 2**63 - 1


class Filling:
    """Records on their way into a mirror, in the transaction of the connection."""

    def __init__(self, connection: Connection, region: str) -> None:
        self._connection = connection
        self._region = region
        self._last: dict[str, int] = {}
        self._waiting: dict[str, list[Values]] = defaultdict(list)
        self._count = self._digests = 0

    @property
    def checksum(self) -> Checksum:
        """Of all records that were taken."""
        return Checksum(self._count, self._digests % MODULUS)

    def add(self, change: Change) -> None:
        """Take a record; one that the mirror has no table for is left out. Raises BackOfficeAnswerError."""
        if change.collection not in COLLECTIONS or change.body is None:
            return
        name, row = change.collection, self._next_row(change.collection)
        body = _decoded(change)
        self._count += 1
        self._digests += digest(name, change.id, change.revision)
        owner = COLLECTIONS[name].owner(body)
        self._waiting[_ADD_ROW[name]].append((row, change.id, change.revision, owner, change.body))
        keys = keys_of(name, change.id, body, owner, self._region)
        if name == INDEX:
            self._waiting[_ADD_FAR_KEY].extend(keys)
            self._waiting[_ADD_FAR].append((row, name_words(wire.text(body, "name"))))
        else:
            self._waiting[_ADD_KEY].extend((*key, name, change.id) for key in keys)
        if name == "customer":
            called = wire.text(body, "name")
            self._waiting[_ADD_NAME].append((row, name_words(called)))
            if long_words := part_words(called):
                self._waiting[_ADD_PART].append((row, long_words))
            self._waiting[_ADD_PLACE].append((row, place_words(body)))
        if name == "serviceProblem":
            hits = wire.children(body, "affectedService")
            self._waiting[_ADD_HIT].extend((change.id, wire.text(one, "id")) for one in hits)

    def write(self) -> None:
        """Write what waits."""
        for statement, rows in self._waiting.items():
            if rows:
                self._connection.exec_driver_sql(statement, rows)
        self._waiting.clear()
        self._last.clear()

    def _next_row(self, name: str) -> int:
        if name not in self._last:
            self._last[name] = int(self._connection.exec_driver_sql(_LAST_ROW[name]).scalar_one())
        self._last[name] += 1
        return self._last[name]


def _decoded(change: Change) -> Body:
    try:
        decoded = COLLECTIONS[change.collection].read(change.body or "")
    except (ValueError, RecursionError) as error:
        raise BackOfficeAnswerError from error
    if not 0 <= change.revision <= _MOST_REVISIONS:
        raise BackOfficeAnswerError
    return decoded
