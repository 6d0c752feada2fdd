"""Keeps the desk's leases: reports what it gave out, returns what has run out, asks for more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.leases.model import TOP_UP, LeaseKind, Wanted
from app.leases.ports import LeaseOffice, LeaseStore
from app.sync.keeping import Keeper
from app.sync.ports import OutboxStore
from app.sync.store_thread import StoreThread

EVERY_S = 300.0


@dataclass(frozen=True, slots=True)
class Leasing:
    """What it takes to keep leases."""

    store: LeaseStore
    office: LeaseOffice
    wanted: Mapping[LeaseKind, Wanted] = field(default_factory=lambda: TOP_UP)
    every_s: float = EVERY_S


class LeaseKeeper(Keeper):
    """Looks after the leases until it is closed, now and then and when it is woken."""

    def __init__(self, leasing: Leasing, journal: OutboxStore, thread: StoreThread) -> None:
        super().__init__(leasing.every_s)
        self._leasing = leasing
        self._journal = journal
        self._thread = thread

    async def _look(self) -> None:
        """Report first: a restored head office gives nothing out before it knows what desks hold."""
        store, office, run = self._leasing.store, self._leasing.office, self._thread.run
        grant = await run(self._journal.latest_grant)
        told = await office.leases(grant.token) if grant else None
        if grant is None or told is None:
            return
        key = await run(store.heard, told)
        for report in await run(store.to_report, told.epoch):
            lost = await office.report(grant.token, report)
            await run(store.reported, report.id, told.epoch, lost)
        for ask in await run(store.to_ask, self._leasing.wanted):
            if (lease := await office.take(grant.token, key, ask)) is not None:
                await run(store.given, lease)
