"""An act whose author head office no longer accepts goes out once somebody who may stands for it, with their grant."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from app.complaints.commands import again
from app.core.certainty import Certainty
from app.core.commands import Method, Pending
from app.core.errors import NotAllowedError
from app.core.permissions import PERMISSIONS_BY_ROLE, Clerk
from app.sync.adoption import Adoption
from app.sync.model import CommandState, NoGrant
from app.sync.outbox import Outbox
from app.sync.ports import Grant
from app.sync.reasons import LOST_WITH_THE_BACKUP
from app.sync.status import Held, to_adopt
from tests.fakes.acts import AUTHOR, backoff, command, entry
from tests.fakes.clock import NOON
from tests.fakes.people import branch
from tests.fakes.virtual_time import in_virtual_time, until
from tests.sync.desks import EngineDesk, running

LI, BOSS = "li", "boss"


def adopt(desk: EngineDesk, command_id: str) -> None:
    """What the window does."""
    held = desk.journal.entries[command_id]
    desk.journal.entries[command_id] = replace(held, command=replace(held.command, adopted_by=AUTHOR))
    desk.engine.poke()


@pytest.mark.parametrize("state", [CommandState.QUEUED, CommandState.UNKNOWN])
@in_virtual_time
async def test_an_adopted_act_goes_out_at_once_with_what_waited_behind_it(state: CommandState) -> None:
    desk = EngineDesk()
    desk.journal.grants = [Grant(LI, "old"), Grant(AUTHOR, "token-1")]
    desk.journal.record(command(1, "A", author=LI), command(2, "A"), command(3, author=LI))
    desk.journal.entries["command-1"] = replace(desk.journal.entries["command-1"], state=state)
    async with running(desk):
        await until(lambda: desk.status.held == (Held(LI, "Li", 3),))
        adopt(desk, "command-1")
        assert await until(lambda: desk.journal.state("command-2") is CommandState.CONFIRMED) < 1
        await until(lambda: desk.status.held == (Held(LI, "Li", 1),))
        await asyncio.sleep(3_600)
    first = next(one for one in desk.office.sent if one.id == "command-1" and one.adopted_by)
    assert (first.author, first.adopted_by) == (LI, AUTHOR)
    assert desk.journal.state("command-3") is CommandState.QUEUED, "nobody stands for that one"


def test_what_head_office_says_of_the_authors_grant_is_not_held_against_who_adopted_meanwhile() -> None:
    box = Outbox(backoff())
    act = entry(1, author=LI)
    box.load([act])
    box.began(box.due(0)[0])
    box.load([replace(act, command=replace(act.command, adopted_by=AUTHOR))])
    box.ended("command-1", NoGrant(), 0)
    assert box.without_grant == {LI}


@pytest.mark.parametrize("role", [*PERMISSIONS_BY_ROLE, "", "Supervisor"])
async def test_only_who_may_adopts(role: str) -> None:
    store = branch()
    await store.record(command(1, author=LI, method=Method.CREATE))
    adoption = Adoption(store, Clerk(BOSS, "王主任", role))
    if role == "supervisor":
        await adoption.adopt("command-1")
    else:
        with pytest.raises(NotAllowedError):
            await adoption.adopt("command-1")
    assert adoption.is_allowed is (role == "supervisor")
    assert store.acts["command-1"].command.adopted_by == (BOSS if role == "supervisor" else "")


def test_what_can_be_adopted_waits_for_its_own_author() -> None:
    acts = [
        Pending(command(1, "A", LI), Certainty.WAITING, 1), Pending(command(2, "A"), Certainty.WAITING, 2),
        Pending(command(3, "B", LI), Certainty.UNKNOWN, 3), Pending(command(4, "C", LI), Certainty.REFUSED, 4),
        Pending(command(5, "D", LI), Certainty.SENDING, 5),
        Pending(replace(command(6, "E", LI), adopted_by=AUTHOR), Certainty.WAITING, 6),
        Pending(command(7, "F", LI), Certainty.UNKNOWN, 7, LOST_WITH_THE_BACKUP),  # asked for with anybody's grant
    ]  # fmt: skip
    assert to_adopt(acts, (Held(LI, "李娜", 4),), BOSS) == {"command-1": "李娜", "command-3": "李娜"}


def test_nobody_stands_for_what_waits_for_themselves() -> None:
    adopted = replace(command(2, "B", LI), adopted_by=BOSS)
    acts = [Pending(command(1, "A", BOSS), Certainty.WAITING, 1), Pending(adopted, Certainty.WAITING, 2)]
    held = (Held(BOSS, "王主任", 2),)
    assert to_adopt(acts, held, BOSS) == {}
    assert to_adopt(acts, held, AUTHOR) == {"command-1": "王主任", "command-2": "王主任"}


def test_what_is_sent_again_is_its_new_authors_alone() -> None:
    lost = replace(command(1, "A", LI), adopted_by=BOSS)
    assert again(lost, "command-2", AUTHOR, NOON).sender == AUTHOR
