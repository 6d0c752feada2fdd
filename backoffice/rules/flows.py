"""Work that goes step by step (TMF701).

A new flow may bring its tasks in `taskFlow`; each becomes a task of its own with a reference back to the flow. A flow is
completed once every task has ended and none that is mandatory was cancelled, cancelled if one was, on hold while one of its
tasks is, and else active. Who deletes a flow deletes its tasks.

A step begins when it is first taken out of `new`, and is done by who does that, for their department or else the flow's.
"""

from __future__ import annotations

from typing import Final

from app.core.clock import to_wire
from app.core.ids import new_id
from backoffice.rules.doings import ACTOR, DEPARTMENT, OUTCOME, checked, done_by, refuse_backwards, timed
from backoffice.rules.parts import children, reference, without
from backoffice.rules.port import Body, Records, Rule

_FLOW: Final = "processFlow"
_TASK: Final = "taskFlow"
_ENDED: Final = frozenset({"completed", "cancelled"})
_TOUCHED: Final = ("state", "startDate", "endDate", ACTOR, DEPARTMENT, OUTCOME)
_BEGUN: Final = ("active", "hold", "completed", "cancelled")
_OF_THE_SERVER: Final = ("id", "href", _FLOW)


def _begun(flow: Body, records: Records) -> Body:
    flow = done_by(flow, records)
    tasks = [records.add(_TASK, checked(_task(flow, given))) for given in children(flow, _TASK)]
    return {**flow, _TASK: [reference(task, "TaskFlow") for task in tasks]}


def _task(flow: Body, given: Body) -> Body:
    """A task of the flow; who sees the flow sees it too."""
    whose = {"relatedParty": flow["relatedParty"]} if "relatedParty" in flow else {}
    named = {_FLOW: {"id": flow["id"], "href": flow["href"]}}
    return {"id": new_id(), "isMandatory": True, **whose, **without(given, _OF_THE_SERVER), **named}


def _moved(before: Body, after: Body, records: Records) -> Body:
    flow = records.get(_FLOW, after[_FLOW]["id"])
    if after.get("state") in _BEGUN and any(after.get(name) != before.get(name) for name in _TOUCHED):
        after = _told(_kept(before, after), records, flow or {})
    if flow is None or before.get("state") == after.get("state"):
        return after
    others = records.find(_TASK, {f"{_FLOW}.id": flow["id"]})
    state = _state_of([after if one["id"] == after["id"] else one for one in others])
    if state != flow.get("state"):
        records.put(_FLOW, _at_its_end({**flow, "state": state}, records))
    return after


def _kept(before: Body, after: Body) -> Body:
    """A step says no less than before of who did it when, whatever a patch leaves out."""
    return {**{name: before[name] for name in ("startDate", ACTOR, DEPARTMENT) if name in before}, **after}


def _told(task: Body, records: Records, flow: Body) -> Body:
    task = timed(
        done_by(task, records, records.department or flow.get(DEPARTMENT, "")), "startDate", to_wire(records.now)
    )
    task = _at_its_end(task, records)
    refuse_backwards(task, "startDate", "endDate")
    return task


def _at_its_end(record: Body, records: Records) -> Body:
    if record.get("state") not in _ENDED:
        return record
    return timed({OUTCOME: record["state"], **record}, "endDate", to_wire(records.now))


def _state_of(tasks: list[Body]) -> str:
    states = [task.get("state") for task in tasks]
    if all(state in _ENDED for state in states):
        is_given_up = any(task.get("isMandatory") is not False and task.get("state") == "cancelled" for task in tasks)
        return "cancelled" if is_given_up else "completed"
    return "hold" if "hold" in states else "active"


def _ended(flow: Body, records: Records) -> None:
    for task in records.find(_TASK, {f"{_FLOW}.id": flow["id"]}):
        records.remove(_TASK, task["id"])


FLOW: Final = Rule(_begun, deleted=_ended)
TASK: Final = Rule(changed=_moved)
