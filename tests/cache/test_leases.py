"""Leases in the journal: an act and what it gives out are one transaction, and nothing is given out twice from one file."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from app.core.commands import Command, Spend
from app.leases.model import Lease, LeasedItem, LeaseKind, NotOnLeaseError, Report, Told, Wanted
from app.sync.model import CommandState, Confirmed
from local_cache.leases import JournalLeases, JournalShelf
from local_cache.offices import work_for
from local_cache.profile import Profile
from tests.cache.damage import spoil
from tests.cache.desk_files import DeskFiles
from tests.cache.records import filing, ticket
from tests.fakes.clock import NOON, FakeClock

RECEIPT = LeaseKind.RECEIPT
WANTED = {RECEIPT: Wanted(1, 3)}
DAY = timedelta(days=1)


def leases(desk: DeskFiles) -> JournalLeases:
    """The sync process's half."""
    return JournalLeases(desk.sync_journal, desk.clock)


def told(*out: str, now: datetime = NOON, epoch: str = "e1", key: str = "key") -> Told:
    return Told(now, "office", epoch, key, tuple((one, RECEIPT) for one in out))


def lent(desk: DeskFiles, first: int = 1) -> Lease:
    """A block of three that was asked for and has come, good for a day."""
    leases(desk).heard(told())
    (ask,) = leases(desk).to_ask(WANTED)
    items = tuple(LeasedItem(f"R{number}", f"R{number}") for number in range(first, first + 3))
    lease = Lease(ask.id, RECEIPT, items, ask.holder, "office", "e1", NOON + DAY, "text", "signature")
    leases(desk).given(lease)
    return lease


def free(desk: DeskFiles) -> list[str]:
    """What the window could give out."""
    shelf = JournalShelf(desk.journal, desk.log, desk.clock)
    return [one.id for one in asyncio.run(shelf.free(RECEIPT))]


def giving(*items: str) -> Command:
    """An act that gives these out."""
    return replace(filing(f"gives {items}"), spends=tuple(Spend(RECEIPT, one) for one in items))


def moved(desk: DeskFiles, by: timedelta) -> None:
    assert isinstance(desk.clock, FakeClock)
    desk.clock.move(by)


def test_an_act_gives_out_what_is_on_lease_and_says_so_when_it_is_sent(desk: DeskFiles) -> None:
    lent(desk)
    assert free(desk) == ["R1", "R2", "R3"]
    act = giving("R2", "R3")
    desk.record(act)
    desk.record(act)
    assert free(desk) == ["R1"]
    assert desk.outbox.unfinished()[0].command.spends == (Spend("receipt", "R2"), Spend("receipt", "R3"))


@pytest.mark.parametrize("items", [("R1",), ("R2", "R1"), ("R2", "R2"), ("nobody's",)])
def test_what_may_not_be_given_out_stores_nothing_of_the_act(desk: DeskFiles, items: tuple[str, ...]) -> None:
    lent(desk)
    desk.record(giving("R1"))
    with pytest.raises(NotOnLeaseError):
        desk.record(giving(*items))
    assert desk.commands() == 1
    assert free(desk) == ["R2", "R3"]
    assert len(desk.tickets()) == 1
    assert desk.broken_at() is None


def test_a_refused_act_has_given_out_all_the_same(desk: DeskFiles) -> None:
    lent(desk)
    act = giving("R1")
    desk.record(act)
    desk.mark(act.id, CommandState.REFUSED, reason="no")
    desk.record(replace(giving("R2"), replaces=act.id))
    assert free(desk) == ["R3"]


def test_a_lease_expires_by_head_offices_clock(desk: DeskFiles) -> None:
    lent(desk)
    moved(desk, DAY - timedelta(seconds=1))
    assert free(desk) == ["R1", "R2", "R3"]
    moved(desk, timedelta(seconds=1))
    assert free(desk) == []
    with pytest.raises(NotOnLeaseError):
        desk.record(giving("R1"))


def test_a_wrong_calendar_neither_ends_nor_prolongs_a_lease(desk: DeskFiles, profile: Profile) -> None:
    lent(desk)
    desk.close()
    ahead = DeskFiles(profile, clock=FakeClock(NOON + 400 * DAY))
    assert free(ahead) == ["R1", "R2", "R3"]
    leases(ahead).heard(told(now=NOON + 2 * DAY))
    assert free(ahead) == []
    ahead.close()
    behind = DeskFiles(profile, clock=FakeClock(NOON - 400 * DAY))
    assert free(behind) == []
    behind.close()
    desk.open()


def test_what_has_passed_is_kept_when_something_is_given_out(desk: DeskFiles, profile: Profile) -> None:
    lent(desk)
    moved(desk, DAY / 2)
    desk.record(giving("R1"))
    desk.close()
    rebooted = DeskFiles(profile, clock=FakeClock())
    assert isinstance(rebooted.clock, FakeClock)
    assert free(rebooted) == ["R2", "R3"]
    rebooted.clock.move(DAY / 2)
    assert free(rebooted) == []
    rebooted.close()
    desk.open()


def test_a_report_names_every_item_with_its_command_and_ends_what_has_expired(desk: DeskFiles) -> None:
    lease, act = lent(desk), giving("R2")
    desk.record(act)
    assert leases(desk).to_report("e1") == []
    leases(desk).heard(told(lease.id, now=NOON + DAY))
    assert free(desk) == []
    spent = (("R2", act.id),)
    assert leases(desk).to_report("e1") == [Report(lease.id, "text", "signature", spent, is_over=True, is_certain=True)]
    leases(desk).reported(lease.id, "e1", ())
    assert leases(desk).to_report("e1") == []
    assert leases(desk).to_report("e2") == [Report(lease.id, "text", "signature", spent, is_over=True, is_certain=True)]


def test_what_is_over_is_never_given_out_again_though_head_office_forgets_that(desk: DeskFiles) -> None:
    lease = lent(desk)
    leases(desk).heard(told(lease.id, now=NOON + DAY))
    leases(desk).reported(lease.id, "e1", ())
    leases(desk).heard(told(lease.id))
    leases(desk).given(lease)
    assert free(desk) == []
    assert [one.is_over for one in leases(desk).to_report("e1")] == [True]


def test_what_somebody_else_holds_leaves_the_shelf(desk: DeskFiles) -> None:
    lease = lent(desk)
    leases(desk).reported(lease.id, "e2", {"R1"})
    assert free(desk) == ["R2", "R3"]
    assert [one.is_over for one in leases(desk).to_report("e3")] == [False]


def test_a_block_is_asked_for_under_one_id_until_it_has_come(desk: DeskFiles) -> None:
    assert leases(desk).to_ask(WANTED) == []  # before head office has told its time, nothing could be given out
    leases(desk).heard(told())
    asked = leases(desk).to_ask(WANTED)
    assert [(one.kind, one.count, one.holder) for one in asked] == [(RECEIPT, 3, desk.journal.device())]
    assert leases(desk).to_ask(WANTED) == asked


def test_an_item_that_was_given_out_here_is_not_given_out_again_whoever_leases_it(desk: DeskFiles) -> None:
    lent(desk)
    desk.record(giving("R1", "R2", "R3"))
    leases(desk).heard(told())
    lent(desk)
    assert free(desk) == []


def test_a_lease_that_the_journal_does_not_know_is_reported_as_lost_sight_of(desk: DeskFiles) -> None:
    leases(desk).heard(told("L9"))
    assert leases(desk).to_report("e1") == [Report("L9", "", "", (), is_over=True, is_certain=False)]
    leases(desk).reported("L9", "e1", ())
    leases(desk).heard(told("L9"))
    assert leases(desk).to_report("e1") == []


def test_after_a_salvage_nothing_that_was_leased_before_is_given_out(desk: DeskFiles, profile: Profile) -> None:
    lease, act = lent(desk), giving("R1")
    desk.record(act)
    desk.confirm(act.id, Confirmed("T1", 1, ticket("T1")))
    desk.close()
    spoil(profile.journal, 20)
    desk.open()
    assert desk.salvaged is not None
    assert free(desk) == []
    with pytest.raises(NotOnLeaseError):
        desk.record(giving("R2"))
    (report,) = leases(desk).to_report("e1")
    assert (report.id, report.spent, report.is_over, report.is_certain) == (lease.id, (("R1", act.id),), True, False)


def test_the_key_of_blocks_is_the_one_that_was_told_first(desk: DeskFiles) -> None:
    assert leases(desk).heard(told(key="first")) == "first"
    assert leases(desk).heard(told(key="second")) == "first"


def test_what_another_office_leased_stays_with_it(desk: DeskFiles) -> None:
    lent(desk)
    with desk.journal.writing() as connection:
        work_for(connection, "office", "address")
    assert free(desk) == ["R1", "R2", "R3"]
    with desk.journal.writing() as connection:
        work_for(connection, "another", "address")
    assert free(desk) == []
    assert leases(desk).heard(told(key="its own")) == "its own"


def test_what_an_act_gives_out_stands_in_its_row(desk: DeskFiles) -> None:
    lent(desk)
    desk.record(giving("R1"))
    with desk.journal.reading() as connection:
        written = connection.exec_driver_sql("SELECT spends FROM command").scalar()
    assert json.loads(written or "") == [["receipt", "R1"]]
