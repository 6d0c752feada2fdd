"""The replica is built beside the one in use, survives being cut anywhere, and is replaced when it is no good."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

import pytest

from app.core.errors import BackOfficeAnswerError
from app.rules.checksums import Checksum
from app.sync.errors import MirrorDamagedError
from app.sync.model import (
    Change,
    CommandState,
    Confirmed,
    MirrorState,
    SnapshotPage,
    SnapshotStart,
)
from local_cache.mirror import MirrorFile
from local_cache.mirror_store import POINTER, MirrorFiles
from local_cache.profile import Profile
from tests.cache.desk_files import KEY, REGION, DeskFiles
from tests.cache.records import change, contact, customer, filing, gone, notes_of, ticket
from tests.fakes.clock import NOON

START = SnapshotStart("e1", "e1.5", 3)
ROWS = tuple(change("customer", number, customer(f"C{number}")) for number in (1, 2, 3))


def held(desk: DeskFiles) -> list[Change]:
    return desk.mirror.rows(("customer", f"C{number}") for number in range(1, 9))


def test_before_the_first_snapshot_there_is_nothing_and_that_is_no_error(desk: DeskFiles) -> None:
    assert desk.mirror.state() == MirrorState()
    assert desk.mirror.building() is None
    assert held(desk) == []


def test_a_finished_build_is_in_use_and_the_one_before_is_gone(desk: DeskFiles, profile: Profile) -> None:
    desk.build(ROWS[:1])
    desk.build(ROWS)
    assert held(desk) == list(ROWS)
    assert profile.mirrors() == [2]
    state = desk.mirror.state()
    assert (state.is_complete, state.rows, state.as_of) == (True, 3, "2026-03-25T04:00:00.000Z")


def test_a_build_that_was_cut_goes_on_behind_its_last_page(desk: DeskFiles) -> None:
    desk.mirror.begin(START)
    desk.mirror.add(SnapshotPage(ROWS[:2], "customer/C2"))
    desk.close()
    desk.open()
    building = desk.mirror.building()
    assert building is not None
    assert building.held == 2
    assert building.with_checksum(Checksum()) == MirrorState("e1", "e1.5", after="customer/C2", rows=2, total=3)
    desk.mirror.add(SnapshotPage(ROWS[2:], ""))
    desk.mirror.finish(NOON)
    assert held(desk) == list(ROWS)


def test_a_build_of_another_home_is_not_gone_on_with_and_the_copy_in_use_stays(desk: DeskFiles) -> None:
    desk.build(ROWS)
    desk.mirror.begin(START)
    desk.mirror.add(SnapshotPage(ROWS[:2], "customer/C2"))
    with closing(MirrorFiles(desk.profile, KEY, desk.sync_journal, REGION, ("Xihu",))) as moved:
        assert moved.building() is None
        assert moved.state().rows == len(ROWS)
        moved.begin(replace(START, unknown_home=("Xihu",)))
        moved.add(SnapshotPage(ROWS[:1], "customer/C1"))
        assert (building := moved.building()) is not None
        assert (building.home, building.unknown_home) == ("Xihu", "Xihu")


def test_a_build_cut_between_its_indexes_and_its_use_is_finished_without_another_download(desk: DeskFiles) -> None:
    desk.mirror.begin(START)
    desk.mirror.add(SnapshotPage(ROWS, ""))
    building = MirrorFile(desk.profile, 1, KEY, REGION)
    building.index(MirrorState("e1", "e1.5", is_complete=True))
    building.close()
    desk.close()
    desk.open()
    assert desk.mirror.building() is not None
    desk.mirror.finish(NOON)
    assert held(desk) == list(ROWS)


def test_a_record_that_came_twice_in_a_snapshot_is_there_once_at_its_newest(desk: DeskFiles) -> None:
    newer = change("customer", 9, customer("C2", "newer"))
    desk.build([*ROWS, newer, *ROWS])
    assert held(desk) == [ROWS[0], newer, ROWS[2]]


def test_a_damaged_build_is_thrown_away(desk: DeskFiles, profile: Profile) -> None:
    desk.mirror.begin(START)
    desk.mirror.add(SnapshotPage(ROWS[:2], "customer/C2"))
    desk.close()
    profile.mirror(1).write_bytes(b"\x55" * 8192)
    desk.open()
    assert desk.mirror.building() is None
    assert profile.mirrors() == []


@pytest.mark.parametrize("place", [0, 20, 4096 + 50], ids=["salt", "first page", "second page"])
def test_a_damaged_copy_says_so_and_a_new_one_takes_its_place(desk: DeskFiles, profile: Profile, place: int) -> None:
    desk.build(ROWS)
    desk.close()
    with profile.mirror(1).open("rb+") as file:
        file.seek(place)
        file.write(b"\x55" * 16)
    desk.open()
    file_1 = MirrorFile(profile, 1, KEY, REGION)
    with pytest.raises(MirrorDamagedError):
        file_1.check()
    file_1.close()
    desk.build(ROWS)
    assert held(desk) == list(ROWS)
    assert profile.mirrors() == [2]


def test_a_copy_of_another_schema_counts_as_damaged(desk: DeskFiles) -> None:
    desk.build(ROWS)
    file = MirrorFile(desk.profile, 1, KEY, REGION)
    with file.writing() as connection:
        connection.exec_driver_sql("PRAGMA user_version = 99")
    file.close()
    with pytest.raises(MirrorDamagedError):
        desk.mirror.state()


def test_files_that_only_look_like_mirrors_are_left_alone(desk: DeskFiles, profile: Profile) -> None:
    stranger = profile.folder / "mirror-1 (copy).db"
    stranger.write_bytes(b"not ours")
    desk.build(ROWS)
    assert stranger.exists()
    assert desk.journal.meta(POINTER) == "1"


@pytest.mark.parametrize(
    "body", ["[]", "{", '"text"', '{"id": "C1", "x": ' + "[" * 100_000, '{"name": ' + "9" * 5_000 + "}"]
)
def test_a_change_that_makes_no_sense_leaves_rows_and_cursor_as_they_were(desk: DeskFiles, body: str) -> None:
    desk.build(ROWS, cursor="e1.5")
    with pytest.raises(BackOfficeAnswerError):
        desk.feed(change("customer", 10, customer("C1", "new")), Change("customer", "C2", 11, body), cursor="e1.11")
    assert held(desk) == list(ROWS)
    assert desk.mirror.state().cursor == "e1.5"


def test_a_revision_that_no_file_can_hold_is_refused(desk: DeskFiles) -> None:
    desk.build(ROWS)
    with pytest.raises(BackOfficeAnswerError):
        desk.feed(change("customer", 2**63, customer("C1")))
    assert held(desk) == list(ROWS)


def test_what_was_deleted_does_not_come_back_with_a_late_older_change(desk: DeskFiles) -> None:
    desk.build(ROWS)
    desk.feed(gone("customer", "C1", 20))
    assert desk.feed(change("customer", 19, customer("C1", "late"))) == frozenset()
    assert held(desk) == [gone("customer", "C1", 20), *ROWS[1:]]
    desk.feed(change("customer", 21, customer("C1", "made again")))
    assert held(desk)[0].revision == 21


def test_collections_that_this_version_does_not_know_are_passed_over(desk: DeskFiles) -> None:
    desk.build([*ROWS, Change("quote", "Q1", 4, "{}")])
    assert desk.feed(Change("quote", "Q2", 5, "{}")) == frozenset()
    assert desk.mirror.state().cursor == "e1.1"


def test_after_a_restored_head_office_its_lower_revisions_count(desk: DeskFiles) -> None:
    desk.build([])
    act = filing()
    desk.record(act)
    desk.confirm(act.id, Confirmed("T1", 900, ticket("T1", notes=["before the restore"])))
    desk.build([change("troubleTicket", 12, ticket("T1", notes=["as restored"]))], epoch="e2")
    assert notes_of(desk.tickets()["T1"].body) == ["as restored"]


def test_what_a_restored_head_office_confirms_while_the_new_snapshot_runs_stays_in_sight(desk: DeskFiles) -> None:
    """Its revisions are lower than those the desk knows, and higher than those of the page that was read before."""
    before = change("troubleTicket", 900, ticket("T1", notes=["first"]))
    desk.build([before])
    act = contact("T1", "second")
    desk.record(act)
    desk.mirror.begin(SnapshotStart("e2", "e2.12", 1))
    desk.mirror.add(SnapshotPage((change("troubleTicket", 12, ticket("T1", notes=["first"])),), ""))
    desk.confirm(act.id, Confirmed("T1", 13, ticket("T1", notes=["first", "second"]), "e2"))
    assert notes_of(desk.tickets()["T1"].body) == ["first", "second"]
    desk.outbox.settle([before])  # a page of the old feed may still be on its way
    assert notes_of(desk.tickets()["T1"].body) == ["first", "second"]
    desk.mirror.finish(NOON)
    desk.catch_up()
    assert notes_of(desk.tickets()["T1"].body) == ["first", "second"]
    desk.feed(change("troubleTicket", 13, ticket("T1", notes=["first", "second", "third"])), cursor="e2.13")
    assert notes_of(desk.tickets()["T1"].body) == ["first", "second", "third"]
    assert desk.outbox.overlaid() == []


def test_an_act_on_what_was_seen_just_before_the_new_epochs_copy_came_into_use_rests_on_that_copy(
    desk: DeskFiles,
) -> None:
    desk.build([change("troubleTicket", 900, ticket("T1", notes=["first", "lost"]))])
    seen = desk.ticket("T1")
    assert seen is not None
    desk.build([change("troubleTicket", 12, ticket("T1", notes=["first"]))], epoch="e2")
    act = contact("T1", "second")
    desk.journal.record(act, seen.body, seen.revision, "e1")
    desk.catch_up()
    assert notes_of(desk.tickets()["T1"].body) == ["first", "second"]


def test_a_ticket_that_a_restored_head_office_does_not_have_is_no_ghost(desk: DeskFiles) -> None:
    desk.build([])
    act = filing()
    desk.record(act)
    desk.confirm(act.id, Confirmed("T1", 9, ticket("T1"), "e1"))
    desk.build([], epoch="e2")
    assert desk.tickets() == {}


def test_who_asks_late_hears_of_an_act_on_a_ticket_that_was_deleted_since(desk: DeskFiles) -> None:
    desk.build([change("troubleTicket", 2, ticket("T1", notes=["first"]))])
    act = contact("T1", "second")
    desk.record(act)
    desk.mark(act.id, CommandState.UNKNOWN)
    desk.build([], cursor="e1.10")  # its effect at 8 and the deletion at 10 were before this snapshot
    assert notes_of(desk.tickets()["T1"].body) == ["first", "second"]
    desk.confirm(act.id, Confirmed("T1", 8, epoch="e1"))
    desk.catch_up()
    assert desk.tickets() == {}


def test_what_was_confirmed_and_is_not_in_a_later_snapshot_was_deleted(desk: DeskFiles) -> None:
    desk.build([])
    act = filing()
    desk.record(act)
    desk.confirm(act.id, Confirmed("T1", 9, ticket("T1")))
    assert list(desk.tickets()) == ["T1"]
    desk.build([])
    assert desk.tickets() == {}


def test_what_was_confirmed_while_a_snapshot_ran_stays_until_the_feed_brings_it(desk: DeskFiles) -> None:
    act = filing()
    desk.record(act)
    desk.mirror.begin(START)
    desk.confirm(act.id, Confirmed("T1", 9, ticket("T1")))
    desk.mirror.add(SnapshotPage((), ""))
    desk.mirror.finish(NOON)
    desk.catch_up()
    assert list(desk.tickets()) == ["T1"]
    desk.feed(gone("troubleTicket", "T1", 10))
    assert desk.tickets() == {}


def test_the_answer_lost_and_the_ticket_deleted_before_it_is_asked_for(desk: DeskFiles) -> None:
    desk.build([])
    act = filing()
    desk.record(act)
    desk.feed(change("troubleTicket", 9, ticket("T1", external_id=act.id)), gone("troubleTicket", "T1", 10))
    assert list(desk.tickets()) == [act.id]
    desk.confirm(act.id, Confirmed("T1", 9))
    desk.catch_up()
    assert desk.tickets() == {}


def test_an_act_on_what_head_office_deleted_meanwhile_stays_in_sight_until_it_is_set_aside(desk: DeskFiles) -> None:
    desk.build([change("troubleTicket", 5, ticket("T1", notes=["first"]))])
    act = contact("T1", "second")
    desk.record(act)
    desk.feed(gone("troubleTicket", "T1", 6))
    assert notes_of(desk.tickets()["T1"].body) == ["first", "second"]
    desk.mark(act.id, CommandState.REFUSED)
    desk.set_aside(act.id)
    assert desk.tickets() == {}
