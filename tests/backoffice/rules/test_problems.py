"""Service problems: acknowledged, grouped, and what moved them kept (TMF656)."""

from __future__ import annotations

from typing import Any

import pytest

from backoffice.errors import ConflictError
from tests.backoffice.office import Body, Office


@pytest.fixture
def problems(office: Office) -> list[str]:
    """Three problems."""
    return [_problem(office, name)["id"] for name in ("fibre", "power", "core")]


def _problem(office: Office, name: str) -> Body:
    party = {"id": "NOC", "@referredType": "Organization"}
    body: Body = {"category": "supplier", "priority": 1, "description": name, "reason": "x", "originatorParty": party}
    return office.ask("serviceProblem", name=name, **body)


def refs(*ids: str) -> list[Body]:
    return [{"id": one} for one in ids]


def ids(named: list[Body]) -> list[str]:
    return [one["id"] for one in named]


def words(office: Office, problem: str) -> list[Any]:
    return [one["description"] for one in office.get("serviceProblem", problem).get("trackingRecord", [])]


def test_an_acknowledgement_stands_in_the_tracking_record_once(office: Office, problems: list[str]) -> None:
    first, second, _ = problems
    who = {"user": "li", "systemId": "noc"}
    done = office.ask("problemAcknowledgement", problem=refs(first, second), trackingRecord=who)
    assert ids(done["ackProblem"]) == [first, second]
    entry = office.get("serviceProblem", first)["trackingRecord"][0]
    assert (entry["user"], entry["systemId"], entry["time"]) == ("li", "noc", "2026-03-25T04:00:00.000Z")
    assert office.ask("problemAcknowledgement", problem=refs(first))["ackProblem"] == []
    undone = office.ask("problemUnacknowledgement", problem=refs(first))
    assert ids(undone["unackProblem"]) == [first]
    assert words(office, first) == ["acknowledged", "unacknowledged"]
    assert office.ask("problemUnacknowledgement", problem=refs(first))["unackProblem"] == []
    assert ids(office.ask("problemAcknowledgement", problem=refs(first))["ackProblem"]) == [first]
    assert words(office, second) == ["acknowledged"]


def test_a_problem_that_is_not_there_is_a_reason_to_do_nothing(office: Office, problems: list[str]) -> None:
    with pytest.raises(ConflictError, match="not there"):
        office.ask("problemAcknowledgement", problem=refs(problems[0], "missing"))
    assert words(office, problems[0]) == []
    for below, above in ((refs("missing"), problems[0]), (refs(problems[0]), "missing")):
        with pytest.raises(ConflictError):
            office.ask("problemGroup", parentProblem={"id": above}, childProblem=below)
    assert "underlyingProblem" not in office.get("serviceProblem", problems[0])


def test_grouped_problems_name_each_other_until_they_are_ungrouped(office: Office, problems: list[str]) -> None:
    first, second, core = problems
    for _ in range(2):
        office.ask("problemGroup", parentProblem={"id": core}, childProblem=refs(first, second))
    assert ids(office.get("serviceProblem", core)["underlyingProblem"]) == [first, second]
    assert ids(office.get("serviceProblem", first)["parentProblem"]) == [core]
    office.ask("problemUngroup", parentProblem={"id": core}, childProblem=refs(first))
    assert ids(office.get("serviceProblem", core)["underlyingProblem"]) == [second]
    assert office.get("serviceProblem", first)["parentProblem"] == []


def test_no_problem_lies_below_itself(office: Office, problems: list[str]) -> None:
    first, second, core = problems
    office.ask("problemGroup", parentProblem={"id": core}, childProblem=refs(first))
    office.ask("problemGroup", parentProblem={"id": first}, childProblem=refs(second))
    with pytest.raises(ConflictError, match="below itself"):
        office.ask("problemGroup", parentProblem={"id": second}, childProblem=refs(core))
    assert "parentProblem" not in office.get("serviceProblem", core)


def test_what_moves_a_problem_is_kept_and_a_note_is_not(office: Office, problems: list[str]) -> None:
    first = problems[0]
    office.change("serviceProblem", first, note=[{"text": "digger"}])
    office.change("serviceProblem", first, status="inProgress", statusChangeReason="crew sent")
    office.change("serviceProblem", first, status="resolved")
    kept = [one for one in office.every("serviceProblemEventRecord") if one["serviceProblem"]["id"] == first]
    assert [(one["eventType"], one["notification"]["serviceProblem"]["status"]) for one in kept] == [
        ("serviceProblemCreateEvent", "acknowledged"),
        ("serviceProblemStateChangeEvent", "inProgress"),
        ("serviceProblemStateChangeEvent", "resolved"),
    ]
    assert office.get("serviceProblem", first)["resolutionDate"] == "2026-03-25T04:00:00.000Z"
    office.get("serviceProblemEventRecord", kept[0]["id"])


def test_a_problem_that_is_taken_up_again_is_not_resolved(office: Office, problems: list[str]) -> None:
    for status in ("inProgress", "resolved", "inProgress"):
        office.change("serviceProblem", problems[0], status=status)
    assert "resolutionDate" not in office.get("serviceProblem", problems[0])


def test_the_tracking_record_is_not_the_clients_to_write(office: Office, problems: list[str]) -> None:
    office.ask("problemAcknowledgement", problem=refs(problems[0]))
    office.change("serviceProblem", problems[0], trackingRecord=[])
    assert words(office, problems[0]) == ["acknowledged"]
