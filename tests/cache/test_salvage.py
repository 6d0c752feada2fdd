"""A damaged journal gives back what can be read, names what is gone, and is kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from app.bootstrap.reducers import REDUCERS
from local_cache.journal_schema import clerk, effect
from local_cache.profile import Profile
from local_cache.salvage import open_journal
from local_cache.salvage_report import NOT_KNOWN, Salvage, salvage_noted
from local_cache.write_log import PAGE_SIZE, log_of
from tests.cache.damage import ACTS, IN_THE_LOG, crashed, kept_in, sequences, spoil
from tests.cache.desk_files import DeskFiles
from tests.cache.records import filing

Damage = Callable[[Path], None]


def told_of(closed: DeskFiles) -> Salvage | None:
    """The salvage that the next start tells of."""
    closed.open()
    return closed.salvaged


def test_a_sound_journal_is_not_salvaged(used: DeskFiles, profile: Profile) -> None:
    used.open()
    assert used.salvaged is None
    assert kept_in(profile) == []


@pytest.mark.parametrize("places", [(0,), (20,), (100, 2000)], ids=["salt", "header", "content"])
def test_a_broken_first_page_costs_nothing(used: DeskFiles, profile: Profile, places: tuple[int, ...]) -> None:
    spoil(profile.journal, *places)
    damaged = profile.journal.read_bytes()
    used.open()
    assert sequences(used) == list(range(1, ACTS + 1))
    assert used.salvaged is not None
    assert used.salvaged == salvage_noted(used.journal)
    assert (used.salvaged.file, used.salvaged.missing) == ("journal-damaged-20260325-040000.db", ())
    (kept,) = kept_in(profile)
    assert kept.read_bytes() == damaged
    assert used.broken_at() is None
    assert used.commands() == len(used.outbox.unfinished()) + 1


def test_any_other_broken_page_costs_only_the_rows_on_it(used: DeskFiles, profile: Profile) -> None:
    sound = profile.journal.read_bytes()
    losses = []
    for page in range(1, len(sound) // PAGE_SIZE, 3):
        profile.journal.write_bytes(sound)
        spoil(profile.journal, page * PAGE_SIZE + 100)
        used.open()
        assert used.salvaged is not None
        held = set(sequences(used))
        known = set(used.salvaged.missing) - {NOT_KNOWN}
        assert known == set(range(1, ACTS + 1)) - held or NOT_KNOWN in used.salvaged.missing
        losses.append(len(known))
        act = filing("after the salvage")
        used.record(act)
        assert sequences(used)[-1] > ACTS  # no number is given out twice
        assert {entry.command.id for entry in used.outbox.unfinished()} <= set(used.tickets())
        assert used.broken_at() is None
        used.close()
    assert sorted(losses)[-2] < 15  # but for the root of the commands, no page holds more than some of them
    assert 0 in losses


def test_the_rest_of_a_salvaged_desk_is_as_before(used: DeskFiles, profile: Profile) -> None:
    spoil(profile.journal, 20)
    used.open()
    assert used.outbox.counts() == (ACTS - 2, 1)
    assert used.journal.meta("mirror") == "1"
    with used.journal.reading() as connection:
        assert connection.execute(select(clerk.c.token)).scalar() == "t"
        assert len(connection.execute(select(effect)).all()) == ACTS
    used.close()
    used.open()
    assert used.salvaged is None


@pytest.mark.parametrize("place", [0, 32 + 16, 32 + PAGE_SIZE + 24 + 500], ids=["header", "sum", "page"])
def test_acts_behind_a_broken_place_of_the_log_are_had_back(used: DeskFiles, place: int) -> None:
    left = crashed(used)
    spoil(log_of(left.journal), place)
    damaged = log_of(left.journal).read_bytes()
    desk = DeskFiles(left)
    assert desk.salvaged is not None
    assert len(sequences(desk)) >= ACTS + 4
    (kept,) = kept_in(left)
    assert log_of(kept).read_bytes() == damaged
    desk.close()


@pytest.mark.parametrize("filling", [b"\x00", b"\x55"])
@pytest.mark.parametrize("length", [64, 512, PAGE_SIZE])
def test_a_log_whose_beginning_is_gone_may_have_held_acts_that_nobody_can_name(
    used: DeskFiles, length: int, filling: bytes
) -> None:
    left = crashed(used)
    log = log_of(left.journal).read_bytes()
    log_of(left.journal).write_bytes(filling * length + log[length:])
    desk = DeskFiles(left)
    assert desk.salvaged is not None
    assert NOT_KNOWN in desk.salvaged.missing
    assert sequences(desk)[-1] == ACTS + IN_THE_LOG
    desk.record(filing("after the salvage"))
    assert sequences(desk)[-1] > ACTS + IN_THE_LOG + 1
    desk.close()


@pytest.mark.parametrize("length", [0, 10, 32, 32 + PAGE_SIZE])
def test_a_damaged_journal_beside_a_log_that_holds_nothing_is_salvaged(used: DeskFiles, length: int) -> None:
    left = crashed(used)
    spoil(left.journal, 20)
    log_of(left.journal).write_bytes(log_of(left.journal).read_bytes()[:length])
    desk = DeskFiles(left)
    assert sequences(desk) == list(range(1, ACTS + 1))
    desk.close()


def test_a_salvage_is_told_at_every_start_until_a_clerk_had_the_time_to_read_it(
    used: DeskFiles, profile: Profile
) -> None:
    spoil(profile.journal, 20)
    killed, found = open_journal(profile, used.key, REDUCERS, used.clock)
    killed.close()
    used.open()
    assert found is not None
    assert used.salvaged == found
    used.close()
    assert told_of(used) is None


def test_a_sound_log_over_a_damaged_file_is_used_and_does_not_spoil_the_new_one(used: DeskFiles) -> None:
    left = crashed(used)
    spoil(left.journal, 0)
    damaged, log = left.journal.read_bytes(), log_of(left.journal).read_bytes()
    DeskFiles(left).close()
    (kept,) = kept_in(left)
    assert (kept.read_bytes(), log_of(kept).read_bytes()) == (damaged, log)
    desk = DeskFiles(left)
    assert desk.salvaged is None
    assert salvage_noted(desk.journal) is not None
    assert sequences(desk) == list(range(1, ACTS + IN_THE_LOG + 1))
    assert desk.broken_at() is None
    desk.close()


def test_a_damaged_page_that_the_log_holds_anew_is_no_damage(used: DeskFiles) -> None:
    left = crashed(used)
    spoil(left.journal, 20)
    for _ in range(2):  # the first closing moves the log into the file
        desk = DeskFiles(left)
        assert (desk.salvaged, sequences(desk)) == (None, list(range(1, ACTS + IN_THE_LOG + 1)))
        desk.close()
    assert not log_of(left.journal).exists()


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(b"")], ids=["missing", "empty"])
def test_a_journal_that_is_gone_from_beside_its_mirror_is_told(
    used: DeskFiles, profile: Profile, damage: Damage
) -> None:
    damage(profile.journal)
    used.open()
    assert used.salvaged is not None
    assert used.salvaged.missing == (NOT_KNOWN,)
    assert "?" in str(used.salvaged.as_error())
    used.record(filing())
    assert sequences(used)[0] > ACTS


def test_damaged_files_that_were_kept_are_never_overwritten(used: DeskFiles, profile: Profile) -> None:
    for _ in range(3):
        spoil(profile.journal, 20)
        used.open()
        used.close()
    assert len(kept_in(profile)) == 3


def test_many_missing_numbers_are_cut_short_in_words() -> None:
    found = Salvage("", "old.db", 0, (*range(1, 40), NOT_KNOWN))
    assert found.listed == ", ".join(map(str, range(1, 21))) + ", …, ?"


@pytest.mark.parametrize(
    ("missing", "words"), [((), "No act is lost"), ((NOT_KNOWN,), "by number: ?."), ((7,), ": 7.")]
)
def test_the_clerk_is_told_in_words_whether_acts_are_lost(missing: tuple[int, ...], words: str) -> None:
    assert words in str(Salvage("", "old.db", 0, missing).as_error())
