"""How a machine becomes a registered desk, and how it says that it has wiped what it held."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from backoffice.errors import BadRequestError
from backoffice.scopes import EVERYTHING
from backoffice.web.answers import JSON, json_answer, json_of
from backoffice.web.context import Context

Short = Annotated[str, msgspec.Meta(min_length=1, max_length=255)]
T = TypeVar("T", bound=msgspec.Struct)


class Enrolment(msgspec.Struct, frozen=True):
    """What a machine sends to become a desk."""

    code: Short
    device: Short


class Wiped(msgspec.Struct, frozen=True):
    """What a desk sends once it has wiped what it held."""

    device: Short
    device_secret: Short = msgspec.field(name="deviceSecret")


class Enrolling:
    """The endpoints of machines, which nobody has signed in at."""

    def __init__(self, context: Context) -> None:
        self._context = context

    async def enrol(self, request: Request) -> Response:
        """Exchange a code for the desk's secret. Each caller's address may guess a few times only."""
        asked = _read(await json_of(request, JSON), Enrolment)
        guesser = f"\x00enrol {request.client.host if request.client else ''}"  # no name that signs in
        throttle = self._context.throttle
        await self._context.write(lambda: throttle.attempt(guesser))
        secret = await self._context.write(lambda: self._context.desks.enrol(asked.code, asked.device))
        await self._context.write(lambda: throttle.succeeded(guesser))
        office = await self._context.read(self._office)
        return json_answer({"device": asked.device, "deviceSecret": secret, "office": office}, 201)

    async def wiped(self, request: Request) -> Response:
        """Take note that a desk has done what it was told."""
        said = _read(await json_of(request, JSON), Wiped)
        await self._context.write(lambda: self._context.desks.wiped(said.device, said.device_secret))
        return Response(status_code=204)

    def _office(self) -> str:
        with self._context.store.reading(EVERYTHING) as reader:
            return reader.office()


def _read(body: Any, kind: type[T]) -> T:
    try:
        return msgspec.convert(body, kind)
    except msgspec.ValidationError as error:
        names = " and ".join(field.encode_name for field in msgspec.structs.fields(kind))
        raise BadRequestError(f"Send {names} as short texts.") from error
