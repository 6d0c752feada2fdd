"""A back office process for each test that asks for one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.office_process import OfficeProcess


@pytest.fixture
def office(tmp_path: Path) -> Iterator[OfficeProcess]:
    """An empty back office."""
    process = OfficeProcess(tmp_path)
    process.start()
    yield process
    process.kill()
