"""What is turned away before anything looks at it: addresses that no database takes, and web pages where nobody signs in."""

from __future__ import annotations

import re
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from backoffice.errors import BadRequestError, ForbiddenError, RefusedError
from backoffice.web.answers import refusal

_LOOPBACK: Final = re.compile(r"(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d*)?", re.ASCII | re.IGNORECASE)


class Gate:
    """Stands before the application. With `no_auth` the browser of whoever sits here must not act for a page it shows."""

    def __init__(self, app: ASGIApp, *, no_auth: bool) -> None:
        self._app = app
        self._no_auth = no_auth

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        error = self._problem(scope) if scope["type"] == "http" else None
        await (self._app if error is None else refusal(error))(scope, receive, send)

    def _problem(self, scope: Scope) -> RefusedError | None:
        if b"%00" in (scope.get("raw_path") or b"") or b"%00" in scope["query_string"]:
            return BadRequestError("An address holds no U+0000.")
        if self._no_auth:
            headers = Headers(scope=scope)
            if "origin" in headers or not _LOOPBACK.fullmatch(headers.get("host", "")):
                return ForbiddenError(
                    "Without sign-in only programs of this machine are served, by its loopback address."
                )
        return None
