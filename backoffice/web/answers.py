"""JSON answers and refusals, and reading of bodies and headers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from backoffice.errors import BadRequestError, RefusedError, TooLargeError, WrongMediaTypeError

MAX_BODY_BYTES: Final = 1_000_000
_MAX_DRAINED_BYTES = 16_000_000
JSON: Final = "application/json"
Headers = Mapping[str, str]


def json_answer(value: Any, status: int = 200, headers: Headers | None = None) -> Response:
    """Answer with `value`; nobody on the way may keep a copy."""
    return text_answer(msgspec.json.encode(value), status, headers)


def text_answer(text: str | bytes, status: int = 200, headers: Headers | None = None) -> Response:
    """Answer with JSON that is written already."""
    return Response(text, status, {"Cache-Control": "no-store", **(headers or {})}, JSON)


def refusal(error: RefusedError) -> Response:
    """Say why it was refused."""
    return json_answer({"code": error.code, "reason": error.reason, **error.told}, error.status, error.headers)


async def body_of(request: Request) -> bytes:
    """The whole body. Raises TooLargeError; what is too large is read to its end so that the client hears that."""
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= MAX_BODY_BYTES:
            chunks.append(chunk)
        elif size > _MAX_DRAINED_BYTES:
            break
    if size > MAX_BODY_BYTES:
        raise TooLargeError(f"A body may hold {MAX_BODY_BYTES} bytes.")
    return b"".join(chunks)


async def json_of(request: Request, *media_types: str) -> Any:
    """The JSON that was sent as one of `media_types`. Raises RefusedError."""
    sent_as = media_type_of(request)
    body = await body_of(request)
    if sent_as not in media_types:
        raise WrongMediaTypeError(f"Send {' or '.join(media_types)}.")
    try:
        content = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError) as error:
        raise BadRequestError("The body is not valid JSON.") from error
    if b"\\u0000" in body and _holds_zero(content):
        raise BadRequestError("A text may not hold U+0000.")
    return content


def _holds_zero(value: Any) -> bool:
    """Whether the sign that PostgreSQL takes in no text is in one; few bodies spell it, so that few are looked through."""
    if isinstance(value, dict):
        return any("\x00" in name or _holds_zero(one) for name, one in value.items())
    if isinstance(value, list):
        return any(_holds_zero(one) for one in value)
    return isinstance(value, str) and "\x00" in value


def media_type_of(request: Request) -> str:
    """What the body is said to be, in lower case and without parameters; JSON where nothing is said."""
    return request.headers.get("content-type", JSON).partition(";")[0].strip().lower()


def number_in(values: Mapping[str, str], name: str, *, least: int = 0, most: int | None = None) -> int | None:
    """The whole number under a header's or query parameter's name, None if absent. Raises BadRequestError."""
    text = values.get(name)
    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 18 or int(text) < least:  # noqa: PLR2004 - 64 bits
        raise BadRequestError(f"{name} must be a whole number from {least}.")
    return int(text) if most is None else min(int(text), most)
