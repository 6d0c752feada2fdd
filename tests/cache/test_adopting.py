"""Who stands for an act is in the journal and its audit chain; who may not is refused there too."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from app.core.commands import Command
from app.core.errors import NotAllowedError
from app.core.permissions import PERMISSIONS_BY_ROLE
from app.sync.model import CommandState
from app.sync.status import Held
from tests.cache.desk_files import DeskFiles
from tests.cache.records import filing


def adopted_by(desk: DeskFiles) -> list[str]:
    return [entry.command.adopted_by for entry in desk.outbox.unfinished()]


@pytest.fixture
def act(desk: DeskFiles) -> Command:
    """What mei did, who has gone."""
    made = filing()
    desk.record(made)
    desk.employ("mei", "clerk")
    desk.employ("boss", "supervisor")
    return made


def test_an_adopted_act_keeps_both_names_also_after_a_restart(desk: DeskFiles, act: Command) -> None:
    asyncio.run(desk.log.adopt(act.id, "boss"))
    assert desk.changed[-1] == "troubleTicket", "the engine hears of it"
    desk.close()
    desk.open()
    (entry,) = desk.outbox.unfinished()
    assert (entry.command.author, entry.command.adopted_by, entry.command.sender) == ("mei", "boss", "boss")
    assert desk.outbox.held(frozenset({"mei"})) == ()
    assert desk.outbox.held(frozenset({"boss"})) == (Held("boss", "Boss", 1),)
    with desk.journal.reading() as connection:
        told = connection.exec_driver_sql("SELECT author, act, subject FROM audit ORDER BY sequence DESC").first()
    assert told == ("boss", "adopted from mei", act.id)
    assert desk.broken_at() is None


def test_nobody_adopts_who_may_not(desk: DeskFiles, act: Command) -> None:
    roles = sorted(PERMISSIONS_BY_ROLE.keys() - {"supervisor"})
    for role in (*roles, ""):
        desk.employ(f"somebody {role}", role)
    for somebody in (*(f"somebody {role}" for role in (*roles, "")), "a stranger"):
        with pytest.raises(NotAllowedError):
            asyncio.run(desk.log.adopt(act.id, somebody))
    assert adopted_by(desk) == [""]


def test_what_is_on_the_wire_or_waits_for_a_decision_is_not_adopted(desk: DeskFiles, act: Command) -> None:
    for state in (CommandState.SENT, CommandState.REFUSED, CommandState.CONFLICT):
        desk.mark(act.id, state)
        asyncio.run(desk.log.adopt(act.id, "boss"))
        assert adopted_by(desk) == [""]


def test_what_nobody_knows_the_outcome_of_is_adopted_too(desk: DeskFiles, act: Command) -> None:
    desk.mark(act.id, CommandState.UNKNOWN)
    asyncio.run(desk.log.adopt(act.id, "boss"))
    assert adopted_by(desk) == ["boss"]


def test_what_another_supervisor_left_behind_is_adopted_in_their_place_and_nothing_twice_by_one(
    desk: DeskFiles, act: Command
) -> None:
    desk.employ("next", "supervisor")
    for somebody in ("boss", "boss", "next"):
        asyncio.run(desk.log.adopt(act.id, somebody))
    assert adopted_by(desk) == ["next"]
    with desk.journal.reading() as connection:
        told = connection.exec_driver_sql("SELECT author FROM audit WHERE act = 'adopted from mei' ORDER BY sequence")
        assert told.scalars().all() == ["boss", "next"]


def test_nobody_adopts_what_they_did_themselves(desk: DeskFiles, act: Command) -> None:
    desk.employ("mei", "supervisor")
    asyncio.run(desk.log.adopt(act.id, "mei"))
    assert adopted_by(desk) == [""]


def test_whoever_is_accepted_again_takes_back_what_was_adopted_from_them_for_the_adopter_may_be_gone(
    desk: DeskFiles, act: Command
) -> None:
    others = replace(filing("of somebody else"), author="li")
    desk.record(others)
    for one in (act, others):
        asyncio.run(desk.log.adopt(one.id, "boss"))
    desk.employ("mei", "clerk")
    assert adopted_by(desk) == ["", "boss"]
    with desk.journal.reading() as connection:
        told = connection.exec_driver_sql("SELECT author, subject FROM audit WHERE act = 'took back'").all()
    assert told == [("mei", act.id)]
    assert desk.broken_at() is None


def test_what_is_on_the_wire_as_the_adopters_stays_theirs(desk: DeskFiles, act: Command) -> None:
    asyncio.run(desk.log.adopt(act.id, "boss"))
    desk.mark(act.id, CommandState.SENT)
    desk.employ("mei", "clerk")
    assert adopted_by(desk) == ["boss"]
