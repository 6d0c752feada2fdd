"""Reads what a source sent without trusting it; every adapter does so."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final, TypeVar

import msgspec

from backoffice.facts.port import Fact, MalformedAnswerError

F = TypeVar("F", bound=Fact)
_LARGEST: Final = 64 * 1024  # bytes; what is longer is no answer to such a question


def decoded(raw: bytes, kind: type[F]) -> F:
    """The fact that these bytes say. Raises MalformedAnswerError."""
    if len(raw) > _LARGEST:
        raise MalformedAnswerError
    try:
        fact = msgspec.json.decode(raw, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedAnswerError from error
    if any(_is_vague(value) for value in msgspec.structs.asdict(fact).values()):
        raise MalformedAnswerError
    return fact


def in_utc(fact: Fact) -> dict[str, Any]:
    """The fact as it is answered, its instants in UTC."""
    instants = {name: value for name, value in msgspec.structs.asdict(fact).items() if isinstance(value, datetime)}
    try:
        plain = msgspec.structs.replace(fact, **{name: value.astimezone(UTC) for name, value in instants.items()})
    except (OverflowError, ValueError) as error:
        raise MalformedAnswerError from error
    told: dict[str, Any] = msgspec.to_builtins(plain)
    return told


def _is_vague(value: Any) -> bool:
    """An instant that does not say in which time zone it is."""
    return isinstance(value, datetime) and value.tzinfo is None
