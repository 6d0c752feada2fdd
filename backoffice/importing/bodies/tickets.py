"""What went wrong: trouble tickets of customers, and outages that hit many."""

from __future__ import annotations

from dataclasses import dataclass

from backoffice.documents import Document
from backoffice.importing.bodies.parts import Json, document


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a ticket or an outage stands, and since when."""

    status: str
    reason: str
    since: str


def trouble_ticket(
    ticket_id: str,
    *,
    name: str,
    description: str,
    kind: str,
    severity: str,
    created: str,
    progress: Progress,
    notes: list[Json],
    entities: list[Json],
    parties: list[Json],
    **known: object,
) -> Document:
    """A complaint or fault report; `known` is left out where it is not known, such as `channel` or `resolutionDate`."""
    change = {"status": progress.status, "changeDate": progress.since, "changeReason": progress.reason}
    return document(
        "troubleTicket",
        ticket_id,
        {
            "externalId": ticket_id,
            "name": name,
            "description": description,
            "ticketType": kind,
            "severity": severity,
            "priority": severity,
            "creationDate": created,
            "lastUpdate": progress.since,
            "status": progress.status,
            "statusChangeDate": progress.since,
            "statusChangeReason": progress.reason,
            "statusChange": [change],
            "attachment": [],
            "note": notes,
            "relatedEntity": entities,
            "relatedParty": parties,
            "troubleTicketRelationship": [],
            **known,
        },
    )


def note(number: int, author: str, date: str, text: str) -> Json:
    """A note of a ticket or an outage."""
    return {"id": str(number), "author": author, "date": date, "text": text}


def service_problem(
    problem_id: str,
    *,
    name: str,
    category: str,
    description: str,
    priority: int,
    reason: str,
    created: str,
    progress: Progress,
    services: list[Json],
    locations: list[Json],
    characteristics: list[Json],
    notes: list[Json],
    originator: Json,
) -> Document:
    """An outage: what is wrong, whom it hits, when it ends."""
    return document(
        "serviceProblem",
        problem_id,
        {
            "name": name,
            "category": category,
            "description": description,
            "priority": priority,
            "reason": reason,
            "originatingSystem": "network-management",
            "originatorParty": originator,
            "responsibleParty": originator,
            "creationDate": created,
            "lastUpdate": progress.since,
            "status": progress.status,
            "statusChangeDate": progress.since,
            "statusChangeReason": progress.reason,
            "affectedNumberOfServices": len(services),
            "affectedService": services,
            "affectedLocation": locations,
            "affectedResource": [],
            "characteristic": characteristics,
            "externalIdentifier": [],
            "impactImportanceFactor": str(priority),
            "note": notes,
            "parentProblem": [],
            "problemEscalation": "0",
            "relatedEntity": [],
            "relatedEvent": [],
            "relatedParty": [originator],
            "rootCauseResource": [],
            "rootCauseService": [],
            "slaViolation": [],
            "trackingRecord": [],
            "troubleTicket": [],
            "underlyingAlarm": [],
            "underlyingProblem": [],
        },
    )
