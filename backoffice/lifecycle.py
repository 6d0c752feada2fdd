"""What a resource looks like once it is created or changed: checked, stamped, and only where its states allow it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from app.core.clock import from_wire, to_wire
from backoffice.documents import Body
from backoffice.errors import BadRequestError
from backoffice.resources import Holds, Resource

_CLOCKS_MAY_DIFFER = timedelta(minutes=10)


def _is_list_of_objects(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(member, dict) for member in value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_FITS: Mapping[Holds, Callable[[Any], bool]] = {
    Holds.TEXT: lambda value: isinstance(value, str),
    Holds.INSTANT: lambda value: isinstance(value, str),
    Holds.NUMBER: _is_number,
    Holds.TRUTH: lambda value: isinstance(value, bool),
    Holds.OBJECT: lambda value: isinstance(value, dict),
    Holds.LIST: _is_list_of_objects,
    Holds.ANY: lambda _value: True,
}
_WORDS: Mapping[Holds, str] = {
    Holds.TEXT: "text",
    Holds.INSTANT: "an ISO 8601 instant",
    Holds.NUMBER: "a number",
    Holds.TRUTH: "true or false",
    Holds.OBJECT: "an object",
    Holds.LIST: "a list of objects",
}


def created(resource: Resource, body: Body, resource_id: str, now: datetime) -> Body:
    """The new resource. Raises BadRequestError if something required is missing or wrong."""
    _check(resource, body)
    kept = {name: value for name, value in body.items() if name not in resource.server_set}
    if states := resource.states:
        kept.setdefault(states.attribute, states.initial)
        _check_state(resource, kept[states.attribute])
    if resource.created:
        kept[resource.created] = _received_at(kept.get(resource.created), now)
    stamps = {name: to_wire(now) for name in (resource.updated, resource.status_changed) if name}
    return {"id": resource_id, "href": resource.href(resource_id), **kept, **stamps}


def changed(resource: Resource, before: Body, after: Body, now: datetime) -> Body:
    """The resource after a change that made `after` of `before`; what only the server sets stays as it was."""
    fixed = resource.server_set | ({resource.created} if resource.created else frozenset())
    result = {name: value for name, value in after.items() if name not in fixed}
    result = {**{name: before[name] for name in before if name in fixed}, **result}
    _check(resource, result)
    if resource.updated:
        result[resource.updated] = to_wire(now)
    if _state_moved(resource, before, result) and resource.status_changed:
        result[resource.status_changed] = to_wire(now)
    return result


def _check(resource: Resource, body: Mapping[str, Any]) -> None:
    for name in resource.required:
        if body.get(name) in (None, "", [], {}):
            raise BadRequestError(f"{name} is required.")
    for name, holds in resource.attributes.items():
        if name in body and not _FITS[holds](body[name]):
            raise BadRequestError(f"{name} must be {_WORDS[holds]}.")


def _check_state(resource: Resource, state: Any) -> None:
    if resource.states and (not isinstance(state, str) or state.strip() not in resource.states.transitions):
        raise BadRequestError(f"{resource.states.attribute} must be one of: {', '.join(resource.states.transitions)}.")


def _state_moved(resource: Resource, before: Body, after: Body) -> bool:
    if resource.states is None:
        return False
    name = resource.states.attribute
    if name not in after:
        raise BadRequestError(f"{name} cannot be removed.")
    if before.get(name) == after[name]:
        return False
    _check_state(resource, after[name])
    if not resource.states.allows(str(before.get(name)).strip(), after[name].strip()):
        raise BadRequestError(f"{name} cannot go from what it is to {after[name]}.")
    return True


def _received_at(value: Any, now: datetime) -> str:
    if value is None:
        return to_wire(now)
    try:
        received = from_wire(value)
    except (AttributeError, ValueError, OverflowError) as error:
        raise BadRequestError("creationDate must be an ISO 8601 instant.") from error
    if received > now + _CLOCKS_MAY_DIFFER:
        raise BadRequestError("creationDate lies in the future.")
    return to_wire(received)
