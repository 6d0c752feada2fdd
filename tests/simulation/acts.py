"""What clerks do in the simulation: tickets filed, notes added, fields set. Each leaves its command's id in the record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from app.core.commands import Command, Method
from app.sync.effects import Reducers
from app.sync.overlay import Seen
from tests.fakes.clock import NOON
from tests.simulation.office import TICKET

Body = Mapping[str, Any]
FIELDS = ("priority", "severity", "status", "note")  # which merge, which is exact, and which grows
FILE, NOTE, SET = "ticket.file", "ticket.note", "ticket.set"


def filed(command_id: str, author: str, customer: str, words: str) -> Command:
    """Make a ticket."""
    body = {"customer": customer, "note": [], "externalId": command_id, "said": words}
    return _command(command_id, FILE, Method.CREATE, command_id, body, author, customer)


def noted(command_id: str, author: str, entity: str, customer: str, words: str) -> Command:
    """Add a note to a ticket."""
    body = [{"op": "add", "path": "/note/-", "value": {"by": command_id, "said": words}}]
    return _command(command_id, NOTE, Method.APPEND, entity, body, author, customer)


def set_to(
    command_id: str, author: str, entity: str, customer: str, words: str, fields: Iterable[str], seen: Seen, tag: str
) -> Command:
    """Set fields of a ticket that was seen so; `note` is added to."""
    body: dict[str, Any] = dict.fromkeys(fields, f"{command_id} {words}")
    if "note" in body:
        body["note"] = [*seen.body["note"], {"by": command_id, "said": words}]
    return _command(command_id, SET, Method.CHANGE, entity, body, author, customer, tag, seen.body)


def is_in(body: Body, act: Command) -> bool:
    """Whether a record shows that the act took effect, or will."""
    match act.method:
        case Method.CREATE:
            return body.get("externalId") == act.id
        case Method.APPEND:
            return any(one["by"] == act.id for one in body["note"])
        case Method.CHANGE:
            return True  # a later one may have set it anew


def _file(_before: Body | None, act: Command) -> dict[str, Any]:
    return {**act.body, "id": act.entity_id}


def _note(before: Body | None, act: Command) -> dict[str, Any]:
    held = before or {"id": act.entity_id, "note": []}
    return {**held, "note": [*held["note"], *(one["value"] for one in act.body)]}


def _set(before: Body | None, act: Command) -> dict[str, Any]:
    return {"note": [], **(before or {"id": act.entity_id}), **act.body}


REDUCERS: Reducers = {(FILE, 1): _file, (NOTE, 1): _note, (SET, 1): _set}


def _command(
    command_id: str,
    kind: str,
    method: Method,
    entity: str,
    body: Any,
    author: str,
    customer: str,
    base_tag: str = "",
    seen: Body | None = None,
) -> Command:
    return Command(
        id=command_id, kind=kind, version=1, method=method, collection=TICKET, entity_id=entity, body=body,
        author=author, made_at=NOON, base_tag=base_tag, customer_id=customer, title=kind, seen=seen,
    )  # fmt: skip
