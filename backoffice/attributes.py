"""Finds the values of a document under an attribute path, through arrays: `relatedParty.id` names every party."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from backoffice.resources import Filter

Row = tuple[str, str, str, str]


def values_at(body: Any, steps: tuple[str, ...]) -> Iterator[str]:
    """Every simple value under the path, as the text that a filter would name it by."""
    if isinstance(body, list):
        for member in body:
            yield from values_at(member, steps)
    elif steps:
        if isinstance(body, dict) and steps[0] in body:
            yield from values_at(body[steps[0]], steps[1:])
    elif (text := _as_text(body)) is not None:
        yield text


def rows_of(collection: str, document_id: str, body: Any, filters: Iterable[Filter]) -> set[Row]:
    """The rows of the attribute table that stand for this document: collection, name, value, id."""
    return {
        (collection, one.path, value, document_id) for one in filters for value in values_at(body, one.steps) if value
    }


def _as_text(value: Any) -> str | None:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else None
