"""A whole folder imported on both database engines: sound, as the specification wants it, each in their territory."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from backoffice.querying import Compare, Condition, Query, find
from backoffice.resources import RESOURCES
from backoffice.scopes import EVERYTHING, Scope
from backoffice.store import Store
from backoffice.verifying import verified
from tests.backoffice.contract import faults_in, needs_swaggers
from tests.importing.folders import detail
from tests.importing.look_alikes import whole_folder
from tests.importing.runs import Imported, run_import


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Every section; the first customer lives in another postal area than all others."""
    made = whole_folder(tmp_path / "in")
    made.detail = [detail(row[0], Zipcode="94103") if row[0] == "0000-ABCDE" else row for row in made.detail]
    made.write()
    return made.path


def imported(folder: Path, database: str) -> Imported:
    return run_import(folder, database, contacts_seed=1, attach_seed=2, report=folder / "report.csv")


@needs_swaggers
def test_everything_that_is_imported_is_as_the_specification_wants_it(folder: Path, database: str) -> None:
    found = imported(folder, database)
    assert {collection for collection, _ in found.bodies} <= RESOURCES.keys()
    faults = {key: faults for key, body in found.bodies.items() if (faults := faults_in(key[0], body))}
    assert faults == {}


def test_what_is_imported_fits_together(folder: Path, database: str) -> None:
    found = imported(folder, database)
    with closing(Store.open(database)) as store:
        checked = verified(store)
    assert checked.problems == ()
    assert checked.documents == len(found.bodies) == found.count.documents.inserted


def test_a_second_import_takes_no_revision(folder: Path, database: str) -> None:
    first = imported(folder, database)
    with closing(Store.open(database)) as store, store.reading(EVERYTHING) as reader:
        before = reader.position()
    second = imported(folder, database)
    with closing(Store.open(database)) as store, store.reading(EVERYTHING) as reader:
        assert reader.position() == before
    assert second.count.documents.unchanged == first.count.documents.inserted


def test_who_sees_one_postal_area_sees_its_customers_with_all_of_theirs_and_no_others(
    folder: Path, database: str
) -> None:
    found = imported(folder, database)
    with closing(Store.open(database)) as store, store.reading(Scope(frozenset({"US-941"}))) as reader:
        seen = {(one.collection, one.id) for one in reader.page_after(("", ""), 1_000)}
    assert [key for collection, key in sorted(seen) if collection == "customer"] == ["0000-ABCDE"]
    for collection in ("individual", "billingAccount", "product", "service", "customerBill"):
        theirs = {key for key in found.ids(collection) if "0000-ABCDE" in key}
        assert theirs
        assert {key for held, key in seen if held == collection} == theirs
    assert {key for held, key in seen if held == "productOffering"} == set(found.ids("productOffering"))


def test_whom_a_device_serves_is_found_by_a_declared_column(folder: Path, database: str) -> None:
    found = imported(folder, database)
    on_devices = {key: found.body("service", key)["supportingResource"] for key in found.ids("service")}
    device = next(held[0]["id"] for held in on_devices.values() if held)
    expected = sorted(key for key, held in on_devices.items() if held and held[0]["id"] == device)
    with closing(Store.open(database)) as store, store.reading(EVERYTHING) as reader:
        condition = Condition("supportingResource.id", Compare.EQ, (device,))
        served = find(reader, Query("service", (condition,), limit=1_000))[0]
    assert [one.id for one in served] == expected
