"""Which of its events a change of a resource is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from backoffice.documents import Body
from backoffice.resources import Resource

_OF_STATES: Final = frozenset({"StateChangeEvent", "StatusChangeEvent"})
_OF_ATTRIBUTES: Final = ("AttributeValueChangeEvent", "ChangeEvent")
# Which state is told by an event of its own. A batch has none here: each of its resources has its own.
_REACHED: Final[Mapping[str, str]] = {
    "ResolvedEvent": "resolved",
    "InformationRequiredEvent": "pending",
    "CancelEvent": "cancelled",
    "FailureEvent": "failed",
}


def kinds_of(resource: Resource, before: Body | None, after: Body | None) -> tuple[str, ...]:
    """The endings of the event types that a change is, as far as the resource has them; None: not there."""
    told = set(_kinds(resource, before, after))
    return tuple(one for one in resource.events if one in told)


def event_type(collection: str, kind: str) -> str:
    """`TroubleTicketCreateEvent`."""
    return f"{collection[0].upper()}{collection[1:]}{kind}"


def _kinds(resource: Resource, before: Body | None, after: Body | None) -> Iterator[str]:
    if after is None:
        yield "DeleteEvent"
        return
    if before is None:
        yield "CreateEvent"
    elif _differing(resource, before, after):
        yield from _OF_ATTRIBUTES
    state = _state(resource, after)
    if state != _state(resource, before or {}):
        yield from (kind for kind, reached in _REACHED.items() if reached == state)
        yield from _OF_STATES if before is not None else ()


def _state(resource: Resource, body: Body) -> object:
    return body.get(resource.states.attribute) if resource.states else None


def _differing(resource: Resource, before: Body, after: Body) -> set[str]:
    """The attributes that changed, without those that only say that, or that the state did and is told so."""
    names = {name for name in (*before, *after) if before.get(name) != after.get(name)} - {resource.updated}
    states = resource.states
    if states is None or states.attribute not in names or _OF_STATES.isdisjoint(resource.events):
        return names
    of_state = {states.attribute, f"{states.attribute}ChangeReason", states.history, *states.reached.values()}
    return names - of_state - {resource.status_changed}
