"""A desk's copy in memory: what is in it survives every kill. Held to the same tests as the real one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from app.core.clock import to_wire
from app.rules.checksums import Checksum, checksum_of
from app.sync.errors import MirrorDamagedError
from app.sync.model import Change, Closed, MirrorState, SnapshotPage, SnapshotStart
from tests.simulation.journal import Entity, MemoryJournal

NEVER = -1


@dataclass
class Copy:
    """One mirror file: living rows, tombstones, and how far it has come."""

    state: MirrorState
    rows: dict[Entity, Change] = field(default_factory=dict)
    gone: dict[Entity, int] = field(default_factory=dict)
    opened: list[str] = field(default_factory=list)

    def revision(self, key: Entity) -> int:
        """What is known of a record; `NEVER` if nothing is."""
        held = self.rows.get(key)
        return held.revision if held else self.gone.get(key, NEVER)

    def counted(self, state: MirrorState) -> MirrorState:
        """The state with the checksum of what is here."""
        rows = (checksum_of(*key, row.revision) for key, row in self.rows.items())
        return state.with_checksum(sum(rows, Checksum()))

    def take(self, change: Change) -> bool:
        """Take what is newer than what is held; returns whether something was done."""
        key = (change.collection, change.id)
        is_back = key not in self.rows and change.body is not None and change.revision == self.gone.get(key)
        if change.revision <= self.revision(key) and not is_back:
            return False
        held = self.rows.pop(key, None)
        if change.body is None:
            self.gone[key] = change.revision
        else:
            self.rows[key] = change
        return held is not None or change.body is not None


@dataclass
class MemoryMirror:
    """Satisfies `MirrorStore`. `between` is called where two files are written one after the other."""

    journal: MemoryJournal
    between: Callable[[], None]
    used: Copy | None = None
    built: Copy | None = None
    _before: list[Entity] = field(default_factory=list)

    def state(self) -> MirrorState:
        return self.used.state if self.used else MirrorState()

    def building(self) -> MirrorState | None:
        return self.built.state if self.built else None

    def begin(self, start: SnapshotStart) -> None:
        self._before = self.journal.known_there()
        self.journal.begins(start.epoch)
        self.built = Copy(MirrorState(epoch=start.epoch, cursor=start.cursor, total=start.total))

    def add(self, page: SnapshotPage) -> None:
        built = self._under_construction()
        for row in page.rows:
            built.take(row)
        built.state = built.counted(replace(built.state, after=page.after, rows=built.state.rows + len(page.rows)))

    def finish(self, as_of: datetime) -> None:
        built = self._under_construction()
        built.state = replace(built.state, is_complete=True, after="", as_of=to_wire(as_of))
        self.between()
        vanished = [key for key in self._before if built.revision(key) == NEVER]
        self.journal.change_epochs(built.state.epoch)
        self.used, self.built = built, None
        self.journal.rules.new_epoch(self.journal.table)
        self.journal.rules.vanished(self.journal.table, vanished)

    def rows(self, keys: Iterable[Entity]) -> list[Change]:
        used = self.used
        if used is None:
            return []
        known = ((key, used.rows.get(key), used.gone.get(key)) for key in keys)
        return [held or Change(*key, gone or 0, None) for key, held, gone in known if held or gone is not None]

    def open(self, customer: str, rows: Iterable[Change]) -> frozenset[str]:
        used = self._in_use()
        touched = frozenset(row.collection for row in rows if used.take(row))
        used.opened = [*(one for one in used.opened if one != customer), customer]
        used.state = used.counted(used.state)
        return touched

    def look(self, customer: str) -> None:
        if self.used and customer in self.used.opened:
            self.used.opened = [*(one for one in self.used.opened if one != customer), customer]

    def opened(self) -> list[str]:
        return list(self.used.opened) if self.used else []

    def apply(
        self, changes: Iterable[Change], cursor: str, as_of: datetime, closed: Closed | None = None
    ) -> frozenset[str]:
        used = self._in_use()
        newest: dict[Entity, Change] = {}
        for change in changes:
            before = newest.get((change.collection, change.id))
            if before is None or before.revision < change.revision:
                newest[change.collection, change.id] = change
        touched = frozenset(change.collection for change in newest.values() if used.take(change))
        if closed is not None:
            touched |= {collection for collection, _ in closed.records}
            used.rows = {key: row for key, row in used.rows.items() if key not in closed.records}
            used.opened = [one for one in used.opened if one not in closed.customers]
        used.state = used.counted(replace(used.state, cursor=cursor, as_of=to_wire(as_of)))
        return touched

    def _in_use(self) -> Copy:
        if self.used is None:
            raise MirrorDamagedError
        return self.used

    def _under_construction(self) -> Copy:
        if self.built is None:
            raise MirrorDamagedError
        return self.built
