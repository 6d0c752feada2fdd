"""Implements `app.sync.ports.HeadOffice` over HTTP (docs/protocol.md)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx
import msgspec

from app.core.errors import BackOfficeAnswerError, BackOfficeUnreachableError
from app.session.model import SignInRefusedError, TooManyTriesError
from app.sync.errors import BusyError, CursorExpiredError, GrantEndedError
from app.sync.model import Change, Entry, FeedPage, Outcome, SnapshotPage, SnapshotStart
from app.sync.ports import Grant
from app.sync.retry import told_delay
from app.tmf import commands
from app.tmf.transport import Transport, json_in

_LONGEST_LINE = 1024 * 1024
_MOST_ROWS_A_PAGE = 10_000
_SILENCE = httpx.Timeout(10.0, read=45.0)  # 45 s without even a comment is a dead line
_FEED_LIMIT = 1000


class _Row(msgspec.Struct):
    collection: str
    id: str
    revision: int
    body: msgspec.Raw


class _Line(msgspec.Struct):
    kind: str
    epoch: str = ""
    cursor: str = ""
    total: int = 0
    collection: str = ""
    id: str = ""
    revision: int = 0
    body: msgspec.Raw = msgspec.Raw(b"null")
    after: str = ""


class _Feed(msgspec.Struct):
    changes: list[_Row]
    cursor: str
    more: bool


class HttpHeadOffice:
    """The back office at one address."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def send(self, entry: Entry, entity_id: str, grant: Grant, acknowledged: int) -> Outcome:
        """Make the command's request."""
        return await commands.send(self._transport, entry, entity_id, grant, acknowledged)

    async def ask(self, entry: Entry, grant: Grant) -> Outcome:
        """Ask what became of it."""
        return await commands.ask(self._transport, entry, grant)

    async def snapshot(self, grant: Grant, after: str) -> AsyncIterator[SnapshotStart | SnapshotPage]:
        """Stream everything in scope, beginning behind `after`."""
        query = str(httpx.QueryParams({"after": after})) if after else ""
        path = "/desk/v1/snapshot" + (f"?{query}" if query else "")
        async with self._transport.stream("GET", path, token=grant.token) as response:
            _check(response, "application/x-ndjson")
            async for part in _parts(_lines(response)):
                yield part

    async def feed(self, grant: Grant, cursor: str) -> FeedPage:
        """Changes after `cursor`. Raises CursorExpiredError."""
        query = httpx.QueryParams({"after": cursor, "limit": _FEED_LIMIT})
        response = await self._transport.request("GET", f"/desk/v1/feed?{query}", token=grant.token)
        _check(response, "application/json")
        try:
            page = msgspec.json.decode(response.content, type=_Feed)
        except msgspec.DecodeError as error:
            raise BackOfficeAnswerError from error
        return FeedPage(tuple(_change(row) for row in page.changes), page.cursor, page.more)

    async def events(self, grant: Grant, cursor: str) -> AsyncIterator[None]:
        """Yield whenever there is something to pull; ends or raises when the line is dead."""
        headers = {"Last-Event-ID": cursor, "Accept": "text/event-stream"}
        stream = self._transport.stream("GET", "/desk/v1/events", token=grant.token, headers=headers, silence=_SILENCE)
        async with stream as response:
            _check(response, "text/event-stream")
            async for line in _lines(response):
                if line.startswith(b"data:"):
                    yield

    async def sign_in(self, user: str, password: str, device: str) -> Mapping[str, Any]:
        """Return the answer of `/desk/v1/sign-in`. Raises SignInRefusedError or TooManyTriesError."""
        return await self._sign_in({"user": user, "password": password, "device": device})

    async def sign_in_embedded(self, secret: str, device: str) -> Mapping[str, Any]:
        """Sign the demonstration clerk in with the secret that the embedded back office was started with."""
        return await self._sign_in({"secret": secret, "device": device})

    async def _sign_in(self, body: Mapping[str, str]) -> Mapping[str, Any]:
        response = await self._transport.request("POST", "/desk/v1/sign-in", body=body)
        if response.status_code == httpx.codes.UNAUTHORIZED:
            raise SignInRefusedError
        if response.status_code == httpx.codes.TOO_MANY_REQUESTS:
            raise TooManyTriesError(seconds=str(int(told_delay(response.headers.get("retry-after")) or 1)))
        _check(response, "application/json")
        answer = json_in(response)
        if not isinstance(answer, Mapping):
            raise BackOfficeAnswerError
        return answer


def _check(response: httpx.Response, media: str) -> None:
    """Raise unless the answer is a success of that media type."""
    status = response.status_code
    if status == httpx.codes.UNAUTHORIZED:
        raise GrantEndedError
    if status == httpx.codes.GONE:
        raise CursorExpiredError
    if status in (httpx.codes.TOO_MANY_REQUESTS, httpx.codes.SERVICE_UNAVAILABLE):
        raise BusyError(told_delay(response.headers.get("retry-after")))
    if status >= httpx.codes.INTERNAL_SERVER_ERROR:
        raise BackOfficeUnreachableError
    if not response.is_success or response.headers.get("content-type", "").partition(";")[0].strip() != media:
        raise BackOfficeAnswerError


async def _lines(response: httpx.Response) -> AsyncIterator[bytes]:
    """Lines of a stream as they come; one that never ends is nobody's answer."""
    held = b""
    async for chunk in response.aiter_bytes():
        held += chunk
        *lines, held = held.split(b"\n")
        for line in lines:
            if len(line) > _LONGEST_LINE:
                raise BackOfficeAnswerError
            yield line
        if len(held) > _LONGEST_LINE:
            raise BackOfficeAnswerError


async def _parts(lines: AsyncIterator[bytes]) -> AsyncIterator[SnapshotStart | SnapshotPage]:
    """Snapshot lines gathered into pages."""
    decoder = msgspec.json.Decoder(_Line)
    rows: list[Change] = []
    last_token = ""
    async for raw in lines:
        try:
            line = decoder.decode(raw)
        except msgspec.DecodeError as error:
            raise BackOfficeAnswerError from error
        if line.kind == "start":
            yield SnapshotStart(line.epoch, line.cursor, line.total)
        elif line.kind == "row":
            rows.append(_change(line))
        elif line.kind in ("page", "end"):
            token = line.after if line.kind == "page" else ""
            if token and token == last_token:
                raise BackOfficeAnswerError  # it never moves on
            last_token = token
            yield SnapshotPage(tuple(rows), token)
            rows = []
        if len(rows) > _MOST_ROWS_A_PAGE:
            raise BackOfficeAnswerError


def _change(row: _Row | _Line) -> Change:
    body = bytes(row.body).decode()
    if not row.collection or not row.id or not (body == "null" or body.startswith("{")):
        raise BackOfficeAnswerError
    return Change(row.collection, row.id, row.revision, None if body == "null" else body)
