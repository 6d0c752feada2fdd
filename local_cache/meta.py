"""Named values of the desk, in the caller's transaction."""

from __future__ import annotations

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert as upsert

from local_cache.journal_schema import meta


def write_meta(connection: Connection, name: str, value: str) -> None:
    """Keep a named value in the caller's transaction."""
    row = upsert(meta).values(name=name, value=value)
    connection.execute(row.on_conflict_do_update(index_elements=["name"], set_={"value": value}))


def read_meta(connection: Connection, name: str) -> str:
    """The value kept under a name, empty where there is none."""
    return connection.execute(select(meta.c.value).where(meta.c.name == name)).scalar() or ""
