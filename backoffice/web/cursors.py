"""Cursors and page tokens: written for a desk, and read when it hands them back.

A cursor says for whom it was given. Who sees other territories or more of a record than they did has a copy that the feed
cannot make right.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

from backoffice.errors import BadRequestError, ExpiredCursorError
from backoffice.reading import Position
from backoffice.scopes import Scope


def cursor_of(position: Position, scope: Scope) -> str:
    """The cursor of a place in history for who sees so much of it."""
    return f"{position.epoch}.{_digest(scope)}.{position.sequence}"


def sequence_in(cursor: str, position: Position, scope: Scope) -> int:
    """The sequence a cursor stands for. Raises ExpiredCursorError unless it is of this epoch and scope, and not of the future."""
    place, _, number = cursor.rpartition(".")
    is_number = number.isascii() and number.isdigit() and len(number) < 19  # noqa: PLR2004 - 64 bits
    if not is_number or place != f"{position.epoch}.{_digest(scope)}" or int(number) > position.sequence:
        raise ExpiredCursorError("This cursor is of another epoch, or of who sees something else. Take a new snapshot.")
    return int(number)


@lru_cache(maxsize=1000)
def _digest(scope: Scope) -> str:
    sees = [None if one is None else sorted(one) for one in (scope.territories, scope.reveals)]
    copied = [] if scope.collections is None else [sorted(scope.collections)]
    home = [] if scope.home is None else ["home", *sorted(scope.home)]
    return hashlib.sha256(repr([*sees, scope.party, *copied, *home]).encode()).hexdigest()[:12]


def place_in(token: str) -> tuple[str, str]:
    """The collection and id of a snapshot's page token; no token stands before everything."""
    if not token:
        return "", ""
    collection, slash, document_id = token.partition("/")
    if not slash:
        raise BadRequestError("after must be the token of a page line.")
    return collection, document_id
