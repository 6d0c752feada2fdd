"""The network as resources: devices, nodes, links, and the alarms they raise."""

from __future__ import annotations

from collections.abc import Sequence

from backoffice.documents import Document
from backoffice.importing.bodies.parts import Json, document, reference


def resource(
    resource_id: str,
    name: str,
    *,
    category: str,
    description: str,
    characteristics: list[Json],
    relations: Sequence[tuple[str, str, str]] = (),
    place: Json | None = None,
    usage: str = "active",
) -> Document:
    """A thing in the network; `relations` are kind, id and name of others it hangs together with."""
    body: Json = {
        "name": name,
        "description": description,
        "category": category,
        "resourceVersion": "1.0",
        "administrativeState": "unlocked",
        "operationalState": "enable",
        "resourceStatus": "available",
        "usageState": usage,
        "activationFeature": [],
        "attachment": [],
        "note": [],
        "relatedParty": [],
        "resourceCharacteristic": characteristics,
        "resourceRelationship": [
            {"relationshipType": kind, "resource": reference("resource", other, other_name)}
            for kind, other, other_name in relations
        ],
        "resourceSpecification": {"id": category, "name": category, "@referredType": "ResourceSpecification"},
    }
    if place:
        body["place"] = place
    return document("resource", resource_id, body)


def alarm(
    alarm_id: str, *, device: str, kind: str, raised: str, cleared: str, system: str, detail: str, severity: str
) -> Document:
    """An alarm of a device (X.733); empty `cleared` while it goes on."""
    body: Json = {
        "externalAlarmId": alarm_id,
        "alarmType": "communicationsAlarm",
        "perceivedSeverity": "cleared" if cleared else severity,
        "probableCause": kind,
        "specificProblem": kind,
        "alarmDetails": detail,
        "alarmedObjectType": "device",
        "alarmedObject": {"id": device, "href": reference("resource", device)["href"]},
        "sourceSystemId": system,
        "state": "cleared" if cleared else "raised",
        "ackState": "unacknowledged",
        "alarmRaisedTime": raised,
        "alarmReportingTime": raised,
        "alarmChangedTime": cleared or raised,
        "isRootCause": False,
        "serviceAffecting": False,
        "plannedOutageIndicator": "inService",
        "affectedService": [],
        "comment": [],
        "correlatedAlarm": [],
        "parentAlarm": [],
        "place": [],
    }
    if cleared:
        body["alarmClearedTime"] = cleared
    return document("alarm", alarm_id, body)


def site(
    site_id: str,
    name: str,
    *,
    category: str,
    parent: tuple[str, str] | None = None,
    characteristics: list[Json] | None = None,
) -> Document:
    """A place with a code: a province, a city, a district, a postal code."""
    relations = [{**reference("geographicSite", *parent), "relationshipType": "isPartOf"}] if parent else []
    return document(
        "geographicSite",
        site_id,
        {
            "name": name,
            "code": site_id,
            "description": name,
            "status": "active",
            "category": category,
            "calendar": [],
            "place": [],
            "relatedParty": [],
            "siteRelationship": relations,
            "siteCharacteristic": characteristics or [],
        },
    )
