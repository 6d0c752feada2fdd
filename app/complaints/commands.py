"""The acts on complaints as commands, and what each does to the record it acts on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from app.complaints.model import Complaint, ComplaintForm
from app.complaints.wire import ticket_from_form
from app.core.clock import to_wire
from app.core.commands import Command, Method
from app.core.wire import AFFECTED_CUSTOMER, children, well_formed

FILE, ADD_CONTACT, LINK_OUTAGE = "complaint.file", "complaint.add-contact", "outage.link-customer"
Body = Mapping[str, Any]


def file_complaint(form: ComplaintForm, author: str, now: datetime) -> Command:
    """Create the ticket."""
    body = ticket_from_form(form)
    return Command(
        id=form.id, kind=FILE, version=1, method=Method.CREATE, collection="troubleTicket", entity_id=form.id,
        body=body, author=author, made_at=now, customer_id=form.customer_id, title=body["name"], replaces=form.replaces,
    )  # fmt: skip


def add_contact(command_id: str, complaint: Complaint, said: str, author: str, now: datetime) -> Command:
    """Note one more contact on an open ticket instead of making a second one."""
    note = {"text": well_formed(said), "author": author, "date": to_wire(now)}
    return Command(
        id=command_id, kind=ADD_CONTACT, version=1, method=Method.APPEND, collection="troubleTicket",
        entity_id=complaint.id, body=[{"op": "add", "path": "/note/-", "value": note}], author=author, made_at=now,
        customer_id=complaint.customer_id, title=complaint.title,
    )  # fmt: skip


def link_outage(
    command_id: str, outage_id: str, outage_name: str, customer_id: str, author: str, now: datetime
) -> Command:
    """Count the customer in on a known outage, so that they are told when it ends."""
    counted = {"validFor": {"startDateTime": to_wire(now)}}
    party = {"id": customer_id, "role": AFFECTED_CUSTOMER, "@referredType": "Customer", **counted}
    return Command(
        id=command_id, kind=LINK_OUTAGE, version=1, method=Method.APPEND, collection="serviceProblem",
        entity_id=outage_id, body=[{"op": "add", "path": "/relatedParty/-", "value": party}], author=author, made_at=now,
        customer_id=customer_id, title=outage_name,
    )  # fmt: skip


def again(lost: Command, command_id: str, author: str, now: datetime) -> Command:
    """Add once more what head office has lost, as it was; the lost one goes to rest, with whoever stood for it."""
    return replace(lost, id=command_id, author=author, made_at=now, replaces=lost.id, adopted_by="")


def filed(_before: Body | None, command: Command) -> dict[str, Any]:
    """The ticket as head office will hold it."""
    return {**command.body, "id": command.entity_id, "status": "acknowledged"}


def appended(before: Body | None, command: Command) -> dict[str, Any]:
    """The record with what the command adds to its lists."""
    after = dict(before or {"id": command.entity_id})
    for operation in command.body:
        name = operation["path"].removeprefix("/").removesuffix("/-")
        held = after.get(name)
        after[name] = [*(held if isinstance(held, list) else ()), operation["value"]]
    return after


def counted_in(before: Body | None, command: Command) -> dict[str, Any]:
    """The outage with the customer counted in; whoever is in already stays as they are, as at head office."""
    party, held = command.body[0]["value"], before or {}
    is_in = any(
        (one.get("id"), one.get("role")) == (party["id"], party["role"]) for one in children(held, "relatedParty")
    )
    return {**held, "id": command.entity_id} if is_in else appended(before, command)


REDUCERS = {(FILE, 1): filed, (ADD_CONTACT, 1): appended, (LINK_OUTAGE, 1): counted_in}
