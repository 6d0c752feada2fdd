"""Topics, the events reported under them and who listens (TMF688)."""

from __future__ import annotations

from backoffice.resources.kinds import ASKING, Operation, Resource, attributes, filters

TOPICS = (
    Resource(
        "topic",
        "event/v4",
        attributes("contentQuery headerQuery name"),
        operations=frozenset({Operation.LIST, Operation.READ, Operation.CREATE, Operation.DELETE}),
        events=("CreateEvent", "ChangeEvent", "DeleteEvent"),
        filters=filters("name"),
    ),
    Resource(
        "event",
        "event/v4",
        attributes(
            "correlationId description domain eventId eventTime:instant eventType priority timeOcurred:instant title "
            "analyticCharacteristic:list event:any relatedParty:list reportingSystem:object source:object"
        ),
        operations=ASKING,
        parent="topic",
        filters=filters(
            "topic.id eventId eventType correlationId domain priority relatedParty.id source.id eventTime:instant"
        ),
        created="eventTime",
    ),
    Resource(
        "hub",
        "event/v4",
        attributes("callback query"),
        required=("callback",),
        operations=frozenset({Operation.LIST, Operation.READ, Operation.CREATE, Operation.DELETE}),
        parent="topic",
        filters=filters("topic.id callback"),
    ),
)
