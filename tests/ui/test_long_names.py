"""Names tell customers apart: at the least size of the window, too, they can be read in full."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QFont, QFontMetrics, QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from app.core.certainty import Certainty
from tests.fakes.long_names import NAMES, NUMBERS, branch_with_long_names
from tests.fakes.people import FIRM, LI, NAMELESS
from tests.fakes.workstation import FakeWorkstation
from tests.ui.desk_window import OpenDesk, open_desk
from ui.complaints.page import ComplaintPage
from ui.customer.page import CustomerPage
from ui.home.page import HomePage
from ui.shell.window import LEAST_HEIGHT, LEAST_WIDTH
from ui.widgets.labels import PlainLabel
from ui.widgets.row_delegate import RowDelegate
from ui.widgets.row_list import RowList
from ui.widgets.tips import as_tip
from ui.widgets.two_lines import in_two_lines, least_width
from ui.workstation import Appearance

LANGUAGES = pytest.mark.parametrize("language", ["en", "zh_CN"])
CUSTOMERS = pytest.mark.parametrize("customer", [LI, NAMELESS, FIRM])


@asynccontextmanager
async def smallest_desk(qapp: QApplication, language: str) -> AsyncIterator[OpenDesk]:
    """The window at its least size, with customers of long names."""
    workstation = FakeWorkstation(branch_with_long_names(), is_demonstration=True)
    workstation.appearance = Appearance(language, "light")
    async with open_desk(qapp, workstation) as desk:
        desk.window.resize(LEAST_WIDTH, LEAST_HEIGHT)
        yield desk


async def go(desk: OpenDesk, *steps: str) -> None:
    """Press keys (`<F7>`) and type texts, resting after each; then let the window draw itself."""
    for step in steps:
        if step.startswith("<"):
            desk.keyboard.press(step.strip("<>"))
        else:
            desk.keyboard.type(step)
        await desk.idle()
    for _ in range(3):  # a layout in a layout takes a turn each
        QApplication.processEvents()
    desk.window.grab()


async def refused_complaint(desk: OpenDesk, customer: str) -> None:
    await go(desk, "<F2>", f"{NUMBERS[customer]}⏎", "<F7>", "<Alt+1>", "1⏎", "slow⏎No internet", "<Ctrl+Return>")
    (command_id,) = desk.workstation.store.acts
    desk.workstation.store.become(command_id, Certainty.REFUSED, reason="No such service.")
    await desk.idle()


def labels(widget: QWidget) -> list[PlainLabel]:
    return [one for one in widget.findChildren(PlainLabel) if one.isVisible() and one.text()]


def is_cut(label: PlainLabel) -> bool:
    if label.wordWrap():
        return label.heightForWidth(label.width()) > label.height()
    return label.fontMetrics().horizontalAdvance(label.text()) > label.contentsRect().width()


def cut_rows(rows: RowList) -> list[str]:
    delegate = rows.itemDelegate()
    assert isinstance(delegate, RowDelegate)
    indexes = [rows.model().index(place, 0) for place in range(len(rows.rows))]
    return [
        row.said for row, index in zip(rows.rows, indexes, strict=True) if delegate.is_cut(row, rows.visualRect(index))
    ]


def overflowing(desk: OpenDesk) -> list[int]:
    least = desk.window.minimumSizeHint()
    return [one for one in (least.width() - LEAST_WIDTH, least.height() - LEAST_HEIGHT) if one > 0]


@CUSTOMERS
@LANGUAGES
async def test_the_strip_shows_name_and_number_whole(qapp: QApplication, language: str, customer: str) -> None:
    async with smallest_desk(qapp, language) as desk:
        await go(desk, f"{NUMBERS[customer]}⏎")
        name, number, *others = labels(desk.window.strip)
        assert (name.text(), number.text().replace(" ", "")[-8:]) == (NAMES[customer], NUMBERS[customer][-8:])
        lines = in_two_lines(name.text(), name.fontMetrics(), name.width())
        assert "".join(lines).replace(" ", "") == NAMES[customer].replace(" ", "")
        assert [one.text() for one in (number, *others) if is_cut(one)] == []
        assert overflowing(desk) == []


@LANGUAGES
async def test_who_is_found_is_shown_whole(qapp: QApplication, language: str) -> None:
    async with smallest_desk(qapp, language) as desk:
        await go(desk, "1")
        found = desk.shell.finder.results.list
        assert {row.cells[0].text for row in found.rows} == {NAMES[LI], NAMES[NAMELESS]}
        assert cut_rows(found) == []
        await go(desk, "<Ctrl+K>", "zhejiang")
        assert [row.cells[0].text for row in found.rows][:1] == [NAMES[FIRM]]
        assert cut_rows(found) == []


@LANGUAGES
async def test_tickets_say_what_they_are_about(qapp: QApplication, language: str) -> None:
    async with smallest_desk(qapp, language) as desk:
        await go(desk, f"{NUMBERS[FIRM]}⏎")
        assert isinstance(desk.page, CustomerPage)
        assert desk.page.tickets.rows[0].cells[2].text
        assert cut_rows(desk.page.tickets) == []
        assert desk.page.tickets.verticalScrollBar().maximum() == 0


@CUSTOMERS
@LANGUAGES
async def test_the_complaint_names_its_customer_whole(qapp: QApplication, language: str, customer: str) -> None:
    async with smallest_desk(qapp, language) as desk:
        await go(desk, f"{NUMBERS[customer]}⏎", "<F7>")
        (headline,) = [one for one in labels(desk.page) if NAMES[customer] in one.text()]
        up_to_the_name = headline.text()[: headline.text().index(NAMES[customer]) + len(NAMES[customer])]
        assert headline.fontMetrics().horizontalAdvance(up_to_the_name) <= headline.width()
        assert overflowing(desk) == []


@LANGUAGES
async def test_what_is_known_already_is_seen_without_scrolling(qapp: QApplication, language: str) -> None:
    async with smallest_desk(qapp, language) as desk:
        await go(desk, f"{NUMBERS[FIRM]}⏎", "<F7>")
        assert isinstance(desk.page, ComplaintPage)
        assert len(desk.page.matches.rows) == 4
        assert desk.page.matches.verticalScrollBar().maximum() == 0


@LANGUAGES
async def test_home_shows_for_whom_something_is_due(qapp: QApplication, language: str) -> None:
    async with smallest_desk(qapp, language) as desk:
        await refused_complaint(desk, FIRM)
        await go(desk, "<F2>", "home⏎")
        assert isinstance(desk.page, HomePage)
        assert [row.cells[2].text for row in desk.page.list.rows] == [NAMES[FIRM]]
        assert cut_rows(desk.page.list) == []


@LANGUAGES
async def test_whatever_is_cut_can_be_read_in_full(qapp: QApplication, language: str) -> None:
    async with smallest_desk(qapp, language) as desk:
        await refused_complaint(desk, FIRM)
        for steps in (("<F2>", f"{NUMBERS[FIRM]}⏎"), ("<F7>",), ("<Ctrl+J>",), ("<F2>", "home⏎")):
            await go(desk, *steps)
            shown = [*labels(desk.window.stack), *labels(desk.window.status)]
            cut = [one for one in shown if is_cut(one) and not one.wordWrap()]
            assert [one.text() for one in cut if one.toolTip() != one.text()] == []


async def test_what_is_not_cut_has_no_tip(qapp: QApplication) -> None:
    async with smallest_desk(qapp, "en") as desk:
        await go(desk)
        assert [one.toolTip() for one in labels(desk.window.status) if one.toolTip()] == []


async def test_a_row_that_is_cut_tells_itself_in_full(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda _where, text, _view: told.append(text))
    async with smallest_desk(qapp, "en") as desk:
        await go(desk, f"{NUMBERS[FIRM]}⏎")
        assert isinstance(desk.page, CustomerPage)
        for rows in (desk.page.accounts, desk.page.tickets):
            point = rows.visualRect(rows.model().index(0, 0)).center()
            event = QHelpEvent(QEvent.Type.ToolTip, point, rows.mapToGlobal(point))
            QApplication.sendEvent(rows.viewport(), event)
        assert told == [desk.page.accounts.rows[0].said, ""]
        assert NAMES[FIRM] in told[0]


@LANGUAGES
async def test_the_rail_says_whole_names_in_its_tips(qapp: QApplication, language: str) -> None:
    async with smallest_desk(qapp, language) as desk:
        for customer in (LI, NAMELESS, FIRM):
            await go(desk, "<F2>", f"{NUMBERS[customer]}⏎")
        home, _, *customers = desk.window.rail.findChildren(QWidget)
        assert [one.toolTip() for one in customers] == [NAMES[LI], NAMES[NAMELESS], NAMES[FIRM]]
        assert [one.accessibleName().rsplit(" ", 1)[0] for one in customers] == [one.toolTip() for one in customers]
        assert home.toolTip() == ""


async def test_nine_customers_of_long_names_fit_the_rail(qapp: QApplication) -> None:
    async with smallest_desk(qapp, "zh_CN") as desk:
        store = desk.workstation.store
        for number in range(1, 10):
            store.customers[f"N-{number}"] = replace(store.customers[NAMELESS], id=f"N-{number}")
            await go(desk, "<F2>", f"N-{number}⏎")
        entries = desk.window.rail.findChildren(QWidget)
        assert [one.toolTip() for one in entries].count(NAMES[NAMELESS]) == 9
        assert entries[-1].geometry().bottom() < desk.window.rail.height()


@LANGUAGES
async def test_the_keys_and_long_messages_stay_on_the_page(qapp: QApplication, language: str) -> None:
    async with smallest_desk(qapp, language) as desk:
        for number in range(8):
            desk.shell.frame.say(f"{number}. " + "What you saved is safe and is sent when the line is back. " * 4)
        await go(desk, "<F1>")
        sheet, page = desk.shell.sheet, desk.page
        assert (sheet.width() <= page.width(), sheet.height() <= page.height()) == (True, True)
        assert [one.text() for one in labels(sheet) if is_cut(one)] == []
        assert "7. What you saved" in sheet.text()


def metrics() -> QFontMetrics:
    return QFontMetrics(QFont())


@pytest.mark.parametrize(
    "name",
    [*NAMES.values(), "Anna", "\U00020bb7野家\U0002a6d6示例", "Zoe\u0301 Example-Sample", "x" * 60],
)
def test_two_lines_hold_a_name_at_its_least_width(qapp: QApplication, name: str) -> None:
    width = least_width(name, metrics())
    lines = in_two_lines(name, metrics(), width)
    assert len(lines) <= 2
    assert "".join(lines).replace(" ", "") == name.replace(" ", "")
    assert max(metrics().horizontalAdvance(line) for line in lines) <= width


def test_a_word_longer_than_both_lines_is_cut_with_a_sign_of_it(qapp: QApplication) -> None:
    first, second = in_two_lines("x" * 60, metrics(), metrics().horizontalAdvance("x" * 10) + 1)
    assert first.strip("x") == ""
    assert second.endswith("…")


def test_a_line_never_begins_with_a_mark_of_the_one_before(qapp: QApplication) -> None:
    name = "葛\U000e0100城示例有限公司"
    for count in range(1, len(name)):
        lines = in_two_lines(name, metrics(), metrics().horizontalAdvance(name[:count]))
        assert not lines[-1].startswith("\U000e0100")


def test_a_tip_shows_a_name_as_it_is(qapp: QApplication) -> None:
    assert as_tip("a < b & c") == "a < b & c"
    assert "<img" not in as_tip('<img src="file:secret">')
    assert "&lt;img" in as_tip('<img src="file:secret">')
