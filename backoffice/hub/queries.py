"""What of an API's events a listener asks for: the filters of a list, on the event as it is sent."""

from __future__ import annotations

import time
from typing import Final
from urllib.parse import parse_qsl

from backoffice.documents import Body
from backoffice.errors import BadRequestError
from backoffice.hub.kinds import event_type
from backoffice.matching import Compare, Condition, Question, TakesTooLongError
from backoffice.resources import RESOURCES
from backoffice.web.filters import NOT_FILTERS, conditions_in, demand_sense

LONGEST: Final = 2_000
TEST_SECONDS: Final = 0.25  # of one event
_OF_THE_EVENT: Final = ("eventId", "eventTime", "eventType")


def checked_query(api: str, query: str) -> str:
    """The query, if events of the API can be asked for so. Raises BadRequestError."""
    if len(query) > LONGEST or not query.isprintable():
        raise BadRequestError(f"query may have {LONGEST} signs, all of them visible.")
    if any(name in NOT_FILTERS for name, _ in _parameters(query)):
        raise BadRequestError("query filters events; it neither sorts nor pages them, nor chooses attributes.")
    for condition in asked_for(query):
        _check(api, condition)
    return query


def asked_for(query: str) -> tuple[Condition, ...]:
    """Read `eventType=…&event.troubleTicket.severity=…`. Raises BadRequestError."""
    return conditions_in(_parameters(query))


def is_asked_for(message: Body, conditions: tuple[Condition, ...]) -> bool:
    """Whether an event is one of those. One that takes too long to look at is: a listener rather hears too much."""
    try:
        return Question(conditions, time.monotonic() + TEST_SECONDS).holds(message)
    except TakesTooLongError:
        return True


def _parameters(query: str) -> list[tuple[str, str]]:
    return parse_qsl(query.removeprefix("?"), keep_blank_values=True)


def _check(api: str, condition: Condition) -> None:
    own = [resource for resource in RESOURCES.values() if resource.api == api]
    first, *rest = condition.path.split(".")
    is_within = first == "event" and any(rest[:1] == [resource.collection] for resource in own)
    if condition.path not in _OF_THE_EVENT and not is_within:
        raise BadRequestError("query filters by eventType, eventId, eventTime or event.<resource>.<attribute>.")
    if is_within:
        path = ".".join(rest[1:])
        demand_sense(RESOURCES[rest[0]], Condition(path, condition.compare, condition.values))
    types = [event_type(resource.collection, kind) for resource in own for kind in resource.events]
    if condition.path == "eventType" and condition.compare is Compare.EQ and not set(condition.values) & set(types):
        raise BadRequestError(f"eventType is none of: {', '.join(types)}.")
