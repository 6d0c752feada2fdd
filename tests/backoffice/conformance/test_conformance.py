"""Every operation answers as its swagger says, and does what it is asked; on PostgreSQL in the long form."""

from __future__ import annotations

import pytest

from backoffice.store import Store
from tests.backoffice.conformance.examined import ExaminedOffice
from tests.backoffice.conformance.examiner import Examiner
from tests.backoffice.conformance.overlay import corrected, overlay
from tests.backoffice.conformance.records import Records
from tests.backoffice.contract import needs_swaggers
from tests.fakes.clock import FakeClock
from upkeep.swaggers import Swagger, swaggers

EXAMPLES = 3  # script/contract asks many more

Filled = tuple[Store, Records]
ON_EACH = pytest.mark.parametrize(
    "lasting_store", ["sqlite", pytest.param("postgresql", marks=pytest.mark.whole)], indirect=True, scope="module"
)


@pytest.fixture(scope="module")
def filled(lasting_store: Store) -> Filled:
    """A database with records of every kind."""
    return lasting_store, Records(lasting_store, spare=3 * EXAMPLES)


@needs_swaggers
@ON_EACH
@pytest.mark.timeout(600)  # seconds; the largest swagger takes ten where nobody else is at work
@pytest.mark.parametrize("swagger", swaggers() or [None], ids=lambda one: one and one.name)
def test_every_operation_answers_as_its_swagger_says(filled: Filled, swagger: Swagger) -> None:
    with ExaminedOffice(*filled, FakeClock()) as office:
        outcomes = list(Examiner((office,), EXAMPLES).examine(corrected(swagger, overlay().correction)))
    assert [one.told() for one in outcomes if one.fails] == []
    assert {one.statuses.total() for one in outcomes} == {EXAMPLES}
