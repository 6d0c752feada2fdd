"""The declared columns of a document: which values it has, written so that they sort as what they stand for.

Text stands for itself, instants are UTC with milliseconds, true and false are words. A number is the 64 bits of its double,
turned so that they sort, as 16 hexadecimal digits. A telephone number is its digits, last first, so that all spellings of one
stand together, national and international. What cannot be read as its column's kind has no row. A long text is cut
and ends in its digest: equal stays equal, order is kept up to the cut.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable, Iterator
from typing import Any, Final

from app.core.clock import from_wire, to_wire
from app.rules.folding import digits_in
from backoffice.resources import Filter, Holds

Value = tuple[str, str]  # path and written value
_LONGEST: Final = 400  # characters; PostgreSQL indexes no entry of more than 2,700 bytes
_SIGN: Final = 1 << 63
_ALL: Final = (1 << 64) - 1


def values_of(body: Any, filters: Iterable[Filter]) -> set[Value]:
    """Every declared value of a document."""
    return {
        (one.path, value)
        for one in filters
        if one.steps[0] in body  # so for few of them
        for found in found_at(body, one.steps)
        if (value := written(found, one.holds))
    }


def found_at(body: Any, steps: tuple[str, ...]) -> Iterator[Any]:
    """Every simple value under a path, through arrays: `relatedParty.id` finds every party's."""
    if isinstance(body, list):
        for member in body:
            yield from found_at(member, steps)
    elif steps:
        if isinstance(body, dict) and steps[0] in body:
            yield from found_at(body[steps[0]], steps[1:])
    elif not isinstance(body, dict):
        yield body


def written(value: Any, holds: Holds) -> str:
    """The value as its column keeps it; empty where it is none of that kind."""
    if holds in (Holds.NUMBER, Holds.INTEGER):
        return _sortable(value)
    text = as_text(value)
    if holds is Holds.INSTANT:
        return _instant(text)
    if holds is Holds.PHONE:
        return digits_in(text)[::-1][:_LONGEST]
    if holds is Holds.TRUTH:
        return text.casefold()
    if "\x00" in text:  # PostgreSQL takes no such text
        text = text.replace("\x00", "\ufffd")
    if len(text) <= _LONGEST:
        return text
    return f"{text[:_LONGEST]}\x01{hashlib.sha256(text.encode()).hexdigest()}"


def as_text(value: Any) -> str:
    """A simple value as text; empty where it is none."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else ""


def _instant(text: str) -> str:
    try:
        return to_wire(from_wire(text))
    except (ValueError, OverflowError):
        return ""


def _sortable(value: Any) -> str:
    if isinstance(value, bool):
        return ""
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return ""
    if number != number:  # noqa: PLR0124 - not a number
        return ""
    (bits,) = struct.unpack(">Q", struct.pack(">d", number + 0.0))  # a negative zero is a zero
    return f"{bits ^ _ALL if bits & _SIGN else bits | _SIGN:016x}"
