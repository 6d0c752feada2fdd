"""Where listeners register for the events of an API (TMF630), and the sending of these while the server runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from backoffice.errors import BadRequestError, NotFoundError, WrongMethodError
from backoffice.hub.callbacks import checked
from backoffice.hub.queries import checked_query
from backoffice.hub.subscriptions import Asked, Subscription, find, subscribe, subscriptions_of, unsubscribe
from backoffice.people import Identity, digest_of
from backoffice.resources import RESOURCES
from backoffice.scopes import EVERYTHING
from backoffice.web.access import ANYBODY, token_of
from backoffice.web.answers import JSON, json_answer, json_of
from backoffice.web.context import Context
from backoffice.web.negotiating import demand_json_is_taken

_APIS = frozenset(resource.api for resource in RESOURCES.values())


class Hub:
    """The endpoints `hub` and `hub/{id}` of every API."""

    def __init__(self, context: Context) -> None:
        self._context = context

    async def serve(self, request: Request, identity: Identity) -> Response:
        """POST to register; GET and DELETE of one that is one's own."""
        demand_json_is_taken(request)
        api, subscription_id = f"{request.path_params['api']}/v4", request.path_params.get("id", "").rstrip("/")
        if api not in _APIS:
            raise NotFoundError("There is nothing at this address.")
        if not subscription_id:
            return await self._add(request, identity, api)
        if request.method == "DELETE":
            return await self._remove(identity, api, subscription_id)
        if request.method not in ("GET", "HEAD"):
            raise WrongMethodError("GET, HEAD, DELETE")
        return json_answer((await self._context.read(lambda: self._one(identity, api, subscription_id))).as_json())

    async def _add(self, request: Request, identity: Identity, api: str) -> Response:
        if request.method != "POST":
            raise WrongMethodError("POST")
        callback, query = _read(await json_of(request, JSON))
        checked(callback, self._context.options.hub.callback_hosts)
        checked_query(api, query)
        token, store = token_of(request), self._context.store
        asked = Asked(api, callback, query, digest_of(token) if token else "")
        new = await self._context.write(lambda: store.run(lambda transaction: subscribe(transaction, identity, asked)))
        self._context.broker.ring()
        return json_answer(new.as_json(), 201, {"Location": new.place})

    async def _remove(self, identity: Identity, api: str, subscription_id: str) -> Response:
        store = self._context.store
        await self._context.write(
            lambda: store.run(lambda transaction: unsubscribe(transaction, identity, api, subscription_id))
        )
        self._context.broker.ring()
        return Response(status_code=204)

    def _one(self, identity: Identity, api: str, subscription_id: str) -> Subscription:
        with self._context.store.reading(EVERYTHING) as reader:
            found = find(reader.connection, identity.person.id, api, subscription_id)
        if found is None:
            raise NotFoundError("There is no such subscription.")
        return found


@asynccontextmanager
async def sending(context: Context) -> AsyncIterator[None]:
    """Events go out while this is open, if anybody listens or may do so."""
    if not context.options.hub.callback_hosts and not await context.read(lambda: _is_heard(context)):
        yield
        return
    from backoffice.hub.exchange import Exchange  # noqa: PLC0415 - the HTTP client takes a tenth of a second to load

    anybody = ANYBODY.person.id if context.options.no_auth else None
    exchange = Exchange(context.store, context.clock, context, context.options.hub, anybody)
    with context.broker.bell() as bell:
        task = asyncio.create_task(exchange.run(bell))
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


def _is_heard(context: Context) -> bool:
    with context.store.reading(EVERYTHING) as reader:
        return bool(subscriptions_of(reader.connection))


def _read(body: Any) -> tuple[str, str]:
    callback, query = (body.get("callback"), body.get("query")) if isinstance(body, dict) else (None, None)
    if not isinstance(callback, str) or not isinstance(query, str | None):
        raise BadRequestError("Send callback, an address, and query, a filter, as texts.")
    return callback, query or ""
