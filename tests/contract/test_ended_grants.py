"""What the real back office no longer accepts: who has to sign in is told, and the embedded one's clerk never has to."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from app.core.commands import Command, Method
from app.core.errors import NotAllowedError
from app.core.ids import new_id
from app.session.model import SignInRefusedError
from app.sync.errors import OfficeReplacedError
from app.sync.model import CommandState
from app.sync.status import Held, LineState
from tests.contract.desks import opened
from tests.contract.office_process import SECRET, OfficeProcess
from tests.contract.windows import Window, window
from tests.fakes.acts import command

FULL = 40


def complaint(author: str) -> Command:
    """A new ticket."""
    made, command_id = command(1, author=author, method=Method.CREATE), new_id()
    return replace(made, id=command_id, entity_id=command_id)


async def test_acts_of_a_clerk_whose_grant_ended_wait_by_name_until_they_sign_in(
    tmp_path: Path, office: OfficeProcess
) -> None:
    office.hire("li", "李娜", "correct horse")
    office.hire("mei", "梅", "battery staple")
    async with opened(tmp_path / "desk", office.url) as desk:
        desk.engine.start()
        await desk.sign_in("li", "correct horse")
        await desk.online()
        grant = desk.outbox.grant_of("li")
        assert grant is not None
        office.end(grant.token)
        await desk.sign_in("mei", "battery staple")
        hers, mine = complaint("li"), complaint("mei")
        for act in (hers, mine):
            await desk.record(act)
        await desk.ended(mine.id)
        await desk.until(lambda: desk.status.held == (Held("li", "李娜", 1),))
        assert desk.status.line is LineState.ONLINE
        assert await desk.state(hers.id) is CommandState.QUEUED
        await desk.sign_in("li", "correct horse")
        await desk.ended(hers.id)
        await desk.until(lambda: (desk.status.held, desk.status.waiting) == ((), 0))
    assert len(office.tickets()) == 2


async def test_the_full_outbox_of_a_clerk_who_was_dismissed_is_kept_and_shown_and_nothing_of_it_is_sent(
    tmp_path: Path, office: OfficeProcess
) -> None:
    office.hire("li", "李娜", "correct horse")
    office.hire("boss", "王", "battery staple")
    async with opened(tmp_path / "desk", office.url) as desk:
        await desk.sign_in("li", "correct horse")
    acts = [complaint("li") for _ in range(FULL)]
    async with opened(tmp_path / "desk", office.url) as desk:  # not syncing: there is no line
        for act in acts:
            await desk.record(act)
    office.dismiss("li")
    for _ in range(2):  # it stays so at the next start
        async with opened(tmp_path / "desk", office.url) as desk:
            desk.engine.start()
            await desk.sign_in("boss", "battery staple")
            mine = complaint("boss")
            await desk.record(mine)
            await desk.ended(mine.id)
            await desk.until(lambda: desk.status.held == (Held("li", "李娜", FULL),))
            assert {await desk.state(act.id) for act in acts} == {CommandState.QUEUED}
            with pytest.raises(SignInRefusedError):
                await desk.sign_in("li", "correct horse")
    assert len(office.tickets()) == 2


async def test_a_supervisor_adopts_what_a_clerk_did_who_was_dismissed(tmp_path: Path, office: OfficeProcess) -> None:
    office.hire("li", "李娜", "correct horse")
    office.hire("boss", "王主任", "battery staple", "supervisor")
    async with opened(tmp_path / "desk", office.url) as desk:
        desk.engine.start()
        await desk.sign_in("li", "correct horse")
        await desk.online()
        office.dismiss("li")
        await desk.sign_in("boss", "battery staple")
        hers = complaint("li")
        await desk.record(hers)
        await desk.until(lambda: desk.status.held == (Held("li", "李娜", 1),))
        with pytest.raises(NotAllowedError):
            await desk.engine.thread.run(desk.journal.adopt, hers.id, "li")
        await desk.engine.thread.run(desk.journal.adopt, hers.id, "boss")
        desk.engine.poke()
        await desk.ended(hers.id)
        await desk.until(lambda: desk.status.held == ())
    with closing(sqlite3.connect(office.database)) as database:
        told = database.execute("SELECT author, act, subject FROM audit ORDER BY number DESC").fetchone()
    assert told == ("boss", "POST, adopted from li", f"troubleTicket/{office.tickets()[0]['id']}")


def said_of_sign_in(opened: Window) -> bool:
    """Whether anybody was ever asked to sign in."""
    return any(status.line is LineState.SIGN_IN_NEEDED or status.held for status in opened.said)


def kept_token(folder: Path, office: OfficeProcess) -> str:
    """The grant that the desk keeps while it is off."""
    kept = Window(folder, office.url)
    try:
        return kept.token()
    finally:
        kept.journal.close()


async def test_the_embedded_offices_clerk_never_hears_that_a_grant_has_ended(
    tmp_path: Path, office: OfficeProcess
) -> None:
    async with window(tmp_path, office.url, SECRET) as at_desk:
        await at_desk.until(lambda: at_desk.status.as_of is not None)
        first = at_desk.token()
        office.end(first)
        at_desk.record(complaint("demo"))
        await at_desk.until(at_desk.journal_is_quiet)
        assert at_desk.token() != first
        assert not said_of_sign_in(at_desk)
    office.end(kept_token(tmp_path, office))
    async with window(tmp_path, office.url, SECRET) as again:
        again.record(complaint("demo"))
        await again.until(lambda: again.journal_is_quiet() and again.status.as_of is not None)
        assert not said_of_sign_in(again)
    assert len(office.tickets()) == 2


async def test_acts_for_an_embedded_office_that_was_made_anew_are_kept_and_that_is_told(
    tmp_path: Path, office: OfficeProcess
) -> None:
    async with window(tmp_path, office.url, SECRET) as at_desk:
        await at_desk.until(lambda: at_desk.status.as_of is not None)
        office.kill()
        at_desk.record(complaint("demo"))
        await at_desk.until(lambda: at_desk.status.waiting == 1 and at_desk.status.line is LineState.CUT)
    office.database = tmp_path / "anew.db"
    office.start()
    async with window(tmp_path, office.url, SECRET) as again:
        await again.until(lambda: again.status.trouble == OfficeReplacedError.text)
        await again.until(lambda: again.status.held != ())
        assert again.status.line is LineState.SIGN_IN_NEEDED
        assert not again.journal_is_quiet()
    assert office.tickets() == []
