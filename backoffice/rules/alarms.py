"""What is done to alarms (TMF642).

A pattern names attributes of an alarm; an alarm is meant if one of the patterns agrees with it in all of them. A pattern
that names none of `FOUND_BY` is refused, since it would mean every alarm there is. Objects agree if what the pattern names
in them agrees. A cleared alarm has the severity `cleared` (X.733), one of that severity is cleared, and it stays so.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from app.core.clock import to_wire
from backoffice.errors import BadRequestError
from backoffice.rules.links import above, linked, unlinked
from backoffice.rules.parts import children, id_at, ids_in, reference, text_at, without
from backoffice.rules.port import MOST, Body, Records, Rule

FOUND_BY: Final = (
    ("externalAlarmId",),
    ("sourceSystemId",),
    ("reportingSystemId",),
    ("alarmType",),
    ("perceivedSeverity",),
    ("probableCause",),
    ("specificProblem",),
    ("state",),
    ("ackState",),
    ("alarmedObject", "id"),
)
_TYPE: Final = "Alarm"
_CLEARED: Final = "cleared"
_SAY_SO: Final = ("state", "perceivedSeverity")

Change = Callable[[Body], Body]


def _born(alarm: Body, records: Records) -> Body:
    return _changed({}, {"alarmReportingTime": to_wire(records.now), **alarm}, records)


def _changed(before: Body, after: Body, _records: Records) -> Body:
    says_so = any(after.get(name) == _CLEARED != before.get(name) for name in _SAY_SO)
    is_cleared = says_so or after.get("state") == _CLEARED
    return {**after, **dict.fromkeys(_SAY_SO, _CLEARED)} if is_cleared else after


def _acknowledged(task: Body, records: Records) -> Body:
    done = _to_matching(task, records, lambda alarm: {**alarm, **_who(task), "ackState": "acknowledged"})
    return {"ackTime": to_wire(records.now), **task, "ackedAlarm": done, "state": "done"}


def _unacknowledged(task: Body, records: Records) -> Body:
    done = _to_matching(task, records, lambda alarm: {**alarm, **_who(task), "ackState": "unacknowledged"})
    return {"ackTime": to_wire(records.now), **task, "unAckedAlarm": done, "state": "done"}


def _who(task: Body) -> Body:
    return {name: task[name] for name in ("ackSystemId", "ackUserId")}


def _cleared(task: Body, records: Records) -> Body:
    told = {name: task[name] for name in ("alarmClearedTime", "clearSystemId", "clearUserId")}
    ended = {**told, "state": _CLEARED, "perceivedSeverity": _CLEARED}
    done = _to_matching(task, records, lambda alarm: alarm if alarm.get("state") == _CLEARED else {**alarm, **ended})
    return {**task, "clearedAlarm": done, "state": "done"}


def _commented(task: Body, records: Records) -> Body:
    comment = {"time": to_wire(records.now), **task["comment"]}
    done = _to_matching(task, records, lambda alarm: {**alarm, "comment": [*children(alarm, "comment"), comment]})
    return {**task, "comment": comment, "commentedAlarm": done, "state": "done"}


def _to_matching(task: Body, records: Records, change: Change) -> list[Body]:
    """Change every alarm that is meant, and name them all, also those on which nothing was left to do."""
    patterns = task["alarmPattern"]
    ids: list[str] = []
    for pattern in patterns:
        ids += _candidates(pattern, records)
        if len(ids) > MOST:
            raise BadRequestError(f"The patterns may mean {MOST} alarms. Name more attributes, or fewer patterns.")
    held = [alarm for alarm_id in sorted(set(ids)) if (alarm := records.get("alarm", alarm_id)) is not None]
    meant = [alarm for alarm in held if any(_means(pattern, alarm) for pattern in patterns)]
    for alarm in meant:
        if (after := change(alarm)) != alarm:
            records.put("alarm", after)
    return [reference(alarm, _TYPE) for alarm in meant]


def _means(pattern: Body, alarm: Body) -> bool:
    return id_at(pattern) in ("", alarm["id"]) and _agrees(without(pattern, ("id",)), alarm)


def _candidates(pattern: Body, records: Records) -> list[str]:
    """The ids of the alarms that a pattern may mean."""
    if alarm_id := id_at(pattern):
        return [alarm_id]
    wanted = {".".join(path): text for path in FOUND_BY if (text := text_at(pattern, *path))}
    if not wanted:
        ways = ", ".join(".".join(path) for path in FOUND_BY)
        raise BadRequestError(f"A pattern names an id or at least one of: {ways}.")
    return [alarm["id"] for alarm in records.find("alarm", wanted, MOST + 1)]


def _agrees(wanted: Any, found: Any) -> bool:
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(name in found and _agrees(wanted[name], found[name]) for name in wanted)
    return bool(wanted == found)


def _grouped(task: Body, records: Records) -> Body:
    """The parent becomes the root cause; an alarm that is an ancestor of it cannot be put below it."""
    parent = records.get("alarm", id_at(task, "parentAlarm"))
    if parent is None:
        return {**task, "groupedAlarm": [], "state": "terminatedWithError", "statusReason": "There is no such parent."}
    its_own = above("alarm", parent, "parentAlarm", records)
    below = [alarm for alarm in _named(task, records) if alarm["id"] not in its_own]
    for alarm in below:
        records.put("alarm", linked(alarm, "parentAlarm", [parent], _TYPE))
    records.put("alarm", {**linked(parent, "correlatedAlarm", below, _TYPE), "isRootCause": True})
    return {**task, "groupedAlarm": [reference(alarm, _TYPE) for alarm in below], "state": "done"}


def _ungrouped(task: Body, records: Records) -> Body:
    parent_id = id_at(task, "parentAlarm")
    parent = records.get("alarm", parent_id)
    if parent is None:
        return {
            **task,
            "unGroupedAlarm": [],
            "state": "terminatedWithError",
            "statusReason": "There is no such parent.",
        }
    freed = [alarm for alarm in _named(task, records) if parent_id in ids_in(alarm, "parentAlarm")]
    for alarm in freed:
        records.put("alarm", unlinked(alarm, "parentAlarm", [parent]))
    records.put("alarm", unlinked(parent, "correlatedAlarm", freed))
    return {**task, "unGroupedAlarm": [reference(alarm, _TYPE) for alarm in freed], "state": "done"}


def _named(task: Body, records: Records) -> list[Body]:
    ids = dict.fromkeys(ids_in(task, "correlatedAlarm"))
    return [alarm for one in ids if (alarm := records.get("alarm", one)) is not None]


ALARM: Final = Rule(_born, _changed)
ACKNOWLEDGE: Final = Rule(_acknowledged)
UNACKNOWLEDGE: Final = Rule(_unacknowledged)
CLEAR: Final = Rule(_cleared)
COMMENT: Final = Rule(_commented)
GROUP: Final = Rule(_grouped)
UNGROUP: Final = Rule(_ungrouped)
