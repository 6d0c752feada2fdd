"""Back offices for the tests of this folder, each on both database engines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from backoffice.store import Store
from backoffice.web.context import Options
from tests.backoffice.helpers import RunningServer
from tests.backoffice.office import Office
from tests.backoffice.postgresql import Cluster, binaries
from tests.fakes.clock import FakeClock


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What no database could make come out otherwise runs on SQLite, and on PostgreSQL in the long form."""
    for item in items:
        engines = getattr(item, "callspec", None)
        if item.get_closest_marker("one_engine") and engines and "postgresql" in engines.params.values():
            item.add_marker(pytest.mark.whole)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL server for all tests."""
    programs = binaries()
    if programs is None:
        pytest.skip("no PostgreSQL server is installed")
    running = Cluster(programs)
    yield running
    running.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database: a path, or a URL."""
    if request.param == "sqlite":
        yield str(tmp_path / "office.db")
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    url = cluster.database()
    yield url
    cluster.drop(url)


@pytest.fixture
def store(database: str, clock: FakeClock) -> Iterator[Store]:
    """The database, opened."""
    with closing(Store.open(database, clock)) as opened:
        yield opened


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def lasting_store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """An opened database for all tests of a module, which fill it once and only ask afterwards."""
    with ExitStack() as stack:
        if request.param == "sqlite":
            database = str(tmp_path_factory.mktemp("office") / "office.db")
        else:
            cluster: Cluster = request.getfixturevalue("cluster")
            database = cluster.database()
            stack.callback(cluster.drop, database)
        yield stack.enter_context(closing(Store.open(database)))


@pytest.fixture
def clock() -> FakeClock:
    """The time as the server sees it."""
    return FakeClock()


@pytest.fixture
def server(database: str, clock: FakeClock) -> Iterator[RunningServer]:
    """A server that asks for tokens and misbehaves when told to."""
    running = RunningServer(database, Options(test_faults=True, heartbeat_seconds=0.2), clock)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def office(store: Store, clock: FakeClock) -> Office:
    """A back office without HTTP."""
    return Office(store, clock)
