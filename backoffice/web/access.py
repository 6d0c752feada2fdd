"""Who may: every endpoint is declared with the permission it takes, so that none can forget to ask."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from app.core.permissions import Permission
from backoffice.errors import ForbiddenError, NotSignedInError, WipeError
from backoffice.people import Identity, Person
from backoffice.web.context import Context

Endpoint = Callable[[Request], Awaitable[Response]]
IdentifiedEndpoint = Callable[[Request, Identity], Awaitable[Response]]

ANYBODY = Identity(Person("no-auth", "No sign-in", "supervisor"))


class Access:
    """Finds out who asks and whether they may."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def guarded(self, permission: Permission | None, endpoint: IdentifiedEndpoint) -> Endpoint:
        """`endpoint` behind a token whose role has the permission; None: any token will do."""

        async def serve(request: Request) -> Response:
            identity = await self.identify(request)
            if permission is not None:
                require(identity, permission)
            return await endpoint(request, identity)

        return serve

    async def identify(self, request: Request) -> Identity:
        """Who sent the request. Raises NotSignedInError."""
        token = token_of(request)
        if token is None and self._context.options.no_auth:
            return ANYBODY
        found = None if token is None else await self._known(token)
        if found is None:
            raise NotSignedInError
        return found

    async def is_still_signed_in(self, request: Request) -> bool:
        """Whether the token of a request that is being answered is good, for answers that take long."""
        try:
            await self.identify(request)
        except NotSignedInError:
            return False
        return True

    async def _known(self, token: str) -> Identity | None:
        try:
            return await self._context.look_up(lambda: self._context.people.identify(token))
        except WipeError as error:
            await note_told(self._context, error)
            raise


async def note_told(context: Context, error: WipeError) -> None:
    """Keep that a desk is being told to wipe what it holds."""
    await context.write(lambda: context.desks.told(error.device))


def require(identity: Identity, permission: Permission) -> None:
    """Raise ForbiddenError unless the role has the permission."""
    if not identity.may(permission):
        raise ForbiddenError("Your role may not do this.")


def token_of(request: Request) -> str | None:
    """The bearer token that was sent."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None
