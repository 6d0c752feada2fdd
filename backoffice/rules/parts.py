"""The pieces that rules read and write: references, amounts, periods."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from app.core.clock import from_wire
from backoffice.errors import BadRequestError
from backoffice.rules.port import Body


def child(body: Any, *path: str) -> Body:
    """The object at a path; empty where there is none."""
    for step in path:
        body = body.get(step) if isinstance(body, dict) else None
    return body if isinstance(body, dict) else {}


def without(body: Body, names: Iterable[str]) -> Body:
    """The object without some of its members."""
    left_out = frozenset(names)
    return {name: value for name, value in body.items() if name not in left_out}


def children(body: Any, name: str) -> list[Body]:
    """The objects of a list; none where there is no list."""
    found = body.get(name) if isinstance(body, dict) else None
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def id_at(body: Any, *path: str) -> str:
    """The id of the object at a path, as text; empty where there is none."""
    found = child(body, *path).get("id")
    return "" if found is None or isinstance(found, bool | dict | list) else str(found)


def ids_in(body: Body, name: str) -> Iterator[str]:
    """The ids of the objects of a list."""
    return (found for one in children(body, name) if (found := id_at(one)))


def text_at(body: Any, *path: str) -> str:
    """The text at a path; empty where there is none."""
    found = child(body, *path[:-1]).get(path[-1])
    return found if isinstance(found, str) else ""


def reference(record: Body, referred_type: str = "") -> Body:
    """A reference to a record that is there."""
    named = {name: record[name] for name in ("id", "href", "name") if isinstance(record.get(name), str)}
    return {**named, "@referredType": referred_type} if referred_type else named


def number(value: Any) -> Decimal | None:
    """An amount as a decimal, so that sums come out exactly; None if it is no number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def as_json(amount: Decimal) -> int | float:
    """An amount as JSON writes it."""
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def period_of(value: Any) -> tuple[datetime, datetime]:
    """Start and end of a time period. Raises BadRequestError unless it has both, in that order."""
    try:
        start, end = from_wire(value["startDateTime"]), from_wire(value["endDateTime"])
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError) as error:
        raise BadRequestError("A time period needs a startDateTime and an endDateTime.") from error
    if start >= end:
        raise BadRequestError("A time period ends after it starts.")
    return start, end


def instant(value: Any) -> datetime | None:
    """An instant; None if it is none."""
    try:
        return from_wire(value)
    except (AttributeError, ValueError, OverflowError):
        return None


def is_running(body: Body, now: datetime) -> bool:
    """Whether `now` lies in the resource's validFor; without one it always does."""
    start, end = (instant(child(body, "validFor").get(name)) for name in ("startDateTime", "endDateTime"))
    return (start is None or start <= now) and (end is None or now < end)
