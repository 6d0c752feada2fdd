"""How long the lists of a request may be that its rule goes through while others wait to write."""

from __future__ import annotations

from typing import Any, Final

from backoffice.documents import Body
from backoffice.errors import BadRequestError
from backoffice.resources import Resource

LONGEST: Final = 200  # members: each may be looked up


def refuse_long_lists(resource: Resource, before: Body, wanted: Body) -> None:
    """Raise BadRequestError for a list that is too long, if it was not there before."""
    for path in resource.walked:
        first, *rest = path.split(".")
        if wanted.get(first) != before.get(first) and _members(wanted.get(first), tuple(rest)) > LONGEST:
            raise BadRequestError(f"{path} holds more than {LONGEST} members. Send several requests.")


def _members(value: Any, steps: tuple[str, ...]) -> int:
    """How many members the lists at a path have, all together."""
    if not steps:
        return len(value) if isinstance(value, list) else 0
    if isinstance(value, list):
        return sum(_members(one, steps) for one in value)
    return _members(value.get(steps[0]), steps[1:]) if isinstance(value, dict) else 0
