"""Answers of what the desk protocol has beside TM Forum, checked before anything of them is used."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

import httpx
import msgspec

from app.core.clock import from_wire
from app.core.errors import BackOfficeAnswerError, BackOfficeUnreachableError
from app.sync.errors import BusyError, GrantEndedError
from app.sync.retry import told_delay
from app.tmf.decoding import answer_in

OFFERS_NONE = (httpx.codes.FORBIDDEN, httpx.codes.NOT_FOUND, httpx.codes.METHOD_NOT_ALLOWED)
_BUSY = (httpx.codes.TOO_MANY_REQUESTS, httpx.codes.SERVICE_UNAVAILABLE)
T = TypeVar("T")


def checked(response: httpx.Response, expected: int = httpx.codes.OK) -> httpx.Response:
    """The answer, where it has the status that was hoped for. Raises DeskError."""
    status = response.status_code
    if status == httpx.codes.UNAUTHORIZED:
        raise GrantEndedError
    if status in _BUSY:
        raise BusyError(told_delay(response.headers.get("retry-after")))
    if status >= httpx.codes.INTERNAL_SERVER_ERROR:
        raise BackOfficeUnreachableError
    if status != expected:
        raise BackOfficeAnswerError
    return response


def converted(response: httpx.Response, kind: type[T]) -> T:
    """What the answer holds. Raises BackOfficeAnswerError."""
    try:
        return msgspec.convert(answer_in(response), kind)
    except msgspec.ValidationError as error:
        raise BackOfficeAnswerError from error


def instant(text: str) -> datetime:
    """The instant that is written so. Raises BackOfficeAnswerError."""
    try:
        return from_wire(text)
    except ValueError as error:
        raise BackOfficeAnswerError from error
