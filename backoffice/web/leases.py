"""Leases over HTTP: a desk takes a block, asks what it holds, and reports what it spent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, TypeVar
from urllib.parse import unquote

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from app.core.clock import to_wire
from backoffice.auditing import Signature, sign, wait_for_turn
from backoffice.errors import BadRequestError, ForbiddenError
from backoffice.ids import checked_id
from backoffice.leasing import books
from backoffice.leasing.blocks import Kind
from backoffice.leasing.books import Lease
from backoffice.leasing.leasing import MOST_AT_ONCE, Report, Spend, Wanted, report, signer, take
from backoffice.people import Identity
from backoffice.scopes import EVERYTHING
from backoffice.web.answers import JSON, json_answer, json_of
from backoffice.web.context import Context
from backoffice.web.demands import demand_key_of_desks
from backoffice.writing import Transaction

SPENDS: Final = "desk-spends"
_MOST_SPENDS: Final = 50
_CREATED: Final = 201
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=255)]
T = TypeVar("T", bound=msgspec.Struct)


class Asked(msgspec.Struct, frozen=True):
    """A block that is asked for."""

    kind: Kind
    count: Annotated[int, msgspec.Meta(ge=1, le=MOST_AT_ONCE)]


class Spent(msgspec.Struct, frozen=True):
    """An item, and the command that gave it out."""

    item: Name
    command: Name


class Said(msgspec.Struct, frozen=True, rename="camel"):
    """What a desk says of a lease."""

    is_over: bool
    spent: Annotated[list[Spent], msgspec.Meta(max_length=MOST_AT_ONCE)]
    is_certain: bool = True
    block: str = ""
    signature: str = ""


class LeaseEndpoints:
    """Leases of the desk that asks."""

    def __init__(self, context: Context) -> None:
        self._context = context

    async def serve(self, request: Request, identity: Identity) -> Response:
        """What the desk holds; POST gives it a block more."""
        holder = _desk_of(identity)
        if request.method == "GET":
            return json_answer(await self._context.read(lambda: self._held(holder)))
        demand_key_of_desks(request, identity)
        asked = await _read(request, Asked, f"Send kind, one of {', '.join(Kind)}, and count, up to {MOST_AT_ONCE}.")
        wanted = Wanted(checked_id(request.headers["idempotency-key"]), holder, asked.kind, asked.count)

        def work(transaction: Transaction) -> tuple[Lease, bool]:
            lease, is_new = take(transaction, wanted)
            if is_new:
                _write_down(transaction, identity, "lease", lease.id)
            return lease, is_new

        store = self._context.store
        lease, is_new = await self._context.write(lambda: store.run(work, identity.scope))
        told = {**lease.told(self._context.clock.now()), "now": self._now()}
        headers = {"Location": told["href"]} | ({} if is_new else {"Idempotency-Replayed": "true"})
        return json_answer(told, _CREATED, headers)

    async def report(self, request: Request, identity: Identity) -> Response:
        """What the desk spent of a lease; where it is done with it, the rest comes back."""
        holder, lease_id = _desk_of(identity), request.path_params["id"]
        demand_key_of_desks(request, identity)
        said = await _read(request, Said, "Send isOver and spent, a list of item and command.")
        told = (said.block, said.signature) if said.block else None
        spent = [(one.item, one.command) for one in said.spent]
        whole = Report(lease_id, holder, told, spent, said.is_over, said.is_certain)

        def work(transaction: Transaction) -> dict[str, Any]:
            answer = report(transaction, whole)
            _write_down(transaction, identity, "report", lease_id)
            return answer

        store = self._context.store
        answer = await self._context.write(lambda: store.run(work, EVERYTHING))
        return json_answer({**answer, "now": self._now()})

    def _held(self, holder: str) -> dict[str, Any]:
        now = self._context.clock.now()
        with self._context.store.reading(EVERYTHING) as reader:
            return {
                "now": to_wire(now), "office": reader.office(), "epoch": reader.position().epoch,
                "key": signer(reader).public, "leases": [one.told(now) for one in books.out(reader, holder)],
            }  # fmt: skip

    def _now(self) -> str:
        return to_wire(self._context.clock.now())


def spends_in(headers: Mapping[str, str], identity: Identity) -> tuple[Spend, ...]:
    """What an act gives out of its desk's leases: `kind/item`, comma-separated, signs escaped as in addresses."""
    said = headers.get(SPENDS)
    if said is None:
        return ()
    _desk_of(identity)
    named = [one.strip().partition("/") for one in said.split(",")]
    kinds = {str(kind): kind for kind in Kind}
    if len(named) > _MOST_SPENDS or any(kind not in kinds or not item for kind, _, item in named):
        raise BadRequestError("Desk-Spends names what is given out as kind/item, comma-separated.")
    return tuple(Spend(kinds[kind], unquote(item)) for kind, _, item in named)


def _desk_of(identity: Identity) -> str:
    if identity.device is None:
        raise ForbiddenError("Only a registered desk holds leases.")
    return identity.device


async def _read(request: Request, kind: type[T], reason: str) -> T:
    try:
        return msgspec.convert(await json_of(request, JSON), kind)
    except msgspec.ValidationError as error:
        raise BadRequestError(reason) from error


def _write_down(transaction: Transaction, identity: Identity, act: str, lease_id: str) -> None:
    """In the audit chain, also where no resource changed."""
    signature = Signature(identity.person.id, identity.owner, act, f"lease/{lease_id}")
    transaction.signature = signature
    if not transaction.puts:
        wait_for_turn(transaction.connection)
        sign(transaction.connection, signature, transaction.now)
