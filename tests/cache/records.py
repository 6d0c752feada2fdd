"""Resources as head office sends them, and acts as clerks do them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from app.complaints.commands import add_contact, file_complaint
from app.complaints.drafts import BegunComplaint, draft_of
from app.complaints.model import Complaint, ComplaintForm
from app.core.commands import Command
from app.core.drafts import Draft
from app.core.ids import new_id
from app.sync.model import Change
from tests.fakes.clock import NOON


def change(collection: str, revision: int, body: dict[str, Any]) -> Change:
    """A resource at that revision."""
    return Change(collection, body["id"], revision, json.dumps(body))


def gone(collection: str, entity_id: str, revision: int) -> Change:
    """A tombstone."""
    return Change(collection, entity_id, revision, None)


def of_customer(customer_id: str) -> list[dict[str, str]]:
    """The reference to the customer that TM Forum resources carry."""
    return [{"id": customer_id, "role": "customer"}] if customer_id else []


def customer(
    customer_id: str, name: str = "", phones: Sequence[str] = (), party: str = "", address: dict[str, str] | None = None
) -> dict[str, Any]:
    """A customer with a name and phone numbers, and a postal address by its parts."""
    media = [{"mediumType": "phone", "characteristic": {"phoneNumber": one}} for one in phones]
    media += [{"mediumType": "postalAddress", "characteristic": address}] if address else []
    return {
        "id": customer_id, "name": name, "status": "active", "engagedParty": {"id": party, "@referredType": "Individual"},
        "contactMedium": media,
    }  # fmt: skip


def far(customer_id: str, name: str = "", phones: Sequence[str] = (), accounts: Sequence[str] = ()) -> dict[str, Any]:
    """A row of the index of customers."""
    known = {"id": customer_id, "name": name, "status": "active", "territory": "Binjiang"}
    return {**known, "phones": list(phones), "accounts": list(accounts)}


def individual(party_id: str, document: str) -> dict[str, Any]:
    """A person with one identity document."""
    return {"id": party_id, "individualIdentification": [{"identificationType": "id", "identificationId": document}]}


def account(account_id: str, customer_id: str) -> dict[str, Any]:
    """A billing account."""
    return {"id": account_id, "relatedParty": of_customer(customer_id)}


def order(order_id: str, customer_id: str) -> dict[str, Any]:
    """An order of a customer."""
    return {"id": order_id, "state": "acknowledged", "relatedParty": of_customer(customer_id)}


def service(service_id: str, customer_id: str, number: str = "", iccid: str = "") -> dict[str, Any]:
    """A service, a line if it has a number."""
    marks = [{"name": name, "value": value} for name, value in (("number", number), ("iccid", iccid)) if value]
    return {"id": service_id, "relatedParty": of_customer(customer_id), "serviceCharacteristic": marks}


def problem(problem_id: str, *services: str) -> dict[str, Any]:
    """An open outage that hits these services."""
    return {"id": problem_id, "status": "inProgress", "affectedService": [{"id": one} for one in services]}


def ticket(ticket_id: str, customer_id: str = "C1", notes: Sequence[str] = (), external_id: str = "") -> dict[str, Any]:
    """A trouble ticket with notes."""
    return {
        "id": ticket_id, "name": "No service", "status": "acknowledged", "relatedParty": of_customer(customer_id),
        "externalId": external_id, "note": [{"text": one} for one in notes],
    }  # fmt: skip


def filing(description: str = "no signal", customer_id: str = "C1", replaces: str = "") -> Command:
    """A new complaint."""
    form = ComplaintForm(
        new_id(), NOON, customer_id, "Example", category="no-service", description=description, replaces=replaces
    )
    return file_complaint(form, "mei", NOON)


def draft_for(act: Command, words: str = "no sig") -> Draft:
    """What was kept of a complaint before it was filed."""
    form = ComplaintForm(act.id, NOON, act.customer_id, "李示例", category="no-service", description=words)
    return draft_of(BegunComplaint(form), act.author)


def contact(ticket_id: str, said: str, customer_id: str = "C1") -> Command:
    """One more contact on a ticket."""
    on = Complaint(
        ticket_id, "No service", "", "major", "acknowledged", None, None, service_id="", customer_id=customer_id
    )  # fmt: skip
    return add_contact(new_id(), on, said, "mei", NOON)


def notes_of(body: Any) -> list[str]:
    """The texts of a ticket's notes."""
    return [one["text"] for one in body.get("note", ())]
