"""Whose a document is, and in which territories it is seen: worked out from what it names, through accounts and parties."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from backoffice.attributes import found_at
from backoffice.documents import Body
from backoffice.errors import BadRequestError
from backoffice.ids import LONGEST, is_id
from backoffice.resources import RESOURCES, Owner, Resource
from backoffice.scopes import COMMON, NOWHERE, OWNER, read, written

ACCOUNT: Final = "billingAccount/"
_TERRITORY: Final = "territory"
_NAMED_BY: Final = "customer.engagedParty.id"
_NESTED_IN: Final = {
    parent: [one.collection for one in RESOURCES.values() if one.parent == parent] for parent in RESOURCES
}


class Neighbours(Protocol):
    """What has to be looked up beside the document itself."""

    def owners_of_account(self, account: str) -> Iterable[str]:
        """The customers whose account it is."""
        ...

    def customers_naming(self, party: str) -> Iterable[str]:
        """The customers in whose role this party is engaged."""
        ...

    def territories_of(self, customers: Iterable[str]) -> Mapping[str, str]:
        """The territory of each of these customers who is known."""
        ...


@dataclass(frozen=True, slots=True)
class Place:
    """What a document belongs to (`customer/…`, `billingAccount/…`) and the territory it carries."""

    owners: frozenset[str]
    territory: str

    @property
    def customers(self) -> list[str]:
        """The customers among the owners."""
        return [one.removeprefix(OWNER) for one in self.owners if one.startswith(OWNER)]


def place_of(collection: str, document_id: str, body: Body, neighbours: Neighbours) -> Place:
    """Work out where a document belongs."""
    resource = RESOURCES[collection]
    if not resource.owners:
        return Place(frozenset(), COMMON)
    if collection == "customer":
        return Place(frozenset({OWNER + document_id}), territory_in(body))
    owners = frozenset(_owners(resource, document_id, body, neighbours))
    place = Place(owners, COMMON)
    if resource.is_shared_alone and not owners:
        return place
    known = neighbours.territories_of(place.customers)
    territories = {one for customer in place.customers for one in read(known.get(customer, ""))} - {""}
    return Place(owners, written(territories or {NOWHERE}))


def territory_in(customer: Body) -> str:
    """The territory that a customer's record names."""
    name = _territory_named(customer)
    return written({name.replace("|", "/")} if is_id(name) else {NOWHERE})


def _territory_named(customer: Body) -> str:
    marks = customer.get("characteristic")
    for mark in marks if isinstance(marks, list) else ():
        if isinstance(mark, dict) and mark.get("name") == _TERRITORY and isinstance(mark.get("value"), str):
            return str(mark["value"])
    return ""


def refuse_long_names(collection: str, before: Body, after: Body) -> None:
    """Raise BadRequestError where a change names somebody, or a territory, by more than anything can be known by."""
    for name in _all_named(collection, after) - _all_named(collection, before):
        if len(name) > LONGEST:
            raise BadRequestError(f"An id or a territory has up to {LONGEST} signs.")


def _all_named(collection: str, body: Body) -> set[str]:
    is_customer = collection == "customer"
    paths = ["engagedParty.id"] if is_customer else [one.path for one in RESOURCES[collection].owners]
    found = (one for path in paths for one in found_at(body, tuple(path.split("."))))
    return {one for one in found if isinstance(one, str)} | ({_territory_named(body)} if is_customer else set())


def directly_named(collection: str, document_id: str, body: Body) -> Iterator[tuple[str, str]]:
    """What a document names itself, by kind: `customer` or `party`; so that all of a batch is looked up at once."""
    for owner in RESOURCES[collection].owners:
        kind = {"customer": "customer", _NAMED_BY: "party"}.get(owner.through)
        if kind:
            yield from ((kind, one) for one in _named(owner, document_id, body))


def names_in(collection: str, body: Body) -> set[tuple[str, str]]:
    """Whom a document, or what it brings to be nested in it, names as those it belongs to: kind of record and id.

    A customer's names who they are.
    """
    if collection == "customer":
        party = body.get("engagedParty")
        return {("party", one) for one in found_at(party, ("id",)) if isinstance(one, str)}
    there = [one for one in RESOURCES[collection].owners if one.path != "id"]
    named = {(owner.through, name) for owner in there for name in _named(owner, "", body)}
    return named.union(*(names_in(*each) for each in brought(collection, body)))


def brought(collection: str, body: Body) -> Iterator[tuple[str, Body]]:
    """What a document brings that is to be nested in it, with its collection."""
    for nested in _NESTED_IN[collection]:
        held = body.get(nested)
        yield from ((nested, one) for one in (held if isinstance(held, list) else ()) if isinstance(one, dict))


def _owners(resource: Resource, document_id: str, body: Body, neighbours: Neighbours) -> Iterator[str]:
    for owner in resource.owners:
        for named in _named(owner, document_id, body):
            if owner.through == "customer":
                yield OWNER + named
            elif owner.through == _NAMED_BY:
                yield from (OWNER + customer for customer in neighbours.customers_naming(named))
            else:
                yield ACCOUNT + named
                yield from (OWNER + customer for customer in neighbours.owners_of_account(named))


def _named(owner: Owner, document_id: str, body: Body) -> Iterator[str]:
    first, _, rest = owner.path.partition(".")
    if owner.path == "id":
        yield document_id
        return
    held: Any = body.get(first)
    members = held if isinstance(held, list) else [held]
    for member in members:
        is_meant = not owner.role or (isinstance(member, dict) and member.get("role") == owner.role)
        if is_meant:
            yield from (one for one in found_at(member, tuple(rest.split("."))) if is_id(one))
