"""Whether a service is possible at a place (TMF645), from what the inventory holds there.

A place is known if it is a geographicAddress or a geographicSite. What lies there is every resource whose place it is, or
the place of a site that stands there. A service is possible where a free resource of its kind lies. A resource is free if
its resourceStatus is `available` or `standby`, it is not `busy`, not `disable`d and not `locked`. The kind of a resource is
its category or the id or name of its specification; the kind of a service is its category, its serviceType, the id or name
of its specification, or the category that the item names. An answer holds for a week.

Results: `qualified`, `alternate` (not this, but another kind is free there and alternatives were asked for), `unqualified`
with the reason. An item that names no known place or no kind cannot be answered and ends in `terminatedWithError`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from app.core.clock import to_wire
from backoffice.rules.parts import child, children, id_at, ids_in, reference, text_at, without
from backoffice.rules.port import Body, Records, Rule

_HOLDS_FOR: Final = timedelta(days=7)
_FREE: Final = frozenset({"available", "standby"})
_ANSWER: Final = (
    *("state", "qualificationResult", "alternateServiceProposal", "eligibilityUnavailabilityReason"),
    *("terminationError", "expirationDate"),
)
_RANK: Final = ("terminatedWithError", "unqualified", "alternate", "qualified")


def _checked(task: Body, records: Records) -> Body:
    items = [_check(without(item, _ANSWER), task, records) for item in children(task, "serviceQualificationItem")]
    results = [item.get("qualificationResult", "unqualified") for item in items]
    worst = min(results, key=_RANK.index, default="unqualified")
    return {**task, "serviceQualificationItem": items, "qualificationResult": worst, **_answered(records)}


def _answered(records: Records) -> Body:
    until = to_wire(records.now + _HOLDS_FOR)
    return {"state": "done", "effectiveQualificationDate": to_wire(records.now), "expirationDate": until}


def _check(item: Body, task: Body, records: Records) -> Body:
    wanted, places = _kinds_wanted(item), _places_of(item)
    if not wanted or not places:
        problem = "The item names no kind of service." if not wanted else "The item names no place."
        return _undone(item, "incomplete", problem)
    if not (known := [place for place in places if _is_known(place, records)]):
        return _undone(item, "unknownPlace", "No place of the item is known here.")
    free = [resource for place in known for resource in _free_at(place, records)]
    until = to_wire(records.now + _HOLDS_FOR)
    answer = {**item, "state": "done", "expirationDate": until}
    if any(wanted & _kinds(resource) for resource in free):
        return {**answer, "qualificationResult": "qualified"}
    others = sorted({kind for resource in free if (kind := text_at(resource, "category"))})
    if others and task.get("provideAlternative") is True:
        proposals = [{"id": str(place), "alternateService": {"category": kind}} for place, kind in enumerate(others, 1)]
        return {**answer, "qualificationResult": "alternate", "alternateServiceProposal": proposals}
    reason = {"code": "noFreeResource", "label": "Nothing of this kind is free at the place."}
    why = [reason] if task.get("provideUnavailabilityReason") is not False else []
    return {**answer, "qualificationResult": "unqualified", "eligibilityUnavailabilityReason": why}


def _undone(item: Body, code: str, problem: str) -> Body:
    return {**item, "state": "terminatedWithError", "terminationError": [{"id": code, "value": problem}]}


def _queried(task: Body, records: Records) -> Body:
    """One item for every kind of service that is possible at the place; of the wanted kinds only, if some are named."""
    criteria = child(task, "searchCriteria")
    wanted = _kinds_wanted(criteria)
    free = [one for place in _places_of(criteria) for one in _free_at(place, records)]
    meant = [one for one in free if not wanted or wanted & _kinds(one)]
    by_kind = {kind: one for one in reversed(meant) if (kind := text_at(one, "category") or text_at(one, "name"))}
    items = [_possible(str(place), kind, by_kind[kind], records) for place, kind in enumerate(sorted(by_kind), 1)]
    return {**task, "serviceQualificationItem": items, **_answered(records)}


def _possible(item_id: str, kind: str, resource: Body, records: Records) -> Body:
    service = {"category": kind, "supportingResource": [reference(resource, "Resource")]}
    return {"id": item_id, "expirationDate": to_wire(records.now + _HOLDS_FOR), "service": service}


def _places_of(item: Body) -> list[str]:
    return list(dict.fromkeys(ids_in(child(item, "service"), "place")))


def _kinds_wanted(item: Body) -> set[str]:
    service = child(item, "service")
    named = {text_at(service, "category"), text_at(service, "serviceType")}
    named |= {id_at(service, "serviceSpecification"), text_at(service, "serviceSpecification", "name")}
    named |= {id_at(item, "category"), text_at(item, "category", "name")}
    return named - {""}


def _kinds(resource: Body) -> set[str]:
    specification = child(resource, "resourceSpecification")
    return {text_at(resource, "category"), id_at(specification), text_at(specification, "name")} - {""}


def _is_known(place: str, records: Records) -> bool:
    return any(records.get(collection, place) is not None for collection in ("geographicAddress", "geographicSite"))


def _free_at(place: str, records: Records) -> list[Body]:
    sites = [site["id"] for site in records.find("geographicSite", {"place.id": place})]
    found = {one["id"]: one for at in (place, *sites) for one in records.find("resource", {"place.id": at})}
    return [resource for resource in found.values() if _is_free(resource)]


def _is_free(resource: Body) -> bool:
    return (
        resource.get("resourceStatus") in _FREE
        and resource.get("usageState") != "busy"
        and resource.get("operationalState") != "disable"
        and resource.get("administrativeState") not in ("locked", "shutdown")
    )


CHECK: Final = Rule(_checked)
QUERY: Final = Rule(_queried)
