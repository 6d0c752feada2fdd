"""Implements `app.sync.ports.HeadOffice` over HTTP (docs/protocol.md)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Mapping, Sequence
from contextlib import aclosing
from typing import Any
from urllib.parse import quote, urlencode

import httpx

from app.core.clock import Clock
from app.core.commands import There
from app.core.errors import BackOfficeAnswerError, BackOfficeUnreachableError
from app.session.model import SignInRefusedError, TooManyTriesError
from app.sync.errors import BusyError, CursorExpiredError, GrantEndedError, NoDeskExtensionError, NoProfileError
from app.sync.model import Acknowledged, Entry, FeedPage, Opened, Outcome, Profile, SnapshotPage, SnapshotStart
from app.sync.ports import Grant
from app.sync.retry import told_delay
from app.tmf import commands
from app.tmf.decoding import JSON, media_of
from app.tmf.replica import feed_page, profile_in, snapshot_parts
from app.tmf.resources import path_of
from app.tmf.signing_in import sign_in_answer
from app.tmf.transport import HEADERS_S, Transport
from app.tmf.unpacking import lines_of

SILENCE_S = 45.0  # without even a comment is a dead line
_SILENCE = httpx.Timeout(10.0, read=SILENCE_S)
_SIGNING_IN = httpx.Timeout(10.0, read=HEADERS_S)  # a whole hall does so at once in the morning, and each takes a while
_AS_IN_THE_COPY = {"Desk-View": "mirror"}  # what the desk keeps shows no more than that, whoever asks
_FEED_LIMIT = 500
_PROFILE_PAGE_S = 30.0  # within which a page of a customer has to come: news wait for them
_MOST_FEED_BYTES = 32 * 1024 * 1024
Part = SnapshotStart | SnapshotPage


class HttpHeadOffice:
    """The back office at one address. `collections` are those that the desk keeps a copy of, `home` the territories of which
    it does; none: all that its people see."""

    def __init__(
        self, transport: Transport, collections: Iterable[str], clock: Clock, home: Sequence[str] = ()
    ) -> None:
        self._transport = transport
        self._clock = clock
        self._collections = frozenset(collections)
        self._copied = {"collections": ",".join(sorted(self._collections))} | ({"home": ",".join(home)} if home else {})

    async def send(self, entry: Entry, entity_id: str, grant: Grant, acknowledged: Acknowledged) -> Outcome:
        """Make the command's request."""
        return await commands.send(self._transport, entry, entity_id, grant, acknowledged, self._clock.now())

    async def ask(self, entry: Entry, grant: Grant) -> Outcome:
        """Ask what became of it."""
        return await commands.ask(self._transport, entry, grant)

    async def read(self, collection: str, entity_id: str, grant: Grant) -> There:
        """A record as it is now; what is gone, or out of view, has no body."""
        path = path_of(collection, entity_id)
        response = await self._transport.request("GET", path, token=grant.token, headers=_AS_IN_THE_COPY)
        if response.status_code != httpx.codes.NOT_FOUND:
            _check(response, JSON)
        return commands.there_in(response, entity_id)

    async def snapshot(self, grant: Grant, after: str) -> AsyncGenerator[SnapshotStart | SnapshotPage, None]:
        """Stream everything in scope, beginning behind `after`. Raises CursorExpiredError for an unknown `after`."""
        path = f"/desk/v1/snapshot?{httpx.QueryParams(self._copied | ({'after': after} if after else {}))}"
        async with self._transport.stream("GET", path, token=grant.token) as response:
            if after and response.status_code == httpx.codes.BAD_REQUEST and media_of(response) == JSON:
                raise CursorExpiredError
            _check(response, "application/x-ndjson")
            async for part in snapshot_parts(lines_of(response)):
                yield part

    async def profile(self, grant: Grant, customer: str) -> Profile:
        """All records of one customer. Raises NoProfileError."""
        path = f"/desk/v1/profiles/{quote(customer, safe='')}?{httpx.QueryParams(self._copied)}"
        async with self._transport.stream("GET", path, token=grant.token) as response:
            if response.status_code == httpx.codes.NOT_FOUND and media_of(response) == JSON:
                raise NoProfileError
            _check(response, "application/x-ndjson")
            async with aclosing(snapshot_parts(lines_of(response))) as parts:
                return await profile_in(_in_time(parts))

    async def feed(self, grant: Grant, cursor: str, opened: Opened) -> FeedPage:
        """Changes after `cursor`. Raises CursorExpiredError."""
        query = {**self._copied, "after": cursor, "limit": _FEED_LIMIT}
        named = {"opened": opened.customers, "closing": opened.closing}
        path = f"/desk/v1/feed?{urlencode({**query, **named}, doseq=True)}"
        response = await self._transport.request("GET", path, token=grant.token, most=_MOST_FEED_BYTES)
        _check(response, JSON)
        return feed_page(response.content, self._collections)

    async def events(self, grant: Grant, cursor: str) -> AsyncGenerator[None, None]:
        """Yield whenever there is something to pull; ends or raises when the line is dead."""
        headers = {"Last-Event-ID": cursor, "Accept": "text/event-stream"}
        path = f"/desk/v1/events?{httpx.QueryParams(self._copied)}"
        stream = self._transport.stream("GET", path, token=grant.token, headers=headers, silence=_SILENCE)
        async with stream as response:
            _check(response, "text/event-stream")
            lines = lines_of(response)
            while (line := await _next(lines)) is not None:
                if line.startswith(b"data:"):
                    yield

    async def sign_in(self, user: str, password: str, device: str) -> Mapping[str, Any]:
        """Return the answer of `/desk/v1/sign-in`. Raises SignInRefusedError or TooManyTriesError."""
        return await self._sign_in({"user": user, "password": password, "device": device})

    async def sign_in_embedded(self, secret: str, device: str) -> Mapping[str, Any]:
        """Sign the demonstration clerk in with the secret that the embedded back office was started with."""
        return await self._sign_in({"secret": secret, "device": device})

    async def has_extension(self) -> bool:
        """Whether anything but "not found" is answered to who asks who they are."""
        response = await self._transport.request("GET", "/desk/v1/me")
        return response.status_code != httpx.codes.NOT_FOUND

    async def _sign_in(self, body: Mapping[str, str]) -> Mapping[str, Any]:
        response = await self._transport.request("POST", "/desk/v1/sign-in", body=body, silence=_SIGNING_IN)
        if response.status_code == httpx.codes.UNAUTHORIZED:
            raise SignInRefusedError
        if response.status_code == httpx.codes.NOT_FOUND:
            raise NoDeskExtensionError
        if response.status_code == httpx.codes.TOO_MANY_REQUESTS:
            raise TooManyTriesError(seconds=str(int(told_delay(response.headers.get("retry-after")) or 1)))
        _check(response, JSON)
        told = sign_in_answer(response)  # an office without an id is known by where it is
        return {**told, "office": told["office"] or self._transport.origin, "address": self._transport.address}


async def _in_time(parts: AsyncIterator[Part]) -> AsyncIterator[Part]:
    """The parts, as long as each comes within its time."""
    while True:
        try:
            async with asyncio.timeout(_PROFILE_PAGE_S):
                part = await anext(parts, None)
        except TimeoutError as error:
            raise BackOfficeUnreachableError from error
        if part is None:
            return
        yield part


async def _next(lines: AsyncIterator[bytes]) -> bytes | None:
    """The next line, None at the end; a line that drips in counts as silence."""
    try:
        async with asyncio.timeout(SILENCE_S):
            return await anext(lines, None)
    except TimeoutError as error:
        raise BackOfficeUnreachableError from error


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
    if status != httpx.codes.OK or media_of(response) != media:
        raise BackOfficeAnswerError
