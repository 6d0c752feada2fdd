"""Reads what a list request asks for: filters, paging and the attributes to answer with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.datastructures import QueryParams

from backoffice.documents import Body
from backoffice.errors import BadRequestError
from backoffice.reading import Query
from backoffice.resources import Resource
from backoffice.web.answers import number_in

MAX_ROWS: Final = 1000
_NOT_FILTERS: Final = frozenset({"fields", "offset", "limit"})


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of a collection, and which attributes of each; None: all of them."""

    query: Query
    fields: str | None

    @classmethod
    def asked_for(cls, parameters: QueryParams, resource: Resource) -> Listing:
        """Read the query parameters. Raises BadRequestError for what cannot be filtered by."""
        offset = number_in(parameters, "offset") or 0
        limit = number_in(parameters, "limit", most=MAX_ROWS)
        filters = _filters(parameters, resource)
        ids = filters.pop("id", None)
        query = Query(resource.collection, filters, ids, offset, MAX_ROWS if limit is None else limit)
        return cls(query, parameters.get("fields"))


def chosen(body: Body, fields: str | None) -> Body:
    """The named attributes, and always `id` and `href`."""
    if fields is None:
        return body
    names = {"id", "href", *(name.strip() for name in fields.split(","))}
    return {name: value for name, value in body.items() if name in names}


def _filters(parameters: QueryParams, resource: Resource) -> dict[str, tuple[str, ...]]:
    filters: dict[str, tuple[str, ...]] = {}
    for name in parameters:
        if name in _NOT_FILTERS:
            continue
        declared = ("id", *(one.path for one in resource.filters))
        if name not in declared:
            raise BadRequestError(f"This collection is filtered by: {', '.join(declared)}.")
        filters[name] = _values(parameters, name)
    return filters


def _values(parameters: QueryParams, name: str) -> tuple[str, ...]:
    """All values of which one must be there; a value that itself holds a comma is among them too."""
    given = parameters.getlist(name)
    return tuple({*given, *(part for value in given for part in value.split(","))})
