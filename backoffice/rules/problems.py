"""What is done to service problems (TMF656).

Every problem is born acknowledged, so that an acknowledgement moves no state: it stands in the problem's tracking record
with who gave it, and so does its end. Grouping puts problems below the one that explains them; none is ever its own
ancestor. What moves a problem in its life, not every note on it, is kept as a serviceProblemEventRecord.
"""

from __future__ import annotations

from typing import Final

from app.core.clock import to_wire
from app.core.ids import new_id
from backoffice.errors import ConflictError
from backoffice.rules.links import above, linked, unlinked
from backoffice.rules.parts import child, children, id_at, ids_in, reference
from backoffice.rules.port import Body, Records, Rule

_PROBLEM: Final = "serviceProblem"
_TYPE: Final = "ServiceProblem"
_GIVEN: Final = "acknowledged"
_TAKEN_BACK: Final = "unacknowledged"


def _born(problem: Body, records: Records) -> Body:
    _record("serviceProblemCreateEvent", problem, records)
    return problem


def _changed(before: Body, after: Body, records: Records) -> Body:
    if before.get("status") != after.get("status"):
        _record("serviceProblemStateChangeEvent", after, records)
    return after


def _record(event_type: str, problem: Body, records: Records) -> None:
    told = {name: problem[name] for name in ("id", "name", "status", "statusChangeReason") if name in problem}
    now = to_wire(records.now)
    event = {"eventType": event_type, "eventTime": now, "recordTime": now, "notification": {"serviceProblem": told}}
    records.add("serviceProblemEventRecord", {**event, "serviceProblem": reference(problem, _TYPE)})


def _acknowledged(task: Body, records: Records) -> Body:
    return _tracked(task, records, _GIVEN, "ackProblem")


def _unacknowledged(task: Body, records: Records) -> Body:
    return _tracked(task, records, _TAKEN_BACK, "unackProblem")


def _tracked(task: Body, records: Records, word: str, done: str) -> Body:
    """Add to the tracking record of those problems where it says something new."""
    entry = {"id": new_id(), "time": to_wire(records.now), **child(task, "trackingRecord"), "description": word}
    meant = [one for one in _all_named(task, "problem", records) if _last_word(one) != word]
    for problem in meant:
        records.put(_PROBLEM, {**problem, "trackingRecord": [*children(problem, "trackingRecord"), entry]})
    return {**task, "trackingRecord": entry, done: [reference(problem, _TYPE) for problem in meant]}


def _last_word(problem: Body) -> str:
    words = [one.get("description") for one in children(problem, "trackingRecord")]
    return next((str(word) for word in reversed(words) if word in (_GIVEN, _TAKEN_BACK)), _TAKEN_BACK)


def _grouped(task: Body, records: Records) -> Body:
    parent, below = _parent_of(task, records), _all_named(task, "childProblem", records)
    its_own = above(_PROBLEM, parent, "parentProblem", records)
    if any(problem["id"] in its_own for problem in below):
        raise ConflictError("A problem cannot lie below itself.")
    for problem in below:
        records.put(_PROBLEM, linked(problem, "parentProblem", [parent], _TYPE))
    records.put(_PROBLEM, linked(parent, "underlyingProblem", below, _TYPE))
    return task


def _ungrouped(task: Body, records: Records) -> Body:
    parent, below = _parent_of(task, records), _all_named(task, "childProblem", records)
    for problem in below:
        records.put(_PROBLEM, unlinked(problem, "parentProblem", [parent]))
    records.put(_PROBLEM, unlinked(parent, "underlyingProblem", below))
    return task


def _parent_of(task: Body, records: Records) -> Body:
    parent = records.get(_PROBLEM, id_at(task, "parentProblem"))
    if parent is None:
        raise ConflictError("There is no such parent problem.")
    return parent


def _all_named(task: Body, name: str, records: Records) -> list[Body]:
    """All problems that the task names. Raises ConflictError if one is missing, so that nothing is half done."""
    ids = list(dict.fromkeys(ids_in(task, name)))
    found = [problem for one in ids if (problem := records.get(_PROBLEM, one)) is not None]
    if len(found) < len(ids):
        raise ConflictError(f"{name} names a problem that is not there.")
    return found


PROBLEM: Final = Rule(_born, _changed)
ACKNOWLEDGE: Final = Rule(_acknowledged)
UNACKNOWLEDGE: Final = Rule(_unacknowledged)
GROUP: Final = Rule(_grouped)
UNGROUP: Final = Rule(_ungrouped)
