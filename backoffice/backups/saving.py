"""Saves a back office into one file while it goes on serving: everything as it was at one instant."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import select

from app.core.clock import Clock, to_wire
from backoffice import VERSION, schema
from backoffice.backups.file import Header, writing
from backoffice.reading import Reader
from backoffice.scopes import EVERYTHING
from backoffice.store import Store

# Tokens that were ended since must not live again, and failed sign-ins are no news for long.
LEFT_OUT: Final = (schema.token, schema.attempt)
CARRIED: Final = {table.name: table for table in schema.metadata.sorted_tables if table not in LEFT_OUT}
_STREAMED: Final = {"yield_per": 2000}


def save(store: Store, path: Path, clock: Clock) -> tuple[Header, int]:
    """Write the file; returns what it is of and how many rows it has. Raises BackupError."""
    with store.reading(EVERYTHING) as reader:
        header = _header(reader, clock)
        with writing(path, header) as file:
            for table in CARRIED.values():
                with reader.connection.execute(select(table), execution_options=_STREAMED) as rows:
                    file.table(table.name, table.columns.keys(), rows)
        return header, file.rows


def _header(reader: Reader, clock: Clock) -> Header:
    position = reader.position()
    made = to_wire(clock.now())
    return Header(schema.SCHEMA_VERSION, VERSION, made, reader.office(), position.epoch, position.sequence)
