"""Tells desks over server-sent events that the feed has grown; what has changed they pull themselves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from backoffice.errors import ExpiredCursorError
from backoffice.people import Identity
from backoffice.reading import Position
from backoffice.scopes import EVERYTHING, Scope
from backoffice.web.access import Access
from backoffice.web.context import Context
from backoffice.web.copies import copied
from backoffice.web.cursors import cursor_of, sequence_in

_ALIVE = b": alive\n\n"


class Events:
    """The endpoint that desks keep open."""

    def __init__(self, context: Context, access: Access) -> None:
        self._context = context
        self._access = access

    async def serve(self, request: Request, identity: Identity) -> Response:
        """Begin with what the desk has missed since the cursor in Last-Event-ID."""
        scope = copied(request, identity)
        seen = _seen(request.headers.get("last-event-id"), await self._context.read(self._position), scope)
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(self._stream(seen, request, scope), 200, headers, "text/event-stream")

    async def _stream(self, seen: int, request: Request, scope: Scope) -> AsyncIterator[bytes]:
        broker, wait = self._context.broker, self._context.options.heartbeat_seconds
        with broker.bell() as bell:
            staff = broker.staff
            yield _ALIVE
            while not broker.is_closed:
                bell.clear()
                if staff != broker.staff and not await self._access.is_still_signed_in(request):
                    return
                staff = broker.staff
                known = broker.position  # what woke all streams: asking again would be a question for each
                position = await self._context.read(self._position) if known is None else known
                if position.sequence > seen:
                    seen = position.sequence
                    yield f"id: {cursor_of(position, scope)}\nevent: changed\ndata: {{}}\n\n".encode()
                try:
                    async with asyncio.timeout(wait):
                        await bell.wait()
                except TimeoutError:
                    if not await self._access.is_still_signed_in(request):
                        return
                    yield _ALIVE

    def _position(self) -> Position:
        with self._context.store.reading(EVERYTHING) as reader:
            return reader.position()


def _seen(cursor: str | None, position: Position, scope: Scope) -> int:
    """Up to where the desk knows; a cursor that is good no longer is news, for which the feed will answer 410."""
    if cursor is None:
        return position.sequence
    try:
        return sequence_in(cursor, position, scope)
    except ExpiredCursorError:
        return -1
