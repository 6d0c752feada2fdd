"""Back offices for the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from backoffice.store import Store
from backoffice.web.context import Options
from tests.backoffice.helpers import RunningServer
from tests.fakes.clock import FakeClock


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty database."""
    with closing(Store.open(str(tmp_path / "store.db"))) as opened:
        yield opened


@pytest.fixture
def clock() -> FakeClock:
    """The time as the server sees it."""
    return FakeClock()


@pytest.fixture
def server(tmp_path: Path, clock: FakeClock) -> Iterator[RunningServer]:
    """A server that asks for tokens and misbehaves when told to."""
    running = RunningServer(tmp_path / "server.db", Options(test_faults=True, heartbeat_seconds=0.2), clock)
    running.start()
    yield running
    running.stop()
