"""What of an API's events a listener asks for: the filters of a list, on the event as it is sent."""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qsl

from backoffice.documents import Body
from backoffice.errors import BadRequestError
from backoffice.hub.kinds import event_type
from backoffice.querying import Compare, Condition, satisfies
from backoffice.resources import RESOURCES
from backoffice.web.filters import NOT_FILTERS, conditions_in

LONGEST: Final = 2_000
_OF_THE_EVENT: Final = ("eventId", "eventTime", "eventType")


def asked_for(api: str, query: str) -> tuple[Condition, ...]:
    """Read `eventType=…&event.troubleTicket.severity=…`. Raises BadRequestError for what no event of the API has."""
    if len(query) > LONGEST:
        raise BadRequestError(f"query may have {LONGEST} signs.")
    try:
        parameters = parse_qsl(query.removeprefix("?"), keep_blank_values=True, strict_parsing=bool(query.strip("?")))
    except ValueError as error:
        raise BadRequestError("query is written like that of a list: eventType=…&event.….…=…") from error
    conditions = conditions_in(parameters)
    for condition in conditions:
        _check(api, condition)
    if any(name in NOT_FILTERS for name, _ in parameters):
        raise BadRequestError("query filters events; it neither sorts nor pages them, nor chooses attributes.")
    return conditions


def is_asked_for(message: Body, conditions: tuple[Condition, ...]) -> bool:
    """Whether an event is one of those."""
    return satisfies(message, conditions)


def _check(api: str, condition: Condition) -> None:
    own = [resource for resource in RESOURCES.values() if resource.api == api]
    first, *rest = condition.path.split(".")
    is_known = condition.path in _OF_THE_EVENT or (
        first == "event" and rest[:1] and rest[0] in {r.collection for r in own}
    )
    if not is_known:
        raise BadRequestError("query filters by eventType, eventId, eventTime or event.<resource>.<attribute>.")
    types = [event_type(resource.collection, kind) for resource in own for kind in resource.events]
    if condition.path == "eventType" and condition.compare is Compare.EQ and not set(condition.values) & set(types):
        raise BadRequestError(f"eventType is none of: {', '.join(types)}.")
