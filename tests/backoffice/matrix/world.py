"""Two customers in two territories, each with one of everything, and one of everything that is nobody's.

Each record holds a canary, and a secret wherever the table declares a mask: whoever gets to see one tells which record it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.core.permissions import Permission
from backoffice.documents import Document
from backoffice.resources import Holds, Mask, Owner, Resource
from tests.backoffice.contract import minimal

Body = dict[str, Any]
Table = Mapping[str, Resource]
CUSTOMERS = {"C1": "xihu", "C2": "binjiang"}
COMMON = "common"
OWNERS = (*CUSTOMERS, COMMON)
BIRTHDAY = "1987-06-05"


@dataclass(frozen=True, slots=True)
class Record:
    """One record of the world and whose it is: a customer's, or `COMMON`."""

    resource: Resource
    id: str
    owner: str
    body: Body

    @property
    def canary(self) -> str:
        """What stands in this record only."""
        return canary(self.resource.collection, self.owner)

    @property
    def path(self) -> str:
        """Its address."""
        return self.resource.href(self.id, self.body)


def world(table: Table) -> list[Record]:
    """Every record."""
    return [
        record(resource, owner)
        for resource in table.values()
        for owner in (CUSTOMERS if resource.owners else (COMMON,))
    ]


def documents(records: list[Record]) -> list[Document]:
    """The records as they are loaded; customers first, so that nothing has to move to them."""
    ordered = sorted(records, key=lambda one: one.resource.collection != "customer")
    return [Document(one.resource.collection, one.id, one.body) for one in ordered]


def record(resource: Resource, owner: str) -> Record:
    """The one record of a collection that belongs to `owner`."""
    body = {**minimal(resource.collection), "canary": canary(resource.collection, owner)}
    for mask in resource.masks:
        _plant(body, mask, resource)
    if resource.owners:
        theirs = owned(resource, owner)
        body |= theirs | {name: [*body.get(name, []), *one] for name, one in theirs.items() if isinstance(one, list)}
    if resource.parent:
        body[resource.parent] = {"id": id_in(resource.parent, owner)}
    return Record(resource, id_in(resource.collection, owner), owner, body)


def owned(resource: Resource, *owners: str) -> Body:
    """What makes a record of that resource theirs."""
    if resource.collection == "customer":
        marks = [{"name": "territory", "value": CUSTOMERS.get(owners[0], "nowhere")}]
        return {"engagedParty": {"id": id_in("individual", owners[0])}, "characteristic": marks}
    found: Body = {}
    for one in resource.owners:
        first, _, rest = one.path.partition(".")
        if rest:
            members = [_member(one, rest, owner) for owner in owners]
            is_list = resource.attributes.get(first) is Holds.LIST
            found[first] = members if is_list else {**found.get(first, {}), **members[-1]}
    return found


def id_in(collection: str, owner: str) -> str:
    """The id of an owner's record; persons and companies share one, so that both are engaged as the customer."""
    if collection == "customer":
        return owner
    return f"{owner}-party" if collection in ("individual", "organization") else f"{owner}-{collection}"


def canary(collection: str, owner: str) -> str:
    """What stands in one record only."""
    return f"CANARY {collection} of {owner}."


def secret(needs: Permission) -> str:
    """What stands where it takes a permission to see it."""
    return f"SECRET {needs}."


def _member(owner: Owner, rest: str, name: str) -> Body:
    ids = {"customer": name, "billingAccount": id_in("billingAccount", name)}
    member: Any = ids[owner.through]
    for step in reversed(rest.split(".")):
        member = {step: member}
    return {**member, "role": owner.role} if owner.role else {**member}


def _plant(body: Body, mask: Mask, resource: Resource) -> None:
    first, *rest = mask.steps
    holds = resource.attributes.get(first, Holds.TEXT)
    value: Any = f"{BIRTHDAY}T00:00:00.000Z" if holds is Holds.INSTANT else secret(mask.needs)
    for step in reversed(rest):
        value = {step: value, "name": next(iter(mask.names), "x")}
    if holds is Holds.LIST:
        planted = value if rest else {"text": value}
        body[first] = [*body.get(first, []), planted]
    elif holds is Holds.OBJECT:
        body[first] = {**body.get(first, {}), **(value if rest else {"text": value})}
    else:
        body[first] = value
