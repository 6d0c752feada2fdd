"""Acts whose author's grant has ended say for whom they wait, as long as they do."""

from __future__ import annotations

import asyncio

import pytest

from app.core.certainty import Certainty
from app.core.commands import Method, Pending
from app.core.errors import StorageError
from app.sync.model import CommandState
from app.sync.ports import Grant
from app.sync.reasons import LOST_WITH_THE_BACKUP
from app.sync.status import Held, LineState, held_back, names_awaited
from tests.fakes.acts import AUTHOR, command
from tests.fakes.virtual_time import in_virtual_time, until
from tests.sync.desks import EngineDesk, running

LI, WANG = "li", "wang"


def desk_of_three() -> EngineDesk:
    """Mei works here; head office no longer takes what Li and Wang were granted."""
    desk = EngineDesk()
    desk.journal.grants = [Grant(LI, "old"), Grant(WANG, "older"), Grant(AUTHOR, "token-1")]
    return desk


def sign_in(desk: EngineDesk, author: str) -> None:
    """Head office grants it anew."""
    others = [grant for grant in desk.journal.grants if grant.author != author]
    desk.journal.grants = [Grant(author, "token-1"), *others]
    desk.engine.signed_in(author)


@in_virtual_time
async def test_for_whom_acts_wait_is_told_until_that_person_signs_in() -> None:
    desk = desk_of_three()
    desk.journal.record(command(1, author=LI), command(2, author=LI), command(3), command(4, author=WANG))
    async with running(desk):
        await until(lambda: desk.status.held == (Held(LI, "Li", 2), Held(WANG, "Wang", 1)))
        await until(lambda: desk.status.waiting == 3)
        assert desk.status.line is LineState.ONLINE
        desk.office.hold = asyncio.Event()  # not only once head office has answered
        sign_in(desk, LI)
        assert await until(lambda: desk.status.held == (Held(WANG, "Wang", 1),)) < 1
        desk.office.hold.set()
        await until(lambda: desk.status.waiting == 1)
    assert desk.bugs == []


@in_virtual_time
async def test_what_another_clerk_adds_behind_such_an_act_waits_for_the_same_person() -> None:
    desk = desk_of_three()
    desk.journal.record(command(1, "A", author=LI))
    async with running(desk):
        await until(lambda: desk.status.held == (Held(LI, "Li", 1),))
        desk.journal.record(command(2, "A"), command(3, "B"))
        desk.engine.poke()
        await until(lambda: desk.status.held == (Held(LI, "Li", 2),))
        assert desk.journal.state("command-3") is CommandState.CONFIRMED
        sign_in(desk, LI)
        assert await until(lambda: desk.status.held == ()) < 1


@in_virtual_time
async def test_a_grant_that_turns_out_to_work_holds_nothing_any_more() -> None:
    desk = EngineDesk()
    async with running(desk):
        await desk.online()
        desk.office.tokens.clear()
        desk.journal.record(command(1))
        desk.engine.poke()
        await until(lambda: desk.status.held == (Held(AUTHOR, "Mei", 1),))
        desk.office.hold = asyncio.Event()
        desk.office.tokens.add("token-1")
        await until(lambda: desk.status.held == ())
        assert desk.status.waiting == 1
        desk.office.hold.set()


@in_virtual_time
async def test_without_a_line_nobody_is_told_to_sign_in() -> None:
    desk = desk_of_three()
    desk.office.is_cut = True
    desk.journal.record(command(1, author=LI))
    async with running(desk):
        await until(lambda: desk.status.line is LineState.CUT and desk.status.waiting == 1)
        await asyncio.sleep(600)
        assert desk.status.held == ()
        desk.office.is_cut = False
        await until(lambda: desk.status.held == (Held(LI, "Li", 1),))


@in_virtual_time
async def test_a_disk_that_fails_for_a_moment_does_not_hide_it_for_long() -> None:
    desk = desk_of_three()
    async with running(desk):
        await desk.online()
        desk.journal.fail("held", StorageError(), StorageError())
        desk.journal.record(command(1, author=LI))
        desk.engine.poke()
        await until(lambda: desk.status.trouble == StorageError.text)
        desk.engine.poke()
        await until(lambda: desk.status.held == (Held(LI, "Li", 1),))


def test_what_is_asked_for_anew_waits_for_nobody() -> None:
    anew = Pending(command(1, "A", LI), Certainty.UNKNOWN, 1, LOST_WITH_THE_BACKUP)
    assert names_awaited([anew], [Held(LI, "李娜", 1)]) == {}


def test_behind_a_decision_nobody_is_asked_to_sign_in() -> None:
    refused = Pending(command(1, "A", LI, Method.CHANGE), Certainty.REFUSED, 1)
    behind, beside = Pending(command(2, "A"), Certainty.WAITING, 2), Pending(command(3, "B", LI), Certainty.WAITING, 3)
    assert names_awaited([refused, behind, beside], [Held(LI, "李娜", 1)]) == {"command-3": "李娜"}


@pytest.mark.parametrize(
    ("authors", "held"),
    [
        (set(), {}),
        ({LI}, {"command-2": LI, "command-3": LI}),
        ({LI, AUTHOR}, {"command-1": AUTHOR, "command-2": AUTHOR, "command-3": AUTHOR, "command-4": AUTHOR}),
        ({"nobody"}, {}),
    ],
)
def test_the_first_who_keeps_an_entity_waiting_is_named(authors: set[str], held: dict[str, str]) -> None:
    acts = [command(1, "A"), command(2, "A", LI), command(3, "A"), command(4, "B")]
    assert held_back(acts, authors) == held
