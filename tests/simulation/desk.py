"""A desk: a journal and a copy that survive, and one run after the other of the product's sync engine over them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from app.core.commands import Command
from app.core.errors import DeskError, StorageError, StorageFullError
from app.leases.model import LeasedItem, LeaseKind, Wanted
from app.sync.engine import SyncEngine
from app.sync.errors import MirrorDiffersError
from app.sync.events import Event, StatusChanged
from app.sync.leases import Leasing
from app.sync.merging import Merge, on_top
from app.sync.overlay import Seen, seen_as
from app.sync.ports import Grant
from tests.fakes.acts import backoff
from tests.fakes.clock import NOON
from tests.simulation.acts import REDUCERS
from tests.simulation.journal import Entity, MemoryJournal
from tests.simulation.life import BrokenError, KilledError, Life, SimulatedThread
from tests.simulation.line import FINE, Host, Line, Weather
from tests.simulation.mirror import MemoryMirror
from tests.simulation.office import TICKET, View
from tests.simulation.shelf import MemoryShelf

WANTED = {LeaseKind.PHONE_NUMBER: Wanted(1, 2), LeaseKind.RECEIPT: Wanted(1, 3)}
LEASES_EVERY_S = 30.0
MOST_OPENED = 1
_REBOOTS = 0.3  # of the times it starts
_LOOKS_ON = 0.1


class DeskClock:
    """The simulated time, and how far this desk's clock is off."""

    def __init__(self) -> None:
        self.is_off_by = timedelta()

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.monotonic()) + self.is_off_by

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()


class MachineClock(DeskClock):
    """The same as leases see it: its monotonic half begins anew when the machine is switched on.

    Nobody waits by it: what two readings differ by is rounded, and the loop's time is not.
    """

    def __init__(self) -> None:
        super().__init__()
        self._started = 0.0

    def monotonic(self) -> float:
        return super().monotonic() - self._started

    def start_anew(self) -> None:
        """Switch it on."""
        self._started = super().monotonic()


class Desk:
    """`note` hears every step, `watch` of every call to a store that has ended, `on_bug` of what nobody caught."""

    journal_kind: type[MemoryJournal] = MemoryJournal
    mirror_kind: type[MemoryMirror] = MemoryMirror
    line_kind: type[Line] = Line
    shelf_kind: type[MemoryShelf] = MemoryShelf
    merge: Merge = staticmethod(on_top)

    def __init__(
        self,
        name: str,
        view: View,
        host: Host,
        draw: Random,
        note: Callable[[str], None],
        watch: Callable[[Desk, str], None],
        on_death: Callable[[Desk], None],
        on_bug: Callable[[BaseException], None],
    ) -> None:
        self.name = name
        self._view = view
        self.clock = DeskClock()
        self.journal = self.journal_kind(REDUCERS)
        self._machine = MachineClock()
        self._leases = 0
        self.journal.shelf = self.shelf_kind(self._machine, name, self._lease_id)
        self.in_hand: dict[LeaseKind, LeasedItem] = {}  # what a clerk has written into a form that is not saved
        self.mirror = self.mirror_kind(self.journal, self._between)
        self.disk_fails = 0
        self.weather: Weather = FINE
        self.is_cut = False
        self.lives: list[Life] = []
        self._host = host
        self._draw = draw
        self._note = note
        self._watch = watch
        self._on_death = on_death
        self._on_bug = on_bug

    @property
    def view(self) -> View:
        """What its copy is of now."""
        used = self.mirror.used
        return replace(self._view, opened=frozenset(used.opened)) if used else self._view

    async def opens(self, customer: str) -> None:
        """A clerk opens somebody outside the home; where that does not work they are told."""
        with suppress(DeskError):
            await self.engine.fetch(customer)

    @property
    def life(self) -> Life:
        """The run that is on, or was last."""
        return self.lives[-1]

    @property
    def is_alive(self) -> bool:
        """Whether a sync process runs."""
        return bool(self.lives) and not self.life.is_over

    def start(self) -> None:
        """Run."""
        if self._draw.random() < _REBOOTS:
            self._machine.start_anew()
        self.journal.shelf.go_on()
        life = Life(lambda what: self._note(f"{self.name} {what}"), lambda: self._on_death(self))
        self.lives.append(life)
        self.line = self.line_kind(life, self._host, self.name, self._view, self._draw)
        self.line.run = len(self.lives)
        self.to_line()
        thread = SimulatedThread(life, self._trouble, lambda name: self._watch(self, name))
        self.engine = SyncEngine(
            self.journal, self.mirror, self.line, self.clock, backoff(self._draw.randrange(1_000_000)), self._hear,
            self._on_bug, thread=thread, leasing=Leasing(self.journal.shelf, self.line, WANTED, LEASES_EVERY_S),
            merge=self.merge, most_opened=MOST_OPENED,
        )  # fmt: skip
        self.engine.start()

    def to_line(self) -> None:
        """Let the line be as the desk's is now."""
        self.line.weather, self.line.is_cut = self.weather, self.is_cut

    def record(self, act: Command, seen: Seen | None = None, epoch: str = "") -> None:
        """The window records an act, and says so to the sync process."""
        self.journal.record(act, seen.body if seen else None, seen.revision if seen else 0, epoch)
        self._watch(self, "record")
        if self.is_alive:
            self.engine.poke()

    def choice(self, kind: LeaseKind) -> LeasedItem | None:
        """What a clerk gives out: what is in the form already, else the first that there is."""
        first = next(iter(self.journal.shelf.free(kind)), None)
        chosen = self.in_hand.pop(kind, None) or first
        if first is not None and self._draw.random() < _LOOKS_ON:
            self.in_hand[kind] = first
        return chosen

    def sign_in(self, grant: Grant) -> None:
        """Somebody signs in with the line."""
        self.journal.sign_in(grant)
        if self.is_alive:
            self.engine.signed_in(grant.author)

    def seen(self, collection: str, entity_id: str) -> Seen | None:
        """A record as the clerk sees it, by the id of the desk or of head office."""
        identity = self.journal.server_id(collection, entity_id)
        return seen_as(self._mirrored((collection, identity)), self.journal.overlay_of(collection), identity)

    def known(self) -> list[Entity]:
        """What a clerk can act on."""
        there = [key for key in self.mirror.used.rows if key[0] == TICKET] if self.mirror.used else []
        return [*there, *(key for key in self.journal.effects if key not in there)]

    def _mirrored(self, key: Entity) -> dict[str, Seen]:
        held = self.mirror.used.rows.get(key) if self.mirror.used else None
        return {held.id: Seen(json.loads(held.body or ""), held.revision)} if held else {}

    def _trouble(self, _name: str) -> None:
        if self.disk_fails > 0:
            self.disk_fails -= 1
            raise StorageFullError if self.disk_fails % 2 else StorageError

    def _between(self) -> None:
        """Between two files that are written one after the other."""
        if self.life.fuse is not None and self._draw.random() < 0.5:
            raise KilledError

    def _lease_id(self) -> str:
        self._leases += 1
        return f"{self.name}/lease/{self._leases:05}"

    def _hear(self, event: Event) -> None:
        """Nobody listens to what the engine says, but a copy that is not what it should be is never an accident here."""
        if isinstance(event, StatusChanged) and event.status.trouble == MirrorDiffersError.text:
            self._on_bug(BrokenError(f"5: the copy of {self.name} has another checksum than head office's"))
