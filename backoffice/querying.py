"""Finds documents by conditions on their attributes, sorted and paged.

Conditions on declared columns are answered by their index. Everything else is answered by reading what is left, one document
after the other, within a time that no question may exceed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, exists, func, not_, select
from sqlalchemy.exc import DBAPIError

from app.rules.phones import spellings
from backoffice import schema
from backoffice.attributes import Value, found_at, values_of, written
from backoffice.dialect import TooSlowError, is_too_slow, within
from backoffice.documents import Body, StoredDocument
from backoffice.errors import BadRequestError
from backoffice.masking import refuse_masked
from backoffice.matching import SIGNS, Compare, Condition, Question, TakesTooLongError, kind_of
from backoffice.reading import COLUMNS, Reader
from backoffice.resources import RESOURCES, Holds, Resource

__all__ = ["Compare", "Condition", "Order", "Query", "find"]

_document = schema.document.c
_attribute = schema.attribute.c
SCAN_SECONDS: Final = 1.0
_FEW: Final = 5_000  # documents; more are not looked at one by one, nor sorted but by the index of a column
_HANDFUL: Final = 50
_ROWS_AT_A_TIME: Final = 500


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


@dataclass(frozen=True, slots=True, eq=False)
class _Group:
    """Conditions on one declared column, and how many values meet them (at most one more than few; also: not counted).

    `rows`: the documents that a handful of them are in, where other columns are asked about too.
    """

    path: str
    conditions: tuple[Condition, ...]
    named: ColumnElement[bool]
    hits: int
    rows: tuple[int, ...] | None = None

    @property
    def is_equality(self) -> bool:
        return self.conditions[0].compare is Compare.EQ


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
        self._order, self._by_id = _ending_in_id(query.order)

    def find(self) -> tuple[list[StoredDocument], int | None]:
        """The page, and how many there are; None where `within` did not leave the time to count."""
        try:
            return self._find()
        except TakesTooLongError as error:
            raise self.too_slow() from error

    def too_slow(self) -> BadRequestError:
        """What takes too long, and what does not."""
        return BadRequestError(f"That takes too long. Quick are filters by: {', '.join(('id', *self._declared))}.")

    def _find(self) -> tuple[list[StoredDocument], int | None]:
        query = self._query
        for path in (*(one.path for one in query.conditions), *(one.path for one in query.order)):
            refuse_masked(query.collection, path, self._reader.reveals)
        scanned = [one for one in query.conditions if not self._is_indexed(one)]
        undeclared = [one for one in self._order if one.path not in self._declared]
        if scanned or undeclared or self._broad_spans:
            question = Question(scanned, self._until)
            found = [one for one in self._read_all() if question.holds(one.body) and self._is_within_spans(one.body)]
            return _page(self._sorted(found), query), len(found)
        if not query.order and self._is_narrow and self._groups[0].hits <= query.offset + query.limit:
            found = sorted(self._read(select(*COLUMNS).where(self._wanted())), key=_id_of)  # faster than the engines
            return _page(found, query), len(found)
        if not self._order:
            page = self._page_by_id()
            return page, self._total(page)
        few = self._count(_FEW + 1)
        if few <= _FEW:
            return _page(self._sorted(list(self._read_all())), query), few
        page = self._by_column()
        return page, self._total(page)

    def _is_indexed(self, condition: Condition) -> bool:
        return condition.path in self._declared and condition.compare is not Compare.REGEX

    @cached_property
    def _groups(self) -> list[_Group]:
        """Conditions that one value has to meet together, the fewest hits first: a span is one look into the index, not two.

        Beside a handful of hits nothing else is counted: to know that very many are open takes longer than to look at these.
        """
        spans: dict[str, list[Condition]] = {}
        for one in self._query.conditions:
            if self._is_indexed(one):
                is_alone = one.compare is Compare.EQ or self._holds_many(one.path)
                spans.setdefault(f"{one.path} {one.compare}" if is_alone else one.path, []).append(one)
        groups: list[_Group] = []
        for group in sorted(spans.values(), key=self._holds_for_many):
            is_counted = all(one.hits > _HANDFUL for one in groups)
            groups.append(self._grouped(group, is_counted=is_counted))
        groups.sort(key=lambda one: one.hits)
        if len(groups) > 1 and groups[0].hits <= _HANDFUL:
            rows = self._reader.connection.scalars(select(_attribute.row).where(groups[0].named))
            groups[0] = replace(groups[0], rows=tuple(rows))
        return groups

    def _holds_for_many(self, conditions: list[Condition]) -> bool:
        """Whether it is likely to, as states and spans of time do; what names somebody is likely to hold for few."""
        one = conditions[0]
        last = one.path.rpartition(".")[2]
        names = last == "id" or last.endswith("Id") or self._declared[one.path].holds is Holds.PHONE
        return not names or one.compare is not Compare.EQ

    def _grouped(self, conditions: list[Condition], *, is_counted: bool) -> _Group:
        path = conditions[0].path
        named = and_(_attribute.declared == self._column(path), *(self._compared(one) for one in conditions))
        return _Group(path, tuple(conditions), named, self._hits(named) if is_counted else _FEW + 1)

    def _hits(self, named: ColumnElement[bool]) -> int:
        some = select(_attribute.row).where(named).limit(_FEW + 1).subquery()
        return self._reader.connection.scalars(select(func.count()).select_from(some)).one()

    @property
    def _is_narrow(self) -> bool:
        """Whether the index of one column leaves few documents: then they are looked at, else the collection in its order."""
        return bool(self._groups) and self._groups[0].hits <= _FEW

    @cached_property
    def _broad_spans(self) -> list[_Group]:
        """Spans that hold for very many beside something that holds for few: those few are asked instead of the index."""
        beside = self._groups[1:] if self._is_narrow else []
        return [one for one in beside if one.hits > _FEW and not one.is_equality]

    def _wanted(self) -> ColumnElement[bool]:
        query = self._query
        conditions = [_document.deleted.is_(False), self._reader.in_view]
        if not self._is_narrow:  # else the columns say it, and SQLite is not led to read the whole collection
            conditions.append(_document.collection == query.collection)
        if query.ids is not None:
            conditions.append(_document.id.in_([one for one in query.ids if "\x00" not in one]))
        for position, group in enumerate(self._groups):
            is_asked_later = group in self._broad_spans
            if group.rows is not None:  # told which, PostgreSQL does not gather all that the other columns hold for
                conditions.append(_document.row.in_(group.rows))
            elif group.is_equality and not (self._is_narrow and position == 0):
                conditions.append(exists().where(group.named, _attribute.row == _document.row))
            elif not is_asked_later:
                conditions.append(_document.row.in_(select(_attribute.row).where(group.named)))
        return and_(*conditions)

    def _is_within_spans(self, body: Body) -> bool:
        values = values_of(body, self._resource.filters) if self._broad_spans else set()
        return all(self._is_within(values, group) for group in self._broad_spans)

    def _is_within(self, values: set[Value], group: _Group) -> bool:
        holds = self._declared[group.path].holds
        ends = [(one.compare, written(one.values[0], holds)) for one in group.conditions]
        mine = [value for path, value in values if path == group.path]
        return any(all(SIGNS[compare](value, end) for compare, end in ends) for value in mine)

    def _compared(self, condition: Condition) -> ColumnElement[bool]:
        holds = self._declared[condition.path].holds
        spelled = (
            condition.values if holds is not Holds.PHONE else [n for one in condition.values for n in spellings(one)]
        )
        values = [written(value, holds) for value in spelled]
        if condition.compare is Compare.EQ:
            return _attribute.value.in_([value for value in values if value])
        compared: ColumnElement[bool] = SIGNS[condition.compare](_attribute.value, values[0])
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

    def _page_by_id(self) -> list[StoredDocument]:
        page = select(*COLUMNS).where(self._wanted()).order_by(self._by_id)
        return self._read(page.offset(self._query.offset).limit(self._query.limit))

    def _by_column(self) -> list[StoredDocument]:
        """Sorted by one column's index; more are sorted by only where they are few."""
        order, *more = self._order
        if more or self._holds_many(order.path):
            raise BadRequestError(f"More than {_FEW} match: filter, or sort by one single attribute, and by id.")
        column = _attribute.declared == self._column(order.path)
        joined = select(*COLUMNS).join_from(schema.attribute, schema.document, _attribute.row == _document.row)
        key = _attribute.value.desc() if order.is_descending else _attribute.value
        with_it = joined.where(column, self._wanted()).order_by(key, self._by_id)
        found = self._read(with_it.offset(self._query.offset).limit(self._query.limit))
        if len(found) == self._query.limit:
            return found
        have = self._reader.connection.scalars(
            select(func.count()).join_from(schema.attribute, schema.document, _attribute.row == _document.row).where(
                column, self._wanted()
            )
        ).one()  # fmt: skip
        rest = select(*COLUMNS).where(self._wanted(), not_(_document.row.in_(select(_attribute.row).where(column))))
        page = rest.order_by(self._by_id).offset(max(0, self._query.offset - have))
        return [*found, *self._read(page.limit(self._query.limit - len(found)))]

    def _read(self, page: Select[Any]) -> list[StoredDocument]:
        return [self._reader.document(row) for row in self._reader.connection.execute(page).all()]

    def _read_all(self) -> Iterator[StoredDocument]:
        """Everything that the index leaves, for as long as there is time."""
        every = select(*COLUMNS).where(self._wanted()).order_by(self._by_id)
        options = {"yield_per": _ROWS_AT_A_TIME}
        with self._reader.connection.execute(every, execution_options=options) as rows:
            for row in rows:
                self._hurry()
                yield self._reader.document(row)

    def _hurry(self) -> None:
        if time.monotonic() > self._until:
            raise TakesTooLongError

    def _sorted(self, found: list[StoredDocument]) -> list[StoredDocument]:
        bodies = {one.row: one.body for one in found} if self._order else {}
        for order in reversed(self._order):
            key = _key_of(self._resource, order)
            keys: dict[int, str] = {}
            for row, body in bodies.items():
                self._hurry()
                keys[row] = key(body)
            having = [one for one in found if keys[one.row]]
            having.sort(key=lambda one: keys[one.row], reverse=order.is_descending)
            found = [*having, *(one for one in found if not keys[one.row])]
        return found


def _ending_in_id(orders: Sequence[Order]) -> tuple[list[Order], Any]:
    """What is sorted by before the id, and how by the id, which decides at last; whatever follows it decides nothing."""
    before: list[Order] = []
    for one in orders:
        if one.path == "id":
            return before, _document.id.desc() if one.is_descending else _document.id
        before.append(one)
    return before, _document.id


def _id_of(document: StoredDocument) -> str:
    return document.id


def _page(found: Sequence[StoredDocument], query: Query) -> list[StoredDocument]:
    return list(found[query.offset : query.offset + query.limit])


def _key_of(resource: Resource, order: Order) -> Callable[[Body], str]:
    declared = next((one for one in resource.filters if one.path == order.path), None)
    steps = tuple(order.path.split("."))

    def key(body: Body) -> str:
        values = [written(one, declared.holds if declared else kind_of(one)) for one in found_at(body, steps)]
        known = [value for value in values if value]
        if not known:
            return ""
        return max(known) if order.is_descending else min(known)

    return key
