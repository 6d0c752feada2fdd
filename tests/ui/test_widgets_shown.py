"""Panels, badges, the notice line, ages: what stands on the screen and how it is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QApplication, QLabel

from app.core.certainty import Certainty
from ui import translation
from ui.theme import tokens
from ui.theme.tokens import Level
from ui.widgets import ages
from ui.widgets.certainty import CertaintyBadge, certainty_cell, certainty_word
from ui.widgets.labels import PlainLabel
from ui.widgets.notice import HEIGHT, NoticeLine
from ui.widgets.panel import Panel

NOW = datetime.now(UTC).replace(hour=12, minute=0)


@pytest.fixture
def chinese(qapp: QApplication) -> Iterator[None]:
    translation.install(qapp, "zh_CN")
    yield
    translation.install(qapp, "en")


@pytest.fixture(autouse=True)
def english(qapp: QApplication) -> None:
    translation.install(qapp, "en")


def texts(panel: Panel) -> list[str]:
    return [label.text() for label in panel.findChildren(QLabel) if not label.isHidden() and label.text()]


def test_a_panel_says_title_count_source_and_age() -> None:
    panel = Panel(QLabel("content"), 2)
    panel.describe("Services", 6, "inventory", "2 min")
    assert texts(panel) == ["2  Services · 6", "inventory · 2 min", "content"]


def test_stale_data_is_said_in_words_too() -> None:
    panel = Panel(QLabel("content"))
    panel.describe("Services", None, "inventory", "3 h", is_stale=True)
    assert texts(panel)[1] == "inventory · 3 h · may be old"


def test_an_empty_panel_shrinks_to_one_line_and_keeps_its_place() -> None:
    panel = Panel(QLabel("content"))
    panel.set_empty("No tickets. F7 makes one.")
    assert panel.content.isHidden()
    assert panel.sizeHint().height() <= 2 * tokens.ROW + 2
    panel.set_empty("")
    assert not panel.content.isHidden()


def test_data_never_becomes_markup() -> None:
    label = PlainLabel()
    label.setText("<img src='file:///etc/hostname'>a < b")
    assert label.textFormat() == Qt.TextFormat.PlainText


@pytest.mark.parametrize("certainty", list(Certainty))
def test_certainty_is_an_icon_and_a_word(certainty: Certainty) -> None:
    badge = CertaintyBadge()
    badge.show_certainty(certainty)
    icon, word = badge.findChildren(QLabel)
    assert not icon.pixmap().isNull()
    assert word.text() == badge.accessibleName() == certainty_cell(certainty).text == certainty_word(certainty)


@pytest.mark.usefixtures("chinese")
def test_the_six_words_in_chinese() -> None:
    assert [certainty_word(one) for one in Certainty] == ["待发", "发送中", "已确认", "被拒", "不一致", "结果待查"]


def test_green_is_for_just_confirmed_only() -> None:
    badge = CertaintyBadge()
    levels = []
    for certainty, just_now in ((Certainty.CONFIRMED, True), (Certainty.CONFIRMED, False), (Certainty.WAITING, True)):
        badge.show_certainty(certainty, just_now=just_now)
        levels.append(badge.findChildren(QLabel)[1].property("level"))
    assert levels == ["confirmed", "plain", "waiting"]


def test_a_badge_can_show_nothing() -> None:
    badge = CertaintyBadge()
    badge.show_certainty(Certainty.REFUSED)
    badge.show_certainty(None)
    assert [label.text() for label in badge.findChildren(QLabel)] == ["", ""]


def test_the_notice_line_keeps_its_height_when_it_falls_silent() -> None:
    notice = NoticeLine()
    notice.tell("Saved here. Nothing more to do.", Level.CONFIRMED)
    assert notice.text() == "Saved here. Nothing more to do."
    heights = {notice.minimumHeight(), notice.maximumHeight()}
    notice.quiet()
    assert notice.text() == ""
    assert {notice.minimumHeight(), notice.maximumHeight()} == heights == {HEIGHT}


def test_a_label_gives_way_instead_of_widening_its_page() -> None:
    label = PlainLabel()
    label.setText("word " * 200)
    label.resize(100, label.sizeHint().height())
    assert label.minimumSizeHint().width() == 0
    assert not label.grab().isNull()


@pytest.mark.parametrize(
    ("past", "told"),
    [
        (timedelta(seconds=20), "now"),
        (timedelta(minutes=2), "2 min"),
        (timedelta(hours=3), "3 h"),
    ],
)
def test_ages_are_short(past: timedelta, told: str) -> None:
    assert ages.age(NOW - past, NOW) == told


def test_what_is_older_than_a_day_gets_its_date() -> None:
    march = datetime(NOW.year, 3, 25, 12, tzinfo=UTC)
    assert ages.age(march, march + timedelta(days=40)) == "25 Mar"
    assert ages.day(march.replace(year=NOW.year - 1)) == f"25 Mar {NOW.year - 1}"


def test_a_birthday_has_its_year_also_this_year() -> None:
    assert ages.calendar_day(date(1988, 6, 2)) == "2 Jun 1988"
    assert ages.calendar_day(date(NOW.year, 1, 1)) == f"1 Jan {NOW.year}"
    assert ages.calendar_day(None) == ""


@pytest.mark.usefixtures("chinese")
def test_dates_in_chinese() -> None:
    assert ages.day(datetime(NOW.year, 3, 25, 12, tzinfo=UTC)) == "3月25日"
    assert ages.calendar_day(date(1988, 6, 2)) == "1988年6月2日"


def test_due_names_the_day_only_where_it_is_not_today() -> None:
    local = NOW.astimezone().replace(hour=17, minute=0)
    day_after = local + timedelta(days=2)
    weekday = QLocale().dayName(day_after.isoweekday(), QLocale.FormatType.ShortFormat)
    assert ages.due(local, NOW) == "17:00"
    assert ages.due(day_after, NOW) == f"{weekday} 17:00"
    assert ages.due(local + timedelta(days=30), NOW) == ages.day(local + timedelta(days=30))


def test_nobody_knows_is_said_by_saying_nothing() -> None:
    assert [ages.age(None, NOW), ages.day(None), ages.time_of_day(None), ages.due(None, NOW)] == [""] * 4
