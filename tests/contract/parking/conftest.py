"""A back office, and two desks of a hall."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from backoffice.web.context import Options
from tests.backoffice.helpers import RunningServer
from tests.contract.parking.hall_desk import Desks, HallDesk
from tests.fakes.clock import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    """The back office's time."""
    return FakeClock()


@pytest.fixture
def server(tmp_path: Path, clock: FakeClock) -> Iterator[RunningServer]:
    """The real back office, in a thread."""
    running = RunningServer(str(tmp_path / "office.db"), Options(), clock)
    running.start()
    yield running
    running.stop()


@pytest.fixture
async def desks(tmp_path: Path, server: RunningServer) -> AsyncIterator[Desks]:
    """Two desks of one hall that know of each other."""
    pair = HallDesk(tmp_path / "one", server, "mei"), HallDesk(tmp_path / "other", server, "li")
    for desk in pair:
        await desk.look()
    yield pair
    for desk in pair:
        await desk.close()
