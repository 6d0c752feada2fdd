"""Checksums of what somebody can see (see `app.rules.checksums`), kept per territory and collection in the transaction of
every change, so that they cost nothing to ask.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection, Select, and_, bindparam, insert, select, update

from app.rules.checksums import MODULUS, Checksum, checksum_of
from backoffice import schema
from backoffice.prepared import all_of, do_each
from backoffice.scopes import INDEX, Scope, read

Part = tuple[str, str]  # a territory and a collection
_HALF: Final = 1 << 63
_checksum = schema.checksum.c
_all = select(_checksum.territory, _checksum.collection, _checksum.records, _checksum.total)
_some = _all.where(_checksum.territory.in_(bindparam("territories", expanding=True)))
_of = _all.where(_checksum.collection.in_(bindparam("collections", expanding=True)))
_named = and_(_checksum.territory == bindparam("place"), _checksum.collection == bindparam("kind"))
_update = update(schema.checksum).where(_named).values(records=bindparam("records"), total=bindparam("total"))
_insert = insert(schema.checksum).values(
    territory=bindparam("place"), collection=bindparam("kind"), records=bindparam("records"), total=bindparam("total")
)


class Tally:
    """What a transaction adds to and takes from the sums."""

    def __init__(self) -> None:
        self._changes: dict[Part, Checksum] = defaultdict(Checksum)

    def add(self, territory: str, collection: str, document_id: str, revision: int) -> None:
        """A record is there from now on."""
        self._changes[territory, collection] += checksum_of(collection, document_id, revision)

    def take(self, territory: str, collection: str, document_id: str, revision: int) -> None:
        """A record is there no more."""
        self._changes[territory, collection] -= checksum_of(collection, document_id, revision)

    def join(self, sums: Mapping[Part, Checksum]) -> None:
        """Records that were summed up elsewhere are there from now on."""
        for part, one in sums.items():
            self._changes[part] += one

    def write(self, connection: Connection) -> None:
        """Bring the table up to date; the caller is the only writer meanwhile."""
        if not self._changes:
            return
        territories = sorted({territory for territory, _ in self._changes})
        kept = _found(connection, _some, {"territories": territories})
        after = {part: kept.get(part, Checksum()) + change for part, change in self._changes.items()}
        do_each(connection, _update, [_values(part, one) for part, one in after.items() if part in kept])
        do_each(connection, _insert, [_values(part, one) for part, one in after.items() if part not in kept])
        self._changes.clear()


def sum_of(connection: Connection, scope: Scope) -> Checksum:
    """The sum over everything in a scope of territories and collections."""
    names = scope.collections
    rows = _found(connection, _all, {}) if names is None else _found(connection, _of, {"collections": sorted(names)})
    return sum((one for part, one in rows.items() if _is_in_view(part, scope)), Checksum())


def territories_of(connection: Connection, among: frozenset[str] | None) -> frozenset[str]:
    """The territories in which customers live, of these (None: of all)."""
    parts = _found(connection, _of, {"collections": ["customer"]})
    known = frozenset(name for (territory, _), one in parts.items() if one.count for name in read(territory))
    return known if among is None else known & among


def _is_in_view(part: Part, scope: Scope) -> bool:
    territory, collection = part
    return scope.indexes(territory) if collection == INDEX else scope.covers(territory)


def _found(connection: Connection, asked: Select[Any], values: Mapping[str, object]) -> dict[Part, Checksum]:
    rows = all_of(connection, asked, values)
    return {
        (territory, collection): Checksum(records, total % MODULUS) for territory, collection, records, total in rows
    }


def _values(part: Part, one: Checksum) -> dict[str, object]:
    return {"place": part[0], "kind": part[1], "records": one.count, "total": _signed(one.total)}


def _signed(value: int) -> int:
    return value - MODULUS if value >= _HALF else value
