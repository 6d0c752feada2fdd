"""Whether a service is possible at a place (TMF645)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.backoffice.office import Body, Office

IN_A_WEEK = "2026-04-01T04:00:00.000Z"


@pytest.fixture
def street(office: Office) -> None:
    """One address with a free fibre port and copper that is in use; another where a site stands; a third with nothing."""
    for address in ("A1", "A2", "A3"):
        office.has("geographicAddress", address, streetName="Yan'an Road")
    office.has("geographicSite", "SITE", name="hall", place=[{"id": "A2", "@referredType": "GeographicAddress"}])
    _port(office, "P1", "fibre", "A1")
    _port(office, "P2", "copper", "A1", usageState="busy")
    _port(office, "P3", "copper", "SITE", resourceSpecification={"id": "SPEC", "name": "vdsl"})


def _port(office: Office, name: str, kind: str, place: str, **more: Any) -> None:
    at = {"id": place, "role": "location", "@referredType": "GeographicAddress"}
    office.has("resource", name, **{"name": name, "category": kind, "resourceStatus": "available", "place": at, **more})


def item(place: str = "A1", **service: Any) -> Body:
    where = [{"id": place, "role": "installation", "@referredType": "GeographicAddress"}] if place else []
    return {"id": "1", "service": {**service, "place": where}}


def check(office: Office, *items: Body, **more: Any) -> Body:
    return office.ask("checkServiceQualification", serviceQualificationItem=list(items), **more)


def results(task: Body) -> list[Any]:
    return [one.get("qualificationResult", one["state"]) for one in task["serviceQualificationItem"]]


def test_a_service_is_possible_where_something_of_its_kind_is_free(office: Office, street: None) -> None:
    task = check(office, item("A1", category="fibre"))
    assert (task["state"], task["qualificationResult"], task["expirationDate"]) == ("done", "qualified", IN_A_WEEK)
    assert results(check(office, item("A2", serviceType="copper"))) == ["qualified"]
    assert results(check(office, item("SITE", serviceSpecification={"id": "SPEC"}))) == ["qualified"]
    assert results(check(office, item("A2", serviceSpecification={"id": "other", "name": "vdsl"}))) == ["qualified"]


@pytest.mark.parametrize(
    "state",
    [
        {"resourceStatus": "reserved"},
        {"usageState": "busy"},
        {"operationalState": "disable"},
        {"administrativeState": "locked"},
        {"administrativeState": "shutdown"},
    ],
)
def test_what_is_not_free_makes_nothing_possible(office: Office, street: None, state: Body) -> None:
    _port(office, "P1", "fibre", "A1", **state)
    task = check(office, item("A1", category="fibre"))
    (only,) = task["serviceQualificationItem"]
    assert (task["qualificationResult"], only["qualificationResult"]) == ("unqualified", "unqualified")
    assert only["eligibilityUnavailabilityReason"][0]["code"] == "noFreeResource"


def test_another_kind_is_proposed_to_who_asks_for_one(office: Office, street: None) -> None:
    task = check(office, item("A1", category="copper"), provideAlternative=True)
    (only,) = task["serviceQualificationItem"]
    assert (task["qualificationResult"], only["qualificationResult"]) == ("alternate", "alternate")
    assert [one["alternateService"]["category"] for one in only["alternateServiceProposal"]] == ["fibre"]
    assert results(check(office, item("A3", category="copper"), provideAlternative=True)) == ["unqualified"]


def test_the_whole_is_as_good_as_its_worst_item(office: Office, street: None) -> None:
    task = check(office, item("A1", category="fibre"), item("A1", category="copper"))
    assert (task["qualificationResult"], results(task)) == ("unqualified", ["qualified", "unqualified"])


def test_a_reason_is_kept_back_from_who_wants_none(office: Office, street: None) -> None:
    task = check(office, item("A3", category="fibre"), provideUnavailabilityReason=False)
    assert task["serviceQualificationItem"][0]["eligibilityUnavailabilityReason"] == []


def test_what_cannot_be_answered_says_so(office: Office, street: None) -> None:
    task = check(office, item("", category="fibre"), item("A1"), item("moon", category="fibre"))
    told = [one["terminationError"][0]["id"] for one in task["serviceQualificationItem"]]
    assert told == ["incomplete", "incomplete", "unknownPlace"]
    assert results(task) == ["terminatedWithError"] * 3
    assert task["qualificationResult"] == "unqualified"


def test_a_client_cannot_write_the_answer_itself(office: Office, street: None) -> None:
    task = check(office, item("A3", category="fibre"), qualificationResult="qualified", state="inProgress")
    assert (task["qualificationResult"], task["state"]) == ("unqualified", "done")


def test_what_a_client_writes_into_an_items_answer_is_no_answer(office: Office, street: None) -> None:
    claimed = {
        "qualificationResult": "surely",
        "alternateServiceProposal": [{"id": "9"}],
        "terminationError": [{"id": "9"}],
    }
    task = check(office, {**item("A3", category="fibre"), **claimed}, {**item("moon", category="fibre"), **claimed})
    known, unknown = task["serviceQualificationItem"]
    assert (known["qualificationResult"], "alternateServiceProposal" in known, "terminationError" in known) == (
        "unqualified",
        False,
        False,
    )
    assert ("qualificationResult" in unknown, unknown["terminationError"][0]["id"]) == (False, "unknownPlace")


def query(office: Office, **criteria: Any) -> list[Body]:
    task = office.ask("queryServiceQualification", searchCriteria=item(**criteria))
    assert (task["state"], task["expirationDate"]) == ("done", IN_A_WEEK)
    found: list[Body] = task["serviceQualificationItem"]
    return found


def test_a_query_lists_every_kind_that_is_possible_at_the_place(office: Office, street: None) -> None:
    _port(office, "P4", "fibre", "A1")
    _port(office, "P5", "radio", "A1")
    assert [one["service"]["category"] for one in query(office, place="A1")] == ["fibre", "radio"]
    assert [one["service"]["category"] for one in query(office, place="A1", category="radio")] == ["radio"]
    assert query(office, place="A3") == query(office, place="") == []
    assert query(office, place="A1", category="radio")[0]["service"]["supportingResource"][0]["id"] == "P5"
