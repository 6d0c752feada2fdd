"""A torn end of the write-ahead log is told from lost commits, and lost commits can be had back."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from local_cache import cipher
from local_cache.write_log import PAGE_SIZE, log_of, loses_commits, mended

KEY = bytes(range(32))
HEADER, FRAME = 32, 24 + PAGE_SIZE


@pytest.fixture
def crashed(tmp_path: Path) -> Path:
    """A database as a kill leaves it: 20 commits, all of them in the log only."""
    running, left = tmp_path / "running.db", tmp_path / "running-left.db"
    connection = cipher.connect(running, KEY, full_sync=True)
    connection.execute("CREATE TABLE act (number INTEGER PRIMARY KEY, words TEXT)")
    for number in range(20):
        connection.execute("INSERT INTO act VALUES (?, ?)", (number, "x" * 3_000))
    shutil.copyfile(running, left)
    shutil.copyfile(log_of(running), log_of(left))
    connection.close()
    return left


def rows(database: Path) -> list[int]:
    connection = cipher.connect(database, KEY, full_sync=True)
    try:
        return [row[0] for row in connection.execute("SELECT number FROM act ORDER BY number")]
    finally:
        connection.close()


def spoil(log: Path, place: int) -> None:
    with log.open("rb+") as file:
        file.seek(place)
        file.write(b"\x55\xaa\x55\xaa")


def frames_in(log: Path) -> int:
    return (log.stat().st_size - HEADER) // FRAME


def test_a_log_as_a_kill_leaves_it_loses_nothing(crashed: Path) -> None:
    assert not loses_commits(log_of(crashed))
    assert rows(crashed) == list(range(20))


def test_no_log_and_an_empty_one_lose_nothing(tmp_path: Path) -> None:
    assert not loses_commits(tmp_path / "no.db-wal")
    (tmp_path / "empty.db-wal").touch()
    assert not loses_commits(tmp_path / "empty.db-wal")


@pytest.mark.parametrize("cut", [1, 100, FRAME, FRAME + 1])
def test_a_torn_end_is_what_a_power_cut_leaves(crashed: Path, cut: int) -> None:
    log = log_of(crashed)
    log.write_bytes(log.read_bytes()[:-cut])
    assert not loses_commits(log)


@pytest.mark.parametrize(
    "place", [0, 20, HEADER + 5, HEADER + 8, HEADER + 16, HEADER + 500, HEADER + 9 * FRAME + 500]
)  # fmt: skip
def test_commits_behind_a_damaged_place_are_missed(crashed: Path, place: int) -> None:
    spoil(log_of(crashed), place)
    assert loses_commits(log_of(crashed))


def test_frames_of_an_older_generation_behind_a_new_one_are_no_loss(tmp_path: Path) -> None:
    database = tmp_path / "running.db"
    connection = cipher.connect(database, KEY, full_sync=True)
    connection.execute("CREATE TABLE act (number INTEGER PRIMARY KEY, words TEXT)")
    for number in range(10):
        connection.execute("INSERT INTO act VALUES (?, ?)", (number, "x" * 3_000))
    connection.execute("PRAGMA wal_checkpoint(RESTART)")
    connection.execute("INSERT INTO act VALUES (10, 'first of the new generation')")
    assert frames_in(log_of(database)) > 5
    assert not loses_commits(log_of(database))
    connection.close()


@pytest.mark.parametrize("place", [4, 20, HEADER + 16], ids=["header", "salt", "sum of the first frame"])
def test_a_mended_log_gives_back_all_commits_whose_pages_are_sound(crashed: Path, place: int) -> None:
    log = log_of(crashed)
    spoil(log, place)
    again = mended(log.read_bytes())
    log.write_bytes(again.content)
    assert not again.may_lack_commits
    assert not loses_commits(log)
    assert rows(crashed) == list(range(20))


@pytest.mark.parametrize("filling", [b"\x00", b"\x55"])
@pytest.mark.parametrize("length", [64, 512, PAGE_SIZE])
def test_a_log_whose_beginning_is_gone_gives_back_the_rest_and_says_so(
    crashed: Path, length: int, filling: bytes
) -> None:
    log = log_of(crashed).read_bytes()
    again = mended(filling * length + log[length:])
    assert again.may_lack_commits
    assert len(again.content) == len(log) - FRAME
    assert again.content[HEADER + 24 :: FRAME] == log[HEADER + 24 + FRAME :: FRAME]


@pytest.mark.parametrize("length", [0, 10, HEADER, HEADER + FRAME - 1])
def test_a_log_without_a_whole_frame_holds_nothing_and_lacks_nothing(crashed: Path, length: int) -> None:
    again = mended(log_of(crashed).read_bytes()[:length])
    assert (again.content, again.may_lack_commits) == (b"", False)
