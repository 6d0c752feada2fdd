"""Joins what head office holds with what this desk has done since: mirror minus overlaid ids, plus the overlay."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from app.core.certainty import Certainty
from app.sync.model import CommandState

_OVERLAID = """
SELECT e.entity_id, e.server_id, e.body, e.revision, c.id AS command_id, c.state, c.reason
FROM journal.effect e JOIN journal.command c ON c.id = e.command_id
WHERE e.collection = ? AND {column} = ? ORDER BY c.sequence
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """A record as the clerk should see it."""

    body: Mapping[str, Any]
    revision: int
    certainty: Certainty = Certainty.CONFIRMED
    reason: str = ""
    command_id: str = ""


def records_of(connection: Connection, collection: str, customer_id: str) -> list[Seen]:
    """The customer's records of that collection, those not sent yet included."""
    mirrored = connection.exec_driver_sql(
        f'SELECT id, revision, body FROM main."{collection}" WHERE owner = ?', (customer_id,)  # noqa: S608 - our own table names
    )  # fmt: skip
    return _joined(connection, collection, mirrored.all(), "e.customer_id", customer_id)


def record(connection: Connection, collection: str, entity_id: str) -> Seen | None:
    """One record by its id at head office, or by the id of the command that made it."""
    made = connection.exec_driver_sql("SELECT result_id FROM journal.command WHERE id = ?", (entity_id,)).scalar()
    mirrored = connection.exec_driver_sql(
        f'SELECT id, revision, body FROM main."{collection}" WHERE id = ?', (made or entity_id,)  # noqa: S608
    ).all()  # fmt: skip
    local = _joined(connection, collection, mirrored, "e.entity_id", entity_id)
    return next(iter(_joined(connection, collection, [], "e.server_id", entity_id) or local), None)


def _joined(connection: Connection, collection: str, mirrored: Any, column: str, value: str) -> list[Seen]:
    seen = {row.id: Seen(json.loads(row.body), row.revision) for row in mirrored}
    for row in connection.exec_driver_sql(_OVERLAID.format(column=column), (collection, value)):
        identity = row.server_id or row.entity_id
        held = seen.get(identity)
        if row.revision and held is not None and held.revision >= row.revision:
            continue  # the mirror has caught up; the row goes at the next settling
        body = json.loads(row.body)
        certainty = CommandState(row.state).certainty
        seen[identity] = Seen(body, held.revision if held else row.revision, certainty, row.reason, row.command_id)
    return list(seen.values())
