"""What desks ask beside TM Forum: the feed of changes, and what became of a command."""

from __future__ import annotations

import math
from typing import Any, Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from backoffice.documents import StoredDocument
from backoffice.errors import BadRequestError, ForgottenKeyError, NotFoundError
from backoffice.people import Identity
from backoffice.reading import Position
from backoffice.scopes import Scope
from backoffice.web.answers import json_answer, number_in
from backoffice.web.context import Context
from backoffice.web.copies import copied, customers_in
from backoffice.web.cursors import cursor_of, sequence_in

MAX_CHANGES: Final = 2000
SUM_EVERY_S: Final = 60.0
_CHANGES = 1000
_MOST_DESKS: Final = 10_000


class DeskEndpoints:
    """Feed and commands."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._summed: dict[str, float] = {}  # when the sum was last told, by whose desk

    async def feed(self, request: Request, identity: Identity) -> Response:
        """What changed after a cursor, in commit order."""
        if (after := request.query_params.get("after")) is None:
            raise BadRequestError("Say after which cursor.")
        limit = number_in(request.query_params, "limit", least=1, most=MAX_CHANGES) or _CHANGES
        scope = copied(request, identity, customers_in(request, "opened"))
        closing = customers_in(request, "closing") & scope.opened
        owner = identity.owner
        return json_answer(await self._context.read(lambda: self._changes(scope, after, limit, closing, owner)))

    async def command(self, request: Request, identity: Identity) -> Response:
        """What became of the request that this device made under a key, as its act number `sequence`."""
        key, sequence = request.path_params["key"], number_in(request.query_params, "sequence", least=1)
        return json_answer(await self._context.read(lambda: self._recall(identity, key, sequence)))

    def _changes(self, scope: Scope, after: str, limit: int, closing: frozenset[str], owner: str) -> dict[str, Any]:
        with self._context.store.reading(scope) as reader:
            position = reader.position()
            page = reader.changes_after(sequence_in(after, position, scope), limit)
            closed = reader.leaving(closing) if closing and not page.has_more else None
            is_whole = not page.has_more and not scope.party  # the sums are kept by territory
            is_told = closed is not None or not scope.opened or (bool(page) and self._is_due(owner))
            checksum = reader.checksum(closing) if is_whole and is_told else None
        cursor = Position(position.epoch, page[-1].revision) if page.has_more else position
        answer: dict[str, Any] = {
            "changes": [row_of(document) for document in page],
            "cursor": cursor_of(cursor, scope),
            "more": page.has_more,
        }
        if closed is not None:
            answer["closed"] = [{"collection": collection, "id": name} for collection, name in closed]
        if checksum is None:
            return answer
        copied = {} if scope.collections is None else {"collections": sorted(scope.collections)}
        return {**answer, "checksum": {**checksum.as_json(), **copied}}

    def _is_due(self, owner: str) -> bool:
        """Whether the sum over opened customers, which is worked out anew each time, is to be told to this desk again."""
        now = self._context.clock.monotonic()
        if now < self._summed.get(owner, -math.inf) + SUM_EVERY_S:
            return False
        if len(self._summed) >= _MOST_DESKS:
            self._summed.clear()
        self._summed[owner] = now
        return True

    def _recall(self, identity: Identity, key: str, sequence: int | None) -> dict[str, Any]:
        with self._context.store.reading(identity.scope) as reader:
            epoch = reader.position().epoch
            of_now = {"Desk-Epoch": epoch}  # an older version, put back with its backup, cannot tell what is forgotten
            found = reader.recall(identity.owner, key)
            if found is None and sequence is not None and sequence <= reader.acknowledged(identity.owner):
                raise ForgottenKeyError(
                    "That had ended, as this desk has said since; its key is not kept any more.", of_now
                )
            if found is None:
                raise NotFoundError("No effect was committed under this key.", of_now)
            told = {name: getattr(found, name) for name in ("key", "status", "collection", "id", "revision")}
            return {**told, "epoch": epoch}


def row_of(document: StoredDocument) -> dict[str, Any]:
    """A document as feed and snapshot carry it; the body goes out as it is kept, without being read."""
    row = {
        "collection": document.collection,
        "id": document.id,
        "revision": document.revision,
        "body": None if document.text is None else msgspec.Raw(document.text.encode()),
    }
    return {**row, "left": True} if document.has_left else row
