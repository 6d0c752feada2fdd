"""Parked drafts over HTTP (docs/protocol.md)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Annotated

import httpx
import msgspec

from app.core.drafts import Draft
from app.core.errors import BackOfficeAnswerError, BackOfficeRefusedError, DeskError, NotAllowedError
from app.core.wire import well_formed
from app.drafts.model import (
    DraftGoneError,
    DraftNotForYouError,
    DraftTakenError,
    DraftTooLongError,
    HallFullError,
    NoHallError,
    NotParkedError,
    ParkedDraft,
    ParkedState,
)
from app.tmf.answers import OFFERS_NONE, checked, converted, instant
from app.tmf.sealing import opened, sealed
from app.tmf.transport import Transport

_HALL, _DRAFTS = "/desk/v1/hall", "/desk/v1/drafts"
_REFUSED = (
    httpx.codes.BAD_REQUEST, httpx.codes.FORBIDDEN, httpx.codes.CONFLICT, httpx.codes.REQUEST_ENTITY_TOO_LARGE,
)  # fmt: skip
_ABSENT = "absent"
_ACCOUNTED_FOR = ("parked", "claimed", "taken")
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


class _Where(msgspec.Struct):
    """Where a draft is, as head office says with every answer about one; nobody else on the way would."""

    id: _Text
    state: _Text
    holder: str = ""


class _Refusal(msgspec.Struct):
    code: _Text
    reason: _Text


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

    async def park(self, token: str, draft: Draft, keys: Mapping[str, str]) -> None:
        """Seal a draft to these keys and leave it there; once this returns, head office answers for it."""
        body = {"kind": draft.kind, "title": draft.subject or "none", "box": sealed(draft, keys)}
        response = await self._transport.request("PUT", _path(draft.id), token=token, body=body)
        if response.status_code in _REFUSED:
            why = _why(response)
            await self._ask_whether_absent(token, draft.id)
            raise NotParkedError(why)
        is_new = response.status_code == httpx.codes.CREATED
        _where(checked(response, httpx.codes.CREATED if is_new else httpx.codes.OK), draft.id, _ACCOUNTED_FOR)

    async def claim(self, token: str, draft_id: str, device: str, secret: bytes) -> Draft:
        """Get a draft, opened with this desk's secret key. Raises what `app.drafts.model` says."""
        response = await self._transport.request("POST", f"{_path(draft_id)}/claim", token=token)
        if response.status_code == httpx.codes.FORBIDDEN:
            _where(response, draft_id, ("expired",))
            raise DraftNotForYouError
        if response.status_code in (httpx.codes.NOT_FOUND, httpx.codes.GONE):
            _where(response, draft_id)
            raise DraftGoneError
        if response.status_code == httpx.codes.CONFLICT:
            raise _taken(response, draft_id)
        draft = opened(converted(checked(response), _Claimed).box, draft_id, device, secret)
        if draft.id != draft_id:
            raise BackOfficeAnswerError
        return draft

    async def take(self, token: str, draft_id: str) -> None:
        """Say that it is on this desk's disk.

        A head office that was put back to a backup knows nothing of it, and then it is here and nowhere else.
        """
        response = await self._transport.request("DELETE", _path(draft_id), token=token)
        if response.status_code in (httpx.codes.CONFLICT, httpx.codes.GONE):
            raise _taken(response, draft_id)
        if response.status_code == httpx.codes.NOT_FOUND:
            _where(response, draft_id, (_ABSENT,))
        else:
            _where(checked(response), draft_id, ("taken",))

    async def let_go(self, token: str, draft_id: str) -> None:
        """Say that this desk could not use what it claimed."""
        checked(await self._transport.request("DELETE", f"{_path(draft_id)}/claim", token=token))

    async def _ask_whether_absent(self, token: str, draft_id: str) -> None:
        """After a refusal: an earlier attempt may have arrived all the same. Raises BackOfficeAnswerError unless none did."""
        response = await self._transport.request("GET", _path(draft_id), token=token)
        _where(checked(response, httpx.codes.NOT_FOUND), draft_id, (_ABSENT,))

    async def _asked(self, method: str, path: str, token: str, body: object = None) -> httpx.Response:
        response = await self._transport.request(method, path, token=token, body=body)
        if response.status_code in OFFERS_NONE:
            raise NoHallError
        return response


def _path(draft_id: str) -> str:
    return f"{_DRAFTS}/{draft_id}"


def _where(response: httpx.Response, draft_id: str, states: Collection[str] = ()) -> _Where:
    """What head office itself says of this draft, in one of these states. Raises BackOfficeAnswerError."""
    where = converted(response, _Where)
    if where.id != draft_id or (states and where.state not in states):
        raise BackOfficeAnswerError
    return where


def _taken(response: httpx.Response, draft_id: str) -> DraftTakenError:
    return DraftTakenError(name=well_formed(_where(response, draft_id).holder) or "–")


def _why(response: httpx.Response) -> DeskError:
    """Why head office does not take it. Raises BackOfficeAnswerError where that was not said by head office."""
    refusal = converted(response, _Refusal)
    match response.status_code:
        case httpx.codes.REQUEST_ENTITY_TOO_LARGE:
            return DraftTooLongError()
        case httpx.codes.CONFLICT:
            return HallFullError()
        case httpx.codes.FORBIDDEN:
            return NotAllowedError()
        case _:
            return BackOfficeRefusedError(reason=well_formed(refusal.reason))
