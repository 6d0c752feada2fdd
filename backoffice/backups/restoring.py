"""Fills an empty database from a backup, in a new epoch: every desk that comes back takes a new snapshot."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import Connection, Table, inspect, update
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from app.core.clock import Clock
from backoffice import schema
from backoffice.auditing import Signature, sign
from backoffice.backups.file import DAMAGED, BackupError, Header, Heading, Row, reading
from backoffice.backups.saving import CARRIED
from backoffice.dialect import DatabaseError, Writer, exclude, insert_rows, open_engine, reset_counters

_meta = schema.meta.c


def restore(path: Path, database: str, clock: Clock) -> tuple[Header, str]:
    """Fill the database, wholly or not at all; returns what the backup is of, and the new epoch.

    Raises BackupError and DatabaseError.
    """
    with reading(path) as backup:
        _refuse_other_schema(backup.header)
        engine = open_engine(database)
        try:
            with Writer(engine).begin() as connection:
                _refuse_what_is_not_empty(connection)
                schema.metadata.create_all(connection)
                _fill(connection, backup.parts())
                epoch = _begin_epoch(connection)
                sign(connection, Signature(act="restore", subject=f"epoch/{epoch}"), clock.now())
                return backup.header, epoch
        except OperationalError as error:
            raise DatabaseError(f"The database cannot be used: {error.orig}.") from error
        except (
            SQLAlchemyError,
            engine.dialect.loaded_dbapi.Error,
            ValueError,
        ) as error:  # its text may hold what is in the backup
            raise BackupError(DAMAGED) from error
        finally:
            engine.dispose()


def check(path: Path) -> Header:
    """Read a backup to its end, and say what it is of. Raises BackupError."""
    with reading(path) as backup:
        _refuse_other_schema(backup.header)
        for part in backup.parts():
            if isinstance(part, Heading):
                _table_of(part)
        return backup.header


def _refuse_other_schema(header: Header) -> None:
    if header.schema != schema.SCHEMA_VERSION:
        age = "a newer" if header.schema > schema.SCHEMA_VERSION else "an older"
        raise BackupError(f"This backup was made by {age} version of the back office. Use version {header.version}.")


def _refuse_what_is_not_empty(connection: Connection) -> None:
    exclude(connection, "schema")
    if inspect(connection).get_table_names():
        raise DatabaseError("The database is not empty. Restore into a new one; nothing was changed.")


def _fill(connection: Connection, parts: Iterable[Heading | list[Row]]) -> None:
    table = schema.meta
    for part in parts:
        if isinstance(part, Heading):
            table = _table_of(part)
        else:
            insert_rows(connection, table, part)
    reset_counters(connection, schema.metadata.sorted_tables)


def _table_of(heading: Heading) -> Table:
    table = CARRIED.get(heading.table)
    if table is None or table.columns.keys() != heading.columns:
        raise BackupError(DAMAGED)
    return table


def _begin_epoch(connection: Connection) -> str:
    epoch = secrets.token_hex(6)
    connection.execute(update(schema.meta).where(_meta.key == "epoch").values(value=epoch))
    return epoch
