"""Parked drafts over HTTP (docs/protocol.md)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import httpx
import msgspec

from app.core.drafts import Draft
from app.core.errors import BackOfficeAnswerError
from app.core.wire import text, well_formed
from app.drafts.model import (
    DraftGoneError,
    DraftNotForYouError,
    DraftTakenError,
    NoHallError,
    ParkedDraft,
    ParkedState,
)
from app.tmf.answers import OFFERS_NONE, checked, converted, instant
from app.tmf.decoding import answer_in
from app.tmf.sealing import opened, sealed
from app.tmf.transport import Transport

_HALL, _DRAFTS = "/desk/v1/hall", "/desk/v1/drafts"
_NOT_TAKEN = (
    httpx.codes.BAD_REQUEST, httpx.codes.FORBIDDEN, httpx.codes.NOT_FOUND, httpx.codes.CONFLICT,
    httpx.codes.REQUEST_ENTITY_TOO_LARGE,
)  # fmt: skip
_Text = Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]


class _Desk(msgspec.Struct):
    device: _Text
    key: _Text


class _Hall(msgspec.Struct):
    desks: list[_Desk]


class _Author(msgspec.Struct):
    id: _Text
    name: str


class _Parked(msgspec.Struct, rename="camel"):
    id: _Text
    kind: _Text
    title: str
    author: _Author
    parked_at: str
    state: ParkedState
    claimed_by: str | None = None


class _Listed(msgspec.Struct):
    drafts: list[_Parked]


class _Claimed(msgspec.Struct):
    box: str


class HttpHall:
    """Implements `app.drafts.ports.HallOffice`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def tell_key(self, token: str, key: str) -> None:
        """Say with which public key this desk opens boxes."""
        checked(await self._asked("PUT", _HALL, token, {"key": key}))

    async def keys(self, token: str) -> Mapping[str, str]:
        """The public keys of the hall's desks, by device."""
        hall = converted(checked(await self._asked("GET", _HALL, token)), _Hall)
        return {one.device: one.key for one in hall.desks}

    async def parked(self, token: str) -> tuple[ParkedDraft, ...]:
        """What is parked at the hall of the token's person."""
        listed = converted(checked(await self._asked("GET", _DRAFTS, token)), _Listed)
        return tuple(
            ParkedDraft(
                one.id, one.kind, well_formed(one.title), one.author.id, well_formed(one.author.name),
                instant(one.parked_at), one.state, well_formed(one.claimed_by or ""),
            )
            for one in listed.drafts
        )  # fmt: skip

    async def park(self, token: str, draft: Draft, keys: Mapping[str, str]) -> bool:
        """Seal a draft to these keys and leave it there; whether head office answers for it now, here or elsewhere."""
        body = {"kind": draft.kind, "title": draft.subject or "none", "box": sealed(draft, keys)}
        response = await self._transport.request("PUT", f"{_DRAFTS}/{draft.id}", token=token, body=body)
        if response.status_code in _NOT_TAKEN:
            return False
        answer_in(checked(response, response.status_code if response.is_success else httpx.codes.OK))
        return True

    async def claim(self, token: str, draft_id: str, device: str, secret: bytes) -> Draft:
        """Get a draft, opened with this desk's secret key. Raises what `app.drafts.model` says."""
        response = await self._transport.request("POST", f"{_DRAFTS}/{draft_id}/claim", token=token)
        if response.status_code == httpx.codes.FORBIDDEN:
            raise DraftNotForYouError
        if response.status_code == httpx.codes.NOT_FOUND:
            answer_in(response)  # a 404 that head office did not write itself says nothing
            raise DraftGoneError
        if response.status_code == httpx.codes.CONFLICT:
            raise _taken(response)
        draft = opened(converted(checked(response), _Claimed).box, draft_id, device, secret)
        if draft.id != draft_id:
            raise BackOfficeAnswerError
        return draft

    async def take(self, token: str, draft_id: str) -> None:
        """Say that it is on this desk's disk.

        A head office that was put back to a backup knows nothing of it, and then it is here and nowhere else.
        """
        response = await self._transport.request("DELETE", f"{_DRAFTS}/{draft_id}", token=token)
        if response.status_code == httpx.codes.CONFLICT:
            raise _taken(response)
        if response.status_code == httpx.codes.NOT_FOUND:
            answer_in(response)
        else:
            checked(response, httpx.codes.NO_CONTENT)

    async def _asked(self, method: str, path: str, token: str, body: object = None) -> httpx.Response:
        response = await self._transport.request(method, path, token=token, body=body)
        if response.status_code in OFFERS_NONE:
            raise NoHallError
        return response


def _taken(response: httpx.Response) -> DraftTakenError:
    return DraftTakenError(name=text(answer_in(response), "holder") or "–")
