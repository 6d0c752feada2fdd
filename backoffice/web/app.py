"""Puts the back office together as one ASGI application."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Lifespan

from app.core.permissions import Permission
from backoffice.dialect import LostCommitError, is_outage
from backoffice.errors import (
    BadRequestError,
    NotFoundError,
    RefusedError,
    UnavailableError,
    UncertainError,
    WrongMethodError,
)
from backoffice.watching import Watcher
from backoffice.web.access import Access
from backoffice.web.answers import json_answer, refusal
from backoffice.web.context import Context
from backoffice.web.desk import DeskEndpoints
from backoffice.web.drafts import DraftEndpoints
from backoffice.web.enrolling import Enrolling
from backoffice.web.events import Events
from backoffice.web.facts import FactEndpoints
from backoffice.web.gate import Gate
from backoffice.web.health import Health
from backoffice.web.hub import Hub, sending
from backoffice.web.leases import LeaseEndpoints
from backoffice.web.logs import RequestLog, what_failed
from backoffice.web.parties import PartyEndpoints
from backoffice.web.signing_in import SigningIn
from backoffice.web.snapshot import Snapshot
from backoffice.web.tmf import Tmf

_READ = Permission.READ_CUSTOMERS
_MERGE = Permission.MERGE_PARTIES
_GIVE_OUT = Permission.FILE_COMPLAINT  # whoever may serve a customer
_TMF_METHODS = ["GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"]


def build(context: Context) -> ASGIApp:
    """The application; it takes what it works on from `context` and closes that when it ends."""
    app = Starlette(routes=_routes(context), lifespan=_lifespan(context), exception_handlers=_HANDLERS)
    app.router.redirect_slashes = False
    gate: ASGIApp = Gate(app, no_auth=context.options.no_auth)
    if context.options.foreign:
        from backoffice.web.foreign import Foreign  # noqa: PLC0415 - exists in test mode only

        gate = Foreign(gate)
    if not context.options.test_faults:
        return RequestLog(gate)
    from backoffice.web.faults import Faults  # noqa: PLC0415 - exists in test mode only

    return RequestLog(Faults(gate))


def _routes(context: Context) -> list[Route]:
    access = Access(context)
    signing_in, desk, hub = SigningIn(context), DeskEndpoints(context), Hub(context)
    enrolling = Enrolling(context)
    snapshot, events, tmf = Snapshot(context, access), Events(context, access), Tmf(context, access)
    parties, leases, drafts = PartyEndpoints(context), LeaseEndpoints(context), DraftEndpoints(context)
    return [
        Route("/tmf-api/{api}/v4/hub", access.guarded(_READ, hub.serve), methods=_TMF_METHODS),
        Route("/tmf-api/{api}/v4/hub/{id:path}", access.guarded(_READ, hub.serve), methods=_TMF_METHODS),
        Route("/tmf-api/{rest:path}", tmf.serve, methods=_TMF_METHODS),
        Route("/health", Health(context).serve),
        Route("/desk/v1/enrol", enrolling.enrol, methods=["POST"]),
        Route("/desk/v1/wiped", enrolling.wiped, methods=["POST"]),
        Route("/desk/v1/sign-in", signing_in.sign_in, methods=["POST"]),
        Route("/desk/v1/sign-out", access.guarded(None, signing_in.sign_out), methods=["POST"]),
        Route("/desk/v1/me", access.guarded(None, signing_in.me)),
        Route("/desk/v1/snapshot", access.guarded(_READ, snapshot.serve)),
        Route("/desk/v1/feed", access.guarded(_READ, desk.feed)),
        Route("/desk/v1/profiles/{customer:path}", access.guarded(_READ, snapshot.serve_profile)),
        Route("/desk/v1/events", access.guarded(_READ, events.serve)),
        Route("/desk/v1/commands/{key:path}", access.guarded(None, desk.command)),
        Route("/desk/v1/leases", access.guarded(_GIVE_OUT, leases.serve), methods=["GET", "POST"]),
        Route("/desk/v1/leases/{id}/report", access.guarded(_GIVE_OUT, leases.report), methods=["POST"]),
        Route("/desk/v1/hall", access.guarded(_GIVE_OUT, drafts.hall), methods=["GET", "PUT"]),
        Route("/desk/v1/drafts", access.guarded(_GIVE_OUT, drafts.listed)),
        Route("/desk/v1/drafts/{id}", access.guarded(_GIVE_OUT, drafts.one), methods=["GET", "PUT", "DELETE"]),
        Route("/desk/v1/drafts/{id}/claim", access.guarded(_GIVE_OUT, drafts.claim), methods=["POST", "DELETE"]),
        Route("/desk/v1/parties/duplicates", access.guarded(_MERGE, parties.duplicates)),
        Route("/desk/v1/parties/merges", access.guarded(_MERGE, parties.merges), methods=["GET", "POST"]),
        Route("/desk/v1/parties/merges/{id}", access.guarded(_MERGE, parties.unmerge), methods=["DELETE"]),
        Route("/desk/v1/facts/{kind}", access.guarded(_READ, FactEndpoints(context).serve)),
    ]


def _lifespan(context: Context) -> Lifespan[Starlette]:
    @asynccontextmanager
    async def living(_app: Starlette) -> AsyncIterator[None]:
        loop, broker = asyncio.get_running_loop(), context.broker
        forget = context.store.on_commit(lambda revision: loop.call_soon_threadsafe(broker.committed, revision))
        watcher = Watcher(context.store.engine, lambda state: loop.call_soon_threadsafe(broker.notice, state))
        watcher.start()
        async with sending(context):
            yield
        watcher.close()
        forget()
        context.close()

    return living


async def _refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RefusedError)  # noqa: S101 - Starlette calls this for nothing else
    return refusal(error)


async def _too_deep(_request: Request, _error: Exception) -> Response:
    return refusal(BadRequestError("The body is nested too deeply."))


async def _unavailable(_request: Request, error: Exception) -> Response:
    if isinstance(error, DBAPIError) and not is_outage(error):
        raise error
    structlog.get_logger().error("database", **what_failed(error))
    return refusal(UnavailableError())


async def _uncertain(_request: Request, error: Exception) -> Response:
    structlog.get_logger().error("database", **what_failed(error))
    return refusal(UncertainError())


async def _not_served(_request: Request, error: Exception) -> Response:
    """What the router itself turned away."""
    headers = getattr(error, "headers", None) or {}
    if "Allow" in headers:
        return refusal(WrongMethodError(headers["Allow"]))
    return refusal(NotFoundError("There is nothing at this address."))


async def _bug(_request: Request, _error: Exception) -> Response:
    return json_answer({"code": "internal", "reason": "The back office failed. X-Request-Id names this request."}, 500)


_HANDLERS = {
    RefusedError: _refused,
    RecursionError: _too_deep,
    LostCommitError: _uncertain,
    DBAPIError: _unavailable,
    NoConnectionError: _unavailable,
    HTTPException: _not_served,
    Exception: _bug,
}
