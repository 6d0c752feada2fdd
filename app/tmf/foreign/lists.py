"""What any TM Forum v4 server can be asked: a page of a list, one record, the records with an `externalId`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import httpx
import msgspec

from app.core import wire
from app.core.errors import BackOfficeAnswerError, BackOfficeUnreachableError
from app.sync.errors import BusyError, GrantEndedError
from app.sync.ports import Grant
from app.sync.retry import told_delay
from app.tmf.decoding import JSON, decoded, media_of, object_in
from app.tmf.foreign.content import Read
from app.tmf.resources import path_of
from app.tmf.transport import Transport

ROWS_A_PAGE = 500
_MOST_ROWS = 10_000
_MOST_LIST_BYTES = 64 * 1024 * 1024
_MOST_RECORD_BYTES = 1024 * 1024
_LONGEST_ID = 1_000
_MOST_DOUBLES = 20
_BUSY = (429, 503)
_NOT_OFFERED = (403, 404, 405, 501)
_NOT_THERE = (403, 404, 410)
_NOT_UNDERSTOOD = (400, 422)

_list: msgspec.json.Decoder[list[msgspec.Raw]] = msgspec.json.Decoder(list[msgspec.Raw])


@dataclass(frozen=True, slots=True)
class Page:
    """Some records of a list, and how many there are in all, where that is told."""

    reads: tuple[Read, ...]
    total: int | None


class Lists:
    """Asks; never changes anything. Raises DeskError."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._unsorted: set[str] = set()

    async def page(self, grant: Grant, collection: str, offset: int, limit: int = ROWS_A_PAGE) -> Page | None:
        """The records from `offset` on; None where the server does not offer the collection, or not to this person."""
        asked = {"offset": str(offset), "limit": str(limit)}
        order = {} if collection in self._unsorted else {"sort": "id"}
        answer = await self._get(grant, path_of(collection), asked | order)
        if order and answer.status_code in _NOT_UNDERSTOOD:  # it cannot sort, or not by that
            self._unsorted.add(collection)
            answer = await self._get(grant, path_of(collection), asked)
        if answer.status_code in _NOT_OFFERED:
            return None
        return Page(_reads_in(answer, collection), _total(answer))

    async def record(self, grant: Grant, collection: str, entity_id: str) -> Read:
        """One record by its own address."""
        answer = await self._get(grant, path_of(collection, entity_id), {})
        if answer.status_code in _NOT_THERE:
            demand_reason(answer)  # one that the server did not write itself says nothing about the record
            return Read(collection, entity_id, None, {})
        check(answer)
        read = _read(answer.content, collection)
        if read.id != entity_id:
            raise BackOfficeAnswerError
        return read

    async def by_external_id(self, grant: Grant, collection: str, external_id: str) -> tuple[Read, ...] | None:
        """The records with this `externalId`; None where the server cannot be asked so."""
        asked = {"externalId": external_id, "limit": str(_MOST_DOUBLES)}
        answer = await self._get(grant, path_of(collection), asked)
        if answer.status_code in (*_NOT_OFFERED, *_NOT_UNDERSTOOD):
            return None
        reads = _reads_in(answer, collection)
        found = tuple(one for one in reads if one.body.get("externalId") == external_id)
        return found if found or not reads else None  # it answered with others: it did not hear the filter

    async def _get(self, grant: Grant, path: str, asked: Mapping[str, str]) -> httpx.Response:
        address = f"{path}?{httpx.QueryParams(dict(asked))}" if asked else path
        headers = {"Authorization": grant.token}
        return await self._transport.request("GET", address, headers=headers, most=_MOST_LIST_BYTES)


def check(answer: httpx.Response) -> None:
    """Raise unless the answer is a success in JSON."""
    status = answer.status_code
    if status == httpx.codes.UNAUTHORIZED:
        raise GrantEndedError
    if status in _BUSY:
        raise BusyError(told_delay(answer.headers.get("retry-after")))
    if status >= httpx.codes.INTERNAL_SERVER_ERROR:
        raise BackOfficeUnreachableError
    if status not in (httpx.codes.OK, httpx.codes.PARTIAL_CONTENT, httpx.codes.CREATED) or media_of(answer) != JSON:
        raise BackOfficeAnswerError


def demand_reason(answer: httpx.Response) -> str:
    """Why the server said no. Raises BackOfficeAnswerError unless it reads like a TM Forum error."""
    if media_of(answer) != JSON:
        raise BackOfficeAnswerError
    body = object_in(answer.content)
    reason = wire.text(body, "reason") or wire.text(body, "message") or wire.text(body, "code")
    if not reason:
        raise BackOfficeAnswerError
    return reason[:300]


def _reads_in(answer: httpx.Response, collection: str) -> tuple[Read, ...]:
    check(answer)
    rows = decoded(answer.content, _list)
    if len(rows) > _MOST_ROWS:
        raise BackOfficeAnswerError
    return tuple(_read(bytes(row), collection) for row in rows)


def _read(content: bytes, collection: str) -> Read:
    body = object_in(content)
    identity = body.get("id")
    if not isinstance(identity, str) or not 0 < len(identity) <= _LONGEST_ID or len(content) > _MOST_RECORD_BYTES:
        raise BackOfficeAnswerError
    return Read(collection, identity, content.decode(), body)


def _total(answer: httpx.Response) -> int | None:
    told = answer.headers.get("x-total-count", "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 12 else None  # noqa: PLR2004 - a sane count
