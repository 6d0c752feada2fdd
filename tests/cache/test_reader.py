"""Reading goes on while files are replaced, damaged or missing, and never shows half of a change."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Connection

from app.core.errors import StorageError
from app.sync.model import Confirmed
from local_cache.journal import JournalDamagedError
from local_cache.mirror import MirrorFile
from local_cache.overlay import records_of
from local_cache.profile import Profile
from local_cache.reader import Reader
from local_cache.records import MirrorComplaints, MirrorCustomers, MirrorHoldings, MirrorOutages
from local_cache.write_log import PAGE_SIZE
from tests.cache.desk_files import KEY, REGION, DeskFiles
from tests.cache.records import change, customer, filing, problem, service, ticket

ROWS = [change("customer", number, customer(f"C{number}", f"Name {number}")) for number in range(1, 40)]


def names(connection: Connection) -> int:
    """How many customers the copy holds."""
    return int(connection.exec_driver_sql("SELECT count(*) FROM main.customer").scalar_one())


def spoil(file: Path, places: Iterable[int]) -> None:
    """Write over a few bytes at each place."""
    with file.open("rb+") as opened:
        for place in places:
            opened.seek(place)
            opened.write(b"\x55" * 64)


def all_pages_but_the_first(file: Path) -> range:
    """A place in each of them."""
    return range(PAGE_SIZE + 100, file.stat().st_size, PAGE_SIZE)


def test_without_a_copy_the_clerk_still_sees_the_desks_own_acts(desk: DeskFiles) -> None:
    act = filing()
    desk.record(act)
    assert desk.ask(names) == 0
    assert list(desk.tickets()) == [act.id]
    assert desk.reader.as_of is None


def test_a_new_copy_is_picked_up_without_being_told(desk: DeskFiles) -> None:
    desk.build(ROWS[:1])
    assert desk.ask(names) == 1
    desk.build(ROWS)
    assert desk.ask(names) == 39
    assert desk.reader.as_of == desk.clock.now()


@pytest.mark.parametrize("place", ["salt", "first page", "all other pages"])
def test_a_damaged_copy_is_told_once_and_read_as_empty(desk: DeskFiles, profile: Profile, place: str) -> None:
    desk.build(ROWS)
    desk.record(filing())
    desk.close()
    mirror = profile.mirror(1)
    spoil(mirror, {"salt": [0], "first page": [100]}.get(place) or all_pages_but_the_first(mirror))
    desk.open()
    for _ in range(3):
        assert desk.ask(names) == 0
    assert desk.damage == 1
    assert len(desk.tickets()) == 1
    desk.build(ROWS)
    assert desk.ask(names) == 39


def test_a_copy_of_another_schema_is_not_read(desk: DeskFiles) -> None:
    desk.build(ROWS)
    file = MirrorFile(desk.profile, 1, KEY, REGION)
    with file.writing() as connection:
        connection.exec_driver_sql("PRAGMA user_version = 99")
    file.close()
    assert desk.ask(names) == 0
    assert desk.damage == 1


def test_a_copy_that_vanished_is_read_as_empty_and_not_made_again(desk: DeskFiles, profile: Profile) -> None:
    desk.build(ROWS)
    desk.mirror.close()
    profile.mirror(1).unlink()
    assert desk.ask(names) == 0
    assert profile.mirrors() == []


def test_a_damaged_journal_is_not_taken_for_a_damaged_copy(desk: DeskFiles, profile: Profile) -> None:
    for number in range(60):
        desk.record(filing(f"number {number}"))
    desk.close()
    sound = profile.journal.read_bytes()
    spoil(profile.journal, all_pages_but_the_first(profile.journal))
    reader = Reader(profile, KEY, lambda: 0, lambda: None)
    with pytest.raises(JournalDamagedError):
        asyncio.run(reader.run(lambda one: one.exec_driver_sql("SELECT * FROM journal.command").all()))
    reader.close()
    profile.journal.write_bytes(sound)
    desk.open()


def test_who_reads_while_copies_are_switched_reads_to_the_end(desk: DeskFiles) -> None:
    desk.build(ROWS)
    began, may_end = threading.Event(), threading.Event()

    def slow(connection: Connection) -> int:
        first = names(connection)
        began.set()
        assert may_end.wait(10)
        return first - names(connection)

    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(lambda: desk.ask(slow))
        assert began.wait(10)
        desk.build(ROWS[:1])
        desk.reader.switch()
        assert desk.ask(names) == 1
        may_end.set()
        assert reading.result(10) == 0


def test_one_question_sees_one_state_however_long_it_takes(desk: DeskFiles) -> None:
    desk.build([])
    act = filing()
    desk.record(act)
    desk.confirm(act.id, Confirmed("T1", 1, ticket("T1")))

    def ask_twice(connection: Connection) -> bool:
        before = records_of(connection, "troubleTicket", "C1")
        desk.feed(change("troubleTicket", 1, ticket("T1", notes=["from the feed"])))
        return before == records_of(connection, "troubleTicket", "C1")

    assert desk.ask(ask_twice)
    assert desk.outbox.overlaid() == []


def test_nothing_vanishes_for_a_moment_while_the_sync_process_settles(desk: DeskFiles) -> None:
    desk.build([])
    acts = [filing(f"number {number}") for number in range(25)]
    for act in acts:
        desk.record(act)
    for number, act in enumerate(acts):
        desk.confirm(act.id, Confirmed(f"T{number}", number + 1, ticket(f"T{number}")))
    seen: list[int] = []
    is_done = threading.Event()

    def look() -> None:
        while not is_done.is_set():
            seen.append(len(desk.tickets()))

    watcher = threading.Thread(target=look)
    watcher.start()
    for number in range(len(acts)):
        desk.feed(change("troubleTicket", number + 1, ticket(f"T{number}")), cursor=f"e1.{number}")
    is_done.set()
    watcher.join()
    assert set(seen) == {len(acts)}


def test_many_readers_and_switches_at_once_all_get_a_whole_answer(desk: DeskFiles) -> None:
    desk.build(ROWS)

    def ask(_: int) -> int:
        desk.reader.switch()
        return desk.ask(names)

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(ask, range(40))) == {39}


def test_a_reader_cannot_write(desk: DeskFiles) -> None:
    desk.build(ROWS)
    with pytest.raises(StorageError):
        desk.ask(lambda one: one.exec_driver_sql("DELETE FROM journal.command"))


async def test_the_features_read_their_models(profile: Profile) -> None:
    desk = DeskFiles(profile)
    desk.build(
        [
            change("customer", 1, customer("C1", "张伟", ["138 0013 8000"], "P1")),
            change("individual", 2, {"id": "P1", "gender": "f", "birthDate": "1990-05-01"}),
            change("billingAccount", 3, {"id": "A1", "relatedParty": [{"id": "C1", "role": "customer"}]}),
            change("service", 4, service("S1", "C1", "13800138000")),
            change("serviceProblem", 5, problem("O1", "S1", "S9")),
            change("serviceProblem", 6, problem("O2", "S9")),
            change("serviceProblem", 7, problem("O3", "S1") | {"status": "resolved"}),
            change("troubleTicket", 8, ticket("T1")),
        ]
    )
    customers = MirrorCustomers(desk.reader, REGION)
    found = await customers.customer("C1")
    assert found is not None
    assert (found.value.name, found.value.identity.gender, found.value.accounts[0].id) == ("张伟", "f", "A1")
    assert (found.source, found.as_of) == ("customers", desk.clock.now())
    assert await customers.customer("C2") is None
    holdings = await MirrorHoldings(desk.reader).holdings("C1")
    assert [one.number for one in holdings.value.services] == ["13800138000"]
    outages = await MirrorOutages(desk.reader).outages_touching("C1")
    assert [one.id for one in outages.value] == ["O1"]
    complaints = MirrorComplaints(desk.reader)
    assert [one.id for one in (await complaints.complaints_of("C1")).value] == ["T1"]
    assert await complaints.complaint("T9") is None
    desk.close()
