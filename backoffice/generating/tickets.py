"""Makes trouble tickets of what customers complain of, with both clocks running from receipt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.core.clock import to_wire
from app.rules.deadlines import Limits, deadlines_from
from backoffice.documents import Document
from backoffice.generating.complaints import CHANNELS, Complaint
from backoffice.generating.moments import Moments
from backoffice.generating.numbers import Numbers
from backoffice.generating.places import COUNTRY
from backoffice.importing.bodies.parts import Json, Owner, related
from backoffice.importing.bodies.tickets import Progress, note, trouble_ticket

_ENDED: Final = frozenset({"resolved", "closed"})
_REASONS: Final = {
    "acknowledged": "Received",
    "inProgress": "Field operations are on it",
    "pending": "Waiting for the network",
    "resolved": "Solved",
    "closed": "Customer agreed",
}
_HANDLING: Final = (timedelta(minutes=20), timedelta(hours=7), timedelta(hours=30))


@dataclass(frozen=True, slots=True)
class RunningService:
    """A service that a complaint can be about."""

    id: str
    kind: str
    name: str


class TicketMaker:
    """Numbers tickets in the order in which customers are made."""

    def __init__(self, numbers: Numbers, moments: Moments, limits: Limits) -> None:
        self._numbers = numbers
        self._moments = moments
        self._limits = limits

    def ticket(self, owner: Owner, complaint: Complaint, services: Iterable[RunningService]) -> Document:
        """The ticket of one complaint of a customer that has these services."""
        ticket_id = self._numbers.ticket()
        received = self._moments.now - timedelta(hours=complaint.hours)
        kind = complaint.kind
        due = deadlines_from(received, kind.severity, self._limits.of(COUNTRY, received))
        handling = timedelta() if complaint.status == "acknowledged" else _HANDLING[complaint.hours % len(_HANDLING)]
        changed = min(received + handling, self._moments.now)
        known: dict[str, object] = {"channel": _channel(complaint)}
        if complaint.status in _ENDED:
            known["resolutionDate"] = to_wire(changed)
        if due.legal is not None:
            known["requestedResolutionDate"] = to_wire(due.legal)
        return trouble_ticket(
            ticket_id,
            name=kind.name,
            description=kind.description,
            kind=kind.ticket_type,
            severity=kind.severity.value,
            created=to_wire(received),
            progress=Progress(complaint.status, _REASONS[complaint.status], to_wire(changed)),
            notes=_notes(complaint, received, changed),
            entities=_entities(complaint, services),
            parties=[related("customer", "customer", owner.customer, owner.name)],
            expectedResolutionDate=to_wire(due.promised),
            **known,
        )


def _channel(complaint: Complaint) -> Json:
    channel_id, name = CHANNELS[complaint.hours % len(CHANNELS)]
    return {"id": channel_id, "name": name}


def _notes(complaint: Complaint, received: datetime, changed: datetime) -> list[Json]:
    notes = [note(1, "desk-7", to_wire(received), complaint.kind.description)]
    if complaint.status != "acknowledged":
        notes.append(note(2, "field-ops", to_wire(changed), _REASONS[complaint.status]))
    return notes


def _entities(complaint: Complaint, services: Iterable[RunningService]) -> list[Json]:
    about = next((service for service in services if service.kind == complaint.kind.about), None)
    entities = [related("affectedService", "service", about.id, about.name)] if about else []
    if complaint.outage:
        entities.append(related("outage", "serviceProblem", complaint.outage, complaint.outage))
    return entities
