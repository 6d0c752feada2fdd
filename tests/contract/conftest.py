"""A back office process for each test that asks for one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.office_process import ForeignProcess, OfficeProcess


@pytest.fixture
def office(tmp_path: Path) -> Iterator[OfficeProcess]:
    """An empty back office."""
    process = OfficeProcess(tmp_path)
    process.start()
    yield process
    process.kill()


@pytest.fixture
def foreign(tmp_path: Path) -> Iterator[ForeignProcess]:
    """An empty back office of somebody else's."""
    process = ForeignProcess(tmp_path)
    process.start()
    yield process
    process.kill()


@pytest.fixture(params=["office", "foreign"])
def any_office(request: pytest.FixtureRequest) -> OfficeProcess:
    """Ours, and somebody else's."""
    process: OfficeProcess = request.getfixturevalue(request.param)
    return process
