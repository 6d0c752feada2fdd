"""Finds documents by conditions on their attributes, sorted and paged.

Conditions on declared columns are answered by their index. Everything else is answered by reading what is left, one document
after the other, within a time that no question may exceed. Patterns are matched in linear time, so that none can run away.
"""

from __future__ import annotations

import operator
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import re2
from sqlalchemy import ColumnElement, Select, and_, func, not_, select
from sqlalchemy.exc import DBAPIError

from backoffice import schema
from backoffice.attributes import found_at, written
from backoffice.dialect import TooSlowError, is_too_slow, within
from backoffice.documents import Body, StoredDocument
from backoffice.errors import BadRequestError
from backoffice.masking import refuse_masked
from backoffice.reading import COLUMNS, Reader
from backoffice.resources import RESOURCES, Holds, Resource

_re2: Any = re2  # the C module tells type checkers nothing
_document = schema.document.c
_attribute = schema.attribute.c
SCAN_SECONDS: Final = 1.0
_SORTED_IN_MEMORY: Final = 5_000  # documents; more are sorted by the index of their column
_ROWS_AT_A_TIME: Final = 500


class Compare(StrEnum):
    """How a value is compared, in the words of TMF630."""

    EQ = "eq"
    GT = "gt"
    GTE = "gte"
    LT = "lt"
    LTE = "lte"
    REGEX = "regex"


_SIGNS: Final[Mapping[Compare, Callable[[Any, Any], Any]]] = {
    Compare.EQ: operator.eq,
    Compare.GT: operator.gt,
    Compare.GTE: operator.ge,
    Compare.LT: operator.lt,
    Compare.LTE: operator.le,
}


@dataclass(frozen=True, slots=True)
class Condition:
    """One of the values under `path` compares so to one of `values`."""

    path: str
    compare: Compare
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Order:
    """Sort by the values under `path`; what has none comes last."""

    path: str
    is_descending: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """Which documents of a collection, in which order, which page of them."""

    collection: str
    conditions: tuple[Condition, ...] = ()
    ids: tuple[str, ...] | None = None
    order: tuple[Order, ...] = ()
    offset: int = 0
    limit: int = 1000


def find(reader: Reader, query: Query) -> tuple[list[StoredDocument], int]:
    """A page of living documents, and how many there are in all. Raises BadRequestError for what takes too long."""
    found, total = _Finder(reader, query).find()
    return found, total or 0


def listed(reader: Reader, query: Query) -> tuple[list[StoredDocument], int | None]:
    """The same for who may ask anything: all of it within the time limit; no total where counting takes longer."""
    finder = _Finder(reader, query)
    try:
        with within(reader.connection, SCAN_SECONDS):
            return finder.find()
    except TooSlowError as error:
        raise finder.too_slow() from error


class _Finder:
    def __init__(self, reader: Reader, query: Query) -> None:
        self._reader = reader
        self._query = query
        self._resource = RESOURCES[query.collection]
        self._declared = {one.path: one for one in self._resource.filters}
        self._until = time.monotonic() + SCAN_SECONDS

    def find(self) -> tuple[list[StoredDocument], int | None]:
        """The page, and how many there are; None where `within` did not leave the time to count."""
        query = self._query
        for path in (*(one.path for one in query.conditions), *(one.path for one in query.order)):
            refuse_masked(query.collection, path, self._reader.reveals)
        scanned = [one for one in query.conditions if not self._is_indexed(one)]
        undeclared = [one for one in query.order if one.path not in (*self._declared, "id")]
        if scanned or undeclared:
            found = [one for one in self._read_all() if satisfies(one.body, scanned)]
            return _page(self._sorted(found), query), len(found)
        if not query.order:
            page = self._by_id()
            return page, self._total(page)
        few = self._count(_SORTED_IN_MEMORY + 1)
        if few <= _SORTED_IN_MEMORY:
            return _page(self._sorted(list(self._read_all())), query), few
        page = self._by_column()
        return page, self._total(page)

    def too_slow(self) -> BadRequestError:
        """What takes too long, and what does not."""
        return BadRequestError(f"That takes too long. Quick are filters by: {', '.join(('id', *self._declared))}.")

    def _is_indexed(self, condition: Condition) -> bool:
        return condition.path in self._declared and condition.compare is not Compare.REGEX

    def _wanted(self) -> ColumnElement[bool]:
        query = self._query
        conditions = [_document.collection == query.collection, _document.deleted.is_(False), self._reader.in_view]
        if query.ids is not None:
            conditions.append(_document.id.in_([one for one in query.ids if "\x00" not in one]))
        return and_(*conditions, *(self._having(path, group) for path, group in self._groups()))

    def _groups(self) -> Iterator[tuple[str, list[Condition]]]:
        """Conditions that one value has to meet together: the ends of a span are one look into the index, not two."""
        spans: dict[str, list[Condition]] = {}
        for one in self._query.conditions:
            if self._is_indexed(one):
                is_alone = one.compare is Compare.EQ or self._holds_many(one.path)
                spans.setdefault(f"{one.path} {one.compare}" if is_alone else one.path, []).append(one)
        return ((group[0].path, group) for group in spans.values())

    def _having(self, path: str, group: list[Condition]) -> ColumnElement[bool]:
        named = and_(_attribute.declared == self._column(path), *(self._compared(one) for one in group))
        return _document.row.in_(select(_attribute.row).where(named))

    def _compared(self, condition: Condition) -> ColumnElement[bool]:
        holds = self._declared[condition.path].holds
        values = [written(value, holds) for value in condition.values]
        if condition.compare is Compare.EQ:
            return _attribute.value.in_([value for value in values if value])
        compared: ColumnElement[bool] = _SIGNS[condition.compare](_attribute.value, values[0])
        return compared

    def _holds_many(self, path: str) -> bool:
        return self._resource.attributes.get(path.partition(".")[0]) is Holds.LIST

    def _column(self, path: str) -> int:
        return self._reader.columns[self._query.collection, path]

    def _count(self, most: int | None = None) -> int:
        found = select(_document.row).where(self._wanted()).limit(most).subquery()
        return self._reader.connection.scalars(select(func.count()).select_from(found)).one()

    def _total(self, page: Sequence[StoredDocument]) -> int | None:
        """How many there are, counted only where the page does not tell, and as the last question of all."""
        if len(page) < self._query.limit and (page or not self._query.offset):
            return self._query.offset + len(page)
        try:
            return self._count()
        except DBAPIError as error:
            if is_too_slow(error):
                return None
            raise

    def _by_id(self) -> list[StoredDocument]:
        page = select(*COLUMNS).where(self._wanted()).order_by(_document.id)
        return self._read(page.offset(self._query.offset).limit(self._query.limit))

    def _by_column(self) -> list[StoredDocument]:
        """Sorted by one column's index; more are sorted by only where they are few."""
        order, *more = self._query.order
        if more or order.path == "id" or self._holds_many(order.path):
            raise BadRequestError(f"More than {_SORTED_IN_MEMORY} match: filter, or sort by one single attribute.")
        column = _attribute.declared == self._column(order.path)
        joined = select(*COLUMNS).join_from(schema.attribute, schema.document, _attribute.row == _document.row)
        key = _attribute.value.desc() if order.is_descending else _attribute.value
        with_it = joined.where(column, self._wanted()).order_by(key, _document.id)
        found = self._read(with_it.offset(self._query.offset).limit(self._query.limit))
        if len(found) == self._query.limit:
            return found
        have = self._reader.connection.scalars(
            select(func.count()).join_from(schema.attribute, schema.document, _attribute.row == _document.row).where(
                column, self._wanted()
            )
        ).one()  # fmt: skip
        rest = select(*COLUMNS).where(self._wanted(), not_(_document.row.in_(select(_attribute.row).where(column))))
        page = rest.order_by(_document.id).offset(max(0, self._query.offset - have))
        return [*found, *self._read(page.limit(self._query.limit - len(found)))]

    def _read(self, page: Select[Any]) -> list[StoredDocument]:
        return [self._reader.document(row) for row in self._reader.connection.execute(page).all()]

    def _read_all(self) -> Iterator[StoredDocument]:
        """Everything that the index leaves, for as long as there is time."""
        every = select(*COLUMNS).where(self._wanted()).order_by(_document.id)
        options = {"yield_per": _ROWS_AT_A_TIME}
        with self._reader.connection.execute(every, execution_options=options) as rows:
            for row in rows:
                if time.monotonic() > self._until:
                    raise self.too_slow()
                yield self._reader.document(row)

    def _sorted(self, found: list[StoredDocument]) -> list[StoredDocument]:
        bodies = {one.row: one.body for one in found} if self._query.order else {}
        for order in reversed(self._query.order):
            key = _key_of(self._resource, order)
            keys = {row: key(body) for row, body in bodies.items()}
            having = [one for one in found if keys[one.row]]
            having.sort(key=lambda one: keys[one.row], reverse=order.is_descending)
            found = [*having, *(one for one in found if not keys[one.row])]
        return found


def pattern(text: str) -> Any:
    """A compiled pattern of RE2, which takes no longer than the text is long. Raises BadRequestError."""
    options = _re2.Options()
    options.log_errors = False
    options.max_mem = 1 << 20
    try:
        return _re2.compile(text, options)
    except _re2.error as error:
        raise BadRequestError("That is no regular expression that is understood here.") from error


def _page(found: Sequence[StoredDocument], query: Query) -> list[StoredDocument]:
    return list(found[query.offset : query.offset + query.limit])


def _key_of(resource: Resource, order: Order) -> Callable[[Body], str]:
    declared = next((one for one in resource.filters if one.path == order.path), None)
    steps = tuple(order.path.split("."))

    def key(body: Body) -> str:
        values = [written(one, declared.holds if declared else _kind(one)) for one in found_at(body, steps)]
        known = [value for value in values if value]
        if not known:
            return ""
        return max(known) if order.is_descending else min(known)

    return key


def satisfies(body: Body, conditions: Sequence[Condition]) -> bool:
    """Whether all conditions hold for a body, read without any index."""
    return all(_holds(body, condition) for condition in conditions)


def _holds(body: Body, condition: Condition) -> bool:
    values = list(found_at(body, tuple(condition.path.split("."))))
    if condition.compare is Compare.REGEX:
        patterns = [pattern(one) for one in condition.values]
        return any(one.search(str(value)) for value in values for one in patterns)
    return any(_compares(value, condition.compare, wanted) for value in values for wanted in condition.values)


def _compares(value: Any, compare: Compare, wanted: str) -> bool:
    kind = _kind(value)
    mine, theirs = written(value, kind), written(wanted, kind)
    if not mine or not theirs:
        return False
    return bool(_SIGNS[compare](mine, theirs))


def _kind(value: Any) -> Holds:
    """What an undeclared value is compared as: what it is itself; a text that reads as an instant, as that."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Holds.NUMBER
    if isinstance(value, str) and len(value) >= len("2026-01-01") and written(value, Holds.INSTANT):
        return Holds.INSTANT
    return Holds.TEXT
