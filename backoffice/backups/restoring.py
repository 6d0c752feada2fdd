"""Fills an empty database from a backup, in a new epoch: every desk that comes back takes a new snapshot."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Table, delete, insert, inspect, select, update
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from app.core.clock import Clock, to_wire
from backoffice import schema
from backoffice.auditing import Signature, sign
from backoffice.backups.file import DAMAGED, BackupError, Header, Heading, Row, reading
from backoffice.backups.saving import CARRIED
from backoffice.dialect import DatabaseError, Writer, exclude, insert_rows, open_engine, reset_counters
from backoffice.leasing.books import CLOSED

_meta = schema.meta.c
_desk = schema.desk.c


@dataclass(frozen=True, slots=True)
class Restored:
    """What the backup was of, the new epoch, and the desks that have to enrol anew, by their names."""

    header: Header
    epoch: str
    shut_out: list[str]


def restore(path: Path, database: str, clock: Clock, *, keep_desks: bool = False) -> Restored:
    """Fill the database, wholly or not at all. Raises BackupError and DatabaseError.

    Which desks were shut out or told to wipe since the backup, it does not know: so all are, unless they are to be kept.
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
                shut_out = _shut_out(connection, clock.now(), keep_desks=keep_desks)
                _close_leases(connection, epoch)
                _tell_listeners(connection, backup.header, clock.now())
                sign(connection, Signature(act="restore", subject=f"epoch/{epoch}"), clock.now())
                return Restored(backup.header, epoch, shut_out)
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


def _shut_out(connection: Connection, now: datetime, *, keep_desks: bool) -> list[str]:
    """A code may have been used since, so none is good any more; nor is a desk, unless they are kept."""
    connection.execute(update(schema.desk).values(code=None, code_expires=None))
    if keep_desks:
        return []
    alive = select(_desk.name).where(_desk.device.is_not(None), _desk.revoked.is_(None)).order_by(_desk.name)
    names = list(connection.scalars(alive))
    connection.execute(update(schema.desk).where(_desk.revoked.is_(None)).values(revoked=int(now.timestamp())))
    return names


def _close_leases(connection: Connection, epoch: str) -> None:
    """What was leased since the backup is free by its books: no resource is given out until desks have said what they hold."""
    connection.execute(delete(schema.meta).where(_meta.key == CLOSED))
    connection.execute(insert(schema.meta).values(key=CLOSED, value=epoch))


def _tell_listeners(connection: Connection, header: Header, now: datetime) -> None:
    """What was told since the backup never happened, and what happened since is in no event: they read anew."""
    event = schema.event
    connection.execute(update(event).where(event.c.epoch.is_(None)).values(epoch=header.epoch))
    connection.execute(update(schema.subscription).values(gap=to_wire(now)))
