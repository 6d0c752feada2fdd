"""The public files themselves, where they lie beside the checkout: all of them come in, and a desk finds every customer."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.importing.runs import Imported, dump, run_import
from tests.stories.counter import Counter, counter, start_at
from tests.stories.real_office import ROOT, Office, add_clerk
from ui.customer.page import CustomerPage

FILES = ROOT.parent / "shared" / "data"
CUSTOMERS, COMPLAINTS = 7_043, 2_224
SHOWN_EVERY = 704  # customers of whom one is looked at in the window

pytestmark = [
    pytest.mark.story,
    pytest.mark.skipif(not FILES.is_dir(), reason="the public files do not lie beside the checkout"),
]


@pytest.fixture(scope="session")
def real_import(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Imported]:
    """A database with everything in it, and what its import counted."""
    database = tmp_path_factory.mktemp("real") / "office.db"
    return database, run_import(FILES, database)


@pytest.fixture
def real_office(real_import: tuple[Path, Imported], tmp_path: Path) -> Iterator[Office]:
    """A back office on a copy of it, with a clerk."""
    database = tmp_path / "office.db"
    shutil.copy(real_import[0], database)
    add_clerk(database)
    running = Office(database)
    yield running
    running.close()


def test_every_row_comes_in(real_import: tuple[Path, Imported]) -> None:
    _, found = real_import
    assert (found.count.sections["customers"].rows, found.count.sections["customers"].taken) == (CUSTOMERS, CUSTOMERS)
    assert (found.count.sections["complaints"].rows, found.count.sections["complaints"].taken) == (
        COMPLAINTS,
        COMPLAINTS,
    )
    assert found.reasons("refused") == []
    held = [collection for collection, _ in found.bodies]
    assert held.count("customer") == CUSTOMERS
    assert held.count("troubleTicket") == COMPLAINTS


def test_a_second_import_of_them_changes_nothing(real_import: tuple[Path, Imported], tmp_path: Path) -> None:
    database, first = real_import
    again = tmp_path / "office.db"
    shutil.copy(database, again)
    second = run_import(FILES, again)
    assert (second.count.documents.inserted, second.count.documents.changed) == (0, 0)
    assert second.bodies == first.bodies


def test_an_import_of_them_killed_midway_is_finished_by_the_next(
    real_import: tuple[Path, Imported], tmp_path: Path
) -> None:
    database = tmp_path / "office.db"
    command = [sys.executable, "-m", "tests.importing.killed", str(FILES), str(database), "9"]
    assert subprocess.run(command, check=False, cwd=ROOT, timeout=60).returncode == -signal.SIGKILL
    assert 0 < len(dump(database)) < len(real_import[1].bodies)
    assert run_import(FILES, database).bodies == real_import[1].bodies


@pytest.mark.timeout(240)
async def test_a_desk_finds_and_shows_every_one_of_them(
    qtbot: QtBot, qapp: QApplication, real_import: tuple[Path, Imported], real_office: Office, tmp_path: Path
) -> None:
    wanted = [document_id for collection, document_id in real_import[1].bodies if collection == "customer"]
    async with counter(qapp, start_at(tmp_path / "desk", real_office.url)) as desk:
        await desk.sign_in()
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
