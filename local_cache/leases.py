"""The desk's leases on disk: the sync process's half, and the window's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from sqlalchemy import Connection, delete, insert, select, update

from app.core.clock import Clock, to_wire
from app.core.ids import new_id
from app.leases.model import (
    Ask,
    Holding,
    Lease,
    LeasedItem,
    LeaseKind,
    LeaseState,
    Report,
    ServerTime,
    Told,
    Wanted,
    shortage,
)
from local_cache import lease_rows as rows
from local_cache.command_log import JournalLog
from local_cache.journal import Journal
from local_cache.journal_schema import lease, lease_item
from local_cache.meta import read_meta, write_meta

_OVER = (LeaseState.OVER, LeaseState.ENDED, LeaseState.UNCERTAIN)


class JournalLeases:
    """Implements `app.leases.ports.LeaseStore`. Blocking: call it on the journal's thread."""

    def __init__(self, journal: Journal, clock: Clock, make_id: Callable[[], str] = new_id) -> None:
        self._journal = journal
        self._clock = clock
        self._make_id = make_id

    def heard(self, told: Told) -> str:
        """Take down what head office said; returns the key that its blocks are signed with, as it was told first."""
        with self._journal.writing() as connection:
            known, monotonic = rows.server_time(connection), self._clock.monotonic()
            now = known.hears(told.now, monotonic) if known else ServerTime(told.now, monotonic)
            rows.keep_time(connection, now)
            if not (key := read_meta(connection, rows.KEY)):
                write_meta(connection, rows.KEY, key := told.key)
            here = rows.holdings(connection)
            for one in here:
                if (news := one.heard(told, now.told)) != one:
                    rows.keep(connection, news)
            for name, kind in set(told.out) - {(one.id, one.kind) for one in here}:
                rows.keep(connection, Holding(name, kind, 0, LeaseState.UNCERTAIN))
            return key

    def to_report(self, epoch: str) -> list[Report]:
        """What head office does not know in this epoch."""
        with self._journal.reading() as connection:
            due = [one for one in rows.holdings(connection) if one.is_due(epoch)]
            return [self._report(connection, one) for one in due]

    def reported(self, lease_id: str, epoch: str, lost: Iterable[str]) -> None:
        """Head office has taken a report."""
        with self._journal.writing() as connection:
            for one in rows.holdings(connection):
                if one.id == lease_id:
                    rows.keep(connection, one.reported(epoch))
            if taken := tuple(lost):
                rows.drop_free(connection, lease_id, *taken)

    def to_ask(self, wanted: Mapping[LeaseKind, Wanted]) -> list[Ask]:
        """The blocks to ask for; each is kept, and asked for until it has come."""
        device = self._journal.device()
        with self._journal.writing() as connection:
            known = rows.server_time(connection)
            here = rows.holdings(connection)
            for kind, one in wanted.items():
                if known and (count := shortage(here, kind, one, known.now(self._clock.monotonic()))):
                    rows.keep(connection, Holding(self._make_id(), kind, count, LeaseState.ASKED))
            asked = [one for one in rows.holdings(connection) if one.state is LeaseState.ASKED]
            return [Ask(one.id, one.kind, one.count, device) for one in asked]

    def given(self, given: Lease) -> None:
        """A block has come; one that was not asked for, or has come before, changes nothing."""
        with self._journal.writing() as connection:
            asked = update(lease).where(lease.c.id == given.id, lease.c.state == LeaseState.ASKED)
            news = {
                "state": LeaseState.HELD, "reported_in": given.epoch, "expires_at": to_wire(given.expires_at),
                "text": given.text, "signature": given.signature,
            }  # fmt: skip
            if connection.execute(asked.values(news)).rowcount:
                _shelve(connection, given)

    def _report(self, connection: Connection, held: Holding) -> Report:
        row = connection.execute(select(lease.c.text, lease.c.signature).where(lease.c.id == held.id)).one()
        spent = rows.spent_of(connection, held.id)
        is_certain = held.state is not LeaseState.UNCERTAIN
        return Report(held.id, row.text, row.signature, spent, held.state in _OVER, is_certain)


class JournalShelf:
    """Implements `app.leases.ports.Shelf`."""

    def __init__(self, journal: Journal, log: JournalLog, clock: Clock) -> None:
        self._journal = journal
        self._log = log
        self._clock = clock

    async def free(self, kind: LeaseKind) -> list[LeasedItem]:
        """What may be given out now, of the lease that ends first to begin with."""
        return await self._log.run(self._free, kind)

    def _free(self, kind: LeaseKind) -> list[LeasedItem]:
        with self._journal.reading() as connection:
            known = rows.server_time(connection)
            return rows.free_of(connection, kind, known.now(self._clock.monotonic())) if known else []


def _shelve(connection: Connection, given: Lease) -> None:
    """An item that was given out here before stays so, whoever leases it again."""
    for place, one in enumerate(given.items):
        mine = (lease_item.c.kind == given.kind) & (lease_item.c.item == one.id)
        connection.execute(delete(lease_item).where(mine, lease_item.c.command == ""))
        if connection.execute(select(lease_item.c.item).where(mine)).first() is None:
            values = {"kind": given.kind, "item": one.id, "lease": given.id, "place": place, "value": one.value}
            connection.execute(insert(lease_item).values(**values, command=""))
