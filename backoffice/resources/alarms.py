"""Alarms of the network, and what is done to many of them at once (TMF642)."""

from __future__ import annotations

from backoffice.resources.common import LIFE
from backoffice.resources.kinds import ASKING, Resource, States, attributes, filters, task, transitions

_ALARM = transitions(raised="updated cleared", updated="raised cleared", cleared="")

_TASK_EVENTS = ("CreateEvent", "StateChangeEvent")

ALARMS = (
    Resource(
        "alarm",
        "alarm/v4",
        attributes(
            "ackState ackSystemId ackUserId alarmChangedTime:instant alarmClearedTime:instant alarmDetails "
            "alarmEscalation:truth alarmRaisedTime:instant alarmReportingTime:instant alarmType alarmedObjectType "
            "clearSystemId clearUserId externalAlarmId isRootCause:truth perceivedSeverity plannedOutageIndicator "
            "probableCause proposedRepairedActions reportingSystemId serviceAffecting:truth sourceSystemId "
            "specificProblem state affectedService:list alarmedObject:object comment:list correlatedAlarm:list "
            "crossedThresholdInformation:object parentAlarm:list place:list"
        ),
        required=(
            "alarmType",
            "perceivedSeverity",
            "probableCause",
            "alarmedObject",
            "sourceSystemId",
            "state",
            "alarmRaisedTime",
        ),
        events=LIFE,
        filters=filters(
            "externalAlarmId state ackState alarmType perceivedSeverity probableCause specificProblem sourceSystemId "
            "reportingSystemId isRootCause:truth serviceAffecting:truth alarmedObject.id affectedService.id parentAlarm.id "
            "correlatedAlarm.id place.id alarmRaisedTime:instant alarmChangedTime:instant alarmClearedTime:instant"
        ),
        states=States("state", "raised", _ALARM, is_open=True, reached={"cleared": "alarmClearedTime"}),
        updated="alarmChangedTime",
        once=("alarmRaisedTime", "sourceSystemId"),
        defaults={
            "ackState": "unacknowledged",
            "affectedService": [],
            "comment": [],
            "correlatedAlarm": [],
            "parentAlarm": [],
        },
        rule="alarm",
    ),
    Resource(
        "ackAlarms",
        "alarm/v4",
        attributes("ackSystemId ackTime:instant ackUserId state ackedAlarm:list alarmPattern:list"),
        required=("ackSystemId", "ackUserId", "alarmPattern"),
        operations=ASKING,
        events=_TASK_EVENTS,
        filters=filters("state ackedAlarm.id ackUserId ackTime:instant"),
        states=task("state", "inProgress"),
        never=("ackedAlarm",),
        rule="ackAlarms",
        walked=("alarmPattern",),
    ),
    Resource(
        "unAckAlarms",
        "alarm/v4",
        attributes("ackSystemId ackTime:instant ackUserId state alarmPattern:list unAckedAlarm:list"),
        required=("ackSystemId", "ackUserId", "alarmPattern"),
        operations=ASKING,
        events=_TASK_EVENTS,
        filters=filters("state unAckedAlarm.id ackUserId ackTime:instant"),
        states=task("state", "inProgress"),
        never=("unAckedAlarm",),
        rule="unAckAlarms",
        walked=("alarmPattern",),
    ),
    Resource(
        "clearAlarms",
        "alarm/v4",
        attributes("alarmClearedTime:instant clearSystemId clearUserId state alarmPattern:list clearedAlarm:list"),
        required=("clearSystemId", "clearUserId", "alarmClearedTime", "alarmPattern"),
        operations=ASKING,
        events=_TASK_EVENTS,
        filters=filters("state clearedAlarm.id clearUserId alarmClearedTime:instant"),
        states=task("state", "inProgress"),
        never=("clearedAlarm",),
        rule="clearAlarms",
        walked=("alarmPattern",),
    ),
    Resource(
        "commentAlarms",
        "alarm/v4",
        attributes("state alarmPattern:list comment:object commentedAlarm:list"),
        required=("comment", "alarmPattern"),
        operations=ASKING,
        events=_TASK_EVENTS,
        filters=filters("state commentedAlarm.id comment.userId"),
        states=task("state", "inProgress"),
        never=("commentedAlarm",),
        rule="commentAlarms",
        walked=("alarmPattern",),
    ),
    Resource(
        "groupAlarms",
        "alarm/v4",
        attributes(
            "alarmChangedTime:instant sourceSystemId state correlatedAlarm:list groupedAlarm:list parentAlarm:object"
        ),
        required=("sourceSystemId", "alarmChangedTime", "parentAlarm", "correlatedAlarm"),
        operations=ASKING,
        events=_TASK_EVENTS,
        filters=filters("state groupedAlarm.id parentAlarm.id alarmChangedTime:instant"),
        states=task("state", "inProgress"),
        never=("groupedAlarm",),
        rule="groupAlarms",
        walked=("correlatedAlarm",),
    ),
    Resource(
        "unGroupAlarms",
        "alarm/v4",
        attributes(
            "alarmChangedTime:instant sourceSystemId state correlatedAlarm:list parentAlarm:object unGroupedAlarm:list"
        ),
        required=("sourceSystemId", "alarmChangedTime", "parentAlarm", "correlatedAlarm"),
        operations=ASKING,
        events=_TASK_EVENTS,
        filters=filters("state unGroupedAlarm.id parentAlarm.id alarmChangedTime:instant"),
        states=task("state", "inProgress"),
        never=("unGroupedAlarm",),
        rule="unGroupAlarms",
        walked=("correlatedAlarm",),
    ),
)
