"""Leases over HTTP (docs/protocol.md), and the signature on a block."""

from __future__ import annotations

import base64
from typing import Annotated

import httpx
import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.core.errors import BackOfficeAnswerError
from app.core.ids import new_id
from app.leases.model import Ask, Lease, LeasedItem, LeaseKind, Report, Told
from app.tmf.answers import OFFERS_NONE, checked, converted, instant
from app.tmf.decoding import answer_in
from app.tmf.transport import Transport

_PATH = "/desk/v1/leases"
_OUT = ("held", "expired")
_NONE_NOW = (httpx.codes.FORBIDDEN, httpx.codes.CONFLICT, httpx.codes.UNPROCESSABLE_ENTITY)
_Text = Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]


class _Out(msgspec.Struct):
    id: _Text
    kind: str
    state: str


class _Told(msgspec.Struct):
    now: str
    office: _Text
    epoch: _Text
    key: _Text
    leases: list[_Out]


class _Given(msgspec.Struct):
    block: str
    signature: str


class _Item(msgspec.Struct):
    id: _Text
    value: str


class _Block(msgspec.Struct, rename="camel"):
    id: _Text
    kind: LeaseKind
    items: list[_Item]
    holder: str
    office: str
    epoch: _Text
    expires_at: str


class _Reported(msgspec.Struct):
    id: str
    lost: list[str]


class HttpLeases:
    """Implements `app.leases.ports.LeaseOffice`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def leases(self, token: str) -> Told | None:
        """What is out to this desk; None where this back office leases nothing, or not to this person."""
        response = await self._transport.request("GET", _PATH, token=token)
        if response.status_code in OFFERS_NONE:
            return None
        told = converted(checked(response), _Told)
        kinds = {str(kind): kind for kind in LeaseKind}
        out = tuple((one.id, kinds[one.kind]) for one in told.leases if one.state in _OUT and one.kind in kinds)
        return Told(instant(told.now), told.office, told.epoch, told.key, out)

    async def take(self, token: str, key: str, ask: Ask) -> Lease | None:
        """The block, its signature checked with the office's key; None where there is none to be had now."""
        headers, body = {"Idempotency-Key": ask.id}, {"kind": ask.kind, "count": ask.count}
        response = await self._transport.request("POST", _PATH, token=token, headers=headers, body=body)
        if response.status_code in _NONE_NOW:
            return None
        given = converted(checked(response, httpx.codes.CREATED), _Given)
        lease = verified(given.block, given.signature, key)
        if (lease.id, lease.kind, lease.holder) != (ask.id, ask.kind, ask.holder):
            raise BackOfficeAnswerError
        return lease

    async def report(self, token: str, report: Report) -> frozenset[str]:
        """Tell what was given out; returns what this desk must not give out."""
        body = {
            "block": report.text, "signature": report.signature, "isOver": report.is_over, "isCertain": report.is_certain,
            "spent": [{"item": item, "command": command} for item, command in report.spent],
        }  # fmt: skip
        headers = {"Idempotency-Key": new_id()}  # the same report again changes nothing, under whatever key
        path = f"{_PATH}/{report.id}/report"
        response = await self._transport.request("POST", path, token=token, headers=headers, body=body)
        if response.status_code == httpx.codes.NOT_FOUND and not report.text:
            answer_in(response)  # a 404 that head office did not write itself says nothing
            return frozenset()
        return frozenset(converted(checked(response), _Reported).lost)


def verified(text: str, signature: str, key: str) -> Lease:
    """The block in a text that was signed with the other half of this key. Raises BackOfficeAnswerError."""
    try:
        public = Ed25519PublicKey.from_public_bytes(base64.b64decode(key, validate=True))
        public.verify(base64.b64decode(signature, validate=True), text.encode())
        block = msgspec.json.decode(text, type=_Block)
    except (InvalidSignature, ValueError, msgspec.DecodeError) as error:
        raise BackOfficeAnswerError from error
    items = tuple(LeasedItem(one.id, one.value) for one in block.items)
    expires = instant(block.expires_at)
    return Lease(block.id, block.kind, items, block.holder, block.office, block.epoch, expires, text, signature)
