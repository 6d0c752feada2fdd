"""What was typed and not saved is in the journal: until it is filed, discarded or taken up again, and through every kill."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import insert

from app.core.commands import Spend
from app.core.drafts import Draft, Place
from app.core.errors import StorageError
from app.leases.model import NotOnLeaseError
from app.tmf.sealing import new_secret
from local_cache.journal_schema import OFFICE
from local_cache.journal_schema import draft as draft_table
from local_cache.parking import JournalParking
from local_cache.profile import Profile
from local_cache.write_log import PAGE_SIZE
from tests.cache.damage import sequences, spoil
from tests.cache.desk_files import DeskFiles
from tests.cache.records import contact, draft_for, filing
from tests.fakes.sqlite_disk import SqliteDisk, sqlite_on

ROOT = Path(__file__).parents[2]


def words_of(drafts: tuple[Draft, ...]) -> list[str]:
    return [str(one.body["description"]) for one in drafts]


def test_a_draft_is_there_again_after_a_restart_with_what_was_kept_last(desk: DeskFiles) -> None:
    act = filing()
    for words in ("no", "no sig", "no signal \ud83d 张伟 \U0001f4f5"):
        desk.keep(draft_for(act, words))
    desk.close()
    desk.open()
    (found,) = desk.drafts_of()
    assert found == draft_for(act, "no signal \ud83d 张伟 \U0001f4f5")


def test_drafts_are_their_authors_and_the_oldest_comes_first(desk: DeskFiles) -> None:
    first, second, others = (draft_for(filing()) for _ in range(3))
    desk.keep(replace(second, begun_at=second.begun_at.replace(hour=9)))
    desk.keep(first)
    desk.keep(replace(others, author="li"))
    assert [one.id for one in desk.drafts_of()] == [first.id, second.id]
    assert [one.id for one in desk.drafts_of("li")] == [others.id]
    asyncio.run(desk.drafts.discard(others.id, "mei"))
    assert len(desk.drafts_of("li")) == 1
    asyncio.run(desk.drafts.discard(others.id, "li"))
    assert desk.drafts_of("li") == ()


def test_who_shows_drafts_hears_of_each_once_and_not_of_each_word(desk: DeskFiles) -> None:
    act = filing()
    desk.keep(draft_for(act, "no"))
    desk.keep(draft_for(act, "no signal"))
    assert desk.changed == ["draft"]
    asyncio.run(desk.drafts.discard(act.id, "mei"))
    asyncio.run(desk.drafts.discard(act.id, "mei"))
    assert desk.changed == ["draft", "draft"]


@pytest.mark.parametrize("act", [filing(), contact("T1", "called again")], ids=["filed", "added to a ticket"])
def test_an_act_that_is_recorded_takes_its_draft_with_it_and_no_other(desk: DeskFiles, act: object) -> None:
    assert isinstance(act, type(filing()))
    other = filing("other")
    for one in (act, other):
        desk.keep(draft_for(one))
    desk.record(act)
    assert [one.id for one in desk.drafts_of()] == [other.id]


def test_what_was_still_to_be_kept_when_it_was_filed_does_not_come_back(desk: DeskFiles) -> None:
    act = filing()
    desk.record(act)
    desk.keep(draft_for(act, "too late"))
    assert desk.drafts_of() == ()
    assert desk.changed == ["troubleTicket"]


def test_an_act_that_is_not_recorded_leaves_the_draft(desk: DeskFiles) -> None:
    act = replace(filing(), spends=(Spend("phoneNumber", "N1"),))
    desk.keep(draft_for(act))
    with pytest.raises(NotOnLeaseError):
        desk.record(act)
    assert len(desk.drafts_of()) == 1


def test_what_is_still_to_be_kept_of_a_form_that_is_parked_comes_too_late(desk: DeskFiles) -> None:
    act = filing()
    desk.keep(draft_for(act, "no signal"))
    asyncio.run(desk.drafts.park(act.id, "mei"))
    desk.keep(draft_for(act, "too late"))
    (parked,) = desk.drafts_of()
    assert (parked.place, words_of((parked,))) == (Place.WAITS, ["no signal"])


def test_what_a_newer_trunkline_has_written_is_not_written_over(desk: DeskFiles) -> None:
    newer = replace(draft_for(filing(), "snow"), version=2)
    desk.keep(newer)
    desk.keep(replace(newer, version=1, body={}))
    assert desk.drafts_of() == (newer,)


def test_nobody_parks_or_calls_back_what_somebody_else_has_begun(desk: DeskFiles) -> None:
    act = filing()
    desk.keep(draft_for(act))
    asyncio.run(desk.drafts.park(act.id, "li"))
    assert desk.drafts_of()[0].place is Place.HERE
    asyncio.run(desk.drafts.park(act.id, "mei"))
    assert not asyncio.run(desk.drafts.call_back(act.id, "li"))
    assert desk.drafts_of()[0].place is Place.WAITS


@pytest.mark.whole
def test_what_was_begun_for_another_back_office_is_not_parked_at_the_hall_of_this_one(desk: DeskFiles) -> None:
    store, act = JournalParking(desk.sync_journal, new_secret), filing()
    desk.journal.set_meta(OFFICE, "a")
    desk.keep(draft_for(act))
    asyncio.run(desk.drafts.park(act.id, "mei"))
    desk.journal.set_meta(OFFICE, "b")
    assert store.on_the_way() == ()
    desk.journal.set_meta(OFFICE, "a")
    assert [one.id for one in store.on_the_way()] == [act.id]


def test_a_draft_is_about_the_customers_of_one_back_office_and_waits_for_that(desk: DeskFiles) -> None:
    desk.journal.set_meta(OFFICE, "a")
    desk.keep(draft_for(filing()))
    desk.journal.set_meta(OFFICE, "b")
    assert desk.drafts_of() == ()
    desk.journal.set_meta(OFFICE, "a")
    assert len(desk.drafts_of()) == 1


@pytest.mark.whole
def test_a_draft_is_kept_to_the_end_also_when_its_page_is_gone(profile: Profile) -> None:
    desk = DeskFiles(profile)

    async def leave_at_once() -> None:
        keeping = asyncio.ensure_future(desk.drafts.keep(draft_for(filing())))
        await asyncio.sleep(0)  # it has begun
        keeping.cancel()
        with pytest.raises(asyncio.CancelledError):
            await keeping

    asyncio.run(leave_at_once())
    assert len(desk.drafts_of()) == 1
    desk.close()


@pytest.mark.whole
def test_wherever_filing_is_cut_short_there_is_the_draft_or_the_act_and_never_both(tmp_path: Path) -> None:
    profile, act = Profile(tmp_path / "desk"), filing("no signal " * 400)
    profile.prepare()
    lefts: list[Profile] = []

    def leave() -> bool:
        """Copy the desk as a kill would leave it before the next thing that SQLite does to its files."""
        lefts.append(Profile(tmp_path / f"left-{len(lefts)}"))
        shutil.copytree(profile.folder, lefts[-1].folder)
        return False

    with sqlite_on(SqliteDisk(is_full=False)) as disk:
        desk = DeskFiles(profile)
        desk.keep(draft_for(act))
        disk.is_refusing = leave
        desk.record(act)
        leave()
        disk.is_refusing = lambda: False
        desk.close()
    found = []
    for left in lefts:
        desk = DeskFiles(left)
        assert desk.salvaged is None
        assert [*(one.id for one in desk.drafts_of()), *desk.tickets()] == [act.id]
        found.append(bool(desk.tickets()))
        desk.close()
    assert (found[0], found[-1]) == (False, True)
    assert found == sorted(found)


@pytest.mark.parametrize("when", [3, *(pytest.param(one, marks=pytest.mark.whole) for one in (1, 8))])
def test_a_real_kill_leaves_the_draft_or_the_act(desk: DeskFiles, tmp_path: Path, strace: str, when: int) -> None:
    act = filing("no signal " * 400)
    desk.keep(draft_for(act))
    desk.close()
    trace = [strace, "-f", "-o", str(tmp_path / "calls"), "-e", "trace=pwrite64", "-P", f"{desk.profile.journal}-wal"]
    trace += ["-e", f"inject=pwrite64:signal=KILL:when={when}"]
    command = [*trace, sys.executable, "-m", "tests.cache.recorder", str(desk.profile.folder), "1", act.id]
    subprocess.run(command, cwd=ROOT, check=False, capture_output=True)
    desk.open()
    assert ([one.id for one in desk.drafts_of()], list(desk.tickets())) in (([act.id], []), ([], [act.id]))


def test_a_full_disk_is_told_and_what_was_kept_before_stays(desk: DeskFiles) -> None:
    desk.close()
    act = filing()
    with sqlite_on(SqliteDisk(is_full=False, only="journal.db-wal")) as disk:
        desk.open()
        desk.keep(draft_for(act, "first"))
        disk.is_refusing = lambda: True
        with pytest.raises(StorageError):
            desk.keep(draft_for(act, "first and second"))
        assert words_of(desk.drafts_of()) == ["first"]
        disk.is_refusing = lambda: False
        desk.keep(draft_for(act, "first and second"))
        desk.close()
    desk.open()
    assert words_of(desk.drafts_of()) == ["first and second"]


@pytest.mark.whole
def test_a_salvage_carries_drafts_over(used: DeskFiles) -> None:
    used.open()
    begun = [draft_for(filing(), f"begun {number}") for number in range(3)]
    for one in begun:
        used.keep(one)
    used.close()
    spoil(used.profile.journal, 20)
    used.open()
    assert used.salvaged is not None
    assert sorted(words_of(used.drafts_of())) == sorted(words_of(tuple(begun)))


@pytest.mark.whole
def test_a_broken_page_of_drafts_costs_no_act_and_a_broken_page_of_acts_no_draft(used: DeskFiles) -> None:
    used.open()
    begun = [draft_for(filing(), f"begun {number} " + "x" * 900) for number in range(8)]
    for one in begun:
        used.keep(one)
    acts = sequences(used)
    used.close()
    sound = used.profile.journal.read_bytes()
    lost_acts, lost_drafts = [], []
    for page in range(1, len(sound) // PAGE_SIZE):
        used.profile.journal.write_bytes(sound)
        spoil(used.profile.journal, page * PAGE_SIZE + 100)
        used.open()
        lost_acts.append(len(acts) - len(sequences(used)))
        lost_drafts.append(len(begun) - len(used.drafts_of()))
        used.close()
    assert any(lost_drafts)
    assert not [page for page, lost in enumerate(lost_drafts) if lost and lost_acts[page]]
    assert sorted(lost_drafts)[-2] <= len(begun) // 2  # but for the root of the drafts, no page holds more than some


@pytest.mark.whole
def test_a_salvage_takes_no_draft_for_begun_whose_act_it_found(used: DeskFiles) -> None:
    used.open()
    act = filing("filed")
    used.record(act)
    with used.journal.writing() as connection:  # as pages of different ages may say
        stale = draft_for(act)
        connection.execute(
            insert(draft_table).values(
                id=act.id, kind=stale.kind, version=1, author="mei", office="", begun_at="2026-03-25T04:00:00Z",
                customer_id="", customer_name="", body="{}",
            )
        )  # fmt: skip
    used.close()
    spoil(used.profile.journal, 20)
    used.open()
    assert used.salvaged is not None
    assert used.drafts_of() == ()
    assert act.id in used.tickets()
