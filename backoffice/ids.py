"""What a record may be known by: every engine keeps and indexes it, and every client can ask for it."""

from __future__ import annotations

import re
from typing import Any, Final, TypeGuard

from backoffice.errors import BadRequestError

LONGEST: Final = 255
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_STEPS: Final = (".", "..")  # clients take these out of an address before they send it


def is_id(value: Any) -> TypeGuard[str]:
    """Whether somebody may be known by it; nobody is by a zero sign, which PostgreSQL does not take."""
    return isinstance(value, str) and 0 < len(value) <= LONGEST and "\x00" not in value


def may_name(value: Any) -> TypeGuard[str]:
    """Whether a new record may get it as its id."""
    return is_id(value) and value not in _STEPS and not _CONTROL.search(value)


def checked_id(value: Any) -> str:
    """The id of a new record. Raises BadRequestError."""
    if not may_name(value):
        raise BadRequestError(f"id must be 1 to {LONGEST} visible signs, and neither one nor two dots.")
    return value
