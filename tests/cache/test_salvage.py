"""A damaged journal gives back what can be read, names what is gone, and is kept."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import select

from app.core.errors import StorageFullError
from app.sync.model import CommandState, Confirmed
from local_cache import salvage as salvages
from local_cache.journal_schema import clerk, command, effect
from local_cache.profile import Profile
from local_cache.salvage import NOT_KNOWN, KeyOfOtherDataError, Salvage, salvage_noted
from local_cache.write_log import PAGE_SIZE, log_of
from tests.cache.desk_files import DeskFiles
from tests.cache.records import filing, ticket

ACTS = 30
Damage = Callable[[Path], None]


@pytest.fixture
def used(desk: DeskFiles) -> DeskFiles:
    """A desk with acts in every state, closed."""
    acts = [filing(f"number {number} " + "x" * 300) for number in range(ACTS)]
    for act in acts:
        desk.record(act)
    desk.mark(acts[3].id, CommandState.REFUSED, reason="no")
    desk.confirm(acts[4].id, Confirmed("T4", 9, ticket("T4")))
    desk.build([])
    with desk.journal.writing() as connection:
        connection.execute(
            clerk.insert().values(
                id="mei", name="Mei", role="clerk", offline_until="", token="t", signed_in_at="", pin_hash="",
                failures=0, tried_at="",
            )
        )  # fmt: skip
    desk.close()
    return desk


def spoil(file: Path, *places: int) -> None:
    with file.open("rb+") as opened:
        for place in places:
            opened.seek(place)
            opened.write(b"\x55" * 32)


def sequences(desk: DeskFiles) -> list[int]:
    with desk.journal.reading() as connection:
        return list(connection.execute(select(command.c.sequence).order_by(command.c.sequence)).scalars())


def kept_in(profile: Profile) -> list[Path]:
    return sorted(profile.folder.glob("journal-damaged-*.db"))


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


def crashed(used: DeskFiles) -> Profile:
    """The desk's folder as a kill leaves it, with acts in the log only."""
    used.open()
    for number in range(5):
        used.record(filing(f"in the log {number}"))
    left = Profile(used.profile.folder.with_name("left"))
    shutil.copytree(used.profile.folder, left.folder)
    used.close()
    return left


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


@pytest.mark.parametrize("place", [0, 20], ids=["salt", "header"])
def test_a_sound_log_over_a_damaged_file_is_used_and_does_not_spoil_the_new_one(used: DeskFiles, place: int) -> None:
    left = crashed(used)
    spoil(left.journal, place)
    damaged, log = left.journal.read_bytes(), log_of(left.journal).read_bytes()
    DeskFiles(left).close()
    (kept,) = kept_in(left)
    assert (kept.read_bytes(), log_of(kept).read_bytes()) == (damaged, log)
    desk = DeskFiles(left)
    assert desk.salvaged is None
    assert salvage_noted(desk.journal) is not None
    assert sequences(desk) == list(range(1, ACTS + 6))
    assert desk.broken_at() is None
    desk.close()


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


def test_a_salvage_that_finds_no_room_changes_nothing_and_succeeds_later(
    used: DeskFiles, profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil(profile.journal, 20)
    damaged = profile.journal.read_bytes()

    def no_room(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "copyfile", no_room)
        with pytest.raises(StorageFullError):
            used.open()
    assert profile.journal.read_bytes() == damaged
    used.open()
    assert sequences(used) == list(range(1, ACTS + 1))


@pytest.mark.parametrize("step", ["_keep", "_mend", "_refill", "_put_in_place"])
def test_a_salvage_cut_short_anywhere_is_done_again(
    used: DeskFiles, profile: Profile, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    spoil(profile.journal, 20)
    whole = getattr(salvages, step)
    calls = []

    def cut(*words: object) -> object:
        calls.append(step)
        if step == "_put_in_place" and len(calls) == 1:
            return whole(*words)  # there is nothing to put in place yet
        if step == "_keep":
            raise KeyboardInterrupt
        whole(*words)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(salvages, step, cut)
        with pytest.raises(KeyboardInterrupt):
            used.open()
    used.open()
    assert sequences(used) == list(range(1, ACTS + 1))
    assert sorted(path.name for path in profile.folder.glob("journal-*.db")) == [one.name for one in kept_in(profile)]


def snapshot(profile: Profile) -> dict[str, bytes]:
    """Every file of the desk but the shared memory of a database, which readers write too."""
    return {path.name: path.read_bytes() for path in profile.folder.iterdir() if not path.name.endswith("-shm")}


@pytest.mark.parametrize("ended", ["closed", "killed"])
def test_data_of_another_key_is_never_salvaged(used: DeskFiles, ended: str) -> None:
    profile = crashed(used) if ended == "killed" else used.profile
    before = snapshot(profile)
    with pytest.raises(KeyOfOtherDataError):
        DeskFiles(profile, key=bytes(32))
    assert snapshot(profile) == before
    desk = DeskFiles(profile)
    assert desk.salvaged is None
    assert len(sequences(desk)) >= ACTS
    desk.close()


def test_a_journal_of_which_nothing_is_left_is_replaced_where_a_mirror_vouches_for_the_key(
    used: DeskFiles, profile: Profile
) -> None:
    profile.journal.write_bytes(bytes(profile.journal.stat().st_size))
    used.open()
    assert used.salvaged is not None
    assert used.salvaged.missing == (NOT_KNOWN,)
    assert len(kept_in(profile)) == 1


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 16 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", place], check=False, capture_output=True
    )  # fmt: skip
    if mounted.returncode:
        pytest.skip("no small disk can be mounted here")
    yield place
    subprocess.run(["umount", place], check=True)


def test_a_salvage_on_a_full_disk_loses_nothing_and_leaves_nothing_behind(used: DeskFiles, small_disk: Path) -> None:
    used.open()
    for number in range(90):
        used.record(filing(f"in the log {number} " + "x" * 2_000))
    left = Profile(small_disk / "desk")
    shutil.copytree(used.profile.folder, left.folder)
    used.close()
    spoil(left.journal, 20)
    filler = small_disk / "filler"
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        while file.write(bytes(4_096)):
            continue
    before = snapshot(left)
    for _ in range(3):
        with pytest.raises(StorageFullError):
            DeskFiles(left)
        assert snapshot(left) == before
    filler.unlink()
    desk = DeskFiles(left)
    assert desk.salvaged is not None
    assert desk.salvaged.missing == ()
    assert sequences(desk) == list(range(1, ACTS + 91))
    desk.close()


def test_damaged_files_that_were_kept_are_never_overwritten(used: DeskFiles, profile: Profile) -> None:
    for _ in range(3):
        spoil(profile.journal, 20)
        used.open()
        used.close()
    assert len(kept_in(profile)) == 3


def test_many_missing_numbers_are_cut_short_in_words() -> None:
    found = Salvage("", "old.db", 0, (*range(1, 40), NOT_KNOWN))
    assert found.listed == ", ".join(map(str, range(1, 21))) + ", …, ?"
    whole = Salvage("", "old.db", 0, ()).as_error()
    assert "Everything that was saved" in str(whole)
