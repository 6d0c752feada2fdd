"""A customer who is counted in on an outage stays so in sight, and is not counted in again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from app.complaints import commands
from app.core.certainty import Certainty
from app.network.model import CountedIn
from tests.fakes.clock import NOON
from tests.fakes.people import FIBRE, LI, MOBILE, OUTAGE, TICKET
from tests.ui.bench import ENTER, Bench, focused, heard, speak, type_keys
from tests.ui.desk_window import OpenDesk, open_desk
from ui.complaints.matches import MatchKind
from ui.complaints.page import ComplaintPage
from ui.complaints.state import AlreadyCountedInError, CountingInCameBackError
from ui.customer.page import CustomerPage
from ui.home.page import HomePage
from ui.theme.tokens import Level
from ui.widgets.ages import day, time_of_day
from ui.widgets.labels import PlainLabel
from ui.widgets.rows import Row

pytestmark = [
    pytest.mark.usefixtures("qapp"),
    pytest.mark.qt_log_ignore("does not support propagateSizeHints"),
]

ALREADY = f"Already counted in since {time_of_day(NOON)}, told when it ends · {OUTAGE}, Fibre cut, node Xihu-3"


async def linked(bench: Bench, certainty: Certainty = Certainty.CONFIRMED) -> None:
    """Count Li in, as far as `certainty`."""
    form = bench.desk.complaints.new_form(LI, "李示例")
    await bench.desk.complaints.link_outage(form, OUTAGE, "Fibre cut")
    if certainty is not Certainty.WAITING:
        bench.store.become(form.id, certainty)


def outage_row(page: ComplaintPage) -> Row:
    return page.matches.rows[0]


def told_outage(page: CustomerPage) -> QWidget:
    """What the side says of the outage."""
    facts = page.side.outage.widget()
    assert facts is not None
    return facts


def links(bench: Bench) -> int:
    return sum(act.command.kind == commands.LINK_OUTAGE for act in bench.store.acts.values())


async def test_the_row_says_so_in_grey_and_something_else_is_picked() -> None:
    bench = Bench()
    await linked(bench)
    async with bench.showing(await bench.complaint_page(LI, FIBRE)) as page:
        icon, words, act = outage_row(page).cells
        assert words.text.startswith(ALREADY)
        assert (icon.level, words.level, act.level) == (Level.MUTED,) * 3
        assert act.text == "nothing more to do"
        assert page.matches.current_key == MatchKind.ELSE.value
        assert focused(page) is page.matches
        assert page.primary.accessibleName() == "Next: choose what it is about"


@pytest.mark.parametrize(
    ("certainty", "word", "level"),
    [
        (Certainty.WAITING, "waiting", Level.WAITING),
        (Certainty.SENDING, "sending", Level.WAITING),
        (Certainty.UNKNOWN, "not known yet", Level.LOOK),
    ],
)
async def test_until_head_office_has_it_the_row_says_how_certain_it_is(
    certainty: Certainty, word: str, level: Level
) -> None:
    bench = Bench()
    await linked(bench, certainty)
    async with bench.showing(await bench.complaint_page(LI, FIBRE)) as page:
        told = outage_row(page).cells[2]
        assert (told.text, told.icon, told.level) == (word, certainty.value, level)
        assert outage_row(page).cells[1].text.startswith(ALREADY)


async def test_what_the_record_does_not_date_is_said_without_a_time() -> None:
    bench = Bench()
    bench.store.outages = tuple(replace(one, counted_in=CountedIn(None)) for one in bench.store.outages)
    async with bench.showing(await bench.complaint_page(LI, FIBRE)) as page:
        assert outage_row(page).cells[1].text.startswith(f"Already counted in, told when it ends · {OUTAGE}")
    async with bench.showing(bench.customer_page(LI)) as shown:
        assert "Counted in: told when it ends" in told_outage(shown).accessibleDescription()


async def test_taking_the_row_again_sends_nothing_and_says_why() -> None:
    bench = Bench()
    await linked(bench)
    async with bench.showing(await bench.complaint_page(LI, FIBRE)) as page:
        said = heard(page.said)
        page.matches.setFocus()
        type_keys(page, "1")
        assert page.primary.accessibleName() == f"Already counted in on outage {OUTAGE}"
        assert not page.primary.isEnabled()
        type_keys(page, ENTER)
        page.press("primary")
        await page.tasks.idle()
        assert (links(bench), said[-1]) == (1, AlreadyCountedInError.text)
        type_keys(page, "2")
        assert page.primary.accessibleName() == f"Add to ticket {TICKET}"
        assert page.primary.isEnabled()


@pytest.mark.parametrize("certainty", [Certainty.REFUSED, Certainty.DIFFERS])
async def test_a_link_that_came_back_is_decided_on_before_it_is_made_again(certainty: Certainty) -> None:
    bench = Bench()
    await linked(bench, certainty)
    async with bench.showing(await bench.complaint_page(LI, FIBRE)) as page:
        said = heard(page.said)
        assert outage_row(page).cells[1].text.startswith("Counting in came back: what now? Ctrl+J")
        assert (outage_row(page).cells[2].icon, page.matches.current_key) == (certainty.value, MatchKind.ELSE.value)
        page.matches.setFocus()
        type_keys(page, "1", ENTER)
        await page.tasks.idle()
        assert (links(bench), said[-1]) == (1, CountingInCameBackError.text)


async def test_the_words_to_say_are_still_there_and_a_complaint_can_be_filed() -> None:
    bench = Bench()
    await linked(bench)
    async with bench.showing(await bench.complaint_page(LI, FIBRE)) as page:
        said = [one.text() for one in page.details.findChildren(PlainLabel)]
        assert any("back at about 14:00" in one for one in said)
        type_keys(page, "wsm", ENTER, "slow even before the cut")
        page.press("primary")
        await page.tasks.idle()
        assert [act.command.kind for act in bench.store.acts.values()] == [commands.LINK_OUTAGE, commands.FILE]


async def test_an_outage_of_another_service_leaves_the_choice_open() -> None:
    bench = Bench()
    await linked(bench)
    async with bench.showing(await bench.complaint_page(LI, MOBILE)) as page:
        assert page.view_model.state.chosen is None


async def test_a_second_outage_on_the_service_is_still_linked_by_one_enter() -> None:
    bench = Bench()
    await linked(bench)
    first = bench.store.outages[0]
    bench.store.outages = (first, replace(first, id="P-2", name="Power cut", since=NOON - timedelta(hours=1)))
    async with bench.showing(await bench.complaint_page(LI, FIBRE)) as page:
        assert page.primary.accessibleName() == "Link to outage P-2"
        type_keys(page, ENTER)
        await page.tasks.idle()
        assert links(bench) == 2


async def test_the_customer_page_says_since_when_and_how_certain(qapp: QApplication) -> None:
    bench = Bench()
    async with bench.showing(bench.customer_page(LI)) as page:
        outage = told_outage(page)
        assert "Counted in" not in outage.accessibleDescription()
        await linked(bench, Certainty.WAITING)
        await page.tasks.idle()
        moment = f"{day(NOON)} {time_of_day(NOON)}"
        assert f"Counted in: waiting · since {moment}" in outage.accessibleDescription()
        icons = [one for one in outage.findChildren(PlainLabel) if one.isVisible() and not one.pixmap().isNull()]
        assert len(icons) == 1
        speak(qapp, "zh_CN", "dark")
        assert "已关联: 待发" in outage.accessibleDescription()
        speak(qapp, "en", "light")
        (act,) = bench.store.acts
        bench.store.become(act, Certainty.CONFIRMED)
        await page.tasks.idle()
        assert f"Counted in: since {moment} · told when it ends" in outage.accessibleDescription()
        assert not icons[0].isVisible()


async def counted_in_by_keys(desk: OpenDesk) -> None:
    desk.keyboard.type(f"{LI}⏎")
    desk.keyboard.press("F7")
    desk.keyboard.type("⏎")
    desk.keyboard.press("F12")
    await desk.idle()


async def test_the_next_visit_shows_it_and_the_same_keys_link_nothing_more(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        store = desk.workstation.store
        await counted_in_by_keys(desk)
        assert [act.command.kind for act in store.acts.values()] == [commands.LINK_OUTAGE]
        desk.keyboard.type(f"{LI}⏎")
        await desk.idle()
        shown = desk.page
        assert isinstance(shown, CustomerPage)
        assert "Counted in: waiting" in told_outage(shown).accessibleDescription()
        desk.keyboard.press("F7")
        await desk.idle()
        page = desk.page
        assert isinstance(page, ComplaintPage)
        assert outage_row(page).cells[1].text.startswith("Already counted in")
        desk.keyboard.type("⏎")
        assert (desk.focus, page.view_model.state.form.category) == (page.category.field, "")
        desk.keyboard.press("F12")
        await desk.idle()
        assert isinstance(desk.page, HomePage)
        assert len(store.acts) == 1
