"""Reads what a list request asks for: filters, sorting, paging and the attributes to answer with; and what its answer tells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from backoffice.documents import Body, StoredDocument, to_json
from backoffice.querying import Compare, Condition, Query
from backoffice.web.addresses import Address
from backoffice.web.answers import number_in
from backoffice.web.filters import conditions_in, demand_sense, orders_in

MAX_ROWS: Final = 1000
_PAGING: Final = ("offset", "limit")


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of a collection, and which attributes of each; None: all of them."""

    query: Query
    fields: str | None
    asked: tuple[tuple[str, str], ...] = ()

    @classmethod
    def asked_for(cls, parameters: QueryParams, address: Address) -> Listing:
        """Read the query parameters. Raises BadRequestError for what makes no sense."""
        resource = address.resource
        asked = tuple(parameters.multi_items())
        conditions = conditions_in(asked)
        for condition in conditions:
            demand_sense(resource, condition)
        ids = next((one.values for one in conditions if one.path == "id" and one.compare is Compare.EQ), None)
        others = tuple(one for one in conditions if not (one.path == "id" and one.compare is Compare.EQ))
        if resource.parent:
            others += (Condition(f"{resource.parent}.id", Compare.EQ, (address.parent_id,)),)
        limit = number_in(parameters, "limit", most=MAX_ROWS)
        query = Query(
            resource.collection, others, ids, orders_in(every(parameters, "sort")),
            number_in(parameters, "offset") or 0, MAX_ROWS if limit is None else limit,
        )  # fmt: skip
        return cls(query, every(parameters, "fields"), asked)

    def headers(self, path: str, found: int, total: int | None) -> dict[str, str]:
        """How many there are, if that is known, how many of them are here, and where the other pages lie (RFC 8288)."""
        counts = {"X-Result-Count": str(found)} | ({} if total is None else {"X-Total-Count": str(total)})
        links = self._links(path, found, total)
        return {**counts, "Link": ", ".join(links)} if links else counts

    def told(self, found: Sequence[StoredDocument]) -> str:
        """The page as JSON; what is answered whole goes out as it is kept, without being read."""
        if self.fields is None:
            return f"[{','.join(document.text or '{}' for document in found)}]"
        return to_json([chosen(document.body, self.fields) for document in found])

    def _links(self, path: str, found: int, total: int | None) -> list[str]:
        offset, limit = self.query.offset, self.query.limit
        if not limit or (offset == 0 and total is not None and total <= limit):
            return []
        goes_on = found == limit if total is None else offset + limit < total
        last = None if total is None else (max(total - 1, 0) // limit) * limit
        places = {
            "first": 0,
            "prev": (offset - limit if last is None else min(offset - limit, last)) if offset > 0 else None,
            "next": offset + limit if goes_on else None,
            "last": last,
        }
        return [
            f'<{path}?{self._query_at(max(place, 0))}>; rel="{name}"'
            for name, place in places.items()
            if place is not None
        ]

    def _query_at(self, offset: int) -> str:
        kept = [(name, value) for name, value in self.asked if name not in _PAGING]
        return urlencode([*kept, ("offset", str(offset)), ("limit", str(self.query.limit))])


def every(parameters: QueryParams, name: str) -> str | None:
    """All that is said under a name, as one: `fields=a&fields=b` says what `fields=a,b` says. None where nothing is."""
    return ",".join(parameters.getlist(name)) if name in parameters else None


def chosen(body: Body, fields: str | None) -> Body:
    """The named attributes, and always `id` and `href`."""
    if fields is None:
        return body
    names = {"id", "href", *(name.strip() for name in fields.split(","))}
    return {name: value for name, value in body.items() if name in names}
