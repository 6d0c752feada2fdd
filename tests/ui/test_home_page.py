"""Home shows what is due, and digits open it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from app.complaints.drafts import BegunComplaint
from app.core.certainty import Certainty
from app.core.errors import StorageError
from app.core.permissions import Clerk
from tests.fakes.clock import NOON
from tests.fakes.people import FIRM, LI
from tests.fakes.workstation import BOSS, CLERK, desk_on
from tests.ui.bench import ENTER, TAB, Bench, focused, heard, type_keys
from ui.home.page import HomePage
from ui.widgets.ages import clock_time
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


async def begun(bench: Bench, customer_id: str = LI, name: str = "李示例") -> str:
    """Begin a complaint and return its id."""
    form = replace(bench.desk.complaints.new_form(customer_id, name), category="tv", description="snow")
    await bench.desk.complaints.keep(BegunComplaint(form))
    return form.id


async def test_what_is_begun_stands_between_decisions_and_what_is_on_its_way() -> None:
    bench = Bench()
    await file(bench, FIRM, "wrong-bill")
    bench.store.become(await file(bench, LI, "tv"), Certainty.REFUSED, reason="Service is closed.")
    await begun(bench)
    await begun(bench, "", "")
    bench.clock.move(timedelta(minutes=5))
    async with bench.showing(home(bench)) as page:
        time = clock_time(NOON)
        assert [row.said for row in page.list.rows][1:3] == [
            f"unfinished, Unfinished complaint for 李示例, {time}, 5 min",
            f"unfinished, Unfinished complaint without account, {time}, 5 min",
        ]
        assert len(page.list.rows) == 4


async def test_enter_takes_up_again_what_is_begun() -> None:
    bench = Bench()
    draft_id = await begun(bench)
    async with bench.showing(home(bench)) as page:
        wanted, customers = heard(page.draft_wanted), heard(page.customer_wanted)
        type_keys(page, ENTER)
        assert (wanted, customers) == ([bench.store.drafts[draft_id]], [])


async def test_del_asks_and_only_the_other_answer_discards() -> None:
    bench = Bench()
    draft_id = await begun(bench)
    async with bench.showing(home(bench)) as page:
        gone = heard(page.draft_gone)
        type_keys(page, Qt.Key.Key_Delete)
        assert focused(page) is page.discard.no
        type_keys(page, ENTER)
        assert draft_id in bench.store.drafts
        page.list.setFocus()
        type_keys(page, Qt.Key.Key_Delete, TAB)
        assert focused(page) is page.discard.yes
        type_keys(page, ENTER)
        await page.tasks.idle()
        assert (bench.store.drafts, page.list.rows, len(gone)) == ({}, (), 1)


async def test_del_on_an_act_asks_nothing_and_esc_is_no() -> None:
    bench = Bench()
    await file(bench, FIRM, "wrong-bill")
    async with bench.showing(home(bench)) as page:
        type_keys(page, Qt.Key.Key_Delete)
        assert not page.discard.is_asking
        await begun(bench)
        await page.tasks.idle()
        page.list.let_in()
        page.list.pick(next(iter(bench.store.drafts)))
        type_keys(page, Qt.Key.Key_Delete)
        assert page.press("back")
        assert len(bench.store.drafts) == 1
        page.list.pick(page.list.rows[-1].key)
        assert page.discard.act.isHidden()


async def test_a_draft_that_cannot_be_discarded_stays_and_that_is_told() -> None:
    bench = Bench()
    await begun(bench)
    bench.gate.fail("discard", StorageError())
    async with bench.showing(home(bench)) as page:
        said = heard(page.said)
        type_keys(page, Qt.Key.Key_Delete, TAB, ENTER)
        await page.tasks.idle()
        assert (said, len(page.list.rows)) == ([str(StorageError())], 1)


async def test_what_another_clerk_has_begun_is_not_shown() -> None:
    bench = Bench()
    await begun(bench)
    bench.desk = desk_on(bench.store, BOSS)
    async with bench.showing(home(bench)) as page:
        assert not page.list.rows
