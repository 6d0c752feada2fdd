"""The stores of the simulation promise what the real ones do: whatever is done to both, both hold and show the same."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from random import Random

import pytest

from app.bootstrap.reducers import REDUCERS
from app.core.commands import Command
from app.rules.checksums import Checksum
from app.sync.model import (
    AT_REST,
    NEEDS_A_PERSON,
    Change,
    CommandState,
    Confirmed,
    Entry,
    MirrorState,
    SnapshotPage,
    SnapshotStart,
)
from app.sync.outbox import Transition
from app.sync.overlay import Seen, seen_as, seen_of
from local_cache.profile import Profile
from tests.cache.desk_files import DeskFiles
from tests.cache.records import change, contact, filing, gone, ticket
from tests.fakes.clock import NOON
from tests.simulation.journal import MemoryJournal
from tests.simulation.mirror import MemoryMirror

TURNS = 60
TICKET, CUSTOMER = "troubleTicket", "C1"
NUMBERS = ("T1", "T2", "T3")


class Both:
    """One desk on real files, and one in memory."""

    def __init__(self, folder: Path, seed: int) -> None:
        profile = Profile(folder)
        profile.prepare()
        self.real = DeskFiles(profile)
        self.journal = MemoryJournal(REDUCERS)
        self.mirror = MemoryMirror(self.journal, lambda: None)
        self.draw = Random(seed)  # noqa: S311 - the same every time
        self.epoch = 1
        self.revision = 0
        self.acts: list[Command] = []
        self.given: dict[str, str] = {}  # the numbers that head office gave to what was filed here

    def agree(self) -> None:
        """Compare everything that anybody can ask of them."""
        outbox, files = self.real.outbox, self.real.mirror
        assert _named(outbox.unfinished()) == _named(self.journal.unfinished())
        assert outbox.acknowledged() == self.journal.acknowledged()
        assert outbox.counts() == self.journal.counts()
        assert sorted(outbox.overlaid()) == sorted(self.journal.overlaid())
        assert sorted(outbox.resting(), key=_place) == sorted(self.journal.resting(), key=_place)
        assert files.state() == self.mirror.state()
        assert _uncounted(files.building()) == _uncounted(self.mirror.building())
        keys = [(TICKET, one) for one in self.numbers()]
        assert files.rows(keys) == self.mirror.rows(keys)
        for act in self.acts:
            assert outbox.server_id(TICKET, act.id) == self.journal.server_id(TICKET, act.id)
        assert self.real.tickets() == {one.body["id"]: one for one in self.seen().values()}
        for name in self.names():
            assert self.real.ticket(name) == self.seen_one(name)

    def seen(self) -> dict[str, Seen]:
        return seen_of(self._mirrored(), self.journal.overlay_of(TICKET), CUSTOMER)

    def seen_one(self, name: str) -> Seen | None:
        identity = self.journal.server_id(TICKET, name)
        mine = {key: one for key, one in self._mirrored().items() if key == identity}
        return seen_as(mine, self.journal.overlay_of(TICKET), identity)

    def names(self) -> list[str]:
        """Everything a ticket may be called."""
        return [*self.numbers(), *(act.id for act in self.acts)]

    def numbers(self) -> list[str]:
        """The tickets at head office."""
        return [*NUMBERS, *self.given.values()]

    # ---- what may happen

    def files_a_ticket(self) -> None:
        self._record(filing(f"said {len(self.acts)}"), None)

    def adds_a_contact(self) -> None:
        name = self.draw.choice(self.names())
        if (seen := self.seen_one(name)) is not None:
            self._record(contact(name, f"said {len(self.acts)}"), seen)

    def is_told(self) -> None:
        """An answer, also one that comes late to something at rest."""
        if not self.acts:
            return
        act = self.draw.choice(self.acts)
        state = self.draw.choice([one for one in CommandState if one not in AT_REST])
        self._mark(Transition(act.id, state, "no" if state is CommandState.REFUSED else ""))

    def is_confirmed(self) -> None:
        if not self.acts:
            return
        act = self.draw.choice(self.acts)
        number = act.entity_id
        if number not in NUMBERS:
            number = self.given.setdefault(number, f"T{len(self.names())}")
        self.revision += self.draw.randint(0, 2)
        body = ticket(number, notes=[f"as of {self.revision}"]) if self.draw.random() < 0.7 else None
        epoch = self.draw.choice(["", f"e{self.epoch}", f"e{self.epoch + 1}"])
        self._mark(Transition(act.id, CommandState.CONFIRMED, confirmed=Confirmed(number, self.revision, body, epoch)))

    def is_set_aside(self) -> None:
        if waiting := [one for one in self.acts if self.journal.rows[one.id].state in NEEDS_A_PERSON]:
            act = self.draw.choice(waiting)
            self.real.set_aside(act.id)
            self.journal.set_aside(act.id)

    def pulls(self) -> None:
        if self.mirror.used is None:
            return
        page = [self._change() for _ in range(self.draw.randint(1, 3))]
        cursor = f"e{self.epoch}.{self.revision}"
        assert self.real.mirror.apply(page, cursor, NOON) == self.mirror.apply(page, cursor, NOON)
        if self.draw.random() < 0.7:
            self.real.outbox.settle(page)
            self.journal.settle(page)

    def catches_up(self) -> None:
        resting = self.journal.resting() if self.draw.random() < 0.5 else []
        self.real.catch_up(resting)
        rows = self.mirror.rows(self.journal.overlaid())
        held = {(row.collection, row.id) for row in rows}
        gone = [one for one in resting if (one.collection, one.id) not in held]
        self.journal.settle([*rows, *gone])

    def begins_a_copy(self) -> None:
        if self.draw.random() < 0.3:
            self.epoch, self.revision = self.epoch + 1, self.revision // 2
        start = SnapshotStart(f"e{self.epoch}", f"e{self.epoch}.{self.revision}", 3)
        self.real.mirror.begin(start)
        self.mirror.begin(start)

    def adds_a_page(self) -> None:
        if self.mirror.built is not None:
            rows = tuple(self._change(is_living=True) for _ in range(self.draw.randint(0, 3)))
            page = SnapshotPage(rows, self.draw.choice(["", "on"]))
            self.real.mirror.add(page)
            self.mirror.add(page)

    def finishes_a_copy(self) -> None:
        if self.mirror.built is not None:
            self.real.mirror.finish(NOON)
            self.mirror.finish(NOON)

    def restarts(self) -> None:
        self.real.close()
        self.real.open()

    def _record(self, act: Command, seen: Seen | None) -> None:
        self.real.record(act)
        self.journal.record(act, seen.body if seen else None, seen.revision if seen else 0)
        self.acts.append(self.journal.rows[act.id].command)

    def _mark(self, transition: Transition) -> None:
        assert self.real.outbox.mark(transition) is self.journal.mark(transition)

    def _change(self, *, is_living: bool = False) -> Change:
        number = self.draw.choice(self.numbers())
        self.revision += self.draw.randint(0, 2)
        revision = max(1, self.revision - self.draw.choice((0, 0, 0, 3)))
        if not is_living and self.draw.random() < 0.2:
            return gone(TICKET, number, revision)
        sent_as = next((act for act, given in self.given.items() if given == number), "")
        body = ticket(number, CUSTOMER, [f"as of {revision}"], sent_as)
        return change(TICKET, revision, body)

    def _mirrored(self) -> dict[str, Seen]:
        rows = self.mirror.used.rows.values() if self.mirror.used else ()
        return {row.id: Seen(_body(row), row.revision) for row in rows}


def _uncounted(building: MirrorState | None) -> MirrorState | None:
    """A file counts what a snapshot sent twice as two until its indexes are made."""
    return building and building.with_checksum(Checksum())


def _named(entries: Iterable[Entry]) -> list[tuple[int, str, str, CommandState]]:
    return [(one.sequence, one.command.id, one.command.entity_id, one.state) for one in entries]


def _place(row: Change) -> tuple[str, str]:
    return row.collection, row.id


def _body(row: Change) -> dict[str, object]:
    found: dict[str, object] = json.loads(row.body or "")
    return found


HAPPENINGS = {
    Both.files_a_ticket: 2, Both.adds_a_contact: 4, Both.is_told: 4, Both.is_confirmed: 5, Both.is_set_aside: 2,
    Both.pulls: 5, Both.catches_up: 2, Both.begins_a_copy: 2, Both.adds_a_page: 3, Both.finishes_a_copy: 2,
    Both.restarts: 1,
}  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_both_stores_hold_and_show_the_same(tmp_path: Path, seed: int) -> None:
    both = Both(tmp_path, seed)
    try:
        for _ in range(TURNS):
            both.draw.choices(list(HAPPENINGS), list(HAPPENINGS.values()))[0](both)
            both.agree()
    finally:
        both.real.close()
