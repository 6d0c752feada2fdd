"""The back office of the stories: generated once, copied for each."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.line import Line
from tests.stories.real_office import Office, make_database

CUSTOMERS = 120


@pytest.fixture(scope="session")
def operator_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small operator with one clerk."""
    path = tmp_path_factory.mktemp("operator") / "office.db"
    make_database(path, CUSTOMERS)
    return path


@pytest.fixture
def office(operator_database: Path, tmp_path: Path) -> Iterator[Office]:
    """The real back office, a process of its own."""
    database = tmp_path / "office.db"
    for part in operator_database.parent.glob("office.db*"):
        shutil.copy(part, tmp_path / part.name)
    running = Office(database)
    yield running
    running.close()


@pytest.fixture
def line(office: Office) -> Iterator[Line]:
    """The line between desk and back office."""
    relay = Line(office.port)
    yield relay
    relay.close()
