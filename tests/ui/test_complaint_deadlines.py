"""By when an answer is due, as the complaint page says it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtWidgets import QApplication

from app.core.errors import StorageError
from tests.fakes.clock import NOON
from tests.fakes.people import FIRM, LI, NAMELESS
from tests.ui.bench import Bench, speak, type_keys
from ui.complaints.page import ComplaintPage
from ui.widgets.ages import day

pytestmark = [
    pytest.mark.usefixtures("qapp"),
    pytest.mark.qt_log_ignore("does not support propagateSizeHints"),
]


def clocks(page: ComplaintPage) -> str:
    return page.details.clocks.accessibleDescription()


def legal(days: int) -> str:
    return day(NOON + timedelta(days=days))


@pytest.mark.parametrize(
    ("customer", "days", "regulator"), [(LI, 15, "MIIT"), (NAMELESS, 30, "FCC"), (FIRM, 15, "MIIT"), ("", 15, "MIIT")]
)
async def test_the_regulator_is_that_of_the_customers_country(customer: str, days: int, regulator: str) -> None:
    bench = Bench()
    async with bench.showing(await bench.complaint_page(customer)) as page:
        assert f"Regulator: {legal(days)} · {regulator}" in clocks(page)
        assert ("Source: not verified: secondary accounts of" in clocks(page)) == (regulator == "MIIT")


async def test_where_no_limit_is_known_the_page_says_so_and_the_ticket_holds_none() -> None:
    bench = Bench()
    nameless = bench.store.customers[NAMELESS]
    bench.store.customers[NAMELESS] = replace(nameless, contacts=replace(nameless.contacts, country="France"))
    async with bench.showing(await bench.complaint_page(NAMELESS)) as page:
        assert "Regulator: no limit is known for France" in clocks(page)
        assert "MIIT" not in clocks(page)
        type_keys(page, "wfw\r", "dead")
        page.press("primary")
        await page.tasks.idle()
        (act,) = bench.store.acts.values()
        assert "requestedResolutionDate" not in act.command.body
        assert act.command.body["expectedResolutionDate"]


async def test_a_mended_complaint_is_bound_by_its_customers_country_too() -> None:
    bench = Bench()
    form = replace(bench.desk.complaints.new_form(NAMELESS), category="no-service", description="dead")
    await bench.desk.complaints.file(form)
    mended = bench.desk.complaints.mended_form(bench.store.acts[form.id].command)
    page = ComplaintPage(bench.desk, bench.workstation, bench.on_bug, None, mended, clock=bench.clock)
    assert "Regulator" not in clocks(page)
    async with bench.showing(page):
        assert f"Regulator: {legal(30)} · FCC" in clocks(page)


async def test_with_the_disk_failing_no_other_countrys_limit_is_shown() -> None:
    bench = Bench()
    form = replace(bench.desk.complaints.new_form(NAMELESS), category="no-service", description="dead")
    await bench.desk.complaints.file(form)
    mended = bench.desk.complaints.mended_form(bench.store.acts[form.id].command)
    bench.gate.fail("customer", StorageError())
    page = ComplaintPage(bench.desk, bench.workstation, bench.on_bug, None, mended, clock=bench.clock)
    async with bench.showing(page):
        assert "Regulator" not in clocks(page)


async def test_source_and_doubt_are_told_in_the_clerks_language(qapp: QApplication) -> None:
    bench = Bench()
    async with bench.showing(await bench.complaint_page(LI)) as page:
        speak(qapp, "zh_CN", "light")
        said = clocks(page)
        speak(qapp, "en", "light")
    assert "未经核实：二手资料所述的工信部" in said
