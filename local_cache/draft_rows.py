"""Drafts in the journal's tables, in the caller's transaction."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from app.core.clock import from_wire, to_wire
from app.core.drafts import Draft, Place
from app.sync.effects import as_json
from local_cache.journal_schema import OFFICE, command, draft
from local_cache.meta import read_meta
from local_cache.prepared import Prepared

_DROP = Prepared(delete(draft).where(draft.c.id == bindparam("act")), "act")
_DONE = Prepared(select(command.c.id).where(command.c.id == bindparam("act")), "act")
_FILED_BY = Prepared(select(command.c.author).where(command.c.id == bindparam("act")), "act")


def keep(connection: Connection, news: Draft) -> bool:
    """Keep what there is of a draft now; whether it is a new one.

    What was still to be kept when its act was recorded comes too late, and is no draft: it would be resumed in vain. So
    does what was still to be kept when it was parked. What a newer Trunkline wrote is not understood here, and stays.
    """
    if _DONE.first(connection, act=news.id):
        return False
    columns, mine = _columns(news), draft.c.id == news.id
    if connection.execute(select(draft.c.id).where(mine)).scalar():
        is_ours = draft.c.place == Place.HERE, draft.c.version <= news.version
        connection.execute(update(draft).where(mine, *is_ours).values(columns))
        return False
    connection.execute(insert(draft).values(id=news.id, office=read_meta(connection, OFFICE), **columns))
    return True


def add_fetched(connection: Connection, news: Draft) -> str:
    """Add what was claimed from the hall; empty, or the id of who has it here already, or has filed it.

    What this author is fetching already, as after a kill, is that.
    """
    author = _FILED_BY.value(connection, act=news.id)
    known = one(connection, news.id)
    if author is None and known is None:
        office = read_meta(connection, OFFICE)
        connection.execute(insert(draft).values(id=news.id, office=office, **_columns(news)))
    elif known is not None and (known.author, known.place) != (news.author, Place.FETCHING):
        author = known.author
    return author or ""


def drop(connection: Connection, act_id: str) -> None:
    """The act that a draft was of is recorded: there is nothing left to resume."""
    _DROP.do(connection, act=act_id)


def drop_done(connection: Connection) -> None:
    """The same for every act, after a salvage: of pages as old as each other that is not certain."""
    connection.execute(delete(draft).where(draft.c.id.in_(select(command.c.id))))


def discard(connection: Connection, draft_id: str, author: str) -> bool:
    """Let go of somebody's own draft, unless it is on its way and that goes well; whether there was one."""
    is_at_hand = draft.c.place.in_((Place.HERE, Place.WAITS)) | (draft.c.trouble != "")
    mine = draft.c.id == draft_id, draft.c.author == author, is_at_hand
    return bool(connection.execute(delete(draft).where(*mine)).rowcount)


def move(
    connection: Connection, draft_id: str, before: tuple[Place, ...], after: Place, author: str = "", why: str = ""
) -> bool:
    """Note that a draft goes from one place to another; whether it was there, and of that author if one is named."""
    there = [draft.c.id == draft_id, draft.c.place.in_(before), *([draft.c.author == author] if author else [])]
    return bool(connection.execute(update(draft).where(*there).values(place=after, trouble=why)).rowcount)


def say(connection: Connection, draft_id: str, why: str) -> bool:
    """Note why a draft is still on its way; whether that is news."""
    there = draft.c.id == draft_id, draft.c.place != Place.HERE, draft.c.trouble != why
    return bool(connection.execute(update(draft).where(*there).values(trouble=why)).rowcount)


def remove(connection: Connection, draft_id: str, place: Place) -> None:
    """What was on its way is somewhere else now."""
    connection.execute(delete(draft).where(draft.c.id == draft_id, draft.c.place == place))


def one(connection: Connection, draft_id: str) -> Draft | None:
    """A draft, wherever it is."""
    row = connection.execute(select(draft).where(draft.c.id == draft_id)).one_or_none()
    return None if row is None else _draft(row)


def on_the_way(connection: Connection) -> tuple[Draft, ...]:
    """What is to be parked at the hall of this back office, or is being fetched from there."""
    here = draft.c.office == read_meta(connection, OFFICE)
    rows = connection.execute(select(draft).where(draft.c.place != Place.HERE, here).order_by(draft.c.begun_at))
    return tuple(_draft(row) for row in rows)


def of_author(connection: Connection, author: str) -> tuple[Draft, ...]:
    """Somebody's drafts about the customers of the back office that the desk works for now, the oldest first."""
    here = draft.c.office == read_meta(connection, OFFICE)
    rows = connection.execute(
        select(draft).where(draft.c.author == author, here).order_by(draft.c.begun_at, draft.c.id)
    )
    return tuple(_draft(row) for row in rows)


def _columns(news: Draft) -> dict[str, Any]:
    return {
        "kind": news.kind, "version": news.version, "author": news.author, "begun_at": to_wire(news.begun_at),
        "customer_id": news.customer_id, "customer_name": news.customer_name, "body": as_json(news.body),
        "subject": news.subject, "place": news.place,
        "trouble": news.trouble,
    }  # fmt: skip


def _draft(row: Row[Any]) -> Draft:
    return Draft(
        row.id, row.kind, row.version, row.author, from_wire(row.begun_at), json.loads(row.body),
        row.customer_id, row.customer_name, row.subject, Place(row.place), row.trouble,
    )  # fmt: skip
