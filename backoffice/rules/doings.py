"""Who did something, for which department, from when to when, and how it ended: what analysis counts.

What is not said is filled in by who is signed in and what time it is. None of it is free text, so that nothing personal gets
into an analysis.
"""

from __future__ import annotations

import re
from typing import Final

from app.core.clock import from_wire, to_wire
from backoffice.errors import BadRequestError
from backoffice.rules.port import Body, Records

ACTOR: Final = "actor"
DEPARTMENT: Final = "department"
OUTCOME: Final = "outcome"
_WORDS: Final = {
    ACTOR: (re.compile(r"\S{1,64}"), "an id without blanks"),
    DEPARTMENT: (re.compile(r"[\w.-]{1,64}"), "one word"),
    OUTCOME: (re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,63}"), "a code such as callBack"),
}


def done_by(record: Body, records: Records, department: str = "") -> Body:
    """The record with who does it and for which department, where it does not say so. Raises BadRequestError."""
    known = {ACTOR: records.author, DEPARTMENT: department or records.department}
    return checked({**{name: value for name, value in known.items() if value}, **record})


def checked(record: Body) -> Body:
    """The record, if what it says of who did it is no free text. Raises BadRequestError."""
    for name, (pattern, words) in _WORDS.items():
        if name in record and (not isinstance(record[name], str) or not pattern.fullmatch(record[name])):
            raise BadRequestError(f"{name} must be {words}.")
    return record


def timed(record: Body, name: str, instant: str) -> Body:
    """The record with an instant under `name`, its own where it has one. Raises BadRequestError."""
    held = record.get(name)
    if held is None:
        return {**record, name: instant}
    try:
        return {**record, name: to_wire(from_wire(held))}
    except (AttributeError, ValueError, OverflowError) as error:
        raise BadRequestError(f"{name} must be an ISO 8601 instant.") from error


def refuse_backwards(record: Body, start: str, end: str) -> None:
    """Raise BadRequestError for what ends before it begins."""
    if start in record and end in record and record[end] < record[start]:
        raise BadRequestError(f"{end} lies before {start}.")
