"""What a desk has to live through: a head office that misbehaves for a while, and then comes to its senses."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from app.core.commands import Method
from app.sync.model import NEEDS_A_PERSON
from app.sync.status import LineState, SyncStatus
from tests.contract.desks import RealDesk, opened
from tests.fakes.acts import AUTHOR, command
from tests.fakes.hostile_office import HostileOffice, Nasty, says

TOKEN = "token-of-mei"


@asynccontextmanager
async def at_work(folder: Path, office: HostileOffice, *, is_syncing: bool = True) -> AsyncIterator[RealDesk]:
    """A desk of one clerk at this head office."""
    server = await office.start()
    try:
        async with opened(folder / "desk", server) as desk:
            user = {"id": AUTHOR, "name": "Mei", "role": "clerk"}
            desk.clerks.signed_in({"token": TOKEN, "offlineUntil": "2030-01-01T00:00:00Z", "user": user})
            if is_syncing:
                desk.engine.start()
            yield desk
    finally:
        await office.close()


def is_told(status: SyncStatus) -> bool:
    """Whether the clerk is told that something is wrong."""
    return status.trouble != "" or status.line in (LineState.CUT, LineState.SIGN_IN_NEEDED)


async def survives(folder: Path, place: str, nasty: Nasty, *, commits: bool) -> None:
    """A complaint is filed while `place` misbehaves; then head office comes to its senses."""
    office = HostileOffice(commits=commits)
    if place == "ask":
        office.nasty["send"] = says(b"")
    if place == "snapshot":
        office.nasty[place] = nasty
    async with at_work(folder, office) as desk:
        if place != "snapshot":
            await desk.online()
        office.nasty[place] = nasty
        await desk.record(command(1, method=Method.CREATE))
        desk.engine.refresh()
        await desk.until(lambda: is_told(desk.status))
        assert await desk.state("command-1") not in NEEDS_A_PERSON
        office.nasty.clear()
        desk.engine.refresh()
        await desk.ended("command-1")
        await desk.until(lambda: desk.status.line is LineState.ONLINE and desk.status.trouble == "")
        await desk.until(lambda: desk.status.waiting == 0)
        await desk.holds("troubleTicket", "T1")
    assert len(office.records) == 1
    assert {asked.headers.get("authorization") for asked in office.requests} == {f"Bearer {TOKEN}"}


async def stays_in_step_without_a_stream(folder: Path, nasty: Nasty) -> None:
    office = HostileOffice(nasty={"events": nasty})
    async with at_work(folder, office) as desk:
        await desk.online()
        await desk.until(lambda: len(office.sent("feed")) > 1)
        await desk.record(command(1, method=Method.CREATE))
        await desk.holds("troubleTicket", "T1")
        assert desk.status.line is LineState.ONLINE
