"""Misbehaves on request, in test mode only: the rest of the server knows nothing of this module."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Literal, cast

import msgspec
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from backoffice.errors import BadRequestError, RefusedError, WrongMethodError
from backoffice.web.answers import JSON, json_answer, json_of, refusal

PATH = "/test/v1/faults"
_BREAK = "trunkline.break"
_CUT_AT_MESSAGE = 2  # of a stream: the first page of a snapshot still arrives whole


class Fault(msgspec.Struct):
    """One misbehaviour and how many requests it still hits."""

    method: str
    path_contains: str
    fault: Literal["slow", "refuse", "drop-answer", "drop-request", "cut", "html", "hang", "reject", "late"]
    times: int = 1
    seconds: float = 1.0

    def hits(self, scope: Scope) -> bool:
        """Whether it is meant for this request."""
        return self.method in ("*", scope["method"]) and self.path_contains in scope["path"]


class BreakableProtocol(H11Protocol):
    """HTTP whose connection the application can close, as if the line had failed."""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        app = self.app

        async def breakable(scope: Any, receive: Any, send: Any) -> None:
            await app({**scope, _BREAK: transport.close}, receive, send)

        self.app = breakable


class Faults:
    """Stands before the whole application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._waiting: list[Fault] = []
        self._released = asyncio.Event()
        self._late: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif scope["path"] == PATH:
            await (await self._manage(Request(scope, receive)))(scope, receive, send)
        elif (fault := self._take(scope)) is None:
            await self._app(scope, receive, send)
        else:
            await self._misbehave(fault, scope, receive, send)

    def _take(self, scope: Scope) -> Fault | None:
        fault = next((fault for fault in self._waiting if fault.hits(scope)), None)
        if fault is not None:
            fault.times -= 1
            self._waiting = [each for each in self._waiting if each.times > 0]
        return fault

    async def _manage(self, request: Request) -> Response:
        try:
            if request.method == "POST":
                self._waiting.append(msgspec.convert(await json_of(request, JSON), Fault))
            elif request.method == "DELETE":
                self._waiting.clear()
                await self._let_in()
            elif request.method != "GET":
                raise WrongMethodError("GET, POST, DELETE")
        except msgspec.ValidationError as error:
            return refusal(BadRequestError(str(error)))
        except RefusedError as error:
            return refusal(error)
        return json_answer(msgspec.to_builtins(self._waiting))

    async def _misbehave(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        match fault.fault:
            case "slow":
                await asyncio.sleep(fault.seconds)
                await self._app(scope, receive, send)
            case "refuse":
                refused = json_answer({"code": "unavailable", "reason": "Try later."}, 503, {"Retry-After": "1"})
                await refused(scope, receive, send)
            case "reject":
                rejected = json_answer({"code": "refused", "reason": "Refused for a test."}, 422)
                await rejected(scope, receive, send)
            case "html":
                await HTMLResponse("<html><body>Sign in to the hotel network</body></html>")(scope, receive, send)
            case "drop-request":
                await _break(scope, receive)
            case "late":
                await self._hold_back(scope, receive)
            case "cut":
                await self._app(scope, receive, _Cut(scope, send))
            case _:
                await self._app(scope, receive, _swallow)
                await (_gone(receive) if fault.fault == "hang" else _break(scope, receive))

    async def _hold_back(self, scope: Scope, receive: Receive) -> None:
        """A request that lies about on the way: its sender hears of a broken line, and it arrives when told to."""
        request = [await receive()]
        while request[-1].get("more_body", False):
            request.append(await receive())

        async def arrive(released: asyncio.Event) -> None:
            await released.wait()
            await self._app(scope, _saying(request), _swallow)

        self._late.add(asyncio.create_task(arrive(self._released)))
        await _break(scope, receive)

    async def _let_in(self) -> None:
        """Let arrive what was held back, and wait for its effect."""
        self._released.set()
        self._released = asyncio.Event()
        arriving, self._late = self._late, set()
        await asyncio.gather(*arriving)


def _saying(request: list[Message]) -> Receive:
    left = iter(request)

    async def receive() -> Message:
        return next(left, {"type": "http.disconnect"})

    return receive


class _Cut:
    """Passes on an answer until the middle of its last message, or of the third one of a stream."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._break: Callable[[], None] = scope[_BREAK]
        self._send = send
        self._messages = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] != "http.response.body":
            await self._send(message)
            return
        is_last = not message.get("more_body", False)
        self._messages += 1
        if not is_last and self._messages <= _CUT_AT_MESSAGE:
            await self._send(message)
            return
        body = cast("bytes", message.get("body", b""))
        await self._send({**message, "body": body[: len(body) // 2], "more_body": True})
        self._break()


async def _swallow(_message: Message) -> None:
    """Nobody hears the answer."""


async def _break(scope: Scope, receive: Receive) -> None:
    scope[_BREAK]()
    await _gone(receive)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue
