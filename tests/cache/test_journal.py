"""The journal keeps what clerks did, once, in order, and says what became of it."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import Connection

from app.core.certainty import Certainty
from app.core.commands import Command
from app.core.errors import StorageFullError
from app.core.ids import new_id
from app.sync.model import CommandState, Confirmed
from app.sync.status import Held
from local_cache import cipher
from local_cache.journal import Journal, JournalDamagedError, NewerJournalError
from local_cache.journal_schema import SCHEMA_VERSION, tables
from local_cache.pins import DeskClerks
from local_cache.profile import Profile
from tests.cache.damage import spoil
from tests.cache.desk_files import KEY, DeskFiles
from tests.cache.records import change, contact, filing, notes_of, ticket


def test_the_same_act_recorded_twice_is_there_once(desk: DeskFiles) -> None:
    act = filing()
    desk.record(act)
    desk.record(replace(act, title="another title"))
    assert [entry.command for entry in desk.outbox.unfinished()] == [act]


def test_a_recorded_act_comes_back_as_it_was_also_after_a_restart(desk: DeskFiles) -> None:
    act = filing("it's \"off\"\x00 \U0001f4f5 张伟\r\n'; DROP TABLE command; --")
    desk.record(act)
    desk.close()
    desk.open()
    assert [entry.command for entry in desk.outbox.unfinished()] == [act]


def test_half_a_surrogate_pair_in_what_a_clerk_pasted_is_recorded_and_can_be_sent(desk: DeskFiles) -> None:
    act = filing("broken \ud83d sign")
    desk.record(act)
    (entry,) = desk.outbox.unfinished()
    assert entry.command.body["description"].encode() == "broken \ufffd sign".encode()


def test_half_a_surrogate_pair_in_a_refusal_is_written_down(desk: DeskFiles) -> None:
    act = filing()
    desk.record(act)
    desk.mark(act.id, CommandState.REFUSED, reason="no \udc00")
    (pending,) = asyncio.run(desk.log.pending())
    assert (pending.certainty, pending.reason) == (Certainty.REFUSED, "no \ufffd")


def test_acts_are_listed_until_they_have_ended_oldest_first(desk: DeskFiles) -> None:
    acts = [filing(f"number {number}") for number in range(5)]
    for act in acts:
        desk.record(act)
    desk.mark(acts[0].id, CommandState.SENT)
    desk.mark(acts[1].id, CommandState.REFUSED, reason="no such service")
    desk.mark(acts[2].id, CommandState.UNKNOWN)
    desk.mark(acts[3].id, CommandState.CONFLICT)
    desk.confirm(acts[4].id, Confirmed("T1", 7, ticket("T1")))
    pending = asyncio.run(desk.log.pending())
    assert [(one.sequence, one.certainty) for one in pending] == [
        (1, Certainty.SENDING), (2, Certainty.REFUSED), (3, Certainty.UNKNOWN), (4, Certainty.DIFFERS),
    ]  # fmt: skip
    assert desk.outbox.counts() == (2, 2)


def test_only_what_needs_a_person_can_be_set_aside(desk: DeskFiles) -> None:
    act = filing()
    desk.record(act)
    desk.set_aside(act.id)
    assert desk.outbox.counts() == (1, 0)
    desk.mark(act.id, CommandState.REFUSED)
    desk.set_aside(act.id)
    assert desk.outbox.counts() == (0, 0)
    assert desk.commands() == 1


def test_a_command_at_rest_never_goes_back(desk: DeskFiles) -> None:
    act = filing()
    desk.record(act)
    desk.confirm(act.id, Confirmed("T1", 7, ticket("T1")))
    desk.mark(act.id, CommandState.UNKNOWN)
    desk.confirm(act.id, Confirmed("T2", 9, ticket("T2")))
    assert desk.outbox.unfinished() == []
    assert desk.outbox.server_id("troubleTicket", act.id) == "T1"


def test_a_mended_complaint_puts_the_refused_one_to_rest(desk: DeskFiles) -> None:
    refused = filing("refused")
    desk.record(refused)
    desk.mark(refused.id, CommandState.REFUSED)
    mended = filing("mended", replaces=refused.id)
    desk.record(mended)
    assert [entry.command.id for entry in desk.outbox.unfinished()] == [mended.id]
    assert list(desk.tickets()) == [mended.id]


def test_every_sequence_up_to_the_first_open_one_is_acknowledged(desk: DeskFiles) -> None:
    desk.build([])
    assert desk.outbox.acknowledged().sequence == 0
    acts = [filing(f"number {number}") for number in range(3)]
    for act in acts:
        desk.record(act)
    desk.confirm(acts[0].id, Confirmed("T1", 7, ticket("T1")))
    desk.confirm(acts[2].id, Confirmed("T3", 8, ticket("T3")))
    assert desk.outbox.acknowledged().sequence == 1
    desk.confirm(acts[1].id, Confirmed("T2", 9, ticket("T2")))
    assert desk.outbox.acknowledged().sequence == 3


def test_acts_on_what_was_made_here_stay_in_its_queue_whichever_of_its_two_numbers_they_name(desk: DeskFiles) -> None:
    act = filing()
    desk.record(act)
    desk.confirm(act.id, Confirmed("T1", 7, ticket("T1")))
    by_local, by_server = contact(act.id, "by the local number"), contact("T1", "by the ticket number")
    desk.record(by_local)
    desk.record(by_server)
    assert {entry.command.entity_id for entry in desk.outbox.unfinished()} == {act.id}
    assert desk.outbox.server_id("troubleTicket", act.id) == "T1"
    assert notes_of(desk.tickets()["T1"].body) == ["by the local number", "by the ticket number"]


def test_acts_held_for_a_sign_in_are_told_by_the_name_the_desk_knows(desk: DeskFiles) -> None:
    answer = {"id": "mei", "name": "梅", "role": "clerk"}
    DeskClerks(desk.journal, desk.clock).signed_in(
        {"user": answer, "token": "t", "offlineUntil": "2030-01-01T00:00:00Z"}
    )
    mine, refused, confirmed, nobodys = filing(), filing(), filing(), replace(filing(), author="gone")
    for act in (nobodys, mine, refused, confirmed, replace(contact(mine.id, "again"), author="li")):
        desk.record(act)
    desk.mark(refused.id, CommandState.REFUSED)
    desk.confirm(confirmed.id, Confirmed("T1", 7, ticket("T1")))
    assert desk.outbox.held(frozenset()) == ()
    assert desk.outbox.held(frozenset({"mei"})) == (Held("mei", "梅", 2),)
    assert desk.outbox.held(frozenset({"mei", "gone"})) == (Held("gone", "gone", 1), Held("mei", "梅", 2))


def test_the_device_id_is_made_once(desk: DeskFiles) -> None:
    assert desk.journal.device() == desk.sync_journal.device() == desk.journal.device()


def test_a_journal_of_a_newer_program_is_refused_and_left_alone(desk: DeskFiles, profile: Profile) -> None:
    with desk.journal.writing() as connection:
        connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    desk.close()
    before = profile.journal.read_bytes()
    with pytest.raises(NewerJournalError):
        desk.open()
    assert profile.journal.read_bytes() == before
    assert [path.name for path in profile.folder.iterdir()] == ["journal.db"]


# What takes a file of each version back to the one before.
STEPS_BACK = {
    2: ("ALTER TABLE effect DROP COLUMN epoch",),
    3: ("DROP TABLE lease_item", "DROP TABLE lease", "ALTER TABLE command DROP COLUMN spends"),
    4: tuple(f"ALTER TABLE command DROP COLUMN {name}" for name in ("seen", "there", "adopted_by")),
    5: ("DROP TABLE draft",),
    6: tuple(f"ALTER TABLE draft DROP COLUMN {name}" for name in ("subject", "place", "trouble")),
}


@pytest.fixture(params=[1])
def older(desk: DeskFiles, request: pytest.FixtureRequest) -> Command:
    """A desk with an act that waits, whose journal is of the first version, or of another one; closed."""
    desk.build([change("troubleTicket", 5, ticket("T1", notes=["first"]))])
    act = contact("T1", "second")
    desk.record(act)
    with desk.journal.writing() as connection:
        for newer in range(SCHEMA_VERSION, request.param, -1):
            for step in STEPS_BACK[newer]:
                connection.exec_driver_sql(step)
        connection.exec_driver_sql(f"PRAGMA user_version = {request.param}")
    desk.close()
    return act


@pytest.mark.parametrize(
    ("older", "version", "table", "came_next"),
    [
        (1, 1, "effect", "epoch"),
        (2, 2, "command", "spends"),
        (3, 3, "command", "seen"),
        (4, 4, "draft", "id"),
        (5, 5, "draft", "place"),
    ],
    indirect=["older"],
)  # fmt: skip
def test_an_older_journal_is_brought_up_and_kept_as_it_was(
    desk: DeskFiles, profile: Profile, older: Command, version: int, table: str, came_next: str
) -> None:
    desk.open()
    desk.feed(change("troubleTicket", 6, ticket("T1", notes=["first", "others"])))
    assert notes_of(desk.tickets()["T1"].body) == ["first", "others", "second"]
    assert [one.command for one in desk.outbox.unfinished()] == [older]
    kept = Journal(profile, KEY, {}, desk.clock, path=profile.folder / f"journal-of-version-{version}.db")
    try:
        with kept.reading() as connection:
            assert connection.exec_driver_sql("PRAGMA user_version").scalar() == version
            assert connection.exec_driver_sql("SELECT id FROM command").scalars().all() == [older.id]
            assert came_next not in [row[1] for row in connection.exec_driver_sql(f"PRAGMA table_info({table})")]
    finally:
        kept.close()


def test_a_journal_that_was_brought_up_has_the_same_tables_as_a_new_one(
    desk: DeskFiles, profile: Profile, older: Command
) -> None:
    desk.open()
    fresh = Journal(profile, KEY, {}, desk.clock, path=profile.folder / "fresh.db")
    fresh.open()
    try:
        with desk.journal.reading() as brought_up, fresh.reading() as new:
            assert _columns(brought_up) == _columns(new)
    finally:
        fresh.close()


def _columns(connection: Connection) -> dict[str, object]:
    """Every table's columns and indexes, as SQLite tells them."""
    told: dict[str, object] = {}
    for table in tables.sorted_tables:
        columns = connection.exec_driver_sql(
            f"SELECT name, type, \"notnull\", pk FROM pragma_table_info('{table.name}')"
        )
        indexes = connection.exec_driver_sql(f"SELECT name FROM pragma_index_list('{table.name}') WHERE origin = 'c'")
        told[table.name] = {tuple(row) for row in columns}, set(indexes.scalars())
    return told


def test_several_that_open_an_older_journal_at_once_bring_it_up_once(
    desk: DeskFiles, profile: Profile, older: Command
) -> None:
    journals = [Journal(profile, KEY, {}, desk.clock) for _ in range(4)]
    with ThreadPoolExecutor(len(journals)) as pool:
        opened = [pool.submit(one.open) for one in journals]
    for one, ended in zip(journals, opened, strict=True):
        ended.result()
        one.close()
    desk.open()
    assert [one.command.id for one in desk.outbox.unfinished()] == [older.id]


def test_a_disk_without_room_for_the_copy_leaves_an_older_journal_as_it_was(
    desk: DeskFiles, profile: Profile, older: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(*_: object) -> None:
        error = cipher.driver.OperationalError("database or disk is full")
        error.sqlite_errorcode = 13
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(cipher, "copy_whole", no_room)
        journal = Journal(profile, KEY, {}, desk.clock)
        with pytest.raises(StorageFullError):
            journal.open()
        with journal.reading() as connection:
            assert connection.exec_driver_sql("PRAGMA user_version").scalar() == 1
        journal.close()
    desk.open()
    assert [one.command.id for one in desk.outbox.unfinished()] == [older.id]


def test_a_damaged_journal_of_the_first_version_is_salvaged_with_what_it_overlays(
    desk: DeskFiles, profile: Profile, older: Command
) -> None:
    spoil(profile.journal, 20)
    desk.open()
    assert desk.salvaged is not None
    assert [one.command.id for one in desk.outbox.unfinished()] == [older.id]
    desk.feed(change("troubleTicket", 6, ticket("T1", notes=["first", "others"])))
    assert notes_of(desk.tickets()["T1"].body) == ["first", "others", "second"]


def test_another_key_reads_nothing_and_changes_nothing(desk: DeskFiles, profile: Profile) -> None:
    desk.record(filing())
    desk.close()
    before = profile.journal.read_bytes()
    other = Journal(profile, bytes(32), {}, desk.clock)
    with pytest.raises(JournalDamagedError):
        other.open()
    other.close()
    assert profile.journal.read_bytes() == before
    assert bytes(32) != KEY


async def test_an_act_is_recorded_to_the_end_and_told_also_when_nobody_waits_any_more(profile: Profile) -> None:
    desk = DeskFiles(profile)
    act = filing()
    saving = asyncio.ensure_future(desk.log.record(act))
    await asyncio.sleep(0)  # it has begun
    saving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await saving
    assert [one.command.id for one in await desk.log.pending()] == [act.id]
    assert desk.changed == ["troubleTicket"]
    desk.close()


async def test_many_windows_tasks_record_at_once_and_none_is_lost(profile: Profile) -> None:
    desk = DeskFiles(profile)
    acts = [filing(f"number {number}") for number in range(20)]
    await asyncio.gather(*(desk.log.record(act) for act in acts), *(desk.log.pending() for _ in acts))
    assert {one.command.id for one in await desk.log.pending()} == {act.id for act in acts}
    desk.close()


def test_an_unknown_kind_of_act_leaves_no_trace(desk: DeskFiles) -> None:
    with pytest.raises(KeyError):
        desk.record(replace(filing(), id=new_id(), kind="till.open"))
    assert desk.commands() == 0
    desk.record(filing())
    assert desk.commands() == 1
