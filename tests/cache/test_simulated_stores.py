"""The stores of the simulation promise what the real ones do: whatever is done to both, both hold and show the same."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from random import Random

import pytest

from app.core.commands import Command, Spend, There
from app.core.ids import new_id
from app.leases.model import Lease, LeasedItem, LeaseKind, NotOnLeaseError, Told, Wanted
from app.rules.checksums import Checksum
from app.sync.merging import put_on
from app.sync.model import (
    AT_REST,
    NEEDS_A_PERSON,
    Change,
    Closed,
    CommandState,
    Confirmed,
    Entry,
    MirrorState,
    SnapshotPage,
    SnapshotStart,
)
from app.sync.outbox import Transition
from app.sync.overlay import Seen, seen_as, seen_of
from local_cache.lease_rows import holdings
from local_cache.leases import JournalLeases, JournalShelf
from local_cache.profile import Profile
from tests.cache.desk_files import DeskFiles
from tests.cache.records import change, contact, filing, gone, ticket
from tests.fakes.acts import AUTHOR, REDUCERS, setting
from tests.fakes.clock import NOON, FakeClock
from tests.simulation.journal import MemoryJournal
from tests.simulation.mirror import MemoryMirror
from tests.simulation.shelf import MemoryShelf

TURNS = 60
RECEIPT = LeaseKind.RECEIPT
TICKET, CUSTOMER = "troubleTicket", "C1"
NUMBERS = ("T1", "T2", "T3")
SUPERVISORS = (AUTHOR, "boss")


class Both:
    """One desk on real files, and one in memory."""

    def __init__(self, folder: Path, seed: int) -> None:
        profile = Profile(folder)
        profile.prepare()
        self.clock = FakeClock()
        self.real = DeskFiles(profile, clock=self.clock)
        for one in SUPERVISORS:
            self.real.employ(one, "supervisor")
        self.journal = MemoryJournal(REDUCERS)
        self.journal.shelf = MemoryShelf(self.clock, self.real.journal.device(), _ids())
        self.make_id = _ids()
        self.lent = 0
        self.mirror = MemoryMirror(self.journal, lambda: None)
        self.draw = Random(seed)  # noqa: S311 - the same every time
        self.epoch = 1
        self.revision = 0
        self.acts: list[Command] = []
        self.forms: list[tuple[str, Seen]] = []
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
        assert files.opened() == self.mirror.opened()
        self.agree_on_leases()
        for act in self.acts:
            assert outbox.server_id(TICKET, act.id) == self.journal.server_id(TICKET, act.id)
        assert self.real.tickets() == {one.body["id"]: one for one in self.seen().values()}
        for name in self.names():
            assert self.real.ticket(name) == self.seen_one(name)

    def agree_on_leases(self) -> None:
        shelf, real = self.journal.shelf, self.leases()
        with self.real.journal.reading() as connection:
            assert holdings(connection) == shelf.holdings()
        for kind in LeaseKind:
            assert asyncio.run(JournalShelf(self.real.journal, self.real.log, self.clock).free(kind)) == shelf.free(
                kind
            )
        for epoch in ("e1", "e2"):
            assert real.to_report(epoch) == shelf.to_report(epoch)

    def leases(self) -> JournalLeases:
        """The sync process's half, on files."""
        return JournalLeases(self.real.sync_journal, self.clock, self.make_id)

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

    def sets_fields(self) -> None:
        """As seen now, or on a form that has been open for long."""
        name = self.draw.choice(self.names())
        if (seen := self.seen_one(name)) is not None:
            self.forms.append((name, seen))
            name, then = self.forms[-1] if self.draw.random() < 0.5 else self.draw.choice(self.forms)
            now = self.seen_one(name)
            fields = {"severity": f"set {len(self.acts)}", "note": [*then.body.get("note", ()), {"text": "set"}]}
            fields = {one: fields[one] for one in self.draw.sample(list(fields), self.draw.randint(1, 2))}
            act = setting(len(self.acts), name, then.body, f'"e{self.epoch}-{then.revision}"', **fields)
            if now is not None:
                self._record(replace(act, id=new_id()), now)

    def is_merged(self) -> None:
        if act := self._any_change():
            there = self._there(act)
            state = CommandState.QUEUED
            self._mark(Transition(act.id, state, there=there, merged=put_on(act, there)))

    def differs(self) -> None:
        if act := self._any_change():
            self._mark(Transition(act.id, CommandState.CONFLICT, there=self._there(act)))

    def is_sent_on_top(self) -> None:
        if waiting := [one for one in self.acts if self.journal.rows[one.id].state in NEEDS_A_PERSON]:
            act = self.draw.choice(waiting)
            self.real.send_on_top(act.id, act.author)
            self.journal.send_on_top(act.id)

    def is_adopted(self) -> None:
        """By one who may, also by who did it, or has adopted it already."""
        if self.acts:
            act, by = self.draw.choice(self.acts), self.draw.choice(SUPERVISORS)
            assert bool(self.real.journal.adopt(act.id, by)) is self.journal.adopt(act.id, by)

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
        closed = self._closed() if self.draw.random() < 0.3 else None
        assert self.real.mirror.apply(page, cursor, NOON, closed) == self.mirror.apply(page, cursor, NOON, closed)
        if self.draw.random() < 0.7:
            self.real.outbox.settle(page)
            self.journal.settle(page)

    def opens(self) -> None:
        if self.mirror.used is None:
            return
        customer = self.draw.choice(("C8", "C9"))
        rows = [self._change(is_living=True) for _ in range(self.draw.randint(0, 3))]
        rows += [  # what left, and comes with its customer at the same revision
            change(TICKET, revision, ticket(name, CUSTOMER)) for (_, name), revision in self.mirror.used.gone.items()
        ]
        assert self.real.mirror.open(customer, rows) == self.mirror.open(customer, rows)
        for mirror in (self.real.mirror, self.mirror):
            mirror.look("C8")

    def _closed(self) -> Closed:
        """Somebody who is let go of, with whatever may be theirs."""
        numbers = self.draw.sample(self.numbers(), len(self.numbers()) // 2)
        return Closed((self.draw.choice(("C8", "C9")),), tuple((TICKET, number) for number in numbers))

    def catches_up(self) -> None:
        resting = self.journal.resting() if self.draw.random() < 0.5 else []
        self.real.catch_up(resting)
        rows = self.mirror.rows(self.journal.overlaid())
        held = {(row.collection, row.id) for row in rows if row.body is not None}
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
        self.journal.shelf.go_on()

    def hears_of_leases(self) -> None:
        known = [(one.id, one.kind) for one in self.journal.shelf.holdings()]
        out = (*self.draw.sample(known, len(known) // 2), *self.draw.choice([(), ((f"unknown-{self.lent}", RECEIPT),)]))
        now = NOON + timedelta(seconds=self.draw.randint(0, 60))
        told = Told(now, "office", "e1", f"key-{self.lent}", out)
        assert self.leases().heard(told) == self.journal.shelf.heard(told)

    def asks_for_leases(self) -> None:
        wanted = {RECEIPT: Wanted(2, 3), LeaseKind.PHONE_NUMBER: Wanted(1, 2)}
        asked = self.leases().to_ask(wanted)
        assert asked == self.journal.shelf.to_ask(wanted)
        for ask in asked[: self.draw.randint(0, 2)]:
            items = [f"I{self.lent + place}" for place in range(ask.count)]
            self.lent += self.draw.randint(1, ask.count)  # so that now and then one is leased again
            leased = tuple(LeasedItem(one, one) for one in items)
            expires = NOON + timedelta(seconds=self.draw.randint(30, 300))
            lease = Lease(ask.id, ask.kind, leased, ask.holder, "office", "e1", expires, f"text of {ask.id}", "signed")
            self.leases().given(lease)
            self.journal.shelf.given(lease)

    def reports_leases(self) -> None:
        epoch = self.draw.choice(("e1", "e2"))
        for due in self.journal.shelf.to_report(epoch)[: self.draw.randint(1, 2)]:
            lost = {f"I{self.draw.randint(0, self.lent + 1)}"}
            self.leases().reported(due.id, epoch, lost)
            self.journal.shelf.reported(due.id, epoch, lost)

    def gives_out(self) -> None:
        """What is there, what was there, and what never was."""
        kind = self.draw.choice((RECEIPT, LeaseKind.PHONE_NUMBER))
        free = [one.id for one in self.journal.shelf.free(kind)]
        item = self.draw.choice([*free, *free, f"I{self.draw.randint(0, self.lent + 1)}"])
        act = replace(filing(f"gives {item}"), spends=(Spend(kind, item),))
        if self.journal.shelf.may_spend(act):
            self._record(act, None)
        else:
            with pytest.raises(NotOnLeaseError):
                self.real.record(act)

    def waits(self) -> None:
        self.clock.move(timedelta(seconds=self.draw.randint(1, 60)))

    def _any_change(self) -> Command | None:
        changes = [one for one in self.acts if one.seen is not None]
        return self.journal.rows[self.draw.choice(changes).id].command if changes else None

    def _there(self, act: Command) -> There:
        """What head office is found to hold of what an act is on."""
        self.revision += self.draw.randint(0, 2)
        body = ticket(act.entity_id, CUSTOMER, [f"as of {self.revision}"])
        return There(body, self.revision, self.draw.choice([f"e{self.epoch}", f"e{self.epoch + 1}"]))

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


def _named(entries: Iterable[Entry]) -> list[tuple[int, Command, CommandState]]:
    return [(one.sequence, replace(one.command, made_at=NOON), one.state) for one in entries]


def _place(row: Change) -> tuple[str, str]:
    return row.collection, row.id


def _body(row: Change) -> dict[str, object]:
    found: dict[str, object] = json.loads(row.body or "")
    return found


def _ids() -> Callable[[], str]:
    numbers = count(1)
    return lambda: f"lease-{next(numbers):04}"


HAPPENINGS = {
    Both.files_a_ticket: 2, Both.adds_a_contact: 4, Both.is_told: 4, Both.is_confirmed: 5, Both.is_set_aside: 2,
    Both.pulls: 5, Both.catches_up: 2, Both.begins_a_copy: 2, Both.adds_a_page: 3, Both.finishes_a_copy: 2,
    Both.restarts: 1, Both.hears_of_leases: 3, Both.asks_for_leases: 4, Both.reports_leases: 2, Both.gives_out: 4,
    Both.waits: 1, Both.sets_fields: 4, Both.is_merged: 2, Both.differs: 2, Both.is_sent_on_top: 2,
    Both.is_adopted: 2, Both.opens: 2,
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
