"""After head office was put back to a backup: what it had confirmed is asked for, and what it has lost stays in sight."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core.certainty import Certainty
from app.core.commands import Command
from app.sync.model import Acknowledged, CommandState, Confirmed
from app.sync.outbox import Transition
from app.sync.reasons import LOST_WITH_THE_BACKUP
from local_cache import mirror_store
from local_cache.journal_schema import audit
from tests.cache.desk_files import DeskFiles
from tests.cache.records import change, contact, filing, notes_of, ticket
from tests.fakes.clock import FakeClock


def confirmed_before_the_restore(desk: DeskFiles) -> Command:
    """A ticket of this desk, confirmed and settled, of which a restored head office knows nothing."""
    desk.build([])
    act = filing()
    desk.record(act)
    desk.confirm(act.id, Confirmed("T1", 9, ticket("T1"), "e1"))
    desk.feed(change("troubleTicket", 9, ticket("T1")))
    desk.build([], epoch="e2")
    return act


def test_what_was_confirmed_is_asked_for_where_head_office_was_restored(desk: DeskFiles) -> None:
    act = confirmed_before_the_restore(desk)
    assert [(one.command.id, one.state) for one in desk.outbox.unfinished()] == [(act.id, CommandState.CHECKING)]
    assert desk.outbox.acknowledged() == Acknowledged(0, "e2")
    assert desk.tickets() == {}
    desk.mark(act.id, CommandState.CONFIRMED)
    assert desk.outbox.unfinished() == []
    desk.build([], epoch="e2")  # the same epoch again is no restore
    assert desk.outbox.unfinished() == []


def test_what_was_confirmed_while_the_first_copy_was_still_coming_is_asked_for_too(desk: DeskFiles) -> None:
    act = filing()
    desk.record(act)
    desk.confirm(act.id, Confirmed("T1", 9, ticket("T1"), "e1"))
    desk.build([], epoch="e2")
    assert [(one.command.id, one.state) for one in desk.outbox.unfinished()] == [(act.id, CommandState.CHECKING)]


def test_what_head_office_lost_is_shown_again_as_not_in_effect_until_a_person_decides(desk: DeskFiles) -> None:
    act = confirmed_before_the_restore(desk)
    desk.mark(act.id, CommandState.LOST, reason=LOST_WITH_THE_BACKUP)
    shown = desk.tickets()[act.id]
    assert desk.ticket(act.id) == shown
    assert desk.ticket("T1") is None
    assert (shown.certainty, shown.reason) == (Certainty.REFUSED, LOST_WITH_THE_BACKUP)
    assert desk.outbox.counts() == (0, 1)
    desk.set_aside(act.id)
    assert desk.tickets() == {}


def test_of_very_many_acts_the_newest_are_asked_for(desk: DeskFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mirror_store, "MOST_ASKED_FOR", 1)
    desk.build([])
    acts = [filing(), filing()]
    for number, act in enumerate(acts):
        desk.record(act)
        desk.confirm(act.id, Confirmed(f"T{number}", 9 + number, ticket(f"T{number}"), "e1"))
    desk.build([], epoch="e2")
    assert [one.command.id for one in desk.outbox.unfinished()] == [acts[1].id]


def test_an_act_confirmed_in_an_epoch_of_which_there_never_was_a_copy_is_no_ghost(desk: DeskFiles) -> None:
    """Head office was put back to a backup twice while the desk took no copy."""
    desk.build([change("troubleTicket", 5, ticket("T1"))])
    note = contact("T1", "second")
    desk.record(note)
    desk.confirm(note.id, Confirmed("T1", 9, ticket("T1", notes=["second"]), "e2"))
    desk.build([change("troubleTicket", 5, ticket("T1"))], epoch="e3")
    desk.catch_up()
    seen = desk.ticket("T1")
    assert seen is not None
    assert notes_of(seen.body) == []


def test_an_answer_of_an_epoch_that_is_over_is_not_believed(desk: DeskFiles) -> None:
    desk.build([])
    act = filing()
    desk.record(act)
    desk.mark(act.id, CommandState.SENT)
    desk.build([], epoch="e2")
    late = Transition(act.id, CommandState.CONFIRMED, confirmed=Confirmed("T1", 9, ticket("T1"), "e1"))
    assert desk.outbox.mark(late) is CommandState.UNKNOWN
    assert list(desk.tickets()) == [act.id]


@pytest.mark.parametrize("answer", [CommandState.CONFIRMED, CommandState.LOST])
def test_what_an_epoch_that_is_over_says_of_an_act_asked_for_anew_is_not_believed_either(
    desk: DeskFiles, answer: CommandState
) -> None:
    act = confirmed_before_the_restore(desk)
    desk.build([], epoch="e3")
    confirmed = Confirmed("T1", 9, None, "e2") if answer is CommandState.CONFIRMED else None
    late = Transition(act.id, answer, confirmed=confirmed, lost_in="e2")
    assert desk.outbox.mark(late) is CommandState.CHECKING


def test_what_was_lost_stays_in_sight_while_it_is_asked_for_in_another_backup(desk: DeskFiles) -> None:
    act = confirmed_before_the_restore(desk)
    clock = desk.clock
    assert isinstance(clock, FakeClock)
    desk.mark(act.id, CommandState.LOST, reason=LOST_WITH_THE_BACKUP)
    (told,) = asyncio.run(desk.log.pending())
    clock.move(timedelta(hours=1))
    desk.build([], epoch="e3")
    desk.catch_up()
    (pending,) = asyncio.run(desk.log.pending())
    assert (pending.command.id, pending.certainty) == (act.id, Certainty.UNKNOWN)
    assert list(desk.tickets()) == [act.id]
    desk.mark(act.id, CommandState.LOST, reason=LOST_WITH_THE_BACKUP)
    assert asyncio.run(desk.log.pending()) == [told]
    desk.build([change("troubleTicket", 9, ticket("T1", external_id=act.id))], epoch="e4")
    desk.confirm(act.id, Confirmed("T1", 9, None, "e4"))
    desk.catch_up()
    assert list(desk.tickets()) == ["T1"]
    assert asyncio.run(desk.log.pending()) == []


def test_one_entry_of_the_audit_chain_tells_of_a_restore_after_which_everything_is_still_there(desk: DeskFiles) -> None:
    act = confirmed_before_the_restore(desk)
    desk.confirm(act.id, Confirmed("T1", 9, None, "e2"))
    with desk.journal.reading() as connection:
        entries = connection.execute(select(audit.c.act).order_by(audit.c.sequence)).scalars().all()
    assert [one for one in entries if not one.startswith("command")] == ["confirmed", "new epoch"]


def test_a_note_on_a_ticket_whose_number_came_before_the_answer_that_tells_it_is_laid_over_that_ticket(
    desk: DeskFiles,
) -> None:
    act = filing()
    desk.record(act)
    desk.mark(act.id, CommandState.UNKNOWN)
    desk.build([change("troubleTicket", 9, ticket("T1", external_id=act.id))])
    note = contact("T1", "second")
    desk.record(note)
    assert [one.command.entity_id for one in desk.outbox.unfinished()] == [act.id, act.id]
    seen = desk.ticket("T1")
    assert seen is not None
    assert notes_of(seen.body) == ["second"]


def test_what_had_gone_before_anybody_could_ask_what_became_of_it_is_no_ghost(desk: DeskFiles) -> None:
    act = filing()
    desk.record(act)
    desk.mark(act.id, CommandState.UNKNOWN)
    desk.build([], cursor="e1.20")
    desk.confirm(act.id, Confirmed("T1", 9, None, "e1"))
    desk.catch_up(desk.outbox.resting())
    assert desk.tickets() == {}
