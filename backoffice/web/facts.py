"""What others know: asked at the counter, answered within a limit, written down without what was asked."""

from __future__ import annotations

from typing import Final

import structlog
from starlette.requests import Request
from starlette.responses import Response

from app.core.permissions import Permission
from backoffice.auditing import Signature, sign, wait_for_turn
from backoffice.errors import BadRequestError, ForbiddenError, NotFoundError
from backoffice.facts.asking import asked
from backoffice.people import Identity
from backoffice.web.access import require
from backoffice.web.answers import json_answer
from backoffice.web.context import Context

_QUESTIONS: Final = {"identity": "document", "portability": "number", "power": "place"}
_NEEDS: Final = {"identity": Permission.REVEAL_IDENTITY}
_LONGEST: Final = 200


class FactEndpoints:
    """Facts by kind."""

    def __init__(self, context: Context) -> None:
        self._context = context

    async def serve(self, request: Request, identity: Identity) -> Response:
        """What the source of this kind knows, or why nothing is known."""
        kind = request.path_params["kind"]
        if kind not in _QUESTIONS:
            raise NotFoundError("There is nothing at this address.")
        if identity.scope.party:
            raise ForbiddenError("This is for the operator's own staff.")
        require(identity, _NEEDS.get(kind, Permission.READ_CUSTOMERS))
        context, key = self._context, _key_in(request, kind)
        began = context.clock.monotonic()
        told = await asked(context.facts.by_kind()[kind], key, context.clock, context.options.fact_seconds)
        outcome = "known" if told["known"] else told["reason"]
        took = round((context.clock.monotonic() - began) * 1000, 1)
        structlog.get_logger().info("fact", kind=kind, outcome=outcome, ms=took)
        await context.write(lambda: self._write_down(identity, f"fact/{kind}/{outcome}"))
        return json_answer(told)

    def _write_down(self, identity: Identity, subject: str) -> None:
        with self._context.store.writing() as transaction:
            wait_for_turn(transaction.connection)
            signature = Signature(identity.person.id, identity.owner, "ask", subject)
            sign(transaction.connection, signature, self._context.clock.now())


def _key_in(request: Request, kind: str) -> str:
    name = _QUESTIONS[kind]
    key = request.query_params.get(name, "").strip()
    if not 0 < len(key) <= _LONGEST:
        raise BadRequestError(f"Say in {name} of what, in 1 to {_LONGEST} signs.")
    return key
