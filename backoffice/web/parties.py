"""Parties that are in the books twice: pairs that may be one, merges, and their undoing."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from typing import Annotated, Any, Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from backoffice.auditing import Signature
from backoffice.documents import StoredDocument
from backoffice.errors import BadRequestError
from backoffice.operations import Answer
from backoffice.parties import books, merging
from backoffice.parties.duplicates import Pair, Place, duplicates, name_of
from backoffice.people import Identity
from backoffice.reading import SEAL
from backoffice.scopes import Scope
from backoffice.web.answers import JSON, json_answer, json_of, number_in, text_answer
from backoffice.web.context import Context
from backoffice.web.demands import demand_key_of_desks
from backoffice.writing import Transaction

_PAIRS: Final = 50
_MOST_PAIRS: Final = 200
_CREATED: Final = 201
_OK: Final = 200
_SEAL_BYTES: Final = 16
_NOT_OURS: Final = "after must be the token of an earlier answer."
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]


class Asked(msgspec.Struct, frozen=True):
    """What is to be merged: `merge` goes into `keep`, both of one collection."""

    keep: Name
    merge: Name
    collection: Name = "customer"


@dataclass(frozen=True, slots=True)
class KeyedRequest:
    """Satisfies `operations.Keyed`."""

    owner: str
    key: str | None
    sequence: int | None
    acknowledged: int | None
    epoch: str | None
    fingerprint: str


class PartyEndpoints:
    """Duplicates and merges."""

    def __init__(self, context: Context) -> None:
        self._context = context

    async def duplicates(self, request: Request, identity: Identity) -> Response:
        """Pairs that may be one, and a token to go on with; null once everything was searched."""
        after = request.query_params.get("after", "")
        limit = number_in(request.query_params, "limit", least=1, most=_MOST_PAIRS) or _PAIRS
        found, token = await self._context.read(lambda: self._duplicates(identity.scope, after, limit))
        return json_answer({"pairs": [_told(pair) for pair in found], "next": token})

    async def merges(self, request: Request, identity: Identity) -> Response:
        """What was merged, the oldest first, after an id; POST makes one of two."""
        if request.method == "POST":
            return await self._merge(request, identity)
        after = request.query_params.get("after", "")
        limit = number_in(request.query_params, "limit", least=1, most=_MOST_PAIRS) or _PAIRS
        found = await self._context.read(lambda: self._merges(identity.scope, after, limit))
        return json_answer([one.told() for one in found])

    async def _merge(self, request: Request, identity: Identity) -> Response:
        asked = _read(await json_of(request, JSON))
        wanted = merging.Wanted(asked.collection, asked.keep, asked.merge, identity.person.id)
        keyed = _keyed(request, identity, "merge", asked.collection, asked.keep, asked.merge)
        now = self._context.clock.now()

        def work(transaction: Transaction) -> tuple[int, StoredDocument]:
            transaction.signature = _signature(identity, "merge", f"{asked.collection}/{asked.merge}")
            return _CREATED, merging.merge(transaction, wanted, now)

        return _answered(await self._context.once(keyed, identity.scope, work))

    async def unmerge(self, request: Request, identity: Identity) -> Response:
        """Make two of one again."""
        merge_id = request.path_params["id"]
        keyed, now = _keyed(request, identity, "unmerge", merge_id), self._context.clock.now()

        def work(transaction: Transaction) -> tuple[int, StoredDocument]:
            transaction.signature = _signature(identity, "unmerge", f"merge/{merge_id}")
            return _OK, merging.unmerge(transaction, merge_id, now)

        return _answered(await self._context.once(keyed, identity.scope, work))

    def _duplicates(self, scope: Scope, after: str, limit: int) -> tuple[list[Pair], str | None]:
        with self._context.store.reading(scope) as reader:
            seal = (reader.meta(SEAL) or "").encode()
            found, place = duplicates(reader, _place_in(after, seal), limit)
        return found, None if place is None else _token(place, seal)

    def _merges(self, scope: Scope, after: str, limit: int) -> list[books.Merge]:
        with self._context.store.reading(scope) as reader:
            return books.entries(reader, after, limit)


def _signature(identity: Identity, act: str, subject: str) -> Signature:
    return Signature(identity.person.id, identity.owner, act, subject)


def _keyed(request: Request, identity: Identity, *said: str) -> KeyedRequest:
    demand_key_of_desks(request, identity)
    headers = request.headers
    return KeyedRequest(
        identity.owner,
        headers.get("idempotency-key"),
        number_in(headers, "desk-sequence"),
        number_in(headers, "desk-acknowledged"),
        headers.get("desk-epoch"),
        hashlib.sha256(msgspec.json.encode(("parties", *said))).hexdigest(),
    )


def _answered(answer: Answer) -> Response:
    text = answer.document.text or ""
    headers = {"Location": msgspec.json.decode(text)["href"]} if answer.status == _CREATED else {}
    return text_answer(text, answer.status, headers | ({"Idempotency-Replayed": "true"} if answer.is_replay else {}))


def _told(pair: Pair) -> dict[str, Any]:
    parties = [_party(one) for one in (pair.one, pair.other)]
    return {"collection": pair.one.collection, "parties": parties, "reason": pair.reason, "conflicts": pair.against}


def _party(document: StoredDocument) -> dict[str, Any]:
    body = document.body
    return {"id": document.id, "href": body.get("href"), "name": name_of(body), "status": body.get("status")}


def _read(body: Any) -> Asked:
    try:
        return msgspec.convert(body, Asked)
    except msgspec.ValidationError as error:
        raise BadRequestError("Send keep and merge, two ids, and the collection unless they are customers.") from error


def _token(place: Place, seal: bytes) -> str:
    """Sealed, so that nobody asks where a record stands that they do not see."""
    said = msgspec.json.encode(place)
    return base64.urlsafe_b64encode(_sealed(said, seal) + said).decode()


def _place_in(token: str, seal: bytes) -> Place:
    if not token:
        return Place()
    try:
        whole = base64.urlsafe_b64decode(token)
    except (binascii.Error, ValueError) as error:
        raise BadRequestError(_NOT_OURS) from error
    said = whole[_SEAL_BYTES:]
    if not hmac.compare_digest(whole[:_SEAL_BYTES], _sealed(said, seal)):
        raise BadRequestError(_NOT_OURS)
    return msgspec.json.decode(said, type=Place)


def _sealed(said: bytes, seal: bytes) -> bytes:
    return hmac.digest(seal, said, "sha256")[:_SEAL_BYTES]
