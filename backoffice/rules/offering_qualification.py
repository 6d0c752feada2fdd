"""Whether a customer may have an offering (TMF679), from what the catalogue says.

An offering qualifies if it is on sale (Active or Launched, sellable, valid today) and open to the place and the channel of
the question; an offering that names no place or channel is open everywhere. Otherwise the reason is given, and if
alternatives were asked for, those on sale that the offering names as its substitute. A question without items asks which
offerings of its category, or of the whole catalogue, qualify. Results: `qualified`, `alternate`, `unqualified`; of the
whole, the worst of its items. An answer holds for a day.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from app.core.clock import to_wire
from backoffice.rules.offerings import (
    OFFERING,
    is_offered,
    offering_reference,
    on_sale,
    related_to,
    why_not_sold,
)
from backoffice.rules.parts import child, children, id_at, ids_in, without
from backoffice.rules.port import Body, Records, Rule

_HOLDS_FOR: Final = timedelta(days=1)
_MOST_ITEMS: Final = 100
_SUBSTITUTES: Final = ("substitution", "substitute", "alternative", "replacement")
_ANSWER: Final = ("qualificationItemResult", "alternateProductOfferingProposal", "eligibilityUnavailabilityReason")
_RANK: Final = ("unqualified", "alternate", "qualified")


def _qualified(task: Body, records: Records) -> Body:
    asked = children(task, "productOfferingQualificationItem") or _of_category(task, records)
    items = [_item(str(place), item, task, records) for place, item in enumerate(asked, 1)]
    worst = min((item["qualificationItemResult"] for item in items), key=_RANK.index, default="unqualified")
    if task.get("provideOnlyAvailable") is True:
        items = [item for item in items if item["qualificationItemResult"] == "qualified"]
    now, until = to_wire(records.now), to_wire(records.now + _HOLDS_FOR)
    dates = {"effectiveQualificationDate": now, "expectedPOQCompletionDate": now, "expirationDate": until}
    answer = {"productOfferingQualificationItem": items, "qualificationResult": worst, "state": "done"}
    return {**task, **dates, **answer}


def _of_category(task: Body, records: Records) -> list[Body]:
    found = [one for one in on_sale(records, id_at(task, "category")) if _why_not(one, task, records) is None]
    return [{"productOffering": offering_reference(one)} for one in found[:_MOST_ITEMS]]


def _item(item_id: str, item: Body, task: Body, records: Records) -> Body:
    named = id_at(item, OFFERING) or id_at(item, "product", OFFERING)
    offering = records.get(OFFERING, named) if named else None
    problem = ("unknownOffering", "The catalogue has no such offering.")
    why = problem if offering is None else _why_not(offering, task, records)
    answer = {"id": item_id, **without(item, _ANSWER), "state": "done"}
    if why is None:
        return {**answer, "qualificationItemResult": "qualified"}
    if task.get("provideUnavailabilityReason") is not False:
        answer["eligibilityUnavailabilityReason"] = [{"code": why[0], "label": why[1]}]
    proposals = _alternatives(offering, task, records)
    if proposals:
        answer["alternateProductOfferingProposal"] = proposals
    return {**answer, "qualificationItemResult": "alternate" if proposals else "unqualified"}


def _alternatives(offering: Body | None, task: Body, records: Records) -> list[Body]:
    if offering is None or task.get("provideAlternative") is not True:
        return []
    found = [one for one in related_to(offering, records, _SUBSTITUTES) if _why_not(one, task, records) is None]
    return [{"id": str(n), "alternateProductOffering": offering_reference(one)} for n, one in enumerate(found, 1)]


def _why_not(offering: Body, task: Body, records: Records) -> tuple[str, str] | None:
    if why := why_not_sold(offering, records):
        return why
    if not is_offered(offering, "place", set(ids_in(task, "place"))):
        return "placeNotServed", "The offering is not sold at this place."
    if not is_offered(offering, "channel", {id_at(child(task, "channel"))}):
        return "channelNotServed", "The offering is not sold through this channel."
    return None


QUALIFICATION: Final = Rule(_qualified)
