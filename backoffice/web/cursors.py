"""Reads cursors and page tokens that a desk hands back."""

from __future__ import annotations

from backoffice.errors import BadRequestError, ExpiredCursorError
from backoffice.reading import Position


def sequence_in(cursor: str, position: Position) -> int:
    """The sequence a cursor stands for. Raises ExpiredCursorError unless it is of this epoch and not of the future."""
    epoch, _, number = cursor.partition(".")
    is_number = number.isascii() and number.isdigit() and len(number) < 19  # noqa: PLR2004 - 64 bits
    if not is_number or epoch != position.epoch or int(number) > position.sequence:
        raise ExpiredCursorError("This cursor is not of this epoch. Take a new snapshot.")
    return int(number)


def place_in(token: str) -> tuple[str, str]:
    """The collection and id of a snapshot's page token; no token stands before everything."""
    if not token:
        return "", ""
    collection, slash, document_id = token.partition("/")
    if not slash:
        raise BadRequestError("after must be the token of a page line.")
    return collection, document_id
