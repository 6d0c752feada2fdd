"""Home shows what is due, and digits open it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.core.certainty import Certainty
from app.core.errors import StorageError
from app.core.permissions import Clerk
from tests.fakes.people import FIRM, LI
from tests.fakes.workstation import BOSS, CLERK
from tests.ui.bench import ENTER, Bench, heard, type_keys
from ui.home.page import HomePage
from ui.widgets.labels import PlainLabel

pytestmark = [
    pytest.mark.usefixtures("qapp"),
    pytest.mark.qt_log_ignore("does not support propagateSizeHints"),
]


async def file(bench: Bench, customer_id: str, category: str) -> str:
    """File a complaint and return its id."""
    form = replace(bench.desk.complaints.new_form(customer_id), category=category, description="it does not work")
    return await bench.desk.complaints.file(form)


def home(bench: Bench) -> HomePage:
    """Home on this desk."""
    return HomePage(bench.desk, bench.workstation, bench.on_bug, clock=bench.clock)


async def test_an_empty_home_says_what_to_do() -> None:
    bench = Bench()
    async with bench.showing(home(bench)) as page:
        said = [label.text() for label in page.panel.findChildren(PlainLabel)]
        assert "Nothing is due. Type a name, a number or a ticket into the box (F2)." in said


async def test_decisions_stand_before_what_is_on_its_way_each_with_its_certainty_and_age() -> None:
    bench = Bench()
    await file(bench, FIRM, "wrong-bill")
    refused = await file(bench, LI, "tv")
    bench.store.become(refused, Certainty.REFUSED, reason="Service is closed.")
    bench.clock.move(timedelta(minutes=5))
    async with bench.showing(home(bench)) as page:
        assert [row.said for row in page.list.rows] == [
            f"refused, Complaint: TV picture or channels · Service is closed., {LI}, 5 min",
            f"waiting, Complaint: Wrong bill, {FIRM}, 5 min",
        ]


async def test_digits_open_a_decision_or_the_customer() -> None:
    bench = Bench()
    await file(bench, FIRM, "wrong-bill")
    refused = await file(bench, LI, "tv")
    bench.store.become(refused, Certainty.REFUSED)
    async with bench.showing(home(bench)) as page:
        decisions, customers = heard(page.needs_you_wanted), heard(page.customer_wanted)
        type_keys(page, "2", "1")
        assert (decisions, customers) == ([refused], [FIRM])


async def test_enter_opens_the_row_the_cursor_is_on() -> None:
    bench = Bench()
    await file(bench, FIRM, "wrong-bill")
    async with bench.showing(home(bench)) as page:
        customers = heard(page.customer_wanted)
        type_keys(page, ENTER)
        assert customers == [FIRM]


async def test_what_head_office_confirms_leaves_the_list_by_itself() -> None:
    bench = Bench()
    act = await file(bench, FIRM, "wrong-bill")
    async with bench.showing(home(bench)) as page:
        page.setFocus()
        bench.store.become(act, Certainty.CONFIRMED)
        await page.tasks.idle()
        assert not page.list.rows


async def test_a_failing_disk_is_said_in_the_panel() -> None:
    bench = Bench()
    bench.gate.fail("pending", StorageError())
    async with bench.showing(home(bench)) as page:
        assert str(StorageError()) in [label.text() for label in page.panel.findChildren(PlainLabel)]


async def test_f5_reads_again_and_asks_head_office_for_news() -> None:
    bench = Bench()
    async with bench.showing(home(bench)) as page:
        page.press("refresh")
        await page.tasks.idle()
        assert (bench.workstation.refreshed, bench.gate.passed["pending"]) == (1, 2)


@pytest.mark.parametrize("clerk", [CLERK, BOSS])
async def test_what_a_supervisor_may_adopt_opens_where_it_is_adopted(clerk: Clerk) -> None:
    bench = Bench(clerk)
    act = await bench.left_behind()
    async with bench.showing(home(bench)) as page:
        decisions, customers = heard(page.needs_you_wanted), heard(page.customer_wanted)
        type_keys(page, "1")
        assert (decisions, customers) == (([act], []) if clerk is BOSS else ([], [LI]))
