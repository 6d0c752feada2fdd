"""What a change has to know of its surroundings to tell where a document belongs: accounts, parties, customers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, bindparam, select

from backoffice import schema
from backoffice.documents import Body
from backoffice.ids import is_id
from backoffice.owning import directly_named, place_of, territory_in
from backoffice.prepared import all_of
from backoffice.reading import Columns, Key
from backoffice.scopes import NOWHERE, OWNER, written

_document = schema.document.c
_belongs = schema.belongs.c
_attribute = schema.attribute.c

_territories = select(_document.id, _document.territory).where(
    _document.collection == "customer",
    _document.id.in_(bindparam("ids", expanding=True)),
    _document.deleted.is_(False),
)
_naming = (
    select(_document.id, _attribute.value)
    .join_from(schema.attribute, schema.document, _attribute.row == _document.row)
    .where(_attribute.declared == bindparam("declared"), _attribute.value.in_(bindparam("parties", expanding=True)))
)
_owners_of_account = (
    select(_belongs.owner)
    .join_from(schema.belongs, schema.document, _belongs.row == _document.row)
    .where(_document.collection == "billingAccount", _document.id == bindparam("account"))
)


class Surroundings:
    """Implements `owning.Neighbours` on the database as a transaction with these changes leaves it."""

    def __init__(self, connection: Connection, columns: Columns, puts: Mapping[Key, Body | None]) -> None:
        self._connection = connection
        self._columns = columns
        self._bodies = dict(puts)
        self._territories: dict[str, str] = {}
        self._asked: set[str] = set()
        self._naming: dict[str, set[str]] = {}
        named = [one for key, body in puts.items() if body for one in directly_named(*key, body)]
        self._look_up_customers({name for kind, name in named if kind == "customer"})
        self._look_up_parties({name for kind, name in named if kind == "party"})

    def learn(self, key: Key, body: Body) -> None:
        """A document that hangs on what was put belongs elsewhere now."""
        self._bodies[key] = body

    def owners_of_account(self, account: str) -> Iterable[str]:
        key = ("billingAccount", account)
        if key in self._bodies:
            body = self._bodies[key]
            return place_of(*key, body, self).customers if body else []
        owners = [owner for (owner,) in all_of(self._connection, _owners_of_account, {"account": account})]
        return [one.removeprefix(OWNER) for one in owners if one.startswith(OWNER)]

    def customers_naming(self, party: str) -> Iterable[str]:
        if party not in self._naming:
            self._look_up_parties({party})
        return sorted(self._naming[party])

    def territories_of(self, customers: Iterable[str]) -> Mapping[str, str]:
        names = set(customers)
        self._look_up_customers(names)
        return {name: self._territories[name] for name in names if name in self._territories}

    def _look_up_customers(self, names: set[str]) -> None:
        for name in names - self._asked:
            if ("customer", name) in self._bodies:
                body = self._bodies["customer", name]
                self._territories[name] = territory_in(body) if body else written({NOWHERE})
        unknown = sorted(names - self._asked - self._territories.keys())
        self._asked |= names
        if unknown:
            self._territories |= dict(all_of(self._connection, _territories, {"ids": unknown}))

    def _look_up_parties(self, parties: set[str]) -> None:
        """Who names them: the customers of this transaction as they will be, all others as they are."""
        if not parties:
            return
        self._naming |= {party: set() for party in parties}
        column = self._columns["customer", "engagedParty.id"]
        for customer, party in all_of(self._connection, _naming, {"declared": column, "parties": sorted(parties)}):
            if ("customer", customer) not in self._bodies:
                self._naming[party].add(customer)
        for (collection, name), body in self._bodies.items():
            if collection == "customer" and body and engaged(body) in parties:
                self._naming[engaged(body)].add(name)


def engaged(customer: Body) -> str:
    """The id of the party that the customer is; empty if none is named."""
    party: Any = customer.get("engagedParty")
    found = party.get("id") if isinstance(party, dict) else None
    return found if is_id(found) else ""
