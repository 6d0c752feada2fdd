"""What callers said of their calls, summed up by operator, network and state: a map draws these, not 24,000 dots.

A row counts into one resource. Rows whose state is unknown (the file writes NA) count into one without a place; positions
that are unknown (it writes -1, -1) or outside the world count into no middle.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from backoffice.documents import Document
from backoffice.importing.account import Account
from backoffice.importing.bodies.network import resource
from backoffice.importing.bodies.parts import Json, characteristic, place
from backoffice.importing.reading import RowReader
from backoffice.importing.records import readable_rows
from backoffice.importing.report import Finding
from backoffice.importing.table import Row, Table

FILE: Final = "trai_mycall_2019_09.csv"
NEEDED: Final = ("operator", "networktype", "rating", "calldropcategory", "latitude", "longitude", "statename")
_UNKNOWN: Final = frozenset({"", "na", "unknown"})
_RATINGS: Final = frozenset("12345")
_NOWHERE: Final = ("-1", "-1")
_AXES: Final = (("latitude", 90), ("longitude", 180))


@dataclass(slots=True)
class Sum:
    """What was said of one operator's network in one state."""

    ratings: int = 0
    total: int = 0
    fates: Counter[str] = field(default_factory=Counter)
    located: int = 0
    latitudes: float = 0.0
    longitudes: float = 0.0


class RatingFile:
    """The file, open."""

    def __init__(self, table: Table) -> None:
        self.size = table.size
        self._table = table

    def documents(self, account: Account) -> Iterator[Document]:
        """A resource for each operator, network and state."""
        sums: dict[tuple[str, str, str], Sum] = {}
        for row in readable_rows(self._table, account):
            if not row["operator"]:
                account.refuse(row.file, row.line, "operator", "", "empty")
            elif row["rating"] not in _RATINGS:
                account.refuse(row.file, row.line, "rating", row["rating"], "not a rating from 1 to 5")
            else:
                account.took(*_count(sums.setdefault(_key(row), Sum()), row))
        account.absent(self._table.name, self._table.absent)
        yield from (_document(*key, found) for key, found in sorted(sums.items()))


@contextmanager
def opened(path: Path) -> Iterator[RatingFile]:
    """Open the file. Raises FileUnusableError."""
    with Table(path, NEEDED) as table:
        yield RatingFile(table)


def _key(row: Row) -> tuple[str, str, str]:
    network, state = row["networktype"], row["statename"]
    return (
        row["operator"],
        "" if network.casefold() in _UNKNOWN else network,
        "" if state.casefold() in _UNKNOWN else state,
    )


def _count(found: Sum, row: Row) -> list[Finding]:
    """Count a row in; what is odd about it is returned."""
    found.ratings += 1
    found.total += int(row["rating"])
    found.fates[row["calldropcategory"]] += 1
    if (row["latitude"], row["longitude"]) == _NOWHERE:
        return []
    reader = RowReader(row)
    latitude, longitude = (reader.optional_number(axis, -limit, limit) for axis, limit in _AXES)
    if latitude is not None and longitude is not None:
        found.located += 1
        found.latitudes += latitude
        found.longitudes += longitude
    return reader.findings


def _document(operator: str, network: str, state: str, found: Sum) -> Document:
    words = " · ".join(part for part in (operator, network, state) if part)
    slug = "-".join("-".join((operator, network or "any", state or "nowhere")).casefold().split())
    marks: list[Json] = [
        characteristic("operator", operator),
        characteristic("networkType", network),
        characteristic("state", state),
        characteristic("ratings", found.ratings),
        characteristic("meanRating", round(found.total / found.ratings, 2)),
        *(characteristic(_name(fate), count) for fate, count in sorted(found.fates.items())),
    ]
    if state and found.located:
        sums = (("latitude", found.latitudes), ("longitude", found.longitudes))
        marks += [characteristic(axis, round(total / found.located, 4)) for axis, total in sums]
    return resource(
        f"QOS-{slug}",
        words,
        category="serviceQuality",
        description=f"What callers said of {words}",
        characteristics=marks,
        place=place("area", slug, state) if state else None,
    )


def _name(fate: str) -> str:
    """The characteristic that counts a fate: `Call Dropped` is `callDropped`."""
    first, *rest = fate.split() or ["unnamed"]
    return first[:1].lower() + first[1:] + "".join(rest)
