"""Many alarms at once: acknowledged, cleared, commented, grouped (TMF642)."""

from __future__ import annotations

from typing import Any

import pytest

from backoffice.errors import BadRequestError
from backoffice.resources import RESOURCES
from backoffice.rules.alarms import FOUND_BY
from tests.backoffice.office import Body, Office

WHO = {"ackSystemId": "noc", "ackUserId": "li"}
NOON = "2026-03-25T04:00:00.000Z"


@pytest.fixture
def alarms(office: Office) -> dict[str, str]:
    """Three raised alarms: two of one device, one of another."""
    raised = {
        "fan": _alarm(office, "R1", "major", specificProblem="fan"),
        "power": _alarm(office, "R1", "critical", specificProblem="power"),
        "link": _alarm(office, "R2", "major", affectedService=[{"id": "S1"}]),
    }
    return {name: alarm["id"] for name, alarm in raised.items()}


def _alarm(office: Office, device: str, severity: str, **more: Any) -> Body:
    return office.ask(
        "alarm",
        alarmType="equipmentAlarm",
        perceivedSeverity=severity,
        probableCause="unknown",
        alarmedObject={"id": device},
        sourceSystemId="nms",
        state="raised",
        alarmRaisedTime="2026-03-25T03:00:00.000Z",
        **more,
    )


def ids(named: list[Body]) -> set[str]:
    return {one["id"] for one in named}


def states(office: Office, name: str) -> list[Any]:
    return sorted(alarm[name] for alarm in office.every("alarm"))


def test_a_new_alarm_is_not_acknowledged_and_knows_when_it_was_reported(office: Office) -> None:
    alarm = _alarm(office, "R1", "major")
    assert (alarm["ackState"], alarm["alarmReportingTime"], alarm["alarmChangedTime"]) == ("unacknowledged", NOON, NOON)


def test_those_that_agree_with_a_pattern_in_everything_are_acknowledged(office: Office, alarms: dict[str, str]) -> None:
    done = office.ask("ackAlarms", **WHO, alarmPattern=[{"alarmedObject": {"id": "R1"}, "perceivedSeverity": "major"}])
    assert (done["state"], done["ackTime"], ids(done["ackedAlarm"])) == ("done", NOON, {alarms["fan"]})
    fan = office.get("alarm", alarms["fan"])
    assert (fan["ackState"], fan["ackUserId"], fan["ackSystemId"]) == ("acknowledged", "li", "noc")
    assert states(office, "ackState") == ["acknowledged", "unacknowledged", "unacknowledged"]
    undone = office.ask("unAckAlarms", **WHO, alarmPattern=[{"sourceSystemId": "nms"}])
    assert ids(undone["unAckedAlarm"]) == set(alarms.values())
    assert set(states(office, "ackState")) == {"unacknowledged"}


def test_one_pattern_of_several_is_enough_and_an_id_is_a_pattern(office: Office, alarms: dict[str, str]) -> None:
    patterns = [{"id": alarms["link"]}, {"specificProblem": "power"}, {"id": "missing"}, {"specificProblem": "smell"}]
    done = office.ask("ackAlarms", **WHO, alarmPattern=patterns)
    assert ids(done["ackedAlarm"]) == {alarms["link"], alarms["power"]}


def test_an_id_with_something_that_is_not_so_means_nothing(office: Office, alarms: dict[str, str]) -> None:
    done = office.ask("ackAlarms", **WHO, alarmPattern=[{"id": alarms["link"], "perceivedSeverity": "minor"}])
    assert (done["state"], done["ackedAlarm"]) == ("done", [])


def test_a_pattern_that_would_mean_every_alarm_is_refused(office: Office, alarms: dict[str, str]) -> None:
    for pattern in ({}, {"alarmDetails": "x"}, {"alarmedObject": {"name": "x"}}):
        with pytest.raises(BadRequestError, match=r"alarmedObject\.id"):
            office.ask("ackAlarms", **WHO, alarmPattern=[pattern])
    assert set(states(office, "ackState")) == {"unacknowledged"}


def test_what_patterns_are_found_by_are_declared_filters() -> None:
    assert {".".join(path) for path in FOUND_BY} <= {one.path for one in RESOURCES["alarm"].filters}


def test_a_cleared_alarm_has_the_severity_cleared_and_stays_so(office: Office, alarms: dict[str, str]) -> None:
    at = "2026-03-25T03:50:00.000Z"
    who = {"clearSystemId": "noc", "clearUserId": "li", "alarmClearedTime": at}
    done = office.ask("clearAlarms", **who, alarmPattern=[{"alarmedObject": {"id": "R1"}}])
    assert ids(done["clearedAlarm"]) == {alarms["fan"], alarms["power"]}
    fan = office.get("alarm", alarms["fan"])
    assert (fan["state"], fan["perceivedSeverity"], fan["alarmClearedTime"], fan["clearUserId"]) == (
        "cleared",
        "cleared",
        at,
        "li",
    )
    assert office.get("alarm", alarms["link"])["state"] == "raised"
    later = {**who, "clearUserId": "wang", "alarmClearedTime": NOON}
    again = office.ask("clearAlarms", **later, alarmPattern=[{"id": alarms["fan"]}])
    assert ids(again["clearedAlarm"]) == {alarms["fan"]}
    assert office.get("alarm", alarms["fan"]) == fan
    with pytest.raises(BadRequestError, match="cannot go"):
        office.change("alarm", alarms["fan"], state="raised")


def test_an_alarm_of_the_severity_cleared_is_cleared(office: Office, alarms: dict[str, str]) -> None:
    cleared = office.change("alarm", alarms["fan"], perceivedSeverity="cleared")
    assert (cleared["state"], cleared["alarmClearedTime"]) == ("cleared", NOON)
    assert _alarm(office, "R1", "cleared")["state"] == "cleared"
    office.has("alarm", "odd", state="raised", perceivedSeverity="cleared", alarmedObject={"id": "R9"})
    assert (
        office.change("alarm", "odd", alarmDetails="seen")["state"] == "raised"
    )  # what it does not touch is not its fault


def test_an_alarm_that_is_cleared_by_itself_is_cleared_like_any_other(office: Office, alarms: dict[str, str]) -> None:
    cleared = office.change("alarm", alarms["fan"], state="cleared")
    assert (cleared["perceivedSeverity"], cleared["alarmClearedTime"]) == ("cleared", NOON)


def test_a_comment_is_added_to_those_that_are_there(office: Office, alarms: dict[str, str]) -> None:
    for text in ("first", "second"):
        done = office.ask(
            "commentAlarms", comment={"comment": text, "userId": "li"}, alarmPattern=[{"id": alarms["fan"]}]
        )
        assert ids(done["commentedAlarm"]) == {alarms["fan"]}
    comments = office.get("alarm", alarms["fan"])["comment"]
    assert [(one["comment"], one["time"], one["userId"]) for one in comments] == [
        ("first", NOON, "li"),
        ("second", NOON, "li"),
    ]


def group(office: Office, task: str, parent: str, *below: str) -> Body:
    named: Body = {"parentAlarm": {"id": parent}, "correlatedAlarm": [{"id": one} for one in below]}
    return office.ask(task, sourceSystemId="nms", alarmChangedTime=NOON, **named)


def test_grouped_alarms_name_each_other_until_they_are_ungrouped(office: Office, alarms: dict[str, str]) -> None:
    for _ in range(2):
        done = group(office, "groupAlarms", alarms["power"], alarms["fan"], alarms["link"], "missing")
        assert ids(done["groupedAlarm"]) == {alarms["fan"], alarms["link"]}
    root = office.get("alarm", alarms["power"])
    assert (root["isRootCause"], ids(root["correlatedAlarm"]), len(root["correlatedAlarm"])) == (
        True,
        {alarms["fan"], alarms["link"]},
        2,
    )
    assert ids(office.get("alarm", alarms["fan"])["parentAlarm"]) == {alarms["power"]}
    freed = group(office, "unGroupAlarms", alarms["power"], alarms["fan"])
    assert ids(freed["unGroupedAlarm"]) == {alarms["fan"]}
    assert office.get("alarm", alarms["fan"])["parentAlarm"] == []
    assert ids(office.get("alarm", alarms["power"])["correlatedAlarm"]) == {alarms["link"]}


def test_no_alarm_is_below_itself(office: Office, alarms: dict[str, str]) -> None:
    group(office, "groupAlarms", alarms["power"], alarms["fan"])
    group(office, "groupAlarms", alarms["fan"], alarms["link"])
    done = group(office, "groupAlarms", alarms["link"], alarms["power"], alarms["link"])
    assert done["groupedAlarm"] == []
    assert office.get("alarm", alarms["power"])["parentAlarm"] == []


def test_a_parent_that_is_not_there_ends_the_task_with_the_reason(office: Office, alarms: dict[str, str]) -> None:
    for task in ("groupAlarms", "unGroupAlarms"):
        done = group(office, task, "missing", alarms["fan"])
        assert (done["state"], done["statusReason"]) == ("terminatedWithError", "There is no such parent.")
    assert office.get("alarm", alarms["fan"])["parentAlarm"] == []
