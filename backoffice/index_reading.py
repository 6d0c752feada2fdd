"""Reads the index of customers for copies that have a home (see `indexing`)."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, and_, func, literal, not_, or_, select

from backoffice import schema
from backoffice.dialect import holds
from backoffice.documents import StoredDocument
from backoffice.masking import shown
from backoffice.pages import Page, up_to, whole_revisions
from backoffice.scopes import INDEX, OWNER, Scope, in_any

_document = schema.document.c
_departure = schema.departure.c
_index = schema.customer_index.c
_ROWS: Final = select(literal(INDEX).label("collection"), _index.id, _index.revision, _index.body, _index.territory)
_AROUND_ONE: Final = 2  # bars, as `scopes.written` puts them


def _is_of_a_territory() -> ColumnElement[bool]:
    """Whether the record left one, and not only the customer who it is: that is told with its deletion."""
    bars = func.length(_departure.territory) - func.length(func.replace(_departure.territory, "|", ""))
    return or_(bars > _AROUND_ONE, not_(holds(_departure.territory, f"|{OWNER}")))


class IndexReader:
    """What a scope covers of the index, in the transaction of the connection."""

    def __init__(self, connection: Connection, scope: Scope) -> None:
        self._connection = connection
        self._scope = scope
        self._in_view = scope.index_condition()

    def living_after(self, customer: str, limit: int) -> Page:
        """Up to `limit` entries of customers whose ids follow this one."""
        living = and_(_index.id > customer, _index.body.is_not(None), self._in_view)
        return up_to(limit, self._found(_ROWS.where(living).order_by(_index.id).limit(limit + 1)))

    def changed_after(self, sequence: int, limit: int) -> Page:
        """About `limit` entries that were changed after `sequence`, by revision, no revision by half."""
        rows = _ROWS.where(self._in_view).order_by(_index.revision)
        page = up_to(limit, self._found(rows.where(_index.revision > sequence).limit(limit + 1)))
        rest = self._found(rows.where(_index.revision == page[-1].revision)) if page.has_more else []
        return whole_revisions(page, rest)

    def left_after(self, sequence: int, limit: int) -> Page:
        """Up to `limit` customers who were in view until after `sequence`, and whose entries are not now."""
        moved = (
            select(_index.id, func.max(_departure.revision).label("left_at"))
            .join_from(schema.departure, schema.document, _departure.row == _document.row)
            .join(schema.customer_index, _index.id == _document.id)
            .where(_document.collection.concat("") == "customer", _departure.revision > sequence)
            .where(self._from_here(), not_(self._in_view))
            .group_by(_index.id)
            .order_by(func.max(_departure.revision))
            .limit(limit + 1)
        )
        rows = self._connection.execute(moved)
        return up_to(limit, [StoredDocument(INDEX, row.id, row.left_at, None, has_left=True) for row in rows])

    def _from_here(self) -> ColumnElement[bool]:
        """Whether what departed was a customer of whom the entry was in view."""
        territories, home = self._scope.territories, self._scope.home or frozenset()
        theirs = _is_of_a_territory() if territories is None else in_any(_departure.territory, territories)
        return and_(theirs, not_(in_any(_departure.territory, home)))

    def _found(self, question: Select[Any]) -> list[StoredDocument]:
        rows = self._connection.execute(question)
        return [shown(StoredDocument(*row), self._scope.reveals) for row in rows]
