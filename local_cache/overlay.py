"""What the clerk sees: records of the mirror with the journal's overlay, read from the two files together."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection

from app.sync.model import CommandState
from app.sync.overlay import Overlaid, Seen, seen_as, seen_of
from local_cache.journal_schema import EARLIER_ACTS, EPOCH

_OVERLAID = f"""
SELECT e.entity_id, e.server_id, e.customer_id, e.body, e.revision, c.id AS command_id,
    e.epoch <> coalesce((SELECT value FROM journal.meta WHERE name = '{EPOCH}'), '') AS is_ahead, c.state, c.reason
FROM journal.effect e JOIN journal.command c ON c.id = e.command_id
WHERE e.collection = ? ORDER BY c.sequence
"""  # noqa: S608 - our own name

# What was made for a back office that the desk has left says nothing about this one, which may have given out the same id.
_MADE_HERE = f"""
SELECT result_id FROM journal.command
WHERE id = ? AND sequence > coalesce((SELECT CAST(value AS INTEGER) FROM journal.meta WHERE name = '{EARLIER_ACTS}'), 0)
"""  # noqa: S608 - our own name


_EPOCH = "SELECT value FROM journal.meta WHERE name = ?"
_NEWEST = """
SELECT state, made_at FROM journal.command WHERE collection = ? AND entity_id = ? AND customer_id = ? AND state <> ?
ORDER BY sequence DESC LIMIT 1
"""


def records_of(connection: Connection, collection: str, customer_id: str) -> list[Seen]:
    """The customer's records of that collection, those not sent yet included."""
    mirrored = _mirrored(connection, collection, "owner", customer_id)
    return list(seen_of(mirrored, _overlaid(connection, collection), customer_id).values())


def record(connection: Connection, collection: str, entity_id: str) -> Seen | None:
    """One record by its id at head office, or by the id of the command that made it."""
    identity = connection.exec_driver_sql(_MADE_HERE, (entity_id,)).scalar() or entity_id
    mirrored = _mirrored(connection, collection, "id", identity)
    return seen_as(mirrored, _overlaid(connection, collection), identity)


def epoch(connection: Connection) -> str:
    """The epoch of the copy in use; empty while there is none."""
    return str(connection.exec_driver_sql(_EPOCH, (EPOCH,)).scalar() or "")


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


def _overlaid(connection: Connection, collection: str) -> Iterator[Overlaid]:
    for row in connection.exec_driver_sql(_OVERLAID, (collection,)):
        yield Overlaid(
            row.entity_id, row.server_id, row.customer_id, row.body, row.revision, row.command_id,
            bool(row.is_ahead), CommandState(row.state), row.reason,
        )  # fmt: skip
