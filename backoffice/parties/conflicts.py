"""What speaks against two parties being one, or being made one now."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import select

from app.rules.folding import folded
from backoffice import schema
from backoffice.documents import Body, StoredDocument
from backoffice.parties.marks import survivor_of
from backoffice.querying import Compare, Condition, Query, find
from backoffice.reading import Reader
from backoffice.resources import RESOURCES

_ORDER: Final = "productOrder"
_BY_ID: Final = {"individual": "individualIdentification", "organization": "organizationIdentification"}


def conflicts(reader: Reader, keep: StoredDocument, merge: StoredDocument) -> list[str]:
    """Each as a sentence, without anything that somebody wrote."""
    return [*_of_records(keep, merge), *(_of_customers(reader, keep, merge) if keep.collection == "customer" else ())]


def identities(collection: str, body: Body) -> set[tuple[str, str]]:
    """The identity documents of a party: type and number."""
    return {
        (folded(str(one.get("identificationType", ""))), folded(one["identificationId"]))
        for one in _objects(body.get(_BY_ID.get(collection, "")))
        if isinstance(one.get("identificationId"), str) and one["identificationId"].strip()
    }


def _of_records(keep: StoredDocument, merge: StoredDocument) -> Iterator[str]:
    if survivor_of(keep.body) or survivor_of(merge.body):
        yield "one of them was merged already"
    mine, theirs = dict(identities(keep.collection, keep.body)), dict(identities(merge.collection, merge.body))
    if any(mine[kind] != theirs[kind] for kind in mine.keys() & theirs.keys()):
        yield "their identity documents differ"
    born = {str(one.body["birthDate"])[: len("2026-01-01")] for one in (keep, merge) if one.body.get("birthDate")}
    if len(born) > 1:
        yield "their birth dates differ"


def _of_customers(reader: Reader, keep: StoredDocument, merge: StoredDocument) -> Iterator[str]:
    if _has_order_under_way(reader, keep.id) and _has_order_under_way(reader, merge.id):
        yield "both have an order under way"
    own = select(schema.staff.c.id).where(schema.staff.c.party == merge.id).limit(1)
    if reader.connection.execute(own).first() is not None:
        yield "a system of the one to be merged signs in here"


def _has_order_under_way(reader: Reader, customer: str) -> bool:
    states = RESOURCES[_ORDER].states
    running = tuple(name for name, after in states.transitions.items() if after) if states else ()
    wanted = (Condition("relatedParty.id", Compare.EQ, (customer,)), Condition("state", Compare.EQ, running))
    return bool(find(reader, Query(_ORDER, wanted, limit=1))[0])


def _objects(value: Any) -> list[Body]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
