"""Commands and outbox entries by the dozen."""

from __future__ import annotations

from random import Random

from app.core.commands import Command, Method
from app.sync.model import CommandState, Entry
from app.sync.retry import Backoff
from tests.fakes.clock import NOON

AUTHOR = "mei"


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


def backoff(seed: int = 7) -> Backoff:
    """The usual delays, the same at every run."""
    return Backoff(Random(seed))  # noqa: S311 - nobody has to be unable to guess them
