"""The answer to a sign-in, checked before anything of it is kept or sent back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import httpx
import msgspec

from app.core.clock import from_wire, to_wire
from app.core.errors import BackOfficeAnswerError
from app.tmf.decoding import answer_in

_Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class _User(msgspec.Struct):
    id: _Name
    name: _Name
    role: _Name


class _SignIn(msgspec.Struct):
    token: Annotated[str, msgspec.Meta(pattern="^[!-~]{1,4000}$")]  # it goes into a header
    offlineUntil: str  # noqa: N815 - as on the wire
    user: _User
    office: Annotated[str, msgspec.Meta(max_length=200)] = ""  # back offices of others have no id


def sign_in_answer(response: httpx.Response) -> Mapping[str, Any]:
    """The answer, with an instant that can be read. Raises BackOfficeAnswerError."""
    try:
        answer = msgspec.convert(answer_in(response), _SignIn)
        answer.offlineUntil = to_wire(from_wire(answer.offlineUntil))
    except (msgspec.ValidationError, ValueError, OverflowError) as error:
        raise BackOfficeAnswerError from error
    told: Mapping[str, Any] = msgspec.to_builtins(answer)
    return told
