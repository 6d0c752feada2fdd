"""Makes trouble tickets of what customers complain of, with both clocks running from receipt."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from functools import cache
from typing import Final

from app.core.clock import to_wire
from app.rules.deadlines import Limits, deadlines_from
from backoffice.generating.batch import Batch
from backoffice.generating.complaints import CHANNELS, Complaint, ComplaintKind
from backoffice.generating.moments import Moments
from backoffice.generating.moulds import Facts, Mould, hole
from backoffice.generating.numbers import Numbers
from backoffice.generating.places import COUNTRY
from backoffice.generating.plans import Part
from backoffice.importing.bodies.parts import Json, related
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


class TicketMaker:
    """Numbers tickets in the order in which customers are made."""

    def __init__(self, numbers: Numbers, moments: Moments, limits: Limits) -> None:
        self._numbers = numbers
        self._moments = moments
        self._limits = limits

    def add(self, batch: Batch, facts: Facts, complaint: Complaint, services: Iterable[tuple[str, Part]]) -> None:
        """Add the ticket of one complaint of a customer that has these services."""
        about = next(((name, part) for name, part in services if part.kind == complaint.kind.about), None)
        facts |= self._times(complaint) | {"ticket": self._numbers.ticket()}
        if about is not None:
            facts |= {"about": about[0], "aboutName": about[1].name}
        channel = CHANNELS[complaint.hours % len(CHANNELS)]
        has_legal = bool(facts["legal"])
        mould = _mould(
            complaint.kind, complaint.status, complaint.outage, channel, is_about=about is not None, has_legal=has_legal
        )
        batch.add(mould, facts)

    def _times(self, complaint: Complaint) -> Facts:
        received = self._moments.now - timedelta(hours=complaint.hours)
        due = deadlines_from(received, complaint.kind.severity, self._limits.of(COUNTRY, received))
        handling = timedelta() if complaint.status == "acknowledged" else _HANDLING[complaint.hours % len(_HANDLING)]
        changed = min(received + handling, self._moments.now)
        legal = "" if due.legal is None else to_wire(due.legal)
        times = {"received": to_wire(received), "changed": to_wire(changed)}
        return {**times, "promised": to_wire(due.promised), "legal": legal}


@cache
def _mould(
    kind: ComplaintKind, status: str, outage: str, channel: tuple[str, str], *, is_about: bool, has_legal: bool
) -> Mould:
    known: dict[str, object] = {"channel": {"id": channel[0], "name": channel[1]}}
    if status in _ENDED:
        known["resolutionDate"] = hole("changed")
    if has_legal:
        known["requestedResolutionDate"] = hole("legal")
    return Mould(
        trouble_ticket(
            hole("ticket"),
            name=kind.name,
            description=kind.description,
            kind=kind.ticket_type,
            severity=kind.severity.value,
            created=hole("received"),
            progress=Progress(status, _REASONS[status], hole("changed")),
            notes=_notes(kind, status),
            entities=_entities(outage, is_about=is_about),
            parties=[related("customer", "customer", hole("customer"), hole("name"))],
            expectedResolutionDate=hole("promised"),
            **known,
        )
    )


def _notes(kind: ComplaintKind, status: str) -> list[Json]:
    notes = [note(1, "desk-7", hole("received"), kind.description)]
    if status != "acknowledged":
        notes.append(note(2, "field-ops", hole("changed"), _REASONS[status]))
    return notes


def _entities(outage: str, *, is_about: bool) -> list[Json]:
    entities = [related("affectedService", "service", hole("about"), hole("aboutName"))] if is_about else []
    if outage:
        entities.append(related("outage", "serviceProblem", outage, outage))
    return entities
