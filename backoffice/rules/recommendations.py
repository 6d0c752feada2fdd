"""What to offer next (TMF680), from the catalogue and from what the customer has.

First what the catalogue names as related to offerings that the customer has, then what is on sale in the categories of the
question; never what the customer has already, and ten at most. Who has nothing and asks for no category gets an empty
answer. A recommendation holds for a day.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from app.core.clock import to_wire
from backoffice.rules.offerings import OFFERING, offering_reference, on_sale, related_to
from backoffice.rules.parts import id_at, ids_in, text_at
from backoffice.rules.port import Body, Records, Rule

_HOLDS_FOR: Final = timedelta(days=1)
_MOST: Final = 10
_ENDED: Final = frozenset({"terminated", "cancelled", "aborted"})


def _recommended(task: Body, records: Records) -> Body:
    owned = _owned(id_at(task, "relatedParty"), records)
    related = [one for offering_id in owned for one in related_to(records.get(OFFERING, offering_id) or {}, records)]
    found = [*related, *(one for category in ids_in(task, "category") for one in on_sale(records, category))]
    fresh = {one["id"]: one for one in found if one["id"] not in owned}
    items = [_item(priority, one) for priority, one in enumerate(list(fresh.values())[:_MOST], 1)]
    period = {"startDateTime": to_wire(records.now), "endDateTime": to_wire(records.now + _HOLDS_FOR)}
    return {**task, "recommendationItem": items, "state": "done", "validFor": period}


def _owned(party_id: str, records: Records) -> list[str]:
    """The ids of the offerings of which the customer has a product."""
    products = records.find("product", {"relatedParty.id": party_id}) if party_id else []
    living = [product for product in products if product.get("status") not in _ENDED]
    return list(dict.fromkeys(found for product in living if (found := id_at(product, OFFERING))))


def _item(priority: int, offering: Body) -> Body:
    named = offering_reference(offering)
    product = {"name": text_at(offering, "name"), "productOffering": named}
    return {"id": str(priority), "priority": priority, "product": product, "productOffering": named}


RECOMMENDATION: Final = Rule(_recommended)
