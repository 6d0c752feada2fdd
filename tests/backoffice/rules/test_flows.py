"""Work that goes step by step (TMF701)."""

from __future__ import annotations

from typing import Any

import pytest

from backoffice.errors import BadRequestError, ForbiddenError
from backoffice.scopes import Scope
from tests.backoffice.office import Body, Office


@pytest.fixture
def flow(office: Office) -> Body:
    """Two steps that must be done and one that may."""
    tasks = [
        {"taskFlowSpecification": "check identity"},
        {"taskFlowSpecification": "sign"},
        {"taskFlowSpecification": "survey", "isMandatory": False, "id": "mine", "processFlow": {"id": "other"}},
    ]
    return office.ask("processFlow", processFlowSpecification="new line", taskFlow=tasks, state="completed")


def move(office: Office, flow: Body, step: int, state: str) -> Body:
    return office.change("taskFlow", flow["taskFlow"][step]["id"], parent_id=flow["id"], state=state)


def state(office: Office, flow: Body) -> Any:
    return office.get("processFlow", flow["id"])["state"]


def test_a_flow_brings_its_tasks(office: Office, flow: Body) -> None:
    assert (flow["state"], flow["processFlowDate"]) == ("active", "2026-03-25T04:00:00.000Z")
    tasks = [office.get("taskFlow", one["id"]) for one in flow["taskFlow"]]
    assert [(one["taskFlowSpecification"], one["state"], one["isMandatory"]) for one in tasks] == [
        ("check identity", "new", True),
        ("sign", "new", True),
        ("survey", "new", False),
    ]
    assert {one["processFlow"]["id"] for one in tasks} == {flow["id"]}
    assert {one["href"] for one in tasks} == {one["href"] for one in flow["taskFlow"]}
    assert all(one["href"].startswith(f"{flow['href']}/taskFlow/") for one in tasks)


def test_a_flow_is_completed_when_every_task_has_ended(office: Office, flow: Body) -> None:
    move(office, flow, 0, "completed")
    move(office, flow, 1, "hold")
    assert state(office, flow) == "hold"
    move(office, flow, 1, "completed")
    assert state(office, flow) == "active"
    move(office, flow, 2, "cancelled")
    assert state(office, flow) == "completed"


def test_a_flow_is_cancelled_when_a_task_that_must_be_done_is(office: Office, flow: Body) -> None:
    move(office, flow, 0, "cancelled")
    assert state(office, flow) == "active"
    for step in (1, 2):
        move(office, flow, step, "completed")
    assert state(office, flow) == "cancelled"
    with pytest.raises(BadRequestError, match="cannot go"):
        move(office, flow, 0, "active")


def test_what_a_task_is_does_not_change(office: Office, flow: Body) -> None:
    after = office.change(
        "taskFlow", flow["taskFlow"][0]["id"], parent_id=flow["id"], taskFlowSpecification="x", priority=1
    )
    assert (after["taskFlowSpecification"], after["priority"]) == ("check identity", 1)


def test_who_deletes_a_flow_deletes_its_tasks(office: Office, flow: Body) -> None:
    other = office.ask("processFlow", processFlowSpecification="other", taskFlow=[{"taskFlowSpecification": "stays"}])
    office.delete("processFlow", flow["id"])
    assert [one["id"] for one in office.every("taskFlow")] == [other["taskFlow"][0]["id"]]


def test_a_task_belongs_to_those_to_whom_its_flow_does(office: Office) -> None:
    party = {"id": "C1", "role": "customer", "@referredType": "Customer"}
    flow = office.ask("processFlow", processFlowSpecification="x", relatedParty=[party], taskFlow=[{"priority": 1}])
    assert office.get("taskFlow", flow["taskFlow"][0]["id"])["relatedParty"] == [party]


def test_a_flow_without_tasks_is_complete_too(office: Office) -> None:
    assert office.ask("processFlow", processFlowSpecification="empty")["taskFlow"] == []


@pytest.mark.parametrize("named", ["C2", "nobody"])
def test_no_task_is_begun_for_somebody_out_of_view(office: Office, named: str) -> None:
    for customer, territory in (("C1", "xihu"), ("C2", "binjiang")):
        office.has("customer", customer, characteristic=[{"name": "territory", "value": territory}])
    office.scope = Scope(frozenset({"xihu"}))
    own, other = ([{"id": name, "role": "customer", "@referredType": "Customer"}] for name in ("C1", named))
    with pytest.raises(ForbiddenError):
        office.ask("processFlow", processFlowSpecification="x", relatedParty=own, taskFlow=[{"relatedParty": other}])
    office.ask("processFlow", processFlowSpecification="x", relatedParty=own, taskFlow=[{"relatedParty": own}])
    assert [one["relatedParty"] for one in office.every("taskFlow")] == [own]
