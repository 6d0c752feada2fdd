"""A desk's files in a folder of the test's own."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.sync.model import CommandState, Confirmed
from local_cache.journal_schema import clerk
from local_cache.profile import Profile
from tests.cache.damage import ACTS
from tests.cache.desk_files import KEY, DeskFiles
from tests.cache.records import filing, ticket


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    """A prepared, empty profile."""
    made = Profile(tmp_path / "desk")
    made.prepare()
    return made


@pytest.fixture
def desk(profile: Profile) -> Iterator[DeskFiles]:
    """The files of a new desk, open."""
    opened = DeskFiles(profile, KEY)
    yield opened
    opened.close()


@pytest.fixture
def used(desk: DeskFiles) -> DeskFiles:
    """A desk with acts in every state, closed."""
    acts = [filing(f"number {number} " + "x" * 300) for number in range(ACTS)]
    for act in acts:
        desk.record(act)
    desk.mark(acts[3].id, CommandState.REFUSED, reason="no")
    desk.build([])
    desk.confirm(acts[4].id, Confirmed("T4", 9, ticket("T4")))
    with desk.journal.writing() as connection:
        connection.execute(
            clerk.insert().values(
                id="mei", name="Mei", role="clerk", offline_until="", token="t", signed_in_at="", pin_hash="",
                failures=0, tried_at="",
            )
        )  # fmt: skip
    desk.close()
    return desk


@pytest.fixture(scope="session")
def strace() -> str:
    """The tracer, where it is installed and allowed."""
    found = shutil.which("strace")
    if found is None:
        pytest.skip("strace is not installed")
    if subprocess.run([found, "-o", "/dev/null", "true"], check=False, capture_output=True).returncode:
        pytest.skip("strace may not trace here")
    return found
