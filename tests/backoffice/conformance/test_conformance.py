"""Every operation answers as its swagger says, and does what it is asked; on PostgreSQL in the long form."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest

from backoffice.store import Store
from tests.backoffice.conformance.examined import ExaminedOffice
from tests.backoffice.conformance.examiner import Examiner
from tests.backoffice.conformance.overlay import corrected, overlay
from tests.backoffice.conformance.records import Records
from tests.backoffice.contract import needs_swaggers
from tests.backoffice.postgresql import Cluster
from tests.fakes.clock import FakeClock
from upkeep.swaggers import Swagger, swaggers

EXAMPLES = 3  # script/contract asks many more

Filled = tuple[Store, Records]


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.whole)])
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Filled]]:
    """A database with records of every kind."""
    with ExitStack() as stack:
        if request.param == "sqlite":
            database = str(tmp_path_factory.mktemp("office") / "office.db")
        else:
            cluster: Cluster = request.getfixturevalue("cluster")
            database = cluster.database()
            stack.callback(cluster.drop, database)
        store = stack.enter_context(closing(Store.open(database)))
        yield [(store, Records(store, spare=3 * EXAMPLES))]


@needs_swaggers
@pytest.mark.timeout(600)  # seconds; the largest swagger takes ten where nobody else is at work
@pytest.mark.parametrize("swagger", swaggers() or [None], ids=lambda one: one and one.name)
def test_every_operation_answers_as_its_swagger_says(filled: list[Filled], swagger: Swagger) -> None:
    with ExitStack() as stack:
        offices = [stack.enter_context(ExaminedOffice(store, records, FakeClock())) for store, records in filled]
        outcomes = list(Examiner(tuple(offices), EXAMPLES).examine(corrected(swagger, overlay().correction)))
    assert [one.told() for one in outcomes if one.fails] == []
    assert {one.statuses.total() for one in outcomes} == {EXAMPLES}
