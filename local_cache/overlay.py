"""Joins what head office holds with what this desk has done since: mirror minus overlaid ids, plus the overlay."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from app.core.certainty import Certainty
from app.sync.model import AT_REST, CommandState
from local_cache.journal_schema import EARLIER_ACTS

_OVERLAID = """
SELECT e.entity_id, e.server_id, e.customer_id, e.body, e.revision, c.id AS command_id, c.state, c.reason
FROM journal.effect e JOIN journal.command c ON c.id = e.command_id
WHERE e.collection = ? ORDER BY c.sequence
"""

# What was made for a back office that the desk has left says nothing about this one, which may have given out the same id.
_MADE_HERE = f"""
SELECT result_id FROM journal.command
WHERE id = ? AND sequence > coalesce((SELECT CAST(value AS INTEGER) FROM journal.meta WHERE name = '{EARLIER_ACTS}'), 0)
"""  # noqa: S608 - our own name


_NEWEST = """
SELECT state, made_at FROM journal.command WHERE collection = ? AND entity_id = ? AND customer_id = ? AND state <> ?
ORDER BY sequence DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """A record as the clerk should see it, and the revision at head office that it rests on."""

    body: Mapping[str, Any]
    revision: int
    certainty: Certainty = Certainty.CONFIRMED
    reason: str = ""
    command_id: str = ""


def records_of(connection: Connection, collection: str, customer_id: str) -> list[Seen]:
    """The customer's records of that collection, those not sent yet included."""
    seen = _mirrored(connection, collection, "owner", customer_id)
    for row in connection.exec_driver_sql(_OVERLAID, (collection,)):
        identity = row.server_id or _sent_as(row.entity_id, seen) or row.entity_id
        if identity in seen or row.customer_id == customer_id:
            _lay_over(seen, identity, row)
    return list(seen.values())


def record(connection: Connection, collection: str, entity_id: str) -> Seen | None:
    """One record by its id at head office, or by the id of the command that made it."""
    made = connection.exec_driver_sql(_MADE_HERE, (entity_id,)).scalar()
    identity = made or entity_id
    seen = _mirrored(connection, collection, "id", identity)
    for row in connection.exec_driver_sql(_OVERLAID, (collection,)):
        if identity in (row.server_id, row.entity_id):
            _lay_over(seen, identity, row)
    return seen.get(identity)


def done_for(
    connection: Connection, collection: str, entity_id: str, customer_id: str
) -> tuple[str, CommandState] | None:
    """When this desk last did something for one customer to a record that is not theirs alone, and where that stands."""
    done = (collection, entity_id, customer_id, CommandState.SET_ASIDE.value)
    row = connection.exec_driver_sql(_NEWEST, done).one_or_none()
    return (row.made_at, CommandState(row.state)) if row else None


def mirrored(connection: Connection, collection: str, entity_id: str) -> Mapping[str, Any]:
    """The record as head office held it when it last told, empty where it has told of none."""
    held = _mirrored(connection, collection, "id", entity_id).get(entity_id)
    return held.body if held else {}


def _mirrored(connection: Connection, collection: str, column: str, value: str) -> dict[str, Seen]:
    rows = connection.exec_driver_sql(
        f'SELECT id, revision, body FROM main."{collection}" WHERE {column} = ?', (value,)  # noqa: S608 - our own names
    )  # fmt: skip
    return {row.id: Seen(json.loads(row.body), row.revision) for row in rows}


def _sent_as(entity_id: str, seen: Mapping[str, Seen]) -> str:
    """The record in which head office already holds what was made here, though its answer has not come yet."""
    return next((identity for identity, one in seen.items() if one.body.get("externalId") == entity_id), "")


def _lay_over(seen: dict[str, Seen], identity: str, row: Any) -> None:
    """Put the effect in its record's place, unless the mirror has reached it: then it goes at the next settling."""
    held = seen.get(identity)
    if row.state in AT_REST and held is not None and held.revision >= row.revision:
        return
    certainty = CommandState(row.state).certainty
    seen[identity] = Seen(json.loads(row.body), row.revision, certainty, row.reason, row.command_id)
