"""Checksums of what somebody can see: the same at desk and back office when both hold the same records at the same revisions.

Each record counts with the first eight bytes of the SHA-256 of `collection/id/revision`; the sum of all, modulo 2^64, does
not depend on their order. It is kept per territory in the transaction of every change, so that it costs nothing to ask.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, bindparam, insert, select, update

from backoffice import schema
from backoffice.prepared import all_of, do_each
from backoffice.scopes import Scope

_MODULUS: Final = 1 << 64
_HALF: Final = 1 << 63
_checksum = schema.checksum.c
_all = select(_checksum.territory, _checksum.records, _checksum.total)
_some = _all.where(_checksum.territory.in_(bindparam("territories", expanding=True)))
_named = _checksum.territory == bindparam("name")
_update = update(schema.checksum).where(_named).values(records=bindparam("records"), total=bindparam("total"))
_insert = insert(schema.checksum).values(
    territory=bindparam("name"), records=bindparam("records"), total=bindparam("total")
)


@dataclass(frozen=True, slots=True)
class Checksum:
    """How many records, and the sum of their digests."""

    count: int = 0
    total: int = 0

    def __add__(self, other: Checksum) -> Checksum:
        return Checksum(self.count + other.count, (self.total + other.total) % _MODULUS)

    def as_json(self) -> dict[str, object]:
        """As the feed carries it."""
        return {"count": self.count, "sum": f"{self.total:016x}"}


def digest(collection: str, document_id: str, revision: int) -> int:
    """What one record counts."""
    return int.from_bytes(hashlib.sha256(f"{collection}/{document_id}/{revision}".encode()).digest()[:8])


class Tally:
    """What a transaction adds to and takes from the sums."""

    def __init__(self) -> None:
        self._changes: dict[str, Checksum] = defaultdict(Checksum)

    def add(self, territory: str, collection: str, document_id: str, revision: int) -> None:
        """A record is there from now on."""
        self._changes[territory] += Checksum(1, digest(collection, document_id, revision))

    def take(self, territory: str, collection: str, document_id: str, revision: int) -> None:
        """A record is there no more."""
        self._changes[territory] += Checksum(-1, -digest(collection, document_id, revision) % _MODULUS)

    def join(self, sums: Mapping[str, Checksum]) -> None:
        """Records that were summed up elsewhere are there from now on."""
        for territory, one in sums.items():
            self._changes[territory] += one

    def write(self, connection: Connection) -> None:
        """Bring the table up to date; the caller is the only writer meanwhile."""
        if not self._changes:
            return
        kept = _rows(connection, list(self._changes))
        after = {name: kept.get(name, Checksum()) + change for name, change in self._changes.items()}
        rows = [{"name": name, "records": one.count, "total": _signed(one.total)} for name, one in after.items()]
        do_each(connection, _update, [row for row in rows if row["name"] in kept])
        do_each(connection, _insert, [row for row in rows if row["name"] not in kept])
        self._changes.clear()


def checksum_of(connection: Connection, scope: Scope) -> Checksum:
    """The sum over everything in a scope of territories."""
    rows = _rows(connection, None)
    return sum((one for territory, one in rows.items() if scope.covers(territory)), Checksum())


def _rows(connection: Connection, territories: list[str] | None) -> dict[str, Checksum]:
    asked, values = (_all, {}) if territories is None else (_some, {"territories": territories})
    rows = all_of(connection, asked, values)
    return {territory: Checksum(records, total % _MODULUS) for territory, records, total in rows}


def _signed(value: int) -> int:
    return value - _MODULUS if value >= _HALF else value
