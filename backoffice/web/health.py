"""Says whether this back office can work, to whoever watches it; no token is asked for, and nothing private is told."""

from __future__ import annotations

import asyncio
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response

from backoffice import VERSION
from backoffice.reading import Position
from backoffice.scopes import EVERYTHING
from backoffice.web.answers import json_answer
from backoffice.web.context import Context
from backoffice.web.logs import what_failed

_PATIENCE_S: Final = 5.0


class Health:
    """The endpoint for load balancers and monitors."""

    def __init__(self, context: Context) -> None:
        self._context = context

    async def serve(self, _request: Request) -> Response:
        """200 with where the sequence stands; 503 with the reason where the database does not answer."""
        options = self._context.options
        workers = {"this": options.worker, "answering": self._context.answering, "of": options.workers}
        about = {"version": VERSION, "workers": workers}
        try:
            async with asyncio.timeout(_PATIENCE_S):
                position = await self._context.read(self._position)
        except (SQLAlchemyError, TimeoutError) as error:
            structlog.get_logger().error("database", **what_failed(error))
            reason = {"status": "unavailable", "reason": "The database does not answer.", "database": "unreachable"}
            return json_answer({**reason, **about}, 503, {"Retry-After": "5"})
        place = {"epoch": position.epoch, "sequence": position.sequence}
        return json_answer({"status": "ok", "database": "reachable", **place, **about})

    def _position(self) -> Position:
        with self._context.store.reading(EVERYTHING) as reader:
            return reader.position()
