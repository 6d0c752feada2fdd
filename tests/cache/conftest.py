"""A desk's files in a folder of the test's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from local_cache.profile import Profile
from tests.cache.desk_files import KEY, DeskFiles


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
