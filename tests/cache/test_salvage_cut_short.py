"""A salvage that fails or is killed anywhere costs no act and leaves nothing behind, and the next start does it again."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.errors import StorageFullError
from local_cache.profile import Profile
from local_cache.write_log import PAGE_SIZE, log_of
from tests.cache.damage import ACTS, IN_THE_LOG, crashed, kept_in, sequences, snapshot, spoil
from tests.cache.desk_files import DeskFiles
from tests.cache.file_steps import FileSteps, KilledError, taking

ROOT = Path(__file__).parents[2]
MANY, FEW = 120, ACTS + IN_THE_LOG
ROOM_STEP = 160 * 1024
SALT = 0  # where the log can hold nothing better, unlike every other place of the first page
WORKING = ("copy", "copy-twin", "fresh")

FEWER_IN_SHORT = pytest.mark.parametrize("stride", [3, pytest.param(1, marks=pytest.mark.whole)])


@pytest.fixture
def damaged(used: DeskFiles) -> Profile:
    """A journal of 120 acts, most of them in its log, whose first page is broken."""
    left = crashed(used, MANY - ACTS, "x" * 1_500)
    spoil(left.journal, SALT)
    assert log_of(left.journal).stat().st_size > (MANY - ACTS) * PAGE_SIZE
    return left


@pytest.fixture
def little(used: DeskFiles) -> Profile:
    """The same with few acts, to be salvaged many times."""
    left = crashed(used)
    spoil(left.journal, SALT)
    return left


def again(damaged: Profile) -> Profile:
    """The same damaged desk once more."""
    copy = Profile(damaged.folder.with_name("again"))
    shutil.rmtree(copy.folder, ignore_errors=True)
    shutil.copytree(damaged.folder, copy.folder)
    return copy


def check_salvaged(profile: Profile, before: dict[str, bytes], acts: int, *, is_told: bool = False) -> None:
    """The next start has every act, the damaged file and its log once, byte by byte, and nothing else that is new.

    It tells of the salvage, unless that was done before.
    """
    desk = DeskFiles(profile)
    try:
        assert (desk.salvaged is None) == is_told
        assert sequences(desk) == list(range(1, acts + 1))
        assert desk.broken_at() is None
    finally:
        desk.close()
    (kept,) = kept_in(profile)
    assert kept.read_bytes() == before["journal.db"]
    assert log_of(kept).read_bytes() == before["journal.db-wal"]
    assert set(snapshot(profile)) == {"journal.db", "mirror-1.db", kept.name, log_of(kept).name}


def steps_of(damaged: Profile) -> int:
    """How many file operations the salvage takes."""
    profile = again(damaged)
    with taking(FileSteps()) as steps:
        desk = DeskFiles(profile)
    desk.close()
    assert {"copyfile", "connect", "replace", "unlink", "fsync"} <= set(steps.names)
    return len(steps.names)


@FEWER_IN_SHORT
def test_no_file_operation_that_finds_no_room_costs_an_act(little: Profile, stride: int) -> None:
    before = snapshot(little)
    for fatal in range(1, steps_of(little) + 1, stride):
        profile = again(little)
        opened = None
        with taking(FileSteps(fatal)):
            try:
                opened = DeskFiles(profile)
            except StorageFullError:
                is_whole = set(profile.folder.glob("journal-salvaged-*")) or kept_in(profile)
                assert is_whole or snapshot(profile) == before
        if opened is not None:
            opened.close()
        check_salvaged(profile, before, FEW, is_told=opened is not None)


@FEWER_IN_SHORT
def test_no_kill_costs_an_act_or_leaves_a_copy_behind(little: Profile, stride: int) -> None:
    before = snapshot(little)
    for fatal in range(1, steps_of(little) + 1, stride):
        profile = again(little)
        with taking(FileSteps(fatal, is_kill=True)), pytest.raises(KilledError):
            DeskFiles(profile)
        check_salvaged(profile, before, FEW)


def test_a_desk_whose_every_salvage_is_killed_does_not_fill_the_disk(little: Profile) -> None:
    before, steps, names = snapshot(little), steps_of(little), set[str]()
    for fatal in range(steps // 4, steps * 3 // 4):
        with taking(FileSteps(fatal, is_kill=True)), pytest.raises(KilledError):
            DeskFiles(little)
        names |= set(snapshot(little)) - set(before)
    assert names
    assert {name.partition(".")[0] for name in names} <= {f"journal-working-{one}" for one in WORKING}
    check_salvaged(little, before, FEW)


@pytest.mark.parametrize(
    ("call", "when"), [("pwrite64", 1), ("pwrite64", 40), ("pwrite64", 250), ("ftruncate", 1), ("fsync", 9)]
)
def test_a_real_kill_costs_nothing_either(damaged: Profile, tmp_path: Path, strace: str, call: str, when: int) -> None:
    before = snapshot(damaged)
    trace = [strace, "-f", "-o", str(tmp_path / "calls"), "-e", f"trace={call}"]
    trace += ["-e", f"inject={call}:signal=KILL:when={when}"]
    command = [*trace, sys.executable, "-m", "tests.cache.salvager", str(damaged.folder)]
    ended = subprocess.run(command, cwd=ROOT, check=False, capture_output=True)
    assert ended.returncode == -signal.SIGKILL
    check_salvaged(damaged, before, MANY)


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


def fill(disk: Path, room: int) -> Path:
    """Leave only so much room; returns the file that takes the rest."""
    filler = disk / "filler"
    filler.write_bytes(bytes(shutil.disk_usage(disk).free - room))
    return filler


@pytest.mark.whole
def test_on_a_nearly_full_disk_nothing_is_lost_changed_or_left_behind(damaged: Profile, small_disk: Path) -> None:
    before, refusals, is_salvaged = snapshot(damaged), 0, False
    for room in range(0, 64 * ROOM_STEP, ROOM_STEP):
        profile = Profile(small_disk / "desk")
        shutil.rmtree(profile.folder, ignore_errors=True)
        shutil.copytree(damaged.folder, profile.folder)
        filler = fill(small_disk, room)
        try:
            DeskFiles(profile).close()
            is_salvaged = True
        except StorageFullError:
            refusals += 1
            assert snapshot(profile) == before
            with pytest.raises(StorageFullError):  # and again at the next start, with no less room
                DeskFiles(profile)
            assert snapshot(profile) == before
        filler.unlink()
        check_salvaged(profile, before, MANY, is_told=is_salvaged)
        if is_salvaged:
            break
    assert is_salvaged
    assert refusals > 10
