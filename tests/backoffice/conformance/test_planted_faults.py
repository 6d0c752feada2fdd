"""A fault in one operation is found there, and nowhere else."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from starlette.responses import HTMLResponse, JSONResponse

from backoffice.store import Store
from tests.backoffice.conformance.examined import ExaminedOffice
from tests.backoffice.conformance.examiner import Examiner
from tests.backoffice.conformance.outcomes import Outcome
from tests.backoffice.conformance.overlay import corrected, overlay
from tests.backoffice.conformance.planted import Change, Planted
from tests.backoffice.conformance.records import Records
from tests.backoffice.contract import needs_swaggers
from tests.backoffice.helpers import CUSTOMERS
from tests.fakes.clock import FakeClock
from upkeep.swaggers import swaggers

ONE, LIST = "TMF629 GET /customer/{id}", "TMF629 GET /customer"
PLANTS: dict[str, Change] = {
    "Server error": lambda _: JSONResponse({"code": "internal", "reason": "A bug."}, 500),
    "Response violates schema at /name": lambda answer: JSONResponse({**answer.json(), "name": 5}),
    'Response violates schema at /: "engagedParty" is a required': lambda _: JSONResponse({"name": "x"}),
    "Undocumented Content-Type": lambda answer: HTMLResponse(answer.text),
    "Undocumented status code": lambda answer: JSONResponse(answer.json(), 203),
}


def examined(folder: Path, below: str, change: Change) -> list[Outcome]:
    """What is found of customers where successful answers of GET are changed."""
    swagger = next(one for one in swaggers() if one.name.startswith("TMF629"))
    with (
        closing(Store.open(str(folder / "office.db"))) as store,
        ExaminedOffice(store, Records(store, spare=9), FakeClock()) as office,
    ):
        office.app = Planted(office.app, "GET", below, change)
        return list(Examiner((office,), examples=3).examine(corrected(swagger, overlay().correction)))


@needs_swaggers
@pytest.mark.parametrize("title", PLANTS)
def test_a_planted_fault_is_found_where_it_is_and_nowhere_else(tmp_path: Path, title: str) -> None:
    outcomes = examined(tmp_path, f"{CUSTOMERS}/", PLANTS[title])
    assert [one.operation for one in outcomes if one.fails] == [ONE]
    found = next(one for one in outcomes if one.fails)
    assert any(fault.startswith(title) for fault in found.faults), found.told()


@needs_swaggers
def test_an_operation_that_refuses_everything_fails(tmp_path: Path) -> None:
    refused = examined(tmp_path, f"{CUSTOMERS}/", lambda _: JSONResponse({"code": "x", "reason": "No."}, 409))
    assert [(one.operation, one.faults) for one in refused if one.fails] == [(ONE, {})]


@needs_swaggers
def test_a_list_that_is_always_empty_fails(tmp_path: Path) -> None:
    empty = examined(tmp_path, CUSTOMERS, lambda answer: JSONResponse([] if answer.text[0] == "[" else answer.json()))
    assert [(one.operation, one.faults) for one in empty if one.fails] == [(LIST, {})]
