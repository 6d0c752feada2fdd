"""Sign-in, sign-out, and who a token belongs to."""

from __future__ import annotations

import asyncio
import hmac
from typing import Annotated, Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from app.core.clock import to_wire
from backoffice.errors import BadRequestError, NotSignedInError, WipeError
from backoffice.passwords import is_right
from backoffice.people import Grant, Identity, Person
from backoffice.scopes import EVERYTHING
from backoffice.web.access import note_told, token_of
from backoffice.web.answers import JSON, json_answer, json_of
from backoffice.web.context import Context

_HASHES_AT_ONCE = 2  # each takes 64 MiB and a core
Short = Annotated[str, msgspec.Meta(max_length=255)]


class Credentials(msgspec.Struct, frozen=True):
    """What a sign-in sends: a user and a password, or the secret of an embedded back office."""

    user: Short | None = None
    password: Short | None = None
    secret: Short | None = None
    device: Short | None = None
    device_secret: Short | None = msgspec.field(default=None, name="deviceSecret")


class SigningIn:
    """The endpoints about tokens."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._hashing = asyncio.Semaphore(_HASHES_AT_ONCE)

    async def sign_in(self, request: Request) -> Response:
        """Exchange credentials for a token."""
        credentials = _read(await json_of(request, JSON))
        await self._check_desk(
            credentials
        )  # first: who took a desk away need not know a password to make it wipe itself
        person = await self._person(request, credentials)
        device = credentials.device or None
        return json_answer(_as_json(await self._context.write(lambda: self._context.people.grant(person, device))))

    async def sign_out(self, request: Request, _identity: Identity) -> Response:
        """End the token that the request came with."""
        token = token_of(request)
        if token is not None:
            await self._context.write(lambda: self._context.people.revoke(token))
        return Response(status_code=204)

    async def me(self, _request: Request, identity: Identity) -> Response:
        """Say who the token belongs to, and which back office this is."""
        office = await self._context.read(self._office)
        return json_answer({**msgspec.to_builtins(identity.person), "device": identity.device, "office": office})

    async def _check_desk(self, credentials: Credentials) -> None:
        """Raise NotSignedInError where this machine may not be used."""
        desks, device, secret = self._context.desks, credentials.device, credentials.device_secret
        must_be_enrolled = self._context.options.enrolled_only and credentials.secret is None
        try:
            await self._context.read(lambda: desks.check(device, secret, must_be_enrolled=must_be_enrolled))
        except WipeError as error:
            await note_told(self._context, error)
            raise

    def _office(self) -> str:
        with self._context.store.reading(EVERYTHING) as reader:
            return reader.office()

    async def _person(self, request: Request, credentials: Credentials) -> Person:
        if credentials.secret is not None:
            return self._with_secret(credentials.secret)
        if credentials.user is None or credentials.password is None:
            raise BadRequestError("Send user and password.")
        async with self._hashing:
            if await request.is_disconnected():  # who has given up waiting is not waited for, nor taken for a guess
                raise NotSignedInError("Nobody waits for the answer.")
            return await self._with_password(credentials.user, credentials.password)

    def _with_secret(self, secret: str) -> Person:
        expected, holder = self._context.options.secret, self._context.options.secret_holder
        if expected is None or holder is None or not hmac.compare_digest(secret.encode(), expected.encode()):
            raise NotSignedInError("The secret is wrong.")
        return holder

    async def _with_password(self, user: str, password: str) -> Person:
        throttle = self._context.throttle
        await self._context.write(lambda: throttle.attempt(user))
        found = await self._context.read(lambda: self._context.people.find(user))
        person, password_hash = found or (None, None)
        is_theirs = await asyncio.to_thread(is_right, password, password_hash)
        if person is None or not is_theirs:
            raise NotSignedInError("User or password is wrong.")
        await self._context.write(lambda: throttle.succeeded(user))
        return person


def _read(body: Any) -> Credentials:
    try:
        return msgspec.convert(body, Credentials)
    except msgspec.ValidationError as error:
        raise BadRequestError("Send user, password and device as short texts.") from error


def _as_json(grant: Grant) -> dict[str, Any]:
    return {
        "token": grant.token,
        "expiresAt": to_wire(grant.expires_at),
        "offlineUntil": to_wire(grant.offline_until),
        "user": msgspec.to_builtins(grant.person),
        "office": grant.office,
    }
