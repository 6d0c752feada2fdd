"""Commands and outbox entries by the dozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from random import Random
from typing import Any

from app.bootstrap.reducers import REDUCERS as OF_THE_PRODUCT
from app.core.commands import Command, Method
from app.sync.effects import Reducers
from app.sync.model import CommandState, Entry
from app.sync.retry import Backoff
from tests.fakes.clock import NOON

AUTHOR = "mei"
SET = "ticket.set"


def command(number: int, entity: str = "", author: str = AUTHOR, method: Method = Method.APPEND) -> Command:
    """A note on a ticket, or with `Method.CREATE` a new ticket under the command's own id."""
    command_id = f"command-{number}"
    is_new = method is Method.CREATE
    note = {"op": "add", "path": "/note/-", "value": {"text": f"said {number}"}}
    return Command(
        id=command_id, kind="complaint.file" if is_new else "complaint.add-contact", version=1, method=method,
        collection="troubleTicket", entity_id=command_id if is_new else entity or f"T{number}",
        body={"description": f"said {number}", "severity": "major", "ticketType": "complaint"} if is_new else [note],
        author=author, made_at=NOON, customer_id="C1", title="No signal",
    )  # fmt: skip


def entry(
    number: int,
    entity: str = "",
    state: CommandState = CommandState.QUEUED,
    author: str = AUTHOR,
    method: Method = Method.APPEND,
) -> Entry:
    """The command as the outbox holds it."""
    return Entry(command(number, entity, author, method), number, state)


def setting(number: int, entity: str, seen: Mapping[str, Any], tag: str, **fields: object) -> Command:
    """Fields of a ticket that was seen so are to be set: a kind of act that the product has none of yet."""
    made = command(number, entity, method=Method.CHANGE)
    return replace(made, kind=SET, body=fields, seen=seen, base_tag=tag)


def _set(before: Mapping[str, Any] | None, act: Command) -> dict[str, Any]:
    return {**(before or {"id": act.entity_id}), **act.body}


REDUCERS: Reducers = {**OF_THE_PRODUCT, (SET, 1): _set}


def backoff(seed: int = 7) -> Backoff:
    """The usual delays, the same at every run."""
    return Backoff(Random(seed))  # noqa: S311 - nobody has to be unable to guess them
