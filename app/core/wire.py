"""Reads TM Forum JSON without trusting it: a wrong type is as good as absent, and never raises."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from app.core.clock import from_wire

Body = Mapping[str, Any]

MAX_SHOWN = 4_000  # characters of one value that a clerk could ever want to read
AFFECTED_CUSTOMER = "affectedCustomer"  # the role in which the record of an outage counts a customer in
_HALF_A_SIGN = re.compile("[\ud800-\udfff]")


def well_formed(text: str) -> str:
    """The text without halves of surrogate pairs, which JSON may hold but no file, wire or window takes."""
    if not _HALF_A_SIGN.search(text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def text(body: Body, name: str, default: str = "") -> str:
    """The attribute as text, cut to what a page can show; numbers are written out."""
    value = body.get(name)
    if isinstance(value, str):
        return value if value.isascii() and len(value) <= MAX_SHOWN else well_formed(value[:MAX_SHOWN])
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)[:MAX_SHOWN]
    return default


def instant(body: Body, name: str) -> datetime | None:
    """The attribute as an instant, or None where it is missing or unreadable."""
    try:
        return from_wire(text(body, name))
    except ValueError:
        return None


def calendar_day(body: Body, name: str) -> date | None:
    """The attribute as a date, as it was written: one that comes as an instant is not moved by anybody's time zone."""
    written = text(body, name).strip()
    try:
        from_wire(written)  # refuses the calendar's ends, which stand for "unknown"
        return datetime.fromisoformat(written).date()
    except ValueError:
        return None


def child(body: Body, name: str) -> Body:
    """The attribute as an object, empty where it is none."""
    value = body.get(name)
    return value if isinstance(value, Mapping) else {}


def children(body: Body, name: str) -> Iterator[Body]:
    """The objects in the attribute's list; anything else in it is passed over."""
    value = body.get(name)
    if isinstance(value, list):
        yield from (item for item in value if isinstance(item, Mapping))


def texts(body: Body, name: str) -> Iterator[str]:
    """The members of a list that are text."""
    held = body.get(name)
    for one in held if isinstance(held, list) else ():
        if isinstance(one, str):
            yield well_formed(one[:MAX_SHOWN])


def characteristics(body: Body, name: str = "characteristic") -> dict[str, str]:
    """A TM Forum characteristic list as name → value."""
    return {text(item, "name"): _written(item.get("value")) for item in children(body, name)}


def related(body: Body, attribute: str, role: str) -> str:
    """The id of the first related thing in that role, or empty."""
    return next((text(item, "id") for item in children(body, attribute) if text(item, "role") == role), "")


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return well_formed(value[:MAX_SHOWN])
    return str(value)[:MAX_SHOWN] if isinstance(value, (int, float)) else ""
