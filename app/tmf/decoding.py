"""Turns what came over the wire into values: JSON of bounded depth, or BackOfficeAnswerError."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import httpx
import msgspec

from app.core.errors import BackOfficeAnswerError

T = TypeVar("T")
JSON = "application/json"
MOST_DEPTH = 64  # of any resource; what is nested deeper would break whoever reads it later


_object: msgspec.json.Decoder[dict[str, Any]] = msgspec.json.Decoder(dict[str, Any])


def decoded(content: bytes, decoder: msgspec.json.Decoder[T]) -> T:
    """The JSON text as what the decoder makes. Raises BackOfficeAnswerError."""
    try:
        return decoder.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BackOfficeAnswerError from error


def object_in(content: bytes) -> dict[str, Any]:
    """The JSON object in a text, with everything in it checked. Raises BackOfficeAnswerError."""
    body = decoded(content, _object)
    if content.count(b"{") + content.count(b"[") > MOST_DEPTH and _depth(body) > MOST_DEPTH:
        raise BackOfficeAnswerError
    return body


def answer_in(response: httpx.Response) -> Mapping[str, Any]:
    """The object in an answer that says it is JSON and is. Raises BackOfficeAnswerError."""
    if media_of(response) != JSON:
        raise BackOfficeAnswerError
    return object_in(response.content)


def media_of(response: httpx.Response) -> str:
    """The media type that an answer claims."""
    media: str = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    return media


def _depth(value: object) -> int:
    depth, level = 0, [value]
    while level := [child for one in level for child in _children(one)]:
        depth += 1
    return depth


def _children(value: object) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
