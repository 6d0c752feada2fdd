"""Parked drafts over HTTP: a desk says with which key it opens boxes, parks, lists, claims and takes."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Annotated, Any, Final, TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from backoffice.auditing import Signature, sign, wait_for_turn
from backoffice.errors import BadRequestError, TooLargeError
from backoffice.ids import checked_id
from backoffice.parking import books
from backoffice.parking.parking import MOST_DESKS, Desk, claim, desk_of, here, let_go, park, take, told
from backoffice.people import Identity
from backoffice.reading import Reader
from backoffice.scopes import EVERYTHING
from backoffice.web.answers import JSON, json_answer, json_of
from backoffice.web.context import Context
from backoffice.writing import Transaction

MOST_BYTES: Final = 64 * 1024  # of a box, as it is sent
_CREATED: Final = 201
_KEY_BYTES: Final = 32
Word = Annotated[str, msgspec.Meta(min_length=1, max_length=60, pattern="^[a-z0-9-]+$")]
T = TypeVar("T")
S = TypeVar("S", bound=msgspec.Struct)


class Told(msgspec.Struct, frozen=True):
    """With which key a desk opens boxes: X25519, base64."""

    key: Annotated[str, msgspec.Meta(max_length=64)]


class Box(msgspec.Struct, frozen=True):
    """A draft to be parked. Kind and title are words of a program, so that no personal data gets into them."""

    kind: Word
    title: Word
    box: Annotated[str, msgspec.Meta(min_length=1)]


class DraftEndpoints:
    """The parked drafts of the hall in which somebody is signed in."""

    def __init__(self, context: Context) -> None:
        self._context = context

    async def hall(self, request: Request, identity: Identity) -> Response:
        """To which keys a box is sealed; PUT says with which this desk opens them."""
        if request.method == "PUT":
            key = (await _read(request, Told, "Send key, an X25519 public key in base64.")).key
            if len(_decoded(key)) != _KEY_BYTES:
                raise BadRequestError("An X25519 public key has 32 bytes.")

            def tell(transaction: Transaction, desk: Desk) -> None:
                books.tell_key(transaction, desk.device, desk.hall, key, desk.now)

            await self._write(identity, tell)

        def keys(reader: Reader, desk: Desk) -> dict[str, Any]:
            desks = [{"device": one, "key": key} for one, key in books.keys_of(reader, desk.hall, MOST_DESKS).items()]
            return {"hall": desk.hall, "desks": desks}

        return json_answer(await self._read(identity, keys))

    async def listed(self, _request: Request, identity: Identity) -> Response:
        """What is parked here, the oldest first."""

        def listed(reader: Reader, desk: Desk) -> list[dict[str, Any]]:
            return [told(one, desk.now) for one in books.parked_at(reader, desk.hall)]

        return json_answer({"drafts": await self._read(identity, listed)})

    async def one(self, request: Request, identity: Identity) -> Response:
        """One of them; PUT parks it, DELETE takes it."""
        draft_id = checked_id(request.path_params["id"])
        if request.method == "PUT":
            return await self._park(request, identity, draft_id)
        if request.method == "DELETE":
            await self._write(identity, lambda transaction, desk: _taken(transaction, desk, draft_id))
            return json_answer({"id": draft_id, "state": "taken"})

        def seen(reader: Reader, desk: Desk) -> dict[str, Any]:
            return told(here(reader, desk, draft_id), desk.now)

        return json_answer(await self._read(identity, seen))

    async def claim(self, request: Request, identity: Identity) -> Response:
        """The box, for this desk alone until it takes it or the claim lapses; DELETE lets go of the claim."""
        draft_id = checked_id(request.path_params["id"])
        if request.method == "DELETE":
            state = await self._write(identity, lambda transaction, desk: let_go(transaction, desk, draft_id))
            return json_answer({"id": draft_id, "state": state})

        def claimed(transaction: Transaction, desk: Desk) -> dict[str, Any]:
            draft = claim(transaction, desk, draft_id)
            _write_down(transaction, desk, "claim", draft_id)
            return {**told(draft, desk.now), "box": draft.box}

        return json_answer(await self._write(identity, claimed))

    async def _park(self, request: Request, identity: Identity, draft_id: str) -> Response:
        sent = await _read(request, Box, "Send kind and title, each a word in small letters, and box.")
        if len(sent.box.encode()) > MOST_BYTES:
            raise TooLargeError(f"A box may hold {MOST_BYTES} bytes.")

        def parked(transaction: Transaction, desk: Desk) -> tuple[str, bool]:
            state, is_new = park(transaction, desk, draft_id, sent.kind, sent.title, sent.box)
            if is_new:
                _write_down(transaction, desk, "park", draft_id)
            return state, is_new

        state, is_new = await self._write(identity, parked)
        return json_answer({"id": draft_id, "state": state}, _CREATED if is_new else 200)

    async def _read(self, identity: Identity, work: Callable[[Reader, Desk], T]) -> T:
        def read() -> T:
            with self._context.store.reading(EVERYTHING) as reader:
                return work(reader, desk_of(reader, identity, self._context.clock.now()))

        return await self._context.read(read)

    async def _write(self, identity: Identity, work: Callable[[Transaction, Desk], T]) -> T:
        def written(transaction: Transaction) -> T:
            return work(transaction, desk_of(transaction, identity, self._context.clock.now()))

        return await self._context.write(lambda: self._context.store.run(written, EVERYTHING))


def _taken(transaction: Transaction, desk: Desk, draft_id: str) -> None:
    if take(transaction, desk, draft_id):
        _write_down(transaction, desk, "take", draft_id)


async def _read(request: Request, kind: type[S], reason: str) -> S:
    try:
        return msgspec.convert(await json_of(request, JSON), kind)
    except msgspec.ValidationError as error:
        raise BadRequestError(reason) from error


def _decoded(key: str) -> bytes:
    try:
        return base64.b64decode(key, validate=True)
    except ValueError as error:
        raise BadRequestError("The key is not base64.") from error


def _write_down(transaction: Transaction, desk: Desk, act: str, draft_id: str) -> None:
    wait_for_turn(transaction.connection)
    signature = Signature(desk.person, desk.identity.owner, act, f"draft/{draft_id}")
    sign(transaction.connection, signature, transaction.now)
