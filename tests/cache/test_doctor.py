"""The doctor says what is ill, and touches nothing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete

from app.bootstrap.doctor import examine
from app.bootstrap.places import DEMONSTRATION_KEY, Arguments
from app.sync.model import CommandState, SnapshotPage, SnapshotStart
from local_cache.journal_schema import audit
from local_cache.keys.keeper import KeyKeeper
from local_cache.keys.slots import Slots, check_value, write_slots
from local_cache.other_key import KeyOfOtherDataError
from local_cache.profile import Profile
from local_cache.write_log import PAGE_SIZE, log_of
from tests.cache.desk_files import KEY, DeskFiles
from tests.cache.records import change, customer, filing
from tests.fakes.clock import NOON

ROOT = Path(__file__).parents[2]
OTHER_KEY = bytes(32)
Doctor = Callable[[], tuple[int, dict[str, Any]]]


@pytest.fixture
def doctor(profile: Profile, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Doctor:
    """Examine the profile; returns the exit code and the findings."""
    monkeypatch.setenv(DEMONSTRATION_KEY, KEY.hex())

    def examined() -> tuple[int, dict[str, Any]]:
        code = examine(Arguments(profile=profile.folder, doctor=True, json=True))
        return code, json.loads(capsys.readouterr().out)

    return examined


@pytest.fixture
def used(profile: Profile) -> Iterator[DeskFiles]:
    """A demonstration desk with a copy and acts in two states, open."""
    KeyKeeper(profile, KEY).find()
    desk = DeskFiles(profile)
    desk.build([change("customer", number, customer(f"C{number}")) for number in range(1, 60)], cursor="e1.59")
    acts = [filing(f"number {number}") for number in range(10)]
    for act in acts:
        desk.record(act)
    desk.mark(acts[0].id, CommandState.REFUSED)
    yield desk
    desk.close()


def content(folder: Path) -> dict[str, bytes]:
    """Every file but the shared memory of a database that is open, which readers write too."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.endswith("-shm")}


def spoil(path: Path, place: int) -> None:
    with path.open("rb+") as file:
        file.seek(place)
        file.write(b"\x55" * 64)


def test_a_desk_that_was_never_opened_is_healthy_and_stays_untouched(profile: Profile) -> None:
    profile.folder.rmdir()
    command = [sys.executable, "main.py", "--doctor", "--json", "--profile", str(profile.folder)]
    answer = subprocess.run(
        command, cwd=ROOT, env={**os.environ, DEMONSTRATION_KEY: KEY.hex()}, check=False, capture_output=True, text=True
    )  # fmt: skip
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout)["healthy"] is True
    assert not profile.folder.exists()
    assert not profile.folder.with_name(f"{profile.folder.name}-backoffice").exists()


def test_an_empty_profile_stays_empty(doctor: Doctor, profile: Profile) -> None:
    assert doctor()[0] == 0
    assert list(profile.folder.iterdir()) == []


def test_a_home_in_which_nobody_was_seen_is_told(doctor: Doctor, used: DeskFiles) -> None:
    used.mirror.begin(SnapshotStart("e1", "e1.59", 0, ("Xihuu",)))
    used.mirror.add(SnapshotPage((), ""))
    used.mirror.finish(NOON)
    code, found = doctor()
    assert (code, found["home"]) == (1, "")
    assert found["troubles"] == ["home: head office showed nobody in Xihuu when this copy was made."]


def test_a_healthy_desk_is_described_while_it_runs_and_nothing_is_changed(
    doctor: Doctor, used: DeskFiles, profile: Profile
) -> None:
    before = content(profile.folder)
    code, found = doctor()
    assert (code, found["troubles"]) == (0, [])
    assert (found["journal"], found["audit_chain"], found["mirror"]) == ("ok", "ok", "ok, file 1")
    assert (found["cursor"], found["waiting"], found["needs_you"]) == ("e1.59", 9, 1)
    assert found["key"] == "demonstration (from script/run)"
    assert found["libraries"]["sqlcipher3"]
    assert content(profile.folder) == before
    used.record(filing("the desk works on"))


def test_a_closed_desk_is_examined_without_a_trace(doctor: Doctor, used: DeskFiles, profile: Profile) -> None:
    used.close()
    names, before = sorted(path.name for path in profile.folder.iterdir()), content(profile.folder)
    assert doctor()[0] == 0
    assert sorted(path.name for path in profile.folder.iterdir()) == names
    assert content(profile.folder) == before
    used.open()


def test_a_killed_desk_is_examined_without_losing_its_log(doctor: Doctor, used: DeskFiles, profile: Profile) -> None:
    aside = profile.folder.with_name("aside")
    shutil.copytree(profile.folder, aside)  # as a kill would leave it
    used.close()
    shutil.rmtree(profile.folder)
    aside.rename(profile.folder)
    before = content(profile.folder)
    code, found = doctor()
    assert (code, found["waiting"]) == (0, 9)
    assert content(profile.folder) == before
    used.open()


@pytest.mark.parametrize("place", [0, 20, PAGE_SIZE + 100, 5 * PAGE_SIZE + 100])
def test_a_damaged_mirror_is_told_and_left_to_the_desk(
    doctor: Doctor, used: DeskFiles, profile: Profile, place: int
) -> None:
    used.close()
    spoil(profile.mirror(1), place)
    before = content(profile.folder)
    code, found = doctor()
    assert (code, found["journal"], found["mirror"]) == (1, "ok", "damaged")
    assert content(profile.folder) == before
    used.open()
    used.build([])
    assert doctor()[0] == 0


@pytest.mark.parametrize("place", [0, 20, PAGE_SIZE + 100, 5 * PAGE_SIZE + 100])
def test_a_damaged_journal_is_told_and_well_again_once_the_desk_has_salvaged_it(
    doctor: Doctor, used: DeskFiles, profile: Profile, place: int
) -> None:
    used.close()
    spoil(profile.journal, place)
    before = content(profile.folder)
    code, found = doctor()
    assert (code, found["journal"], found["mirror"], found["healthy"]) == (1, "damaged", "not checked", False)
    assert content(profile.folder) == before
    used.open()
    code, found = doctor()
    assert (code, "journal-damaged-" in found["salvage"]) == (0, True)
    assert used.salvaged is not None
    assert found["salvage"].endswith(f", lost acts: {used.salvaged.listed or 'none'}")
    assert place > PAGE_SIZE or found["salvage"].endswith("none")


def test_a_log_that_would_lose_acts_is_told(doctor: Doctor, used: DeskFiles, profile: Profile) -> None:
    aside = profile.folder.with_name("aside")
    shutil.copytree(profile.folder, aside)
    used.close()
    shutil.rmtree(profile.folder)
    aside.rename(profile.folder)
    spoil(log_of(profile.journal), 100)
    assert doctor()[1]["journal"] == "damaged"
    used.open()
    assert doctor()[0] == 0


@pytest.mark.parametrize("missing", ["journal.db", "mirror-1.db"])
def test_a_file_that_is_missing_is_told(doctor: Doctor, used: DeskFiles, profile: Profile, missing: str) -> None:
    used.close()
    (profile.folder / missing).unlink()
    assert doctor()[0] == 1
    used.open()


def test_a_broken_audit_chain_is_told(doctor: Doctor, used: DeskFiles) -> None:
    with used.journal.writing() as connection:
        connection.execute(delete(audit).where(audit.c.sequence == 4))
    code, found = doctor()
    assert (code, found["audit_chain"]) == (1, "broken at entry 4")


def test_without_its_key_nothing_is_checked_and_that_is_not_healthy(
    doctor: Doctor, used: DeskFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(DEMONSTRATION_KEY)
    code, found = doctor()
    assert (code, found["journal"], found["mirror"]) == (1, "not checked", "not checked")
    assert used.commands() == 10


@pytest.mark.parametrize("harm", [None, 0, 20], ids=["sound", "broken salt", "broken page"])
def test_a_key_of_other_data_is_told_and_nothing_is_checked_or_changed(
    doctor: Doctor, used: DeskFiles, profile: Profile, monkeypatch: pytest.MonkeyPatch, harm: int | None
) -> None:
    used.close()
    if harm is not None:
        spoil(profile.journal, harm)
    profile.slots.unlink()
    write_slots(profile.slots, Slots(check_value(OTHER_KEY), demonstration=True))
    monkeypatch.setenv(DEMONSTRATION_KEY, OTHER_KEY.hex())
    before = content(profile.folder)
    code, found = doctor()
    assert (code, found["journal"], found["mirror"]) == (1, "not checked", "not checked")
    assert found["troubles"] == [KeyOfOtherDataError.text]
    assert content(profile.folder) == before
    used.open()


def test_data_without_slots_and_damaged_slots_are_not_healthy(
    doctor: Doctor, used: DeskFiles, profile: Profile
) -> None:
    profile.slots.write_text("{")
    assert doctor()[0] == 1
    profile.slots.unlink()
    assert doctor()[0] == 1
    assert not profile.slots.exists()
    assert used.commands() == 10


def test_the_findings_are_also_written_for_people(
    used: DeskFiles, profile: Profile, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(DEMONSTRATION_KEY, KEY.hex())
    assert examine(Arguments(profile=profile.folder, doctor=True)) == 0
    shown = capsys.readouterr().out
    assert "verdict  healthy" in shown
    assert "audit chain  ok" in shown
    assert used.commands() == 10
