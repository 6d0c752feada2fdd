"""A back office that answers in this process: the whole application, without a socket."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Any, Self

import httpx
from starlette.types import ASGIApp

from app.core.clock import Clock
from backoffice.store import Store
from backoffice.web.app import build
from backoffice.web.context import Context, Options
from tests.backoffice.conformance.records import Records


class ExaminedOffice:
    """Answers one request after the other; what it runs on ends with it."""

    def __init__(self, store: Store, records: Records, clock: Clock) -> None:
        self.name = store.engine.dialect.name
        self.records = records
        self._context = Context(store, Options(no_auth=True), clock)
        self._loop = asyncio.new_event_loop()
        self.app: ASGIApp = build(self._context)

    def answer(self, **request: Any) -> httpx.Response:
        """What it says to a request."""
        return self._loop.run_until_complete(self._answer(request))

    async def _answer(self, request: dict[str, Any]) -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self.app, raise_app_exceptions=False)) as client:
            return await client.request(**request)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        self._context.close()
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()
