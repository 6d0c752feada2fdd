"""How large and how deep a document may be, however it comes in. Desks take somewhat more: what they refuse stops them."""

from __future__ import annotations

from typing import Any, Final

from backoffice.documents import Body, StoredDocument
from backoffice.errors import BadRequestError, TooLargeError
from backoffice.masking import shown

MOST_BYTES: Final = 900 * 1024  # of UTF-8; desks refuse 1 MiB
MOST_DEPTH: Final = 60  # desks refuse 64
_LARGE: Final = MOST_BYTES // 4  # signs, or bytes, that are nowhere near
_TOO_LARGE: Final = "The resource would become larger than desks take."
_TOO_DEEP: Final = "The resource would be nested deeper than desks take."


def refuse_unfit(collection: str, text: str, body: Body) -> None:
    """Raise TooLargeError or BadRequestError for a document, as text and read, that desks would not take."""
    if len(text) > _LARGE and _size(collection, text) > MOST_BYTES:
        raise TooLargeError(_TOO_LARGE)
    if text.count("{") + text.count("[") > MOST_DEPTH and is_too_deep(body):
        raise BadRequestError(_TOO_DEEP)


def is_too_deep(value: object) -> bool:
    """Whether it is nested too deeply to be kept."""
    depth, level = 0, [value]
    while depth <= MOST_DEPTH and (level := [child for one in level for child in _children(one)]):
        depth += 1
    return depth > MOST_DEPTH


def _size(collection: str, text: str) -> int:
    """Bytes of the document as those see it for whom it is longest: a mask may be longer than what it hides."""
    masked = shown(StoredDocument(collection, "", 0, text), frozenset()).text or ""
    return max(len(text.encode()), len(masked.encode()))


def _children(value: object) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
