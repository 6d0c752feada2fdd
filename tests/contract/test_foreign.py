"""Desk and a TM Forum server of somebody else's, each as it runs: what only such a pair has to live with."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.core.commands import Pending
from app.core.errors import BackOfficeAnswerError, DeskError
from app.sync.errors import NoDeskExtensionError
from app.sync.model import CommandState
from app.sync.reasons import HELD_TWICE
from local_cache.command_log import JournalLog
from local_cache.reader import Reader
from tests.contract.desks import KEY, RealDesk, opened
from tests.contract.office_process import ForeignProcess
from tests.contract.test_back_office import complaint, note, same_as, signed_in
from tests.fakes.hostile_office import HostileOffice, answer, says


async def pending(desk: RealDesk) -> list[Pending]:
    """What the window lists."""
    reader = Reader(desk.profile, KEY, lambda: 0, lambda: None)
    log = JournalLog(desk.journal, reader, lambda _collection: None)
    try:
        return await log.pending()
    finally:
        log.close()
        reader.close()


async def test_a_late_first_attempt_doubles_and_is_shown_with_both_ids(tmp_path: Path, foreign: ForeignProcess) -> None:
    async with signed_in(tmp_path, foreign) as desk:
        foreign.misbehave("late")
        filed = complaint("No signal")
        await desk.record(filed)
        await desk.ended(filed.id)
        foreign.let_in()
        ids = sorted(ticket["id"] for ticket in foreign.tickets() if ticket["externalId"] == filed.id)
        assert len(ids) == 2
        for ticket in ids:
            await desk.holds("troubleTicket", ticket)
        await desk.until(lambda: desk.status.needs_you == 1)
        (shown,) = await pending(desk)
        assert (shown.command.id, shown.certainty.needs_a_person) == (filed.id, True)
        assert shown.reason == f"{HELD_TWICE}\nids={', '.join(ids)}"
        desk.said.clear()
        await desk.engine.thread.run(desk.journal.set_aside, filed.id, "demo")
        desk.engine.poke()
        desk.refresh()
        await desk.until(lambda: desk.status.needs_you == 0 and desk.status.waiting == 0)
        assert await desk.state(filed.id) is CommandState.SET_ASIDE
        await same_as(foreign, desk)


async def test_what_others_do_is_found_by_the_next_sweeps(tmp_path: Path, foreign: ForeignProcess) -> None:
    kept, changed, deleted = (foreign.file(text) for text in ("kept", "changed", "deleted"))
    async with signed_in(tmp_path, foreign) as desk:
        before = {ticket: (await desk.holds("troubleTicket", ticket)).revision for ticket in (kept, changed, deleted)}
        foreign.change(changed, severity="minor")
        foreign.delete(deleted)
        made = foreign.file("made")
        desk.refresh()
        await desk.holds("troubleTicket", made)
        assert (await desk.holds("troubleTicket", changed, before[changed] + 1)).body is not None
        assert (await desk.holds("troubleTicket", deleted, before[deleted] + 1)).body is None
        assert (await desk.holds("troubleTicket", kept)).revision == before[kept]
        await same_as(foreign, desk)
        assert desk.new_mirrors == 1


async def test_a_note_whose_answer_is_lost_stands_once(tmp_path: Path, foreign: ForeignProcess) -> None:
    ticket = foreign.file("No signal")
    async with signed_in(tmp_path, foreign) as desk:
        foreign.misbehave("drop-answer", "PATCH")
        said = note(ticket, "They called again")
        await desk.record(said)
        await desk.ended(said.id)
        (there,) = foreign.tickets()
        assert [one["id"] for one in there["note"]] == [said.id]


@pytest.fixture
async def hostile() -> AsyncIterator[tuple[HostileOffice, str]]:
    """An office with the desk extension, until a test takes it away, and its address."""
    office = HostileOffice()
    yield office, await office.start()
    await office.close()


def known_as(kind: str, server: str) -> dict[str, object]:
    """What an earlier sign-in there answered."""
    user = {"id": "mei", "name": "Mei", "role": "clerk"}
    return {
        "token": "t", "offlineUntil": "2030-01-01T00:00:00Z", "user": user, "office": server, "address": server, "kind": kind,
    }  # fmt: skip


async def test_somebody_elses_office_stays_so_whatever_it_learns(
    tmp_path: Path, hostile: tuple[HostileOffice, str]
) -> None:
    office, server = hostile
    async with opened(tmp_path / "desk", server) as desk:
        desk.clerks.signed_in(known_as("foreign", server))
        with pytest.raises(DeskError):  # it speaks the desk protocol, and lists nothing
            await desk.office.sign_in("mei", "secret", "device")
    assert [asked.path for asked in office.requests if asked.path.startswith("/desk/")] == []


async def test_our_own_office_that_has_lost_its_way_is_not_taken_for_somebody_elses(
    tmp_path: Path, hostile: tuple[HostileOffice, str]
) -> None:
    office, server = hostile
    lost = says(answer(b"Not Found", "404 Not Found", "text/plain"))
    office.nasty |= {"sign-in": lost, "me": lost}
    async with opened(tmp_path / "desk", server) as desk:
        desk.clerks.signed_in(known_as("", server))
        with pytest.raises(NoDeskExtensionError) as refused:
            await desk.office.sign_in("mei", "secret", "device")
        assert refused.value.text == BackOfficeAnswerError.text
    office.nasty["me"] = says(answer({"code": "notSignedIn"}, "401 Unauthorized"))  # a part of it is there
    async with opened(tmp_path / "new", server) as desk:
        with pytest.raises(NoDeskExtensionError):
            await desk.office.sign_in("mei", "secret", "device")
