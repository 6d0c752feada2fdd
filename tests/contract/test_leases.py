"""Leases between the desk's own client and the real back office; and the simulated office lends as that one does."""

from __future__ import annotations

import asyncio
import base64
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from app.core.clock import SystemClock
from app.core.commands import Command, Spend
from app.core.errors import BackOfficeAnswerError
from app.core.ids import new_id
from app.leases.model import Ask, Lease, LeaseKind, Report
from app.leases.ports import LeaseOffice
from app.sync.leases import LeaseKeeper, Leasing
from app.sync.model import Acknowledged, CommandState, Entry
from app.sync.ports import Grant, HeadOffice
from app.tmf.leases import HttpLeases, verified
from backoffice.store import Store
from local_cache.lease_rows import holdings
from local_cache.leases import JournalLeases
from tests.backoffice.leasing.desks import numbers
from tests.cache.records import filing
from tests.contract.desks import PATIENCE_S, RealDesk, opened
from tests.contract.office_process import SECRET, OfficeProcess
from tests.simulation.lending import KEY
from tests.simulation.life import Life
from tests.simulation.line import Host, Line
from tests.simulation.office import Office, Person, View

NUMBER, RECEIPT = LeaseKind.PHONE_NUMBER, LeaseKind.RECEIPT
TURNS = 40
FREE = [f"N{number}" for number in range(111, 123)]


@pytest.fixture
def stocked(office: OfficeProcess) -> OfficeProcess:
    """A back office with twelve free numbers, as the simulated one has."""
    with closing(Store.open(str(office.database))) as store:
        store.load(numbers(range(111, 123)))
    return office


class Side:
    """One of the two offices, as a desk asks it."""

    def __init__(self, office: HeadOffice, lender: LeaseOffice, grant: Grant, holder: str, key: str) -> None:
        self.office = office
        self.lender = lender
        self.grant = grant
        self.holder = holder
        self.key = key
        self.leases: list[Lease] = []
        self._acts: dict[str, Command] = {}

    async def take(self, lease_id: str, kind: LeaseKind, count: int) -> list[str] | None:
        """Ask for a block; the items in it, in words that both offices share."""
        lease = await self.lender.take(self.grant.token, self.key, Ask(lease_id, kind, count, self.holder))
        if lease is None:
            return None
        if lease.id not in {one.id for one in self.leases}:
            self.leases.append(lease)
        return [_named(one.id) for one in lease.items]

    async def spend(self, command_id: str, sequence: int, lease: int, place: int) -> str:
        """Send an act that gives an item out; what came of it."""
        block = self.leases[lease]
        item = block.items[place % len(block.items)].id
        act = replace(filing("please"), id=command_id, entity_id=command_id, spends=(Spend(block.kind, item),))
        act = self._acts.setdefault(command_id, replace(act, body={**act.body, "note": []}))
        entry = Entry(act, sequence, CommandState.QUEUED)
        return type(await self.office.send(entry, command_id, self.grant, Acknowledged(0))).__name__

    async def report(self, lease: int, places: dict[int, str], *, is_over: bool) -> list[str]:
        """Report what was spent, by place; what the desk must not give out."""
        block = self.leases[lease]
        spent = tuple((block.items[place].id, command) for place, command in places.items() if place < len(block.items))
        said = Report(block.id, block.text, block.signature, spent, is_over, is_certain=True)
        return sorted(_named(one) for one in await self.lender.report(self.grant.token, said))

    async def out(self) -> list[int]:
        """The leases that have not ended, by when they were given."""
        told = await self.lender.leases(self.grant.token)
        assert told is not None
        out = {name for name, _ in told.out}
        return [place for place, one in enumerate(self.leases) if one.id in out]


def _named(item: str) -> str:
    """An item in words that both offices share: they call numbers otherwise, and receipts after their epoch."""
    series, _, number = item.rpartition("-")
    return (
        f"receipt {number}"
        if series
        else f"number {FREE.index(item) + 1}"
        if item in FREE
        else f"number {int(item[1:])}"
    )


async def _real(desk: RealDesk) -> Side:
    desk.clerks.signed_in(await desk.office.sign_in_embedded(SECRET, desk.journal.device()))
    grant, lender = desk.outbox.latest_grant(), HttpLeases(desk.transport)
    assert grant is not None
    told = await lender.leases(grant.token)
    assert told is not None
    return Side(desk.office, lender, grant, desk.journal.device(), told.key)


def _simulated() -> Side:
    office = Office(lambda: None, lambda _done: None)
    office.people["token"] = Person("demo", "east")
    life = Life(lambda _what: None, lambda: None)
    line = Line(life, Host(office), "desk", View("east"), Random(0))  # noqa: S311
    return Side(line, line, Grant("demo", "token"), "desk", KEY)


def _only_what_was_signed_is_read(lease: Lease, key: str) -> None:
    assert verified(lease.text, lease.signature, key) == lease
    wrong = (
        (lease.text.replace(lease.holder, "another"), lease.signature, key),
        (lease.text, "AAAA", key),
        (lease.text, lease.signature, base64.b64encode(bytes(32)).decode()),
    )
    for told in wrong:
        with pytest.raises(BackOfficeAnswerError):
            verified(*told)


async def test_the_keeper_fills_the_shelf_of_a_desk(tmp_path: Path, stocked: OfficeProcess) -> None:
    async with opened(tmp_path / "desk", stocked.url) as desk:
        side = await _real(desk)
        filled, loop = asyncio.Event(), asyncio.get_running_loop()

        class Telling(JournalLeases):
            def given(self, lease: Lease) -> None:
                super().given(lease)
                if lease.kind is RECEIPT:  # which are asked for last
                    loop.call_soon_threadsafe(filled.set)

        store = Telling(desk.journal, SystemClock())
        keeper = LeaseKeeper(Leasing(store, side.lender), desk.outbox, desk.engine.thread)
        keeping = asyncio.ensure_future(keeper.run())
        async with asyncio.timeout(PATIENCE_S):
            await filled.wait()
        keeping.cancel()
        assert await desk.engine.thread.run(_free, desk) == {NUMBER: 10, RECEIPT: 100}


def _free(desk: RealDesk) -> dict[LeaseKind, int]:
    """How many of each kind the desk could give out."""
    with desk.journal.reading() as connection:
        free = {one.kind: one.free for one in holdings(connection)}
        return {kind: count for kind, count in free.items() if count}


@pytest.mark.parametrize("seed", range(1))
async def test_both_offices_lend_alike(tmp_path: Path, stocked: OfficeProcess, seed: int) -> None:
    draw = Random(seed)  # noqa: S311 - the same every time
    async with opened(tmp_path / "desk", stocked.url) as desk:
        sides = [await _real(desk), _simulated()]
        commands: dict[tuple[int, int], str] = {}
        asked: list[tuple[str, LeaseKind, int]] = []
        met: set[str] = set()
        for turn in range(TURNS):
            lease = draw.randrange(max(len(sides[0].leases), 1))
            what = draw.choice(("take", "spend", "spend", "report")) if sides[0].leases else "take"
            if what == "take":
                ask = draw.choice([(new_id(), draw.choice((NUMBER, RECEIPT)), draw.randint(1, 3)), *asked[-1:]])
                asked.append(ask)
                answers: list[object] = [await one.take(*ask) for one in sides]
            elif what == "spend":
                place = draw.randrange(3) % len(sides[0].leases[lease].items)
                command = draw.choice((new_id(), commands.setdefault((lease, place), new_id())))
                answers = [await one.spend(command, turn + 1, lease, place) for one in sides]
            else:
                places = {place: one for (of, place), one in commands.items() if of == lease}
                is_over = draw.random() < 0.5
                answers = [await one.report(lease, places, is_over=is_over) for one in sides]
            assert answers[0] == answers[1], f"turn {turn}: {what}"
            assert await sides[0].out() == await sides[1].out(), f"turn {turn}: {what}"
            met.add(f"{what} {answers[0] if isinstance(answers[0], str) else ''}".strip())
        _only_what_was_signed_is_read(sides[0].leases[0], sides[0].key)
        assert met >= {"take", "report", "spend Confirmed", "spend Refused"}
