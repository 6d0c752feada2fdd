"""Drafts in the journal's tables, in the caller's transaction."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from app.core.clock import from_wire, to_wire
from app.core.drafts import Draft
from app.sync.effects import as_json
from local_cache.journal_schema import OFFICE, command, draft
from local_cache.meta import read_meta

# Put together once, as in the journal: a clerk waits for it with each act.
_DROP = delete(draft).where(draft.c.id == bindparam("act"))
_DONE = select(command.c.id).where(command.c.id == bindparam("act"))


def keep(connection: Connection, one: Draft) -> bool:
    """Keep what there is of a draft now; whether it is a new one.

    What was still to be kept when its act was recorded comes too late, and is no draft: it would be resumed in vain.
    """
    if connection.execute(_DONE, {"act": one.id}).scalar():
        return False
    news = _columns(one)
    if connection.execute(update(draft).where(draft.c.id == one.id).values(news)).rowcount:
        return False
    connection.execute(insert(draft).values(id=one.id, office=read_meta(connection, OFFICE), **news))
    return True


def drop(connection: Connection, act_id: str) -> None:
    """The act that a draft was of is recorded: there is nothing left to resume."""
    connection.execute(_DROP, {"act": act_id})


def drop_done(connection: Connection) -> None:
    """The same for every act, after a salvage: of pages as old as each other that is not certain."""
    connection.execute(delete(draft).where(draft.c.id.in_(select(command.c.id))))


def discard(connection: Connection, draft_id: str, author: str) -> bool:
    """Let go of somebody's own draft; whether there was one."""
    return bool(connection.execute(delete(draft).where(draft.c.id == draft_id, draft.c.author == author)).rowcount)


def of_author(connection: Connection, author: str) -> tuple[Draft, ...]:
    """Somebody's drafts about the customers of the back office that the desk works for now, the oldest first."""
    here = draft.c.office == read_meta(connection, OFFICE)
    rows = connection.execute(
        select(draft).where(draft.c.author == author, here).order_by(draft.c.begun_at, draft.c.id)
    )
    return tuple(_draft(row) for row in rows)


def _columns(one: Draft) -> dict[str, Any]:
    return {
        "kind": one.kind, "version": one.version, "author": one.author, "begun_at": to_wire(one.begun_at),
        "customer_id": one.customer_id, "customer_name": one.customer_name, "body": as_json(one.body),
    }  # fmt: skip


def _draft(row: Row[Any]) -> Draft:
    return Draft(
        row.id, row.kind, row.version, row.author, from_wire(row.begun_at), json.loads(row.body),
        row.customer_id, row.customer_name,
    )  # fmt: skip
