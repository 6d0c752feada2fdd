"""Finds parties that are in the books twice: the same identity document, or a near name and the same number.

The search goes along the index of a declared column, where equal values stand together, and reads only documents of which
there are several. What is left when the time is up is found by going on from the place that was reached.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations, groupby
from typing import Any, Final, TypeGuard

from sqlalchemy import and_, select

from app.rules.phones import phone_keys
from backoffice import schema
from backoffice.attributes import found_at, values_of
from backoffice.documents import Body, StoredDocument
from backoffice.parties.conflicts import conflicts, identities
from backoffice.parties.marks import survivor_of
from backoffice.parties.names import are_near
from backoffice.reading import COLUMNS, Reader, stored
from backoffice.resources import RESOURCES

SECONDS: Final = 1.0
MOST_OF_A_KIND: Final = (
    20  # records under one value that are compared with each other; more are no mistake at a counter
)
_TAIL: Final = 8  # digits that all spellings of a number have in common
_REGION: Final = "CN"  # whose numbers are written without a prefix, where a record names no country
_AT_A_TIME: Final = 1000
_document = schema.document.c
_attribute = schema.attribute.c
_NUMBER: Final = ("contactMedium", "characteristic", "phoneNumber")
_COUNTRY: Final = ("contactMedium", "characteristic", "country")


@dataclass(frozen=True, slots=True)
class Place:
    """How far a search has come: in which of the searches, after which record's which value.

    It is told to who asked, so it says nothing of the value itself: that may be somebody's who is out of view.
    """

    search: int = 0
    row: int = 0
    nth: int = 0


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that may be one, why, and what speaks against merging them now."""

    one: StoredDocument
    other: StoredDocument
    reason: str
    against: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Search:
    collection: str
    path: str
    reason: str
    group_of: Callable[[str], str]
    is_one: Callable[[str, Body, Body], bool]


def duplicates(reader: Reader, after: Place, limit: int, seconds: float = SECONDS) -> tuple[list[Pair], Place | None]:
    """Pairs in view, at least `limit` if there are that many and there is time; and where to go on, None at the end."""
    until = time.monotonic() + seconds
    found: list[Pair] = []
    for number in range(after.search, len(_SEARCHES)):
        start = _reached(reader, after) if number == after.search else ""
        for last, rows in _groups(reader, _SEARCHES[number], start):
            if len(rows) > 1:
                found += _pairs(reader, _SEARCHES[number], rows)
            if len(found) >= limit or time.monotonic() > until:
                return found, _place(reader, number, *last)
    return found, None


def _place(reader: Reader, search: int, value: str, row: int) -> Place:
    return Place(search, row, sum(one < value for one in _values(reader, search, row)))


def _reached(reader: Reader, place: Place) -> str:
    """The value that a place stands for; a record that is gone or has it no more lets the search begin anew."""
    return next(iter(_values(reader, place.search, place.row)[place.nth :]), "")


def _values(reader: Reader, search: int, row: int) -> list[str]:
    """What a record has in the column of a search, whoever may see it."""
    living = and_(_document.row == row, _document.deleted.is_(False))
    found = reader.connection.execute(select(*COLUMNS).where(living)).one_or_none()
    filters = RESOURCES[_SEARCHES[search].collection].filters
    column = [one for one in filters if one.path == _SEARCHES[search].path]
    return sorted(value for _, value in values_of(stored(found).body, column)) if found else []


def _groups(reader: Reader, search: _Search, start: str) -> Iterator[tuple[tuple[str, int], list[int]]]:
    """The rows that stand together, with their last value and whose it is; in the order of the index."""
    column = reader.columns[search.collection, search.path]
    values = select(_attribute.value, _attribute.row).where(_attribute.declared == column, _attribute.value > start)
    ordered = values.order_by(_attribute.value, _attribute.row)
    with reader.connection.execute(ordered, execution_options={"yield_per": _AT_A_TIME}) as found:
        for _, group in groupby(found, key=lambda row: search.group_of(row.value)):
            members = list(group)
            yield (members[-1].value, members[-1].row), sorted({row.row for row in members})


def _pairs(reader: Reader, search: _Search, rows: Iterable[int]) -> Iterator[Pair]:
    for one, other in combinations(_in_view(reader, list(rows)[:MOST_OF_A_KIND]), 2):
        if search.is_one(search.collection, one.body, other.body):
            yield Pair(one, other, search.reason, tuple(conflicts(reader, one, other)))


def _in_view(reader: Reader, rows: list[int]) -> list[StoredDocument]:
    """The records that the asker may see, without those that were merged."""
    living = and_(_document.row.in_(rows), _document.deleted.is_(False), reader.in_view)
    found = [stored(row) for row in reader.connection.execute(select(*COLUMNS).where(living).order_by(_document.row))]
    return [one for one in found if not survivor_of(one.body)]


def _have_one_identity(collection: str, one: Body, other: Body) -> bool:
    return not identities(collection, one).isdisjoint(identities(collection, other))


def _have_name_and_number(_collection: str, one: Body, other: Body) -> bool:
    return not _numbers(one).isdisjoint(_numbers(other)) and are_near(name_of(one), name_of(other))


def name_of(body: Body) -> str:
    """What a party is called; empty where that is not known."""
    whole = _texts(body, "name", "fullName", "tradingName")
    return whole[0] if whole else " ".join(_texts(body, "familyName", "givenName"))


def _texts(body: Body, *names: str) -> list[str]:
    return [value for name in names if _is_text(value := body.get(name)) and value]


def _numbers(body: Body) -> frozenset[str]:
    country = next((one for one in found_at(body, _COUNTRY) if _is_text(one) and len(one) == len(_REGION)), _REGION)
    numbers = (one for one in found_at(body, _NUMBER) if _is_text(one))
    return frozenset(key for one in numbers for key in phone_keys(one, country.upper()))


def _is_text(value: Any) -> TypeGuard[str]:
    return isinstance(value, str)


def _tail(value: str) -> str:
    return value[:_TAIL]


_SEARCHES: Final = (
    *(
        _Search(one, f"{one}Identification.identificationId", "identityDocument", str, _have_one_identity)
        for one in ("individual", "organization")
    ),
    *(
        _Search(one, ".".join(_NUMBER), "nameAndNumber", _tail, _have_name_and_number)
        for one in ("customer", "individual", "organization")
    ),
)
