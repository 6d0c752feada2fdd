"""A key of other data never makes a good journal look damaged; a damaged one is never taken for another's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.bootstrap.places import Arguments, start_from
from app.bootstrap.workstation import LocalWorkstation
from local_cache.keys.passphrase import wrap
from local_cache.keys.slots import Slots, check_value, write_slots
from local_cache.other_key import KeyOfOtherDataError
from local_cache.profile import Profile
from local_cache.salvage_report import NOT_KNOWN
from local_cache.write_log import PAGE_SIZE, log_of
from tests.cache.damage import ACTS, IN_THE_LOG, crashed, kept_in, sequences, snapshot, spoil
from tests.cache.desk_files import DeskFiles
from ui.workstation import Opening

OTHER = bytes(32)
Harm = Callable[[Profile], None]


def without_mirrors(profile: Profile) -> None:
    """As on a desk that never had the line."""
    for number in profile.mirrors():
        profile.mirror(number).unlink()


def empty(file: Path) -> None:
    file.write_bytes(bytes(file.stat().st_size))


@pytest.mark.parametrize("ended", ["closed", "killed"])
def test_data_of_another_key_is_left_alone(used: DeskFiles, ended: str) -> None:
    profile = crashed(used) if ended == "killed" else used.profile
    before = snapshot(profile)
    with pytest.raises(KeyOfOtherDataError):
        DeskFiles(profile, key=OTHER)
    assert snapshot(profile) == before
    desk = DeskFiles(profile)
    assert desk.salvaged is None
    assert len(sequences(desk)) >= ACTS
    desk.close()


@pytest.mark.parametrize(
    "harm",
    [
        lambda one: one.journal.unlink(),
        lambda one: one.journal.write_bytes(b""),
        lambda one: one.mirror(1).unlink(),
        lambda one: spoil(one.journal, 0),
        lambda one: spoil(one.journal, 20),
    ],
    ids=["no journal", "empty journal", "no mirror", "broken salt", "broken page"],
)
def test_neither_harm_nor_a_missing_file_makes_another_key_fit(used: DeskFiles, profile: Profile, harm: Harm) -> None:
    harm(profile)
    before = snapshot(profile)
    for _ in range(2):
        with pytest.raises(KeyOfOtherDataError):
            DeskFiles(profile, key=OTHER)
        assert snapshot(profile) == before
    used.open()


def test_damaged_journals_of_another_key_are_no_place_for_a_new_one(used: DeskFiles, profile: Profile) -> None:
    profile.journal.rename(profile.folder / "journal-damaged-20260101-000000.db")
    without_mirrors(profile)
    with pytest.raises(KeyOfOtherDataError):
        DeskFiles(profile, key=OTHER)
    assert not profile.journal.exists()
    used.open()


@pytest.mark.parametrize("places", [(0,), (0, 100, 2_000)], ids=["salt", "page"])
def test_one_page_proves_the_key_where_nothing_begins_with_it(
    used: DeskFiles, profile: Profile, places: tuple[int, ...]
) -> None:
    without_mirrors(profile)
    spoil(profile.journal, *places)
    used.open()
    assert sequences(used) == list(range(1, ACTS + 1))


def test_one_page_in_the_log_proves_the_key_too(used: DeskFiles) -> None:
    left = crashed(used)
    without_mirrors(left)
    empty(left.journal)
    desk = DeskFiles(left)
    assert desk.salvaged is not None
    assert sequences(desk)[-IN_THE_LOG:] == list(range(ACTS + 1, ACTS + IN_THE_LOG + 1))
    desk.close()


def test_a_mirror_or_a_kept_journal_vouches_for_the_key_where_nothing_is_left(
    used: DeskFiles, profile: Profile
) -> None:
    empty(profile.journal)
    used.open()
    assert used.salvaged is not None
    assert used.salvaged.missing == (NOT_KNOWN,)
    used.close()
    profile.journal.rename(profile.folder / "journal-damaged-20260101-000000.db")
    without_mirrors(profile)
    profile.journal.write_bytes(bytes(PAGE_SIZE))
    used.open()
    assert used.salvaged is not None
    assert len(kept_in(profile)) == 3


def test_files_without_content_are_nobodys(used: DeskFiles, profile: Profile) -> None:
    for file in (profile.journal, profile.mirror(1)):
        file.write_bytes(b"")
    assert not log_of(profile.journal).exists()
    used.open()
    assert sequences(used) == []


async def test_the_window_is_told_so_and_opens_nothing(used: DeskFiles, profile: Profile) -> None:
    passphrase = "four words that rhyme"
    write_slots(profile.slots, Slots(check_value(OTHER), passphrase=wrap(OTHER, passphrase)))
    before = snapshot(profile)
    workstation = LocalWorkstation(start_from(Arguments(server="http://127.0.0.1:9", profile=profile.folder)))
    assert await workstation.open() is Opening.PASSPHRASE_NEEDED
    with pytest.raises(KeyOfOtherDataError):
        await workstation.unlock(passphrase)
    await workstation.close()
    assert snapshot(profile) == before
    used.open()
