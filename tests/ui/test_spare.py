"""The page that is made while nobody waits for it."""

from __future__ import annotations

import asyncio

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QWidget

from tests.fakes.people import FIRM, LI
from tests.ui.bench import Bench
from tests.ui.desk_window import OpenDesk, open_desk
from ui.customer.page import OVERVIEW, CustomerPage
from ui.shell.spare import Spare
from ui.workstation import Appearance

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")


def spare_of(bench: Bench, keeper: QWidget, made: list[CustomerPage]) -> Spare[CustomerPage]:
    """Spare pages that count themselves; the window rests at once."""

    def make() -> CustomerPage:
        made.append(bench.customer_page(""))
        return made[-1]

    return Spare(make, keeper, rest_ms=0)


async def rest(qapp: QApplication) -> None:
    for _ in range(3):
        await asyncio.sleep(0)
        qapp.processEvents()


def pages_in(desk: OpenDesk) -> list[CustomerPage]:
    return desk.window.findChildren(CustomerPage)


async def test_a_page_is_made_at_rest_and_reads_nobody_until_it_is_taken(qapp: QApplication) -> None:
    bench, keeper = Bench(), QWidget()
    made: list[CustomerPage] = []
    spare = spare_of(bench, keeper, made)
    spare.lay_up()
    assert not made
    await rest(qapp)
    (page,) = made
    bench.store.changes.publish({"customer"})
    page.view_model.tick()
    await page.tasks.idle()
    assert not bench.gate.passed["customer"]
    assert spare.take() is page
    page.be_about(LI)
    async with bench.showing(page):
        assert "李示例" in page.facts.accessibleDescription()
    await rest(qapp)
    assert len(made) == 2
    spare.drop()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)


async def test_one_who_is_wanted_before_that_waits_for_no_rest(qapp: QApplication) -> None:
    bench, keeper = Bench(), QWidget()
    made: list[CustomerPage] = []
    spare = spare_of(bench, keeper, made)
    first, second = spare.take(), spare.take()
    assert first is not second
    spare.drop()
    await rest(qapp)
    assert made == [first, second]  # nothing follows what was dropped
    for page in made:
        page.tasks.end()
        page.deleteLater()


async def test_the_window_shows_one_that_follows_the_language_and_belongs_to_the_clerk(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        desk.keyboard.type(f"{LI}⏎")
        await desk.idle()
        shown = desk.page
        desk.shell.routes._customer.timeout.emit()
        (waiting,) = {*pages_in(desk)} - {shown}
        assert not waiting.isVisible()
        desk.shell.frame.wear(Appearance("zh_CN", "light"))
        desk.keyboard.press("F2")
        desk.keyboard.type(f"{FIRM}⏎")
        await desk.idle()
        assert desk.page is waiting
        assert waiting.view_model.state.customer_id == FIRM
        assert waiting.panels[OVERVIEW].accessibleName() == "概况"
        desk.shell.routes._customer.timeout.emit()
        assert len(pages_in(desk)) == 3
        desk.shell.routes.serve(None)
        qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        assert len(pages_in(desk)) == 2


async def test_no_page_is_made_between_two_keys(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        spare = desk.shell.routes._customer
        spare.setTimerType(Qt.TimerType.PreciseTimer)
        spare.setInterval(60_000)
        spare.lay_up()
        await asyncio.sleep(0.02)
        left = spare.remainingTime()
        desk.keyboard.type("1")
        assert spare.remainingTime() > left
        spare.timeout.emit()
        desk.keyboard.type("8")
        assert not spare.isActive()  # nothing is waited for any more
