"""What was said to be saved is on the disk: at a kill, beside another writer, on a full disk and on one that fails."""

from __future__ import annotations

import random
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.core.errors import StorageError, StorageFullError
from local_cache import cipher
from local_cache.journal_schema import command
from local_cache.profile import Profile
from tests.cache.desk_files import DeskFiles
from tests.cache.records import change, customer, filing

ROOT = Path(__file__).parents[2]
ROUNDS = 10


def recorder(profile: Profile, count: int, *before: str) -> list[str]:
    return [*before, sys.executable, "-m", "tests.cache.recorder", str(profile.folder), str(count)]


def recorded(profile: Profile) -> set[str]:
    """The ids in the journal, which opens without a salvage and whose audit chain holds."""
    desk = DeskFiles(profile)
    try:
        assert desk.salvaged is None
        assert desk.broken_at() is None
        with desk.journal.reading() as connection:
            return set(connection.execute(select(command.c.id)).scalars())
    finally:
        desk.close()


def saved_in(lines: list[str]) -> set[str]:
    return {line.removeprefix("saved ") for line in lines if line.startswith("saved ")}


@pytest.fixture
def two_recorders(profile: Profile) -> Iterator[list[subprocess.Popen[str]]]:
    """Two processes that record into one journal."""
    started = [
        subprocess.Popen(recorder(profile, 0), cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]  # fmt: skip
    yield started
    for process in started:
        process.kill()
        with process:
            continue


def test_two_processes_write_at_once_and_each_waits_for_the_other(
    profile: Profile, two_recorders: list[subprocess.Popen[str]]
) -> None:
    printed = []
    for process in two_recorders:
        assert process.stdout is not None
        printed += [process.stdout.readline().strip() for _ in range(60)]
    for process in two_recorders:
        process.kill()
        assert process.stdout is not None
        printed += process.stdout.read().split("\n")[:-1]
    assert not [line for line in printed if line.startswith("failed")]
    assert len(saved_in(printed)) >= 58
    assert saved_in(printed) <= recorded(profile)


def test_no_kill_loses_what_was_said_to_be_saved(profile: Profile) -> None:
    chance, printed = random.Random(7), set()  # noqa: S311 - any numbers will do
    for _ in range(ROUNDS):
        with subprocess.Popen(recorder(profile, 0), cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            lines = [process.stdout.readline().strip() for _ in range(chance.randrange(1, 30))]
            process.kill()
            lines += process.stdout.read().split("\n")[:-1]
        printed |= saved_in(lines)
    assert len(printed) > ROUNDS
    assert printed <= recorded(profile)


def test_the_act_is_synced_to_the_disk_before_it_is_said_to_be_saved(
    profile: Profile, strace: str, tmp_path: Path
) -> None:
    log = tmp_path / "calls"
    trace = [strace, "-f", "-y", "-s", "64", "-e", "trace=fsync,fdatasync,pwrite64,write", "-o", str(log)]
    subprocess.run(recorder(profile, 1, *trace), cwd=ROOT, check=True, capture_output=True)
    calls = log.read_text(encoding="utf-8", errors="replace").splitlines()
    began = next(number for number, call in enumerate(calls) if re.search(r'write\(1<.*"recording', call))
    said = next(number for number, call in enumerate(calls) if re.search(r'write\(1<.*"saved', call))
    inserted = [n for n in range(began, said) if re.search(r"pwrite64\(\d+<.*/journal\.db-wal>", calls[n])]
    synced = [n for n in range(began, said) if re.search(r"(fsync|fdatasync)\(\d+<.*/journal\.db-wal>\) = 0", calls[n])]
    assert inserted
    assert max(synced) > max(inserted)


@pytest.mark.parametrize(
    ("call", "first", "error", "told"),
    [
        *(("pwrite64", first, "ENOSPC", "StorageFullError") for first in (1, 8, 30)),
        *(("pwrite64", first, "EIO", "StorageError") for first in (1, 8, 30)),
        *(("fsync", first, "EIO", "StorageError") for first in (1, 4, 8)),
    ],
)
def test_a_disk_that_refuses_for_a_while_loses_nothing_and_lies_about_nothing(
    profile: Profile, strace: str, tmp_path: Path, call: str, first: int, error: str, told: str
) -> None:
    last = first + (3 if call == "fsync" else 12)
    trace = [strace, "-f", "-o", str(tmp_path / "calls"), "-e", f"trace={call}"]
    trace += ["-e", f"inject={call}:error={error}:when={first}..{last}"]
    for suffix in ("", "-wal"):
        trace += ["-P", f"{profile.journal}{suffix}"]
    done = subprocess.run(recorder(profile, 12, *trace), cwd=ROOT, check=True, capture_output=True, text=True)
    lines = done.stdout.splitlines()
    assert {line for line in lines if line.startswith("failed")} <= {f"failed {told}"}
    assert f"failed {told}" in lines
    assert len(saved_in(lines)) == 12
    assert recorded(profile) == saved_in(lines)


@contextmanager
def no_room_left() -> Iterator[None]:
    """Files that are opened meanwhile cannot grow."""
    connect = cipher.connect

    def connect_without_room(path: Path, key: bytes, **how: bool) -> Any:
        connection = connect(path, key, **how)
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")
        return connection

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cipher, "connect", connect_without_room)
        yield


def test_a_full_disk_is_said_to_be_full_and_work_goes_on_when_there_is_room(desk: DeskFiles) -> None:
    desk.record(filing("before"))
    desk.close()
    failed = 0
    with no_room_left():
        desk.open()
        for number in range(60):
            try:
                desk.record(filing(f"number {number} " + "x" * 500))
            except StorageFullError:
                failed += 1
                assert desk.broken_at() is None
        saved = desk.commands()
        assert failed > 30
        assert saved == 61 - failed == len(desk.tickets())
        desk.close()
    desk.open()
    desk.record(filing("there is room again"))
    assert desk.commands() == saved + 1
    assert desk.broken_at() is None


def test_a_copy_that_does_not_fit_is_not_half_there(desk: DeskFiles) -> None:
    desk.build([change("customer", 1, customer("C1"))])
    desk.close()
    news = [change("customer", number, customer(f"C{number}", "x" * 500)) for number in range(2, 300)]
    with no_room_left():
        desk.open()
        with pytest.raises(StorageFullError):
            desk.feed(*news, cursor="e1.300")
        assert desk.mirror.state().cursor == "e1.0"
        desk.close()
    desk.open()
    desk.feed(*news, cursor="e1.300")
    assert desk.mirror.state().cursor == "e1.300"


def test_an_act_that_cannot_get_the_lock_is_not_saved_and_says_so(
    desk: DeskFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cipher, "_BUSY_S", 0.05)
    desk.close()
    desk.open()
    with desk.sync_journal.writing(), pytest.raises(StorageError):
        desk.record(filing())
    assert desk.commands() == 0
    desk.record(filing())
    assert desk.commands() == 1
