"""A desk's leases in memory: what is in it survives every kill. Held to the same tests as the real one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from app.core.clock import Clock
from app.core.commands import Command
from app.leases.model import (
    Ask,
    Holding,
    Lease,
    LeasedItem,
    LeaseKind,
    LeaseState,
    NotOnLeaseError,
    Report,
    ServerTime,
    Told,
    Wanted,
    shortage,
)


@dataclass(frozen=True, slots=True)
class Place:
    """An item on the shelf; with a `command` it was given out."""

    lease: str
    item: LeasedItem
    command: str = ""


class MemoryShelf:
    """Satisfies `LeaseStore`, and gives out as the window does."""

    def __init__(self, clock: Clock, device: str, make_id: Callable[[], str]) -> None:
        self.clock = clock
        self.leases: dict[str, Lease] = {}
        self._device = device
        self._make_id = make_id
        self._held: dict[str, Holding] = {}
        self._places: dict[tuple[str, str], Place] = {}
        self._time: ServerTime | None = None
        self._key = ""

    # ---- the window's half

    def free(self, kind: LeaseKind) -> list[LeasedItem]:
        """What may be given out now, of the lease that ends first to begin with."""
        now = self._time.now(self.clock.monotonic()) if self._time else None
        good = [one for one in self.holdings() if now and one.kind is kind and one.is_spendable(now)]
        order = sorted(good, key=lambda one: (one.expires_at, one.id))
        return [place.item for one in order for place in self._free_of(one.id)]

    def spend(self, act: Command) -> None:
        """Give out what an act gives out. Raises NotOnLeaseError, and then nothing was given out."""
        if not act.spends:
            return
        if not self.may_spend(act):
            raise NotOnLeaseError
        for one in act.spends:
            key = (one.kind, one.item)
            self._places[key] = replace(self._places[key], command=act.id)

    def may_spend(self, act: Command) -> bool:
        """Whether it could."""
        self.go_on()
        free = {(kind, one.id) for kind in LeaseKind for one in self.free(kind)}
        wanted = [(one.kind, one.item) for one in act.spends]
        return len(wanted) == len(set(wanted)) and free >= set(wanted)

    def go_on(self) -> None:
        """Keep how far head office's clock has come by now."""
        if self._time is not None:
            monotonic = self.clock.monotonic()
            self._time = ServerTime(self._time.now(monotonic), monotonic)

    def holdings(self) -> list[Holding]:
        """Every lease, the oldest first."""
        return [replace(one, free=len(self._free_of(key))) for key, one in sorted(self._held.items())]

    # ---- LeaseStore

    def heard(self, told: Told) -> str:
        monotonic = self.clock.monotonic()
        self._time = self._time.hears(told.now, monotonic) if self._time else ServerTime(told.now, monotonic)
        self._key = self._key or told.key
        for one in self.holdings():
            self._keep(one.heard(told, self._time.told))
        for name, kind in told.out:
            if name not in self._held:
                self._keep(Holding(name, kind, 0, LeaseState.UNCERTAIN))
        return self._key

    def to_report(self, epoch: str) -> list[Report]:
        return [self._report(one) for one in self.holdings() if one.is_due(epoch)]

    def reported(self, lease_id: str, epoch: str, lost: Iterable[str]) -> None:
        self._keep(self._held[lease_id].reported(epoch))
        kind = self._held[lease_id].kind
        for item in lost:
            place = self._places.get((kind, item))
            if place is not None and place.lease == lease_id and not place.command:
                del self._places[kind, item]

    def to_ask(self, wanted: Mapping[LeaseKind, Wanted]) -> list[Ask]:
        here = self.holdings()
        for kind, one in wanted.items():
            if self._time and (count := shortage(here, kind, one, self._time.now(self.clock.monotonic()))):
                self._keep(Holding(self._make_id(), kind, count, LeaseState.ASKED))
        asked = [one for one in self.holdings() if one.state is LeaseState.ASKED]
        return [Ask(one.id, one.kind, one.count, self._device) for one in asked]

    def given(self, lease: Lease) -> None:
        held = self._held.get(lease.id)
        if held is None or held.state is not LeaseState.ASKED:
            return
        self.leases[lease.id] = lease
        self._held[lease.id] = replace(
            held, state=LeaseState.HELD, reported_in=lease.epoch, expires_at=lease.expires_at
        )
        for item in lease.items:
            place = self._places.get((lease.kind, item.id))
            if place is None or not place.command:
                self._places[lease.kind, item.id] = Place(lease.id, item)

    def _report(self, held: Holding) -> Report:
        lease = self.leases.get(held.id)
        spent = tuple((one.item.id, one.command) for one in self._of(held.id) if one.command)
        is_over = held.state is not LeaseState.HELD
        is_certain = held.state is not LeaseState.UNCERTAIN
        return Report(
            held.id, lease.text if lease else "", lease.signature if lease else "", spent, is_over, is_certain
        )

    def _keep(self, held: Holding) -> None:
        self._held[held.id] = held
        if held.state in (LeaseState.ENDED, LeaseState.UNCERTAIN):
            for place in self._free_of(held.id):
                del self._places[held.kind, place.item.id]

    def _free_of(self, lease_id: str) -> list[Place]:
        return [one for one in self._of(lease_id) if not one.command]

    def _of(self, lease_id: str) -> list[Place]:
        lease = self.leases.get(lease_id)
        if lease is None:
            return []
        places = (self._places.get((lease.kind, one.id)) for one in lease.items)
        return [one for one in places if one is not None and one.lease == lease_id]
