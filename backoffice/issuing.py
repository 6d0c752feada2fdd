"""Tokens that the operator hands out, for a customer's own systems or a person's programs: made, listed and ended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from sqlalchemy import delete, func, select

from app.core.clock import Clock
from app.core.permissions import OWN_SYSTEM
from backoffice import schema
from backoffice.auditing import Signature, sign
from backoffice.hub.subscriptions import end_with_token, take_turn
from backoffice.people import TOKEN_ID_LENGTH, Grant, People, Person, mark_change, token_id
from backoffice.querying import Compare, Condition, Query, find
from backoffice.scopes import EVERYTHING, Scope
from backoffice.store import Store
from backoffice.writing import Transaction

_token = schema.token.c


class UnknownHolderError(Exception):
    """There is nobody for whom the token could be; the text is meant for the operator."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A token that is out, without its secret."""

    id: str
    holder: str
    device: str | None
    expires_at: datetime


class Issuing:
    """Hands out tokens; only their hashes are kept, so each is told once."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._people = People(store, clock)

    def for_party(self, party: str, lasts: timedelta) -> Grant:
        """A token that reads what belongs to one customer, named by its own id or its party's. Raises UnknownHolderError."""
        customer = self._customer_of(party)
        system = Person(f"{OWN_SYSTEM}/{customer}", f"Systems of {customer}", OWN_SYSTEM)
        if self._people.find(system.id) is None:  # to put it anew would end its other tokens
            self._people.put(system, None, Scope(party=customer))
        return self._people.grant(system, None, lasts, Signature())

    def for_person(self, person_id: str, lasts: timedelta) -> Grant:
        """A token of one of the staff, for a program that acts as them. Raises UnknownHolderError."""
        found = self._people.find(person_id)
        if found is None:
            raise UnknownHolderError(f"There is no {person_id} among the staff.")
        return self._people.grant(found[0], None, lasts, Signature())

    def out(self) -> Iterator[Issued]:
        """The tokens that are good now, by who holds them."""
        good = select(schema.token).where(_token.expires > int(self._clock.now().timestamp()))
        with self._store.reading(EVERYTHING) as reader:
            rows = reader.connection.execute(good.order_by(_token.staff, _token.expires)).all()
        for row in rows:
            expires_at = datetime.fromtimestamp(row.expires, UTC)
            yield Issued(row.hash[:TOKEN_ID_LENGTH], row.staff, row.device, expires_at)

    def revoke(self, named: str) -> bool:
        """End a token, named by its id or itself, and what listens by it at a hub; whether there was any of that."""
        ended = [self._store.run(partial(_end, short=one)) for one in (named, token_id(named))]
        return any(ended)

    def _customer_of(self, party: str) -> str:
        engaged = Condition("engagedParty.id", Compare.EQ, (party,))
        with self._store.reading(EVERYTHING) as reader:
            found = find(reader, Query("customer", ids=(party,)))[0] or find(reader, Query("customer", (engaged,)))[0]
        if len(found) != 1:
            some = ", ".join(one.id for one in found[:5])
            raise UnknownHolderError(f"{party} is not one customer" + (f" but several: {some}." if some else "."))
        return found[0].id


def _end(transaction: Transaction, short: str) -> bool:
    if len(short) != TOKEN_ID_LENGTH:
        return False
    connection = transaction.connection
    take_turn(connection)
    is_named = func.substr(_token.hash, 1, TOKEN_ID_LENGTH) == short
    tokens = connection.execute(delete(schema.token).where(is_named)).rowcount
    if not tokens + end_with_token(transaction, short):
        return False
    mark_change(connection)
    sign(connection, Signature(act="revoke", subject=f"token/{short}"), transaction.now)
    return True
