"""Leases in the journal's tables, in the caller's transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from app.core.clock import from_wire, to_wire
from app.core.commands import Command
from app.leases.model import Holding, LeasedItem, LeaseKind, LeaseState, NotOnLeaseError, ServerTime
from local_cache.journal_schema import lease, lease_item
from local_cache.meta import read_meta, write_meta

KEY = "lease_key"  # that head office signs blocks with, as it was told first
_TIME, _TIME_AT = "server_time", "server_time_at"
_free = (
    select(func.count())
    .where(lease_item.c.lease == lease.c.id, lease_item.c.command == "")
    .correlate(lease)
    .scalar_subquery()
    .label("free")
)


def server_time(connection: Connection) -> ServerTime | None:
    """What is known of head office's clock; None before it told."""
    told = read_meta(connection, _TIME)
    return ServerTime(from_wire(told), float(read_meta(connection, _TIME_AT))) if told else None


def keep_time(connection: Connection, known: ServerTime) -> None:
    """Keep what is known of head office's clock."""
    write_meta(connection, _TIME, known.told.isoformat())
    write_meta(connection, _TIME_AT, repr(known.at))


def go_on(connection: Connection, monotonic: float) -> ServerTime | None:
    """Keep how far head office's clock has come by now; returns that. At each start, so that a restart shows."""
    known = server_time(connection)
    if known is None:
        return None
    now = ServerTime(known.now(monotonic), monotonic)
    keep_time(connection, now)
    return now


def holdings(connection: Connection) -> list[Holding]:
    """Every lease, the oldest first."""
    return [_holding(row) for row in connection.execute(select(lease, _free).order_by(lease.c.id))]


def keep(connection: Connection, held: Holding) -> None:
    """Put a lease in the place of what is known of it."""
    news = {"state": held.state, "reported_in": held.reported_in}
    if not connection.execute(update(lease).where(lease.c.id == held.id).values(news)).rowcount:
        expires_at = to_wire(held.expires_at) if held.expires_at else ""
        more = {"kind": held.kind, "asked": held.count, "expires_at": expires_at, "text": "", "signature": ""}
        connection.execute(insert(lease).values(id=held.id, **news, **more))
    if held.state in (LeaseState.ENDED, LeaseState.UNCERTAIN):
        drop_free(connection, held.id)


def drop_free(connection: Connection, lease_id: str, *items: str) -> None:
    """These items, or all, are not to be given out; what was given out stays."""
    free = delete(lease_item).where(lease_item.c.lease == lease_id, lease_item.c.command == "")
    connection.execute(free.where(lease_item.c.item.in_(items)) if items else free)


def spent_of(connection: Connection, lease_id: str) -> tuple[tuple[str, str], ...]:
    """What was given out of a lease, by which command."""
    mine = select(lease_item.c.item, lease_item.c.command).where(lease_item.c.lease == lease_id)
    rows = connection.execute(mine.where(lease_item.c.command != "").order_by(lease_item.c.place))
    return tuple((row.item, row.command) for row in rows)


def free_of(connection: Connection, kind: LeaseKind, now: datetime) -> list[LeasedItem]:
    """What may be given out, of the lease that ends first to begin with."""
    good = [one for one in holdings(connection) if one.kind is kind and one.is_spendable(now)]
    found: list[LeasedItem] = []
    for one in sorted(good, key=lambda each: (each.expires_at, each.id)):
        mine = select(lease_item).where(lease_item.c.lease == one.id, lease_item.c.command == "")
        found += [LeasedItem(row.item, row.value) for row in connection.execute(mine.order_by(lease_item.c.place))]
    return found


def spend(connection: Connection, act: Command, monotonic: float) -> None:
    """Give out what an act gives out. Raises NotOnLeaseError."""
    if not act.spends:
        return
    known = go_on(connection, monotonic)
    if known is None:
        raise NotOnLeaseError
    now = known.told
    for one in act.spends:
        mine = (lease_item.c.kind == one.kind) & (lease_item.c.item == one.item) & (lease_item.c.command == "")
        row = connection.execute(
            select(lease, _free).join(lease_item, lease_item.c.lease == lease.c.id).where(mine)
        ).first()
        if row is None or not _holding(row).is_spendable(now):
            raise NotOnLeaseError
        connection.execute(update(lease_item).where(mine).values(command=act.id))


def forget(connection: Connection) -> None:
    """The desk works for another office: what the first one leased is nobody's here."""
    for table in (lease_item, lease):
        connection.execute(delete(table))
    for name in (KEY, _TIME, _TIME_AT):
        write_meta(connection, name, "")


def lost_sight_of(connection: Connection) -> None:
    """Commands may be missing that gave something out: what was leased before is not given out any more."""
    for one in holdings(connection):
        keep(connection, one.lost_sight_of())


def _holding(row: Row[Any]) -> Holding:
    return Holding(
        row.id, LeaseKind(row.kind), row.asked, LeaseState(row.state), row.reported_in,
        from_wire(row.expires_at) if row.expires_at else None, row.free,
    )  # fmt: skip
