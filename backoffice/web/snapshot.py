"""Streams everything in scope as JSON lines, a page and a short read transaction at a time."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator, Iterator
from typing import Any, Final

import msgspec
from starlette.concurrency import iterate_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from backoffice.documents import StoredDocument
from backoffice.people import Identity
from backoffice.resources import RESOURCES
from backoffice.scopes import INDEX, Scope
from backoffice.store import Store
from backoffice.web.access import Access
from backoffice.web.context import Context
from backoffice.web.copies import copied
from backoffice.web.cursors import cursor_of, place_in
from backoffice.web.desk import row_of

PAGE_ROWS: Final = 2000
_GZIP_WINDOW = 16 + zlib.MAX_WBITS
_encoder = msgspec.json.Encoder()


class Plain:
    """Sends parts as they are."""

    def part(self, lines: bytes) -> bytes:
        """What goes out for these lines, readable to the last of them."""
        return lines

    def last(self, lines: bytes) -> bytes:
        """What goes out for the last lines of all."""
        return lines


class Gzip(Plain):
    """Compresses parts, each complete, so that a client can use every page that arrived before a cut."""

    def __init__(self) -> None:
        self._compressor = zlib.compressobj(zlib.Z_BEST_SPEED, wbits=_GZIP_WINDOW)

    def part(self, lines: bytes) -> bytes:
        return self._compressor.compress(lines) + self._compressor.flush(zlib.Z_SYNC_FLUSH)

    def last(self, lines: bytes) -> bytes:
        return self._compressor.compress(lines) + self._compressor.flush()


class Snapshot:
    """The endpoint that a new desk fills its mirror from."""

    def __init__(self, context: Context, access: Access) -> None:
        self._store = context.store
        self._access = access

    async def serve(self, request: Request, identity: Identity) -> Response:
        """Begin after the page token, if there is one."""
        place = place_in(request.query_params.get("after", ""))
        headers = {"Cache-Control": "no-store", "Vary": "Accept-Encoding"}
        packing = Plain()
        if accepts_gzip(request.headers.get("accept-encoding", "")):
            packing, headers["Content-Encoding"] = Gzip(), "gzip"
        found = parts(self._store, copied(request, identity), place, packing)
        return StreamingResponse(self._while_signed_in(request, found), 200, headers, "application/x-ndjson")

    async def _while_signed_in(self, request: Request, found: Iterator[bytes]) -> AsyncIterator[bytes]:
        """It may take minutes: whose token ends meanwhile gets no end line, and hears why where they go on."""
        async for part in iterate_in_threadpool(found):
            if not await self._access.is_still_signed_in(request):
                return
            yield part


def parts(store: Store, scope: Scope, place: tuple[str, str], packing: Plain) -> Iterator[bytes]:
    """The start line, then pages of rows that follow `place`, then the end line."""
    yield packing.part(_start(store, scope))
    for collection, behind in _rest(scope, place):
        last = behind
        while rows := _page(store, scope, collection, last):
            last = rows[-1].id
            page: dict[str, Any] = {"kind": "page", "after": f"{collection}/{last}"}
            yield packing.part(_encoder.encode_lines([*({"kind": "row", **row_of(row)} for row in rows), page]))
    yield packing.last(_encoder.encode_lines([{"kind": "end"}]))


def _rest(scope: Scope, place: tuple[str, str]) -> Iterator[tuple[str, str]]:
    """The collections in view from `place` on, each with the id behind which it goes on."""
    index = [] if scope.home is None else [INDEX]
    for collection in sorted(name for name in (*RESOURCES, *index) if scope.has(name)):
        if collection >= place[0]:
            yield collection, place[1] if collection == place[0] else ""


def accepts_gzip(header: str) -> bool:
    """Whether an Accept-Encoding header names gzip and does not rule it out."""
    for choice in header.lower().split(","):
        name, _, quality = choice.partition(";")
        if name.strip() == "gzip":
            return quality.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


def _start(store: Store, scope: Scope) -> bytes:
    with store.reading(scope) as reader:
        position = reader.position()
        total = {} if scope.party else {"total": reader.checksum().count}  # the sums are kept by territory
    start = {"kind": "start", "epoch": position.epoch, "cursor": cursor_of(position, scope), **total}
    return _encoder.encode_lines([start])


def _page(store: Store, scope: Scope, collection: str, after: str) -> list[StoredDocument]:
    with store.reading(scope) as reader:
        return reader.page_of_after(collection, after, PAGE_ROWS)
