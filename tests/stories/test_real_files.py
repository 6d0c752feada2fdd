"""The public files themselves, where they lie beside the checkout: all of them come in, and a desk finds every customer."""

from __future__ import annotations

import collections
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from backoffice.importing.payloads import PREFIX
from tests.backoffice.contract import faults_in, needs_swaggers
from tests.importing.runs import Imported, digests, every, run_import
from tests.stories.counter import Counter, counter, start_at
from tests.stories.real_office import ROOT, Office, add_clerk
from ui.customer.page import CustomerPage

FILES = ROOT.parent / "shared" / "data"
SECTIONS = {  # rows, taken, refused
    "alarms": (34_838, 34_838, 0),
    "customers": (7_043, 7_043, 0),
    "catalogue": (10, 10, 0),
    "partners": (40, 40, 0),
    "populations": (1_671, 1_671, 0),
    "complaints": (2_224, 2_224, 0),
    "samples": (116, 90, 26),
    "quality": (24_616, 24_616, 0),
    "topology": (1_898, 1_898, 0),
    "regions": (3_351, 3_351, 0),
    "operators": (3_094, 3_094, 0),
}
PRICES = {
    **{"phone": 20, "second-line": 5, "dsl-internet": 25, "fiber-internet": 50, "streaming-tv": 10},
    **{"streaming-movies": 10, "online-security": 5, "online-backup": 5},
    **{"device-protection": 5, "premium-tech-support": 5},
}
MIDWAY = 60  # batches of about 175
CHECKED = 400  # documents of a collection that are held against the specification, at least
COPYING_S = 300.0  # for a copy of 175,000 records, on a busy machine too
SHOWN_EVERY = 704  # customers of whom one is looked at in the window

pytestmark = [
    pytest.mark.story,
    pytest.mark.whole,  # importing the samples and the made-up rows stand for it in every run
    pytest.mark.timeout(600),
    pytest.mark.skipif(not FILES.is_dir(), reason="the public files do not lie beside the checkout"),
]


@pytest.fixture(scope="session")
def real_import(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Imported]:
    """A database with everything in it, and what its import counted."""
    database = tmp_path_factory.mktemp("real") / "office.db"
    return database, run_import(FILES, database, is_large=True)


@pytest.fixture
def real_office(real_import: tuple[Path, Imported], tmp_path: Path) -> Iterator[Office]:
    """A back office on a copy of it, with a clerk."""
    database = tmp_path / "office.db"
    shutil.copy(real_import[0], database)
    add_clerk(database)
    running = Office(database)
    yield running
    running.close()


def test_every_row_comes_in_but_the_samples_that_the_specification_does_not_allow(
    real_import: tuple[Path, Imported],
) -> None:
    _, found = real_import
    assert {name: (one.rows, one.taken, one.refused) for name, one in found.count.sections.items()} == SECTIONS
    assert {one["file"][:3] for one in found.findings if one["kind"] == "refused"} == {"TMF"}
    assert all(one["reason"] for one in found.findings)


def test_the_charges_tell_ten_prices(real_import: tuple[Path, Imported]) -> None:
    bodies = [one.body for one in every(real_import[0]) if one.collection == "productOfferingPrice"]
    told = {one["id"]: one["price"]["value"] for one in bodies if not one["id"].startswith(PREFIX)}
    assert told == PRICES


@needs_swaggers
def test_every_list_that_is_filled_is_as_the_specification_wants_it(real_import: tuple[Path, Imported]) -> None:
    counts = collections.Counter(collection for collection, _ in digests(real_import[0]))
    turns: collections.Counter[str] = collections.Counter()
    for one in every(real_import[0]):
        turns[one.collection] += 1
        if turns[one.collection] % max(counts[one.collection] // CHECKED, 1) == 0:
            assert faults_in(one.collection, one.body) == [], (one.collection, one.id)


def test_a_second_import_of_them_changes_nothing(real_import: tuple[Path, Imported], tmp_path: Path) -> None:
    database, first = real_import
    again = tmp_path / "office.db"
    shutil.copy(database, again)
    second = run_import(FILES, again, is_large=True)
    assert (second.count.documents.inserted, second.count.documents.changed) == (0, 0)
    assert second.count.documents.unchanged == first.count.documents.inserted


def test_an_import_of_them_killed_midway_is_finished_by_the_next(
    real_import: tuple[Path, Imported], tmp_path: Path
) -> None:
    database = tmp_path / "office.db"
    command = [sys.executable, "-m", "tests.importing.killed", str(FILES), str(database), str(MIDWAY)]
    assert subprocess.run(command, check=False, cwd=ROOT, timeout=300).returncode == -signal.SIGKILL
    whole = digests(real_import[0])
    assert 0 < len(digests(database)) < len(whole)
    run_import(FILES, database, is_large=True)
    assert digests(database) == whole


async def test_a_desk_finds_and_shows_every_one_of_them(
    qtbot: QtBot, qapp: QApplication, real_import: tuple[Path, Imported], real_office: Office, tmp_path: Path
) -> None:
    wanted = [one.id for one in every(real_import[0]) if one.collection == "customer" and PREFIX not in one.id]
    async with counter(qapp, start_at(tmp_path / "desk", real_office.url)) as desk:
        await desk.sign_in(COPYING_S)
        use_cases = desk.shell.routes.desk
        for customer in wanted:
            first, *_ = (await use_cases.find.matching(customer.lower())).hits
            assert (first.customer_id, first.is_exact) == (customer, True)
            overview = await use_cases.overview.of(customer)
            assert overview is not None
            assert overview.holdings.value.services
        for customer in wanted[::SHOWN_EVERY]:
            await shows(desk, customer)


async def shows(desk: Counter, customer: str) -> None:
    """Find one by keys, see their page, finish."""
    desk.keys.press("F2")
    desk.keys.type(f"{customer}⏎")
    await desk.until(lambda: isinstance(desk.page, CustomerPage), f"for the page of {customer}: ", desk.words)
    await desk.sees(customer)
    desk.keys.press("F12")
    await desk.until(lambda: not isinstance(desk.page, CustomerPage), "for Home")
