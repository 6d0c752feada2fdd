"""One JSON line per request on standard error: what was asked and how it ended, never what was in it."""

from __future__ import annotations

import logging
import re
import sys
import time
import traceback
from collections.abc import MutableMapping
from functools import partial
from typing import Any

import msgspec
import structlog
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.ids import new_id
from backoffice.resources import RESOURCES

_UUID = re.compile(rb"[0-9a-fA-F]{8}(-?)[0-9a-fA-F]{4}\1[0-9a-fA-F]{4}\1[0-9a-fA-F]{4}\1[0-9a-fA-F]{12}")
_HUBS = (f"/tmf-api/{api}/hub" for api in sorted({resource.api for resource in RESOURCES.values()}))
_KEYED = ("/desk/v1/commands/", "/desk/v1/parties/merges/", "/desk/v1/profiles/")
_FIXED = frozenset((*(resource.path for resource in RESOURCES.values()), *_HUBS, *(one.rstrip("/") for one in _KEYED)))
_MOST_PARTS = max(len(path.split("/")) for path in _FIXED)


def configure(*, tells_requests: bool = True, worker: int | None = None) -> None:
    """Write our lines and those of the libraries as JSON on standard error; without requests only what went wrong."""
    shared: list[Any] = [structlog.processors.add_log_level, structlog.processors.TimeStamper("iso", utc=True)]
    if worker is not None:
        shared.append(partial(_say_which, worker))
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer(_json)],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO if tells_requests else logging.WARNING),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(_json),
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)


def _json(event: Any, default: Any) -> str:
    return msgspec.json.encode(event, enc_hook=default).decode()


def _say_which(worker: int, _logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    event["worker"] = worker
    return event


class RequestLog:
    """Gives every request an id, writes its line, and turns a bug into an answer that names that id."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._log = structlog.get_logger()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id, began, status = request_id_of(scope), time.monotonic(), 0

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", request_id.encode())]
            await send(message)

        log = self._log.bind(request=request_id, method=scope["method"], route=route_of(scope["path"]))
        try:
            await self._app(scope, receive, noting)
        except ClientDisconnect:
            log = log.bind(left=True)
        except Exception as error:  # noqa: BLE001 - a bug; the client has its answer, the server goes on
            log.error("failed", **what_failed(error))
        log.info("request", status=status, ms=round((time.monotonic() - began) * 1000, 1))


def request_id_of(scope: Scope) -> str:
    """The client's own id of its request if that is a UUID, so that no telephone number gets into the log; else a new one."""
    sent = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"")
    return sent.decode() if _UUID.fullmatch(sent) else new_id()


def route_of(path: str) -> str:
    """The address without ids and keys."""
    if path in _FIXED or (path.startswith(("/desk/v1/", "/health", "/test/v1/")) and not path.startswith(_KEYED)):
        return path
    parts = path.split("/")
    heads = ("/".join(parts[:length]) for length in range(min(len(parts), _MOST_PARTS + 1) - 1, 0, -1))
    return next((f"{head}/…" for head in heads if head in _FIXED), "unknown")


def what_failed(error: BaseException) -> dict[str, Any]:
    """The kind of error and where it was raised; its text may hold a customer's words, so it stays out."""
    places = traceback.extract_tb(error.__traceback__)[-8:]
    return {"error": type(error).__name__, "at": [f"{place.name}:{place.lineno}" for place in places]}
