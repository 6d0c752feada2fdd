"""The head office of the simulation promises what the real one does: the same questions get the same answers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from app.core.commands import Command, Method
from app.core.ids import new_id
from app.sync.model import (
    Acknowledged,
    CommandState,
    Confirmed,
    Entry,
    Opened,
    Outcome,
)
from app.sync.ports import Grant, HeadOffice
from tests.contract.desks import RealDesk, opened
from tests.contract.office_process import SECRET, OfficeProcess
from tests.fakes.acts import command
from tests.simulation.life import Life
from tests.simulation.line import Host, Line
from tests.simulation.office import Office, Person, View

TURNS = 80
TOKEN, PLACE = "token", "east"


class _Prompt(Random):
    """Nothing takes long on the simulated line."""

    def random(self) -> float:
        return 0.0


class Side:
    """One of the two offices, as a desk talks to it; `ids` are its tickets in the order in which they were made."""

    def __init__(self, office: HeadOffice, grant: Grant, cursor: str) -> None:
        self.office = office
        self.grant = grant
        self.cursor = cursor
        self.ids: list[str] = []
        self.tags: dict[str, str] = {}
        self.revisions: dict[str, int] = {}

    async def send(self, entry: Entry, ticket: int, acknowledged: int, *, is_stale: bool) -> tuple[object, ...]:
        """Send it, on that ticket; returns what came of it in words that both offices share."""
        entity = self.ids[ticket] if 0 <= ticket < len(self.ids) else "nobody's"
        tag = '"other-1"' if is_stale else self.tags.get(entity, "")
        act = replace(entry.command, entity_id=entity, base_tag=tag)
        told = Acknowledged(acknowledged, self.cursor.partition(".")[0])
        outcome = await self.office.send(replace(entry, command=act), entity, self.grant, told)
        if isinstance(outcome, Confirmed):
            if outcome.id not in self.ids:
                self.ids.append(outcome.id)
            self.revisions[outcome.id] = outcome.revision
            self.tags[outcome.id] = f'"{outcome.epoch}-{outcome.revision}"'
        return self.told(outcome)

    async def ask(self, entry: Entry) -> tuple[object, ...]:
        """Ask what became of it."""
        return self.told(await self.office.ask(entry, self.grant))

    async def read(self, ticket: int) -> tuple[object, ...]:
        """What a ticket is now: the revision in its tag, and what both offices know of it."""
        entity = self.ids[ticket] if 0 <= ticket < len(self.ids) else "nobody's"
        there = await self.office.read("troubleTicket", entity, self.grant)
        if there.body is None:
            return ("Gone",)
        tag, revision = self.tags[entity], self.revisions[entity]
        is_ours = there.revision == revision
        return is_ours, (there.tag == tag) is is_ours, there.body.get("priority"), len(there.body["note"])

    async def feed(self) -> dict[tuple[str, int], int]:
        """Everything new: collection and number of each record with its revision."""
        found: dict[tuple[str, int], int] = {}
        has_more = True
        while has_more:
            page = await self.office.feed(self.grant, self.cursor, Opened())
            found |= {(one.collection, self.ids.index(one.id)): one.revision for one in page.changes}
            self.cursor, has_more = page.cursor, page.more
        return found

    def told(self, outcome: Outcome) -> tuple[object, ...]:
        if not isinstance(outcome, Confirmed):
            return (type(outcome).__name__,)
        return "Confirmed", self.ids.index(outcome.id), outcome.revision, bool(outcome.epoch), outcome.body is None


def act_of(draw: Random, made: int) -> tuple[Command, int]:
    """An act and the number of the ticket that it is on."""
    method = draw.choice(list(Method))
    act = replace(command(made, "-", "demo", method), id=new_id())
    ticket = draw.randint(0, made)
    if method is Method.APPEND:
        return replace(
            act, body=[{"op": "add", "path": "/note/-", "value": {"text": f"said {made}", "by": act.id}}]
        ), ticket
    if method is Method.CHANGE:
        return replace(act, body={"priority": f"as of {made}"}), ticket
    return replace(act, body={"said": "refuse"} if draw.random() < 0.2 else {**act.body, "note": []}), ticket


@pytest.mark.parametrize("seed", range(1))
async def test_both_offices_answer_alike(tmp_path: Path, office: OfficeProcess, seed: int) -> None:
    draw = Random(seed)  # noqa: S311 - the same every time
    async with opened(tmp_path / "desk", office.url) as desk:
        sides = [await _real(desk), _simulated()]
        sent: list[tuple[Entry, int, bool]] = []
        acknowledged = 0
        for made in range(TURNS):
            if not sent or draw.random() < 0.6:
                act, ticket = act_of(draw, made)
                sent.append((Entry(act, len(sent) + 1, CommandState.QUEUED), ticket, draw.random() < 0.2))
                entry, ticket, is_stale = sent[-1]
                if draw.random() < 0.2:
                    acknowledged = max(acknowledged, entry.sequence - draw.randint(1, 5))
            else:
                entry, ticket, is_stale = draw.choice(sent)
            if entry.sequence <= acknowledged or draw.random() < 0.3:
                answers = [await one.ask(entry) for one in sides]
            else:
                answers = [await one.send(entry, ticket, acknowledged, is_stale=is_stale) for one in sides]
            assert answers[0] == answers[1], f"turn {made}"
            records = [await one.read(ticket) for one in sides]
            assert records[0] == records[1], f"turn {made}"
            news = [await one.feed() for one in sides]
            assert news[0] == news[1], f"turn {made}"


async def _real(desk: RealDesk) -> Side:
    desk.clerks.signed_in(await desk.office.sign_in_embedded(SECRET, desk.journal.device()))
    grant = desk.outbox.latest_grant()
    assert grant is not None
    async for start in desk.office.snapshot(grant, ""):
        return Side(desk.office, grant, start.cursor)  # type: ignore[union-attr]
    raise AssertionError


def _simulated() -> Side:
    office = Office(lambda: None, lambda _done: None)
    office.people[TOKEN] = Person("demo", PLACE)
    life = Life(lambda _what: None, lambda: None)
    line = Line(life, Host(office), "desk", View(PLACE), _Prompt())
    assert office.snapshot_start(TOKEN, View(PLACE)).total == 0
    return Side(line, Grant("demo", TOKEN), office.cursor_at(0))
