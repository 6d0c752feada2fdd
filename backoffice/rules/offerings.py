"""Which offerings of the catalogue may be sold, for the questions before a sale."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from backoffice.rules.parts import children, id_at, ids_in, is_running, reference, text_at
from backoffice.rules.port import Body, Records

OFFERING: Final = "productOffering"
_ON_SALE: Final = frozenset({"Active", "Launched"})


def why_not_sold(offering: Body, records: Records) -> tuple[str, str] | None:
    """Code and words for why the offering cannot be sold at all just now; None if it can."""
    if offering.get("lifecycleStatus") not in _ON_SALE or offering.get("isSellable") is False:
        return "notOnSale", "The offering is not on sale."
    if not is_running(offering, records.now):
        return "outOfPeriod", "The offering is not valid today."
    return None


def on_sale(records: Records, category: str = "") -> list[Body]:
    """The offerings that can be sold, of a category or of all."""
    wanted = {"category.id": category} if category else {}
    found = [one for state in sorted(_ON_SALE) for one in records.find(OFFERING, {**wanted, "lifecycleStatus": state})]
    return [one for one in found if why_not_sold(one, records) is None]


def related_to(offering: Body, records: Records, kinds: Iterable[str] = ()) -> list[Body]:
    """The offerings on sale that an offering names as related, of these kinds of relationship or of any."""
    wanted = frozenset(kinds)
    named = [
        id_at(one)
        for one in children(offering, "productOfferingRelationship")
        if not wanted or text_at(one, "relationshipType") in wanted
    ]
    found = [one for offering_id in dict.fromkeys(named) if (one := records.get(OFFERING, offering_id)) is not None]
    return [one for one in found if why_not_sold(one, records) is None]


def is_offered(offering: Body, name: str, asked: set[str]) -> bool:
    """Whether the offering is open to one of the places or channels asked for; one that names none is open to all."""
    only = set(ids_in(offering, name))
    return not only or not only.isdisjoint(asked)


def offering_reference(offering: Body) -> Body:
    """A reference to an offering."""
    return reference(offering, "ProductOffering")
