"""Sites with their devices, alarms and what was done about them, and events under topics (TMF639, 642, 656, 674, 688)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from backoffice.documents import Document
from backoffice.generating.content.parts import CLERK, LINE, SITE, Days
from backoffice.generating.places import DISTRICTS, District, site_of
from backoffice.importing.bodies.parts import Json, characteristic, place, reference

_BUILT: Final = 2000  # days ago
_ALARM: Final = "alarm-1"
_OLT: Final = "OLT-Xihu-1"
_PROBLEM: Final = reference("serviceProblem", "P-1042", "光缆中断 Fibre cut, Xihu-1")


def sites(days: Days, customers: int) -> Iterator[Document]:
    """The sites that so many customers need, each with the device that serves them."""
    needed = dict.fromkeys((site_of(one, index), one) for index in range(0, customers, 400) for one in DISTRICTS)
    for site, district in needed:
        yield from _site(days, site, district)


def documents(days: Days) -> Iterator[Document]:
    """Alarms, the tasks about them, and events."""
    yield from _alarms(days)
    yield from _tasks(days)
    change = {"serviceProblem": {"id": "P-1042", "status": "inProgress"}}
    yield days.record(
        "serviceProblemEventRecord",
        "problem-event-1",
        0.03,
        eventType="serviceProblemStateChangeNotification",
        eventTime=days.ago(0.03),
        recordTime=days.ago(0.03),
        notification={"event": change},
        serviceProblem=_PROBLEM,
    )
    yield from _events(days)


def _site(days: Days, site: str, district: District) -> Iterator[Document]:
    where = place("site", site, site)
    yield days.record(
        "geographicSite",
        site,
        _BUILT,
        name=site,
        code=site,
        description=f"{district.name} {district.latin}",
        status="existing",
        place=[place("centre", f"centre-{district.latin}", district.name)],
        siteRelationship=[],
    )
    yield days.record(
        "resource",
        f"OLT-{site}",
        _BUILT,
        name=f"OLT {site}",
        category="opticalLineTerminal",
        description="光线路终端 Optical line terminal",
        administrativeState="unlocked",
        operationalState="enable",
        usageState="active",
        resourceStatus="alarm" if site == SITE["id"] else "available",
        resourceVersion="1.0",
        startOperatingDate=days.ago(_BUILT),
        place=where,
        resourceCharacteristic=[characteristic("ports", 512)],
        resourceSpecification={"id": "olt", "name": "OLT", "@referredType": "ResourceSpecification"},
    )


def _alarms(days: Days) -> Iterator[Document]:
    common: dict[str, Any] = {
        "alarmType": "communicationsAlarm",
        "alarmedObjectType": "opticalLineTerminal",
        "alarmedObject": reference("resource", _OLT, "OLT Xihu-1"),
        "affectedService": [LINE],
        "sourceSystemId": "noc",
        "reportingSystemId": "noc",
        "serviceAffecting": True,
        "plannedOutageIndicator": "inService",
        "place": [SITE],
        "alarmRaisedTime": days.ago(0.034),
        "alarmReportingTime": days.ago(0.034),
    }
    yield days.record(
        "alarm",
        _ALARM,
        0.034,
        externalAlarmId="noc-1",
        perceivedSeverity="critical",
        probableCause="lossOfSignal",
        specificProblem="光缆中断 Fibre cut",
        alarmDetails="All ports of the site are without light.",
        isRootCause=True,
        state="raised",
        **common,
    )
    child = {"parentAlarm": [reference("alarm", _ALARM)], "isRootCause": False, "state": "raised"}
    named = {"externalAlarmId": "noc-2", "specificProblem": "端口无光 Port without light"}
    yield days.record(
        "alarm", "alarm-2", 0.033, perceivedSeverity="minor", probableCause="lossOfSignal", **named, **child, **common
    )


def _tasks(days: Days) -> Iterator[Document]:
    root, minor = reference("alarm", _ALARM), reference("alarm", "alarm-2")
    pattern = [{"alarmedObject": reference("resource", _OLT)}]
    done = {"state": "done"}
    acked = {"ackSystemId": "noc", "ackUserId": CLERK["id"], "ackTime": days.ago(0.03), "alarmPattern": pattern}
    yield days.record("ackAlarms", "ack-1", 0.03, ackedAlarm=[root], **acked, **done)
    yield days.record("unAckAlarms", "unack-1", 0.02, unAckedAlarm=[root], **acked, **done)
    cleared = {"clearSystemId": "noc", "clearUserId": CLERK["id"], "alarmClearedTime": days.ago(0.01)}
    yield days.record("clearAlarms", "clear-1", 0.01, alarmPattern=pattern, clearedAlarm=[minor], **cleared, **done)
    comment = {"comment": "Engineers are on the way.", "userId": CLERK["id"], "time": days.ago(0.02), "systemId": "noc"}
    yield days.record(
        "commentAlarms", "comment-1", 0.02, alarmPattern=pattern, comment=comment, commentedAlarm=[root], **done
    )
    grouped: Json = {"sourceSystemId": "noc", "alarmChangedTime": days.ago(0.03), "parentAlarm": root}
    yield days.record("groupAlarms", "group-1", 0.03, correlatedAlarm=[minor], groupedAlarm=[minor], **grouped, **done)
    yield days.record(
        "unGroupAlarms", "ungroup-1", 0.02, correlatedAlarm=[minor], unGroupedAlarm=[minor], **grouped, **done
    )


def _events(days: Days) -> Iterator[Document]:
    topic = days.record("topic", "outages", _BUILT, name="outages", contentQuery="", headerQuery="")
    yield topic
    parent = {"topic": {"id": "outages", "href": "/tmf-api/event/v4/topic/outages"}}
    yield days.record(
        "event",
        "event-1",
        0.03,
        eventId="event-1",
        eventType="ServiceProblemCreateEvent",
        title="光缆中断 Fibre cut",
        description="A problem was found",
        domain="assurance",
        priority="1",
        correlationId="P-1042",
        event={"serviceProblem": _PROBLEM},
        source={"id": "noc", "name": "Network operations", "@referredType": "System"},
        reportingSystem={"id": "noc", "name": "Network operations", "@referredType": "System"},
        relatedParty=[],
        analyticCharacteristic=[],
        **parent,
    )
    yield days.record("hub", "hub-1", 90, callback="https://listener.example.com/outages", query="", **parent)
