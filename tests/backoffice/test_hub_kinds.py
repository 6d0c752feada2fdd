"""Which events a change is, and that they look as the swaggers say."""

from __future__ import annotations

from typing import Any

import pytest

from backoffice.documents import to_json
from backoffice.hub.happenings import Happening
from backoffice.hub.kinds import event_type, kinds_of
from backoffice.resources import RESOURCES
from tests.backoffice.contract import needs_swaggers
from tests.fakes.clock import NOON
from upkeep.swaggers import Swagger, swaggers

Body = dict[str, Any]
CREATED: Body = {"id": "1", "status": "acknowledged", "lastUpdate": "a", "statusChange": [1]}
TAKEN_UP: Body = {"id": "1", "status": "inProgress", "lastUpdate": "b", "statusChange": [1, 2], "statusChangeDate": "b"}


@pytest.mark.parametrize(
    ("collection", "before", "after", "kinds"),
    [
        ("troubleTicket", None, CREATED, "CreateEvent"),
        ("troubleTicket", CREATED, None, "DeleteEvent"),
        ("troubleTicket", CREATED, TAKEN_UP, "StatusChangeEvent"),
        ("troubleTicket", CREATED, {**CREATED, "name": "N"}, "AttributeValueChangeEvent"),
        ("troubleTicket", {**CREATED, "name": "N"}, CREATED, "AttributeValueChangeEvent"),
        ("troubleTicket", CREATED, {**TAKEN_UP, "name": "N"}, "AttributeValueChangeEvent StatusChangeEvent"),
        ("troubleTicket", CREATED, {**CREATED, "lastUpdate": "b"}, ""),
        ("troubleTicket", TAKEN_UP, {**TAKEN_UP, "status": "pending"}, "StatusChangeEvent InformationRequiredEvent"),
        (
            "troubleTicket",
            TAKEN_UP,
            {**TAKEN_UP, "status": "resolved", "resolutionDate": "c"},
            "StatusChangeEvent ResolvedEvent",
        ),
        ("troubleTicket", TAKEN_UP, {**TAKEN_UP, "resolutionDate": "c"}, "AttributeValueChangeEvent"),
        ("topupBalance", None, {"status": "completed"}, "CreateEvent"),
        ("topupBalance", None, {"status": "failed"}, "CreateEvent FailureEvent"),
        ("topupBalance", {"status": "completed"}, {"status": "cancelled"}, "CancelEvent"),
        ("topic", {"name": "a"}, {"name": "b"}, "ChangeEvent"),
        ("partyAccount", None, {"state": "active"}, ""),
        ("communicationMessage", None, {"state": "initial"}, ""),
    ],
)
def test_a_change_is_these_events(collection: str, before: Body | None, after: Body | None, kinds: str) -> None:
    assert set(kinds_of(RESOURCES[collection], before, after)) == set(kinds.split())


def listener_of(swagger: Swagger, name: str) -> str:
    """The path at which a client of the swagger takes an event."""
    paths: list[str] = [path for path in swagger.document["paths"] if path.startswith("/listener/")]
    return next(path for path in paths if path.rpartition("/")[2].casefold() == name.casefold())


@needs_swaggers
def test_every_event_that_can_be_sent_looks_as_its_swagger_says() -> None:
    apis = {swagger.api: swagger for swagger in swaggers()}
    seen = 0
    for collection, resource in RESOURCES.items():
        for kind in resource.events:
            told = Happening(collection, "1", 7, (kind,), to_json({"id": "1"}), "", frozenset(), NOON)
            (message,) = told.messages("epoch")
            swagger = apis[resource.api]
            schema = swagger.request(listener_of(swagger, event_type(collection, kind)), "post")
            assert schema is not None
            message["event"][collection] = {}  # what a resource holds is held to its swagger elsewhere
            faults = [one for one in swagger.faults(schema, message) if f".event.{collection}." not in one]
            assert faults == []
            told_of = {"event", *swagger.resolved(schema)["properties"]}  # that of accounts forgets what it is about
            assert set(message) <= told_of
            seen += 1
    assert seen > 150
