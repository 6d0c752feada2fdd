"""Odd records, busy offices, bombs and broken streams: what head office may do without anybody noticing more than slowness."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path

import pytest

from app.core.commands import Method
from app.core.errors import BackOfficeAnswerError
from app.sync.model import CommandState
from app.tmf import head_office
from tests.contract.nonsense import BOMB, BUSY, EVERYWHERE, MB, STREAM, feed, row, snapshot
from tests.contract.survival import at_work, stays_in_step_without_a_stream
from tests.fakes.acts import command
from tests.fakes.hostile_office import HostileOffice, Nasty, answer, drips, says

OF_STREAMS = [
    "HTML with 200", "nothing at all", "not HTTP", "garbage in chunks", "a bomb", "broken gzip", "headers without end",
    "switching protocols", "a header beyond ASCII", "a server error", "a proxy's not found", "an empty success",
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "nasty"),
    [
        *((name, says(EVERYWHERE[name])) for name in OF_STREAMS),
        ("a line without end", drips(STREAM, b"data" * 100_000, 0)),
        ("events without end", drips(STREAM, b"data: {}\n\n" * 100, 0.001)),
        ("drops of a line", drips(STREAM, b"d", 0.02)),
    ],
)
async def test_a_senseless_stream_only_costs_its_speed(
    tmp_path: Path, name: str, nasty: Nasty, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(head_office, "SILENCE_S", 0.5)
    await stays_in_step_without_a_stream(tmp_path, nasty)


async def test_odd_records_are_kept_and_what_is_not_ours_is_passed_over(tmp_path: Path) -> None:
    office = HostileOffice()
    changes = [
        {"collection": "troubleTicket", "id": "T7", "revision": 3, "body": {"id": "T7", "status": "on-the-moon"}},
        {"collection": "troubleTicket", "id": "T7", "revision": 2, "body": {"id": "T7", "status": "older"}},
        {"collection": "advertisement", "id": "A1", "revision": 4, "body": {"id": "A1"}, "new": [1]},
        {"collection": "customer", "id": "C7", "revision": 5, "body": {}},
        {"collection": "customer", "id": "C8", "revision": 6, "body": {"name": 7, "contactMedium": "none"}},
        {"collection": "service", "id": "S1", "revision": 7, "body": None},
    ]
    office.nasty["feed"] = says(feed(changes))
    async with at_work(tmp_path, office) as desk:
        await desk.online()
        ticket = await desk.holds("troubleTicket", "T7")
        assert (ticket.revision, json.loads(ticket.body or "")["status"]) == (3, "on-the-moon")
        await desk.holds("customer", "C8")
        assert desk.status.trouble == ""


async def test_a_snapshot_that_gives_a_record_twice_holds_the_newer_one(tmp_path: Path) -> None:
    office = HostileOffice()
    lines = [row({"status": "old"}), row({"status": "new"}, revision=2), row({"status": "old"}), b'{"kind":"end"}\n']
    office.nasty["snapshot"] = says(snapshot(*lines))
    async with at_work(tmp_path, office) as desk:
        await desk.online()
        assert (await desk.holds("troubleTicket", "T1")).revision == 2


async def test_come_back_later_is_heard_from_a_busy_head_office(tmp_path: Path) -> None:
    office = HostileOffice(nasty={"send": says(BUSY)}, commits=False)
    async with at_work(tmp_path, office) as desk:
        await desk.record(command(1, method=Method.CREATE))
        await desk.until(lambda: len(office.sent("send")) > 2 and desk.status.waiting == 1)
        office.nasty.clear()
        await desk.ended("command-1")
    assert len(office.records) == 1


async def test_a_refusal_with_a_reason_ends_the_command_without_effect(tmp_path: Path) -> None:
    refusal = answer({"code": "invalid", "reason": "Describe what happened. " * 100}, "400 Bad Request")
    office = HostileOffice(nasty={"send": says(refusal)}, commits=False)
    async with at_work(tmp_path, office) as desk:
        await desk.record(command(1, method=Method.CREATE))
        await desk.ended("command-1", CommandState.REFUSED)
        await desk.until(lambda: desk.status.needs_you == 1)
        assert desk.status.trouble == ""
    assert len(office.sent("send")) == 1


async def test_a_bomb_costs_little_memory(tmp_path: Path) -> None:
    office = HostileOffice()
    async with at_work(tmp_path, office) as desk:
        await desk.online()
        office.nasty = dict.fromkeys(("feed", "snapshot"), says(answer(BOMB, Content_Encoding="gzip")))
        tracemalloc.start()
        try:
            desk.engine.refresh()
            await desk.until(lambda: desk.status.trouble == BackOfficeAnswerError.text)
            assert tracemalloc.get_traced_memory()[1] < 80 * MB
        finally:
            tracemalloc.stop()
