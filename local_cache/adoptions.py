"""Who stands for a command in the place of its author, in the caller's transaction, with an entry in the audit chain."""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from app.core.errors import NotAllowedError
from app.core.permissions import Permission, permissions_of
from app.sync.model import ADOPTABLE
from local_cache import audit
from local_cache.journal_schema import clerk, command


def adopt(connection: Connection, command_id: str, by: str, now: str) -> str:
    """Let somebody stand for a command that waits; returns its collection, empty if it does not. Raises NotAllowedError."""
    refuse_who_may_not(connection, by)
    row = connection.execute(
        update(command)
        .where(command.c.id == command_id, command.c.state.in_(ADOPTABLE))
        .where(command.c.author != by, command.c.adopted_by != by)
        .values(adopted_by=by, changed_at=now)
        .returning(command.c.collection, command.c.author)
    ).first()
    if row is None:
        return ""
    audit.append(connection, now, by, f"adopted from {row.author}", command_id, "")
    return str(row.collection)


def take_back(connection: Connection, author: str, now: str) -> None:
    """Head office accepts the author again: what was adopted from them and waits goes out as theirs.

    The adopter may be gone by now, and nobody else would ever send it.
    """
    waiting = update(command).where(command.c.author == author, command.c.adopted_by != "")
    taken = waiting.where(command.c.state.in_(ADOPTABLE)).values(adopted_by="", changed_at=now).returning(command.c.id)
    for command_id in connection.execute(taken).scalars().all():
        audit.append(connection, now, author, "took back", command_id, "")


def refuse_who_may_not(connection: Connection, by: str) -> None:
    """Raise NotAllowedError for whoever may not stand for others."""
    role = connection.execute(select(clerk.c.role).where(clerk.c.id == by)).scalar() or ""
    if Permission.ADOPT_COMMANDS not in permissions_of(role):
        raise NotAllowedError
