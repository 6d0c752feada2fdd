"""No correction to the swaggers outlives its reason."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from backoffice.store import Store
from tests.backoffice.conformance.examined import ExaminedOffice
from tests.backoffice.conformance.examiner import Examiner
from tests.backoffice.conformance.overlay import Correction, corrected, overlay
from tests.backoffice.conformance.records import Records
from tests.backoffice.contract import needs_swaggers
from tests.fakes.clock import FakeClock
from upkeep.swaggers import Swagger, swaggers

EXAMPLES = 12  # so that chance brings a negative number and a page that is not the whole list


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(Store.open(str(tmp_path / "office.db"))) as opened:
        yield opened


def went_wrong(store: Store, operation: str, corrections: tuple[Correction, ...]) -> int:
    """How much of what an operation was asked it refused or answered wrongly."""
    api = operation.partition(" ")[0]
    swagger = next(one for one in swaggers() if one.name.startswith(api))
    with ExaminedOffice(store, Records(store, spare=EXAMPLES), FakeClock()) as office:
        examined = Examiner((office,), EXAMPLES).examine(corrected(swagger, corrections), operation)
        return sum(one.wrong for one in examined)


@pytest.mark.whole
@needs_swaggers
@pytest.mark.parametrize("correction", overlay().correction, ids=lambda one: one.reason)
def test_an_operation_fares_worse_without_the_correction(store: Store, correction: Correction) -> None:
    others = tuple(one for one in overlay().correction if one is not correction)
    with_it = went_wrong(store, correction.shown_by, overlay().correction)
    assert went_wrong(store, correction.shown_by, others) > with_it


def test_a_correction_changes_only_what_it_names() -> None:
    given = {"paths": {"/a": {"get": {"x": 1}}, "/b": {"get": {"x": 2}}}, "basePath": "/tmf-api/a/v4/"}
    correction = Correction("why", "A GET /a", ("paths", "*", "get"), holding={"x": 2}, set={"y": 3}, drop=("x",))
    made = corrected(Swagger("A", given), (correction,)).document["paths"]
    assert made == {"/a": {"get": {"x": 1}}, "/b": {"get": {"y": 3}}}
    assert given["paths"] == {"/a": {"get": {"x": 1}}, "/b": {"get": {"x": 2}}}
