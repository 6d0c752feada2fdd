"""Makes this back office one of somebody else's, in test mode only: plain TM Forum, without what desks have beside it."""

from __future__ import annotations

from typing import Final

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backoffice.errors import NotSignedInError
from backoffice.web.answers import refusal

_EXTENSION: Final = "/desk/"
_UNHEARD: Final = frozenset({b"if-match", b"if-none-match", b"idempotency-key", b"last-event-id", b"authorization"})
_UNHEARD_PREFIX: Final = b"desk-"
_UNSAID: Final = frozenset({b"etag", b"idempotency-replayed"})


class Foreign:
    """Stands before the application. Whoever names themselves is let in, since nobody here could have a token."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif scope["path"].startswith(_EXTENSION):
            await PlainTextResponse("Not Found", 404)(scope, receive, send)
        elif scope["path"].startswith("/tmf-api/") and not _names_somebody(scope):
            await refusal(NotSignedInError())(scope, receive, send)
        else:
            await self._app({**scope, "headers": _heard(scope)}, receive, _Plain(send))


class _Plain:
    """Passes an answer on without the headers that TM Forum does not know."""

    def __init__(self, send: Send) -> None:
        self._send = send

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            said = [(name, value) for name, value in message["headers"] if name.lower() not in _UNSAID]
            message = {**message, "headers": said}
        await self._send(message)


def _names_somebody(scope: Scope) -> bool:
    return any(name == b"authorization" and value.strip() for name, value in scope["headers"])


def _heard(scope: Scope) -> list[tuple[bytes, bytes]]:
    return [
        (name, value)
        for name, value in scope["headers"]
        if name not in _UNHEARD and not name.startswith(_UNHEARD_PREFIX)
    ]
