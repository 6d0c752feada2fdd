"""Streams everything in scope as JSON lines, a page and a short read transaction at a time."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from typing import Any, Final

import msgspec
from starlette.concurrency import iterate_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from backoffice.auditing import Signature, sign, wait_for_turn
from backoffice.documents import StoredDocument
from backoffice.errors import NotFoundError
from backoffice.people import Identity
from backoffice.reading import Reader
from backoffice.resources import RESOURCES
from backoffice.scopes import INDEX, Scope
from backoffice.store import Store
from backoffice.web.access import Access
from backoffice.web.context import Context
from backoffice.web.copies import copied, territories_named
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
    """What a desk fills its mirror from: with everything that it keeps, or with one customer."""

    def __init__(self, context: Context, access: Access) -> None:
        self._context = context
        self._store = context.store
        self._access = access

    async def serve(self, request: Request, identity: Identity) -> Response:
        """Begin after the page token, if there is one."""
        place = place_in(request.query_params.get("after", ""))
        scope = copied(request, identity)
        asked = territories_named(request)
        return self._streamed(request, lambda packing: parts(self._store, scope, place, packing, asked))

    async def serve_profile(self, request: Request, identity: Identity) -> Response:
        """All records of one customer, wherever they live. Raises NotFoundError for who is not in the asker's view.

        Of who lives outside the copy's home it is written down who asked: more is told than the index tells everybody.
        """
        customer, scope = request.path_params["customer"], copied(request, identity)
        territory = await self._context.read(lambda: _home_of(self._store, _everywhere(scope), customer))
        if territory is None:
            raise NotFoundError("There is no such customer.")
        if scope.home is not None and not scope.covers(territory):
            await self._context.write(lambda: self._write_down(identity, customer))
        return self._streamed(request, lambda packing: profile(self._store, scope, customer, packing))

    def _write_down(self, identity: Identity, customer: str) -> None:
        with self._store.writing() as transaction:
            wait_for_turn(transaction.connection)
            signature = Signature(identity.person.id, identity.owner, "open", f"customer/{customer}")
            sign(transaction.connection, signature, transaction.now)

    def _streamed(self, request: Request, found: Callable[[Plain], Iterator[bytes]]) -> Response:
        headers = {"Cache-Control": "no-store", "Vary": "Accept-Encoding"}
        packing = Plain()
        if accepts_gzip(request.headers.get("accept-encoding", "")):
            packing, headers["Content-Encoding"] = Gzip(), "gzip"
        lines = self._while_signed_in(request, found(packing))
        return StreamingResponse(lines, 200, headers, "application/x-ndjson")

    async def _while_signed_in(self, request: Request, found: Iterator[bytes]) -> AsyncIterator[bytes]:
        """It may take minutes: whose token ends meanwhile gets no end line, and hears why where they go on."""
        async for part in iterate_in_threadpool(found):
            if not await self._access.is_still_signed_in(request):
                return
            yield part


def parts(
    store: Store, scope: Scope, place: tuple[str, str], packing: Plain, asked: frozenset[str] = frozenset()
) -> Iterator[bytes]:
    """The start line, then pages of rows that follow `place`, then the end line.

    `asked` is the home as the desk named it: those in which the asker sees no customer may be misspelt, and are told.
    """
    yield packing.part(_start(store, scope, lambda reader: reader.checksum().count, asked))
    for collection, behind in _rest(scope, place):
        last = behind
        while rows := _page(store, scope, collection, last):
            last = rows[-1].id
            yield packing.part(_lines_of(rows))
    yield packing.last(_encoder.encode_lines([{"kind": "end"}]))


def profile(store: Store, scope: Scope, customer: str, packing: Plain) -> Iterator[bytes]:
    """The same of one customer, for a copy of this scope; its feed makes it exact."""
    everywhere = _everywhere(scope)
    yield packing.part(_start(store, scope, lambda _: _count_owned(store, everywhere, customer)))
    place = ("", "")
    while rows := _owned(store, everywhere, customer, place):
        place = (rows[-1].collection, rows[-1].id)
        yield packing.part(_lines_of(rows))
    yield packing.last(_encoder.encode_lines([{"kind": "end"}]))


def _lines_of(rows: list[StoredDocument]) -> bytes:
    """The rows, and the token of what follows them."""
    page: dict[str, Any] = {"kind": "page", "after": f"{rows[-1].collection}/{rows[-1].id}"}
    return _encoder.encode_lines([*({"kind": "row", **row_of(row)} for row in rows), page])


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


def _everywhere(scope: Scope) -> Scope:
    """What the copy could hold if all territories of its person were its home."""
    return replace(scope, home=None, opened=frozenset())


def _start(store: Store, scope: Scope, count: Callable[[Reader], int], asked: frozenset[str] = frozenset()) -> bytes:
    with store.reading(scope) as reader:
        position = reader.position()
        total = {} if scope.party else {"total": count(reader)}  # the sums are kept by territory
        strange = sorted(asked - reader.territories()) if asked else []
    unknown = {"unknownHome": strange} if strange else {}
    start = {"kind": "start", "epoch": position.epoch, "cursor": cursor_of(position, scope), **total, **unknown}
    return _encoder.encode_lines([start])


def _home_of(store: Store, scope: Scope, customer: str) -> str | None:
    """The territory of a customer; None where there is no such one."""
    with store.reading(replace(scope, collections=None)) as reader:
        found = reader.get("customer", customer)
    return None if found is None or found.text is None else found.territory


def _count_owned(store: Store, scope: Scope, customer: str) -> int:
    with store.reading(scope) as reader:
        return reader.count_owned(customer)


def _owned(store: Store, scope: Scope, customer: str, place: tuple[str, str]) -> list[StoredDocument]:
    with store.reading(scope) as reader:
        return reader.owned_after(customer, place, PAGE_ROWS)


def _page(store: Store, scope: Scope, collection: str, after: str) -> list[StoredDocument]:
    with store.reading(scope) as reader:
        return reader.page_of_after(collection, after, PAGE_ROWS)
