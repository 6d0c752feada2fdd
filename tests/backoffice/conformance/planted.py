"""Faults put into a back office on purpose, to see that they are found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

Change = Callable[[httpx.Response], Response]


@dataclass(frozen=True, slots=True)
class Planted:
    """The application, but successful answers of one operation come changed."""

    app: ASGIApp
    method: str
    below: str
    change: Change

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does, or wrongly."""
        if scope["method"] != self.method or not scope["path"].startswith(self.below):
            await self.app(scope, receive, send)
            return
        told: list[dict[str, Any]] = []

        async def collect(message: Any) -> None:
            told.append(message)

        await self.app(scope, receive, collect)
        content = b"".join(message.get("body", b"") for message in told)
        answer = httpx.Response(told[0]["status"], headers=told[0]["headers"], content=content)
        if answer.is_success:
            await self.change(answer)(scope, receive, send)
            return
        for message in told:
            await send(message)
