"""What the views for analysis tell of interactions and process steps; the same on both engines."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from backoffice.errors import BadRequestError
from backoffice.people import People, Person
from backoffice.scopes import EVERYTHING
from backoffice.store import Store
from tests.architecture.files import ROOT
from tests.backoffice.office import Body, Office
from tests.fakes.clock import FakeClock

CUSTOMER = {"id": "C1", "href": "/c/C1", "name": "王小明", "role": "customer", "@referredType": "Customer"}
WITNESS = {**CUSTOMER, "id": "A0", "role": "witness"}
CHANNEL = [{"id": "hall", "href": "/hall", "name": "一号厅", "role": "x"}]
STARTED = "2026-03-25T03:55:00.000Z"
NOON = "2026-03-25T04:00:00.000Z"
PRIVATE = ("王小明", "13800138000", "一号厅", "moved house", "angry", "crying")


@pytest.fixture
def hall(office: Office, clock: FakeClock) -> Office:
    """Where 李娜 of the hall's department takes what comes."""
    People(office.store, clock).put(Person("li", "李娜", "clerk"), None, department="hall")
    office.has("customer", "C1", name="王小明", engagedParty={"id": "P1"})
    office.author = "li"
    return office


def rows(store: Store, view: str) -> list[dict[str, Any]]:
    with store.reading(EVERYTHING) as reader:
        return [dict(row) for row in reader.connection.execute(text(f"SELECT * FROM {view}")).mappings()]


def call(office: Office, **more: Any) -> Body:
    """Somebody calls."""
    said = {"status": "opened", "direction": "inbound", "reason": "moved house", "channel": CHANNEL}
    when = {"interactionDate": {"startDateTime": STARTED}, "relatedParty": [WITNESS, CUSTOMER]}
    told = {"description": "angry 13800138000", "note": [{"text": "crying"}]}
    return office.ask("partyInteraction", **{**said, **when, **told, **more})


def test_an_interaction_is_told_as_it_was_recorded(hall: Office, clock: FakeClock) -> None:
    made = call(hall)
    clock.move(timedelta(minutes=2, milliseconds=250))
    hall.change("partyInteraction", made["id"], status="completed", outcome="solved")
    assert rows(hall.store, "view_interaction") == [
        {
            "interaction": made["id"],
            "customer": "C1",
            "status": "completed",
            "direction": "inbound",
            "channel": "hall",
            "actor": "li",
            "department": "hall",
            "outcome": "solved",
            "created_at": NOON,
            "started_at": STARTED,
            "ended_at": "2026-03-25T04:02:00.250Z",
            "duration_s": 420.25,
        }
    ]


def test_what_is_not_said_of_an_interaction_is_filled_in(hall: Office) -> None:
    made = call(hall, status="completed", interactionDate={"endDateTime": "2026-03-25T13:00:00+09:00"})
    assert made["interactionDate"] == {"startDateTime": NOON, "endDateTime": NOON}
    assert (made["actor"], made["department"], made["outcome"]) == ("li", "hall", "completed")


def test_what_is_said_of_an_interaction_is_kept(hall: Office) -> None:
    made = call(hall, actor="chen", department="后台", outcome="callBack")
    assert (made["actor"], made["department"], made["outcome"]) == ("chen", "后台", "callBack")
    after = hall.change("partyInteraction", made["id"], actor=None, interactionDate={"startDateTime": None, "x": 1})
    assert (after["actor"], after["interactionDate"]) == ("chen", {"startDateTime": STARTED, "x": 1})


def test_an_interaction_that_runs_has_no_duration_yet(hall: Office) -> None:
    call(hall)
    (row,) = rows(hall.store, "view_interaction")
    assert (row["ended_at"], row["duration_s"], row["outcome"]) == (None, None, None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"actor": "Li Na"},
        {"outcome": "王小明 was angry"},
        {"outcome": "was angry"},
        {"department": 5},
        {"interactionDate": {"startDateTime": "yesterday"}},
        {"interactionDate": {"startDateTime": NOON, "endDateTime": STARTED}},
    ],
)
def test_who_did_it_and_when_is_no_free_text(hall: Office, wrong: Body) -> None:
    with pytest.raises(BadRequestError):
        call(hall, **wrong)


def flow(office: Office, *steps: str, kind: str = "newLine") -> Body:
    """A process with these steps."""
    tasks = [{"taskFlowSpecification": step, "note": [{"text": "crying"}]} for step in steps]
    return office.ask("processFlow", processFlowSpecification=kind, relatedParty=[CUSTOMER], taskFlow=tasks)


def move(office: Office, made: Body, step: int, state: str, **more: Any) -> Body:
    return office.change("taskFlow", made["taskFlow"][step]["id"], parent_id=made["id"], state=state, **more)


def test_a_step_is_told_as_it_was_done(hall: Office, clock: FakeClock) -> None:
    People(hall.store, clock).put(Person("chen", "陈", "clerk"), None, department="network")
    made = flow(hall, "identity", "wiring")
    clock.move(timedelta(minutes=1))
    hall.author = "chen"
    move(hall, made, 1, "active")
    clock.move(timedelta(hours=1, milliseconds=1))
    move(hall, made, 1, "hold")
    hall.author = "li"
    clock.move(timedelta(hours=1))
    move(hall, made, 1, "completed", outcome="lineUp")
    told = {row["step"]: row for row in rows(hall.store, "view_process_step")}
    assert told["wiring"] == {
        "task": made["taskFlow"][1]["id"],
        "process": made["id"],
        "process_kind": "newLine",
        "step": "wiring",
        "customer": "C1",
        "state": "completed",
        "mandatory": "true",
        "actor": "chen",
        "department": "network",
        "outcome": "lineUp",
        "created_at": NOON,
        "started_at": "2026-03-25T04:01:00.000Z",
        "ended_at": "2026-03-25T06:01:00.001Z",
        "waiting_s": 60.0,
        "duration_s": 7200.001,
    }
    waiting = told["identity"]
    assert (waiting["state"], waiting["actor"], waiting["started_at"], waiting["waiting_s"]) == (
        "new",
        None,
        None,
        None,
    )


def test_a_flow_says_who_began_it_and_when_it_ended(hall: Office, clock: FakeClock) -> None:
    made = flow(hall, "identity")
    clock.move(timedelta(minutes=1))
    move(hall, made, 0, "completed")
    after = hall.get("processFlow", made["id"])
    assert (after["actor"], after["department"], after["outcome"]) == ("li", "hall", "completed")
    assert after["endDate"] == "2026-03-25T04:01:00.000Z"


def test_a_step_of_somebody_without_a_department_is_the_flows(hall: Office) -> None:
    made = flow(hall, "identity")
    hall.author = "machine"
    assert move(hall, made, 0, "completed")["department"] == "hall"


def test_nothing_personal_is_in_the_views(hall: Office) -> None:
    call(hall, status="completed")
    move(hall, flow(hall, "identity"), 0, "completed")
    told = [str(value) for view in VIEWS for row in rows(hall.store, view) for value in row.values()]
    assert "C1" in told
    assert [value for value in told if any(one in value for one in PRIVATE)] == []


def test_what_is_no_code_is_not_told(hall: Office) -> None:
    texts = ("Frau Li rief an", "Tel13800138000", "13800138000", "张伟", "x" * 65)
    for one in texts:
        call(hall, status=one, direction=one, channel=[{**CHANNEL[0], "id": one}])
        flow(hall, one, kind=one)
    calls, steps = (rows(hall.store, view) for view in VIEWS)
    assert (len(calls), len(steps)) == (len(texts), len(texts))
    assert {row[name] for row in calls for name in ("status", "direction", "channel")} == {None}
    assert {row[name] for row in steps for name in ("process_kind", "step")} == {None}


VIEWS = ("view_interaction", "view_process_step")


@pytest.mark.parametrize("view", VIEWS)
def test_the_page_on_analysis_names_every_column(hall: Office, view: str) -> None:
    call(hall)
    flow(hall, "identity")
    page = (ROOT / "docs/analysis.md").read_text(encoding="utf-8").partition(f"## `{view}`")[2].partition("\n## ")[0]
    assert re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE) == list(rows(hall.store, view)[0])


def test_the_queries_of_the_page_on_analysis_work(hall: Office) -> None:
    call(hall, status="completed", outcome="callBack")
    queries = re.findall(r"```sql\n(.*?)```", (ROOT / "docs/analysis.md").read_text(encoding="utf-8"), re.DOTALL)
    assert len(queries) == len(VIEWS)
    with hall.store.reading(EVERYTHING) as reader:
        told = [reader.connection.execute(text(query)).all() for query in queries]
    assert told == [[("hall", 1, 300, 1)], []]


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_is_read_only(store: Store, view: str) -> None:
    with pytest.raises(Exception, match=r"cannot (modify|delete)|view"), store.writing() as transaction:
        transaction.connection.execute(text(f"DELETE FROM {view}"))


def test_what_is_gone_or_makes_no_sense_does_not_stop_a_view(hall: Office) -> None:
    hall.has("partyInteraction", "odd", status="completed", interactionDate={"startDateTime": "x", "endDateTime": NOON})
    hall.delete("partyInteraction", call(hall)["id"])
    (row,) = rows(hall.store, "view_interaction")
    assert (row["interaction"], row["started_at"], row["ended_at"], row["duration_s"]) == ("odd", None, NOON, None)
