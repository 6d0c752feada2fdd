"""TMF621 JSON ↔ complaints."""

from __future__ import annotations

from typing import Any

from app.complaints.model import CATEGORY_BY_CODE, Complaint, ComplaintForm
from app.core import wire
from app.core.clock import to_wire
from app.rules.deadlines import Severity

SERVICE = "Service"
PROBLEM = "ServiceProblem"


def ticket_from_form(form: ComplaintForm) -> dict[str, Any]:
    """The TroubleTicket to create; `creationDate` is the time of receipt, whenever it is sent."""
    body: dict[str, Any] = {
        "externalId": form.id,
        "name": CATEGORY_BY_CODE[form.category].en,
        "description": wire.well_formed(form.description.strip()),
        "severity": form.effective_severity.value,
        "ticketType": f"complaint/{form.category}",
        "creationDate": to_wire(form.received_at),
        "expectedResolutionDate": to_wire(form.deadlines.promised),
        "channel": {"id": form.channel, "name": form.channel},
    }
    if form.deadlines.legal is not None:
        body["requestedResolutionDate"] = to_wire(form.deadlines.legal)
    if form.customer_id:
        body["relatedParty"] = [
            {"id": form.customer_id, "name": form.customer_name, "role": "customer", "@referredType": "Customer"}
        ]
    if form.service_id:
        body["relatedEntity"] = [
            {"id": form.service_id, "name": form.service_name, "role": "affectedService", "@referredType": SERVICE}
        ]
    if form.callback:
        body["note"] = [{"text": wire.well_formed(form.callback), "author": "desk", "date": to_wire(form.received_at)}]
    return body


def form_from_ticket(form_id: str, body: wire.Body, replaces: str) -> ComplaintForm:
    """The form again, from what was sent, so that a refused complaint can be mended."""
    customer = next((one for one in wire.children(body, "relatedParty") if wire.text(one, "role") == "customer"), {})
    service = next((one for one in wire.children(body, "relatedEntity")), {})
    category = wire.text(body, "ticketType").removeprefix("complaint/")
    received = wire.instant(body, "creationDate")
    assert received is not None, "the desk wrote this body itself"  # noqa: S101 - an invariant, kept on in the product
    return ComplaintForm(
        id=form_id,
        received_at=received,
        customer_id=wire.text(customer, "id"),
        customer_name=wire.text(customer, "name"),
        service_id=wire.text(service, "id"),
        service_name=wire.text(service, "name"),
        category=category,
        description=wire.text(body, "description"),
        severity=_chosen_severity(wire.text(body, "severity"), category),
        channel=wire.text(wire.child(body, "channel"), "id"),
        callback=next((wire.text(one, "text") for one in wire.children(body, "note")), ""),
        replaces=replaces,
    )


def _chosen_severity(written: str, category: str) -> Severity | None:
    """What the clerk chose instead of the category's suggestion, which goes on following the category."""
    suggestion = CATEGORY_BY_CODE[category].severity if category in CATEGORY_BY_CODE else None
    return next((one for one in Severity if one == written and one is not suggestion), None)


def complaint_from(body: wire.Body) -> Complaint:
    """A ticket as a complaint; whatever its source left out stays empty."""
    services = (one for one in wire.children(body, "relatedEntity") if wire.text(one, "@referredType") == SERVICE)
    return Complaint(
        id=wire.text(body, "id"),
        title=wire.text(body, "name") or wire.text(body, "ticketType"),
        description=wire.text(body, "description"),
        severity=wire.text(body, "severity"),
        status=wire.text(body, "status"),
        received_at=wire.instant(body, "creationDate"),
        promised=wire.instant(body, "expectedResolutionDate"),
        service_id=next((wire.text(one, "id") for one in services), ""),
        contacts=1 + sum(1 for _ in wire.children(body, "note")),
        customer_id=wire.related(body, "relatedParty", "customer"),
    )
