"""What a resource looks like once it is created or changed: checked, stamped, and only where its states allow it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

from app.core.clock import from_wire, to_wire
from backoffice.documents import Body
from backoffice.errors import BadRequestError
from backoffice.resources import Holds, Resource, States
from backoffice.spelling import holders, in_utc, is_instant, spelled

_CLOCKS_MAY_DIFFER = timedelta(minutes=10)
_NOTHING: tuple[Any, ...] = (None, "", [], {})


def _is_nothing(value: Any) -> bool:
    return value in _NOTHING or (isinstance(value, str) and not value.strip())


def _is_list_of_objects(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(member, dict) for member in value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_FITS: Mapping[Holds, Callable[[Any], bool]] = {
    Holds.TEXT: lambda value: isinstance(value, str),
    Holds.INSTANT: is_instant,
    Holds.NUMBER: _is_number,
    Holds.INTEGER: lambda value: isinstance(value, int) and not isinstance(value, bool),
    Holds.TRUTH: lambda value: isinstance(value, bool),
    Holds.OBJECT: lambda value: isinstance(value, dict),
    Holds.LIST: _is_list_of_objects,
    Holds.ANY: lambda _value: True,
}
_WORDS: Mapping[Holds, str] = {
    Holds.TEXT: "text",
    Holds.INSTANT: "an ISO 8601 instant",
    Holds.NUMBER: "a number",
    Holds.INTEGER: "a whole number",
    Holds.TRUTH: "true or false",
    Holds.OBJECT: "an object",
    Holds.LIST: "a list of objects",
}


def created(
    resource: Resource,
    body: Body,
    resource_id: str,
    now: datetime,
    parent: Body | None = None,
    desk_time: datetime | None = None,
) -> Body:
    """The new resource as a client asked for it. Raises BadRequestError if something required is missing or wrong.

    `desk_time` is what the desk that asks takes for now: its clock is put right, and never a reason to refuse.
    """
    given = {name: value for name, value in body.items() if name not in resource.unset_at_birth}
    if parent is not None:
        given[resource.parent] = {name: parent[name] for name in ("id", "href")}
    if desk_time is not None and resource.created and given.get(resource.created) is not None:
        given |= _put_right((resource.created, resource.created_at_desk), given[resource.created], now, desk_time)
    return born(resource, given, resource_id, now)


def brought(resource: Resource, body: Body, at: str) -> Body:
    """A resource as a file brings it: checked and spelled like a client's; what the server would add stands for `at`."""
    given = in_utc(spelled(resource, {}, _given(resource, body)))
    _check(resource, {}, given)
    instants = {name: at for name in (resource.created, resource.updated, resource.status_changed) if name}
    state = {resource.states.attribute: resource.states.initial} if resource.states else {}
    return {**deepcopy(dict(resource.defaults)), **state, **instants, **given}


def born(resource: Resource, body: Body, resource_id: str, now: datetime) -> Body:
    """The new resource with its id, its address and what the server adds."""
    given = spelled(resource, {}, _given(resource, body))
    _check(resource, {}, given)
    new = {**deepcopy(dict(resource.defaults)), **given}
    if resource.created:
        new[resource.created] = _received_at(resource.created, new.get(resource.created), now)
    if states := resource.states:
        new.setdefault(states.attribute, states.initial)
        _tell_state(resource, {}, new, now)
    new.update({name: to_wire(now) for name in (resource.updated, resource.status_changed) if name})
    return {"id": resource_id, "href": resource.href(resource_id, new), **_without_place(new)}


def changed(resource: Resource, before: Body, after: Body, now: datetime, told: Collection[str] = ()) -> Body:
    """The resource after a client's change that made `after` of `before`; what clients cannot change stays as it was.

    `told` are the attributes that the change names, whether or not it makes others of them.
    """
    fixed = resource.fixed_at_birth
    result = {name: value for name, value in after.items() if name not in fixed}
    result = {**{name: before[name] for name in before if name in fixed}, **result}
    result = spelled(resource, before, result)
    _check(resource, before, result)
    if states := resource.states:
        _check_move(states, before, result)
    return stamped(resource, before, result, now, told)


def stamped(resource: Resource, before: Body, after: Body, now: datetime, told: Collection[str] = ()) -> Body:
    """The resource after any change: when it was changed, and where it went in its life."""
    result = dict(after)
    if resource.updated:
        result[resource.updated] = to_wire(now)
    if resource.states and before.get(resource.states.attribute) != after.get(resource.states.attribute):
        if resource.status_changed:
            result[resource.status_changed] = to_wire(now)
        _tell_state(resource, before, result, now, told)
    return result


def _without_place(body: Body) -> Body:
    return {name: value for name, value in body.items() if name not in ("id", "href")}


def _given(resource: Resource, body: Body) -> Body:
    """The body without what it says that it does not say: many clients send null for every attribute that is not set."""
    return {name: value for name, value in body.items() if value is not None or name not in resource.attributes}


def _check(resource: Resource, before: Body, after: Body) -> None:
    """What a change did not touch is not its fault: imported records may hold anything."""
    for name in resource.required:
        if _is_nothing(after.get(name)) and (not before or not _is_nothing(before.get(name))):
            raise BadRequestError(f"{name} is required.")
    for name, holds in resource.attributes.items():
        if name in after and not _is_untouched(name, before, after) and not _FITS[holds](after[name]):
            raise BadRequestError(f"{name} must be {_WORDS[holds]}.")
    for name, words in resource.vocabulary.items():
        if name in after and not _is_untouched(name, before, after) and after[name].strip() not in words:
            raise BadRequestError(f"{name} must be one of: {', '.join(words)}.")
    state = resource.states.attribute if resource.states else ""
    if state and state in after and _is_nothing(after[state]) and not _is_untouched(state, before, after):
        raise BadRequestError(f"{state} must not be empty.")
    _check_within(resource, {name: after[name] for name in after if not _is_untouched(name, before, after)})


def _check_within(resource: Resource, fresh: Body) -> None:
    for path in resource.inner_required:
        *above, name = path.split(".")
        if any(holder.get(name) is None for holder in holders(fresh, above)):
            raise BadRequestError(f"{path} is required.")
    for path, words in resource.inner_words.items():
        *above, name = path.split(".")
        if any(name in holder and holder[name] not in words for holder in holders(fresh, above)):
            raise BadRequestError(f"{path} must be one of: {', '.join(words)}.")


def _is_untouched(name: str, before: Body, after: Body) -> bool:
    return name in before and type(before[name]) is type(after[name]) and bool(before[name] == after[name])


def _check_move(states: States, before: Body, after: Body) -> None:
    name = states.attribute
    if before.get(name) == after.get(name):
        return
    if name not in after:
        raise BadRequestError(f"{name} cannot be removed.")
    if not states.allows(str(before.get(name)).strip(), after[name].strip()):
        raise BadRequestError(f"{name} cannot go from what it is to {after[name]}.")


def _tell_state(resource: Resource, before: Body, after: Body, now: datetime, told: Collection[str] = ()) -> None:
    """Keep the instant at which the state was reached, unless the change itself told it, the reason and the history."""
    states = resource.states
    if states is None:
        return
    state = after[states.attribute]
    attribute = states.reached.get(state.strip(), "")
    if attribute and after.get(attribute) == before.get(attribute):
        after[attribute] = to_wire(now)
    if state.strip() == states.reopened and str(before.get(states.attribute)).strip() in states.reached:
        for name in states.reached.values():
            after.pop(name, None)
    why = f"{states.attribute}ChangeReason"
    if why in after and why not in told and after[why] == before.get(why):
        del after[why]  # an earlier change had it
    if states.history:
        entry = {"status": state, "changeDate": to_wire(now)}
        if reason := after.get(why):
            entry["changeReason"] = reason
        after[states.history] = [*before.get(states.history, []), entry]


def _received_at(name: str, value: Any, now: datetime) -> str:
    if value is None:
        return to_wire(now)
    received = _instant(name, value)
    if received > now + _CLOCKS_MAY_DIFFER:
        raise BadRequestError(f"{name} lies in the future.")
    return to_wire(received)


def _put_right(names: tuple[str, str], value: Any, now: datetime, desk_time: datetime) -> Body:
    """When something was made, by head office's clock, and what the desk said, where its clock had put it into the future.

    What may be right is left alone: between the act and now the clock may have been put right, or wrong.
    """
    said = _instant(names[0], value)
    if said <= now + _CLOCKS_MAY_DIFFER:
        return {}
    try:
        made = min(said - (desk_time - now), now)
    except OverflowError:
        made = now
    return dict(zip(names, (to_wire(made), to_wire(said)), strict=True))


def _instant(name: str, value: Any) -> datetime:
    try:
        return from_wire(value)
    except (AttributeError, ValueError, OverflowError) as error:
        raise BadRequestError(f"{name} must be an ISO 8601 instant.") from error
