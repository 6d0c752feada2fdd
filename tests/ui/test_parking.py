"""What is begun goes to the hall and comes from there by keys alone, and every row says where it is."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.complaints.drafts import BegunComplaint
from app.core.drafts import Draft, Place
from app.core.errors import StorageFullError
from app.core.permissions import Clerk
from app.drafts.model import (
    DraftTakenError,
    DraftTooLongError,
    HallFullError,
    NewerDraftError,
    NoHallError,
    ParkedState,
)
from tests.fakes.clock import NOON
from tests.fakes.people import LI, NAMELESS
from tests.fakes.workstation import BOSS, CLERK
from tests.ui.bench import ENTER, TAB, Bench, focused, heard, type_keys
from tests.ui.desk_window import open_desk
from tests.ui.test_begun_work import form_in_view, home_in_view
from ui.home.page import HomePage
from ui.home.view_model import OnTheWayError
from ui.widgets.ages import clock_time

pytestmark = [
    pytest.mark.usefixtures("qapp"),
    pytest.mark.qt_log_ignore("does not support propagateSizeHints"),
]
TIME = clock_time(NOON)
BEGUN = f"Unfinished complaint for 李示例, {TIME}"


def home(bench: Bench) -> HomePage:
    return HomePage(bench.desk, bench.workstation, bench.on_bug, clock=bench.clock)


async def begun(bench: Bench) -> str:
    """Begin a complaint and return its id."""
    form = replace(bench.desk.complaints.new_form(LI, "李示例"), category="tv", description="snow")
    await bench.desk.complaints.keep(BegunComplaint(form))
    return form.id


async def at_hall(bench: Bench, author: str = CLERK.id, **more: object) -> str:
    """The same, and it is parked."""
    draft_id = await begun(bench)
    await bench.desk.begun.park(draft_id)
    bench.store.reach_hall(draft_id, author=author, **more)
    return draft_id


async def looked(page: HomePage) -> list[str]:
    """What the rows say once the hall has answered."""
    await page.looking.idle()
    await page.tasks.idle()
    return [row.said for row in page.list.rows]


async def test_a_draft_is_parked_from_home_and_says_that_it_waits_for_the_line() -> None:
    bench = Bench()
    draft_id = await begun(bench)
    async with bench.showing(home(bench)) as page:
        gone = heard(page.draft_gone)
        while focused(page) is not page.park:
            type_keys(page, TAB)
        type_keys(page, ENTER)
        await page.tasks.idle()
        assert bench.store.drafts[draft_id].place is Place.WAITS
        assert await looked(page) == [
            f"waiting, {BEGUN} · goes to the hall once the line allows; Enter keeps it here, now"
        ]
        assert (len(gone), page.park.isEnabled(), page.discard.act.isHidden()) == (1, False, True)


async def test_what_waits_for_the_line_is_kept_here_by_enter() -> None:
    bench = Bench()
    draft_id = await begun(bench)
    await bench.desk.begun.park(draft_id)
    async with bench.showing(home(bench)) as page:
        wanted = heard(page.draft_wanted)
        type_keys(page, ENTER)
        await page.tasks.idle()
        page.list.let_in()
        assert (bench.store.drafts[draft_id].place, await looked(page)) == (Place.HERE, [f"unfinished, {BEGUN}, now"])
        type_keys(page, ENTER)
        assert len(wanted) == 1


@pytest.mark.parametrize(
    ("place", "words"), [(Place.PARKING, "on its way to the hall"), (Place.FETCHING, "on its way from the hall")]
)
async def test_nobody_works_on_what_is_on_its_way(place: Place, words: str) -> None:
    bench = Bench()
    draft_id = await begun(bench)
    bench.store.drafts[draft_id] = replace(bench.store.drafts[draft_id], place=place)
    async with bench.showing(home(bench)) as page:
        said, wanted = heard(page.said), heard(page.draft_wanted)
        assert (await looked(page))[0] == f"sending, {BEGUN} · {words}, now"
        type_keys(page, ENTER, Qt.Key.Key_Delete)
        await page.tasks.idle()
        assert (said, wanted, page.discard.is_asking) == ([OnTheWayError.text], [], False)
    async with bench.showing(await bench.complaint_page(LI)) as form:
        assert form.description.toPlainText() == ""


async def test_what_is_parked_at_the_hall_says_what_it_is_about_and_nothing_of_the_customer() -> None:
    bench = Bench()
    await at_hall(bench, author="li")
    await at_hall(bench, state=ParkedState.CLAIMED, claimed_by="梅")
    await at_hall(bench, state=ParkedState.EXPIRED, subject="")
    async with bench.showing(home(bench)) as page:
        assert await looked(page) == [
            f"at the hall, Parked complaint: TV picture or channels, {TIME}, Somebody, now",
            f"at the hall, Parked complaint: TV picture or channels, {TIME} · 梅 is taking it up, Somebody, now",
            f"at the hall, Parked complaint: not said yet, {TIME} · expired, only for its author or a supervisor, Somebody, now",
        ]


async def test_enter_fetches_what_is_parked_and_then_it_is_the_clerks_own() -> None:
    bench = Bench()
    draft_id = await at_hall(bench, author="li")
    async with bench.showing(home(bench)) as page:
        await looked(page)
        page.list.setFocus()
        type_keys(page, ENTER)
        await page.tasks.idle()
        page.list.let_in()
        assert await looked(page) == [f"unfinished, {BEGUN}, now"]
        assert bench.store.drafts[draft_id].author == CLERK.id


async def test_who_comes_second_hears_who_was_first_and_sees_what_is_there_now() -> None:
    bench = Bench()
    await at_hall(bench)
    bench.gate.fail("resume", DraftTakenError(name="梅"))
    async with bench.showing(home(bench)) as page:
        await looked(page)
        said = heard(page.said)
        bench.store.hall.clear()
        page.list.setFocus()
        type_keys(page, ENTER)
        await page.tasks.idle()
        assert str(said[0]).startswith("梅 has taken this up already.")
        page.list.let_in()
        assert await looked(page) == []


async def test_no_key_waits_for_the_hall() -> None:
    bench = Bench()
    bench.gate.shut("parked")
    async with bench.showing(home(bench)) as page:
        assert not page.tasks.busy
        assert page.looking.busy
        bench.gate.open("parked")
        await page.looking.idle()
        page.press("refresh")
        await looked(page)
        assert bench.gate.passed["parked"] == 2


async def test_a_form_is_parked_with_its_last_word_and_is_empty_then() -> None:
    bench = Bench()
    async with bench.showing(await bench.complaint_page(NAMELESS)) as page:
        closed = heard(page.closing)
        assert not page.park.isEnabled()
        type_keys(page, "wsm", ENTER, "slow")
        page.park.setFocus()
        type_keys(page, ENTER)
        page.press("primary")
        await page.tasks.idle()
        (draft,) = bench.store.drafts.values()
        assert (draft.place, draft.body["description"], draft.subject) == (Place.WAITS, "slow", "slow-internet")
        assert (len(closed), page.is_unfinished, bench.store.acts) == (1, False, {})


async def test_a_form_that_cannot_be_parked_stays() -> None:
    bench = Bench()
    bench.gate.fail("park", StorageFullError())
    async with bench.showing(await bench.complaint_page(NAMELESS)) as page:
        said = heard(page.said)
        type_keys(page, "wsm", ENTER, "slow")
        page.park.click()
        await page.tasks.idle()
        assert (page.description.toPlainText(), page.description.isReadOnly()) == ("slow", False)
        assert said == [str(StorageFullError())]


async def test_where_there_is_no_hall_parking_is_grey_in_its_place_and_says_why() -> None:
    bench = Bench()
    await begun(bench)
    bench.gate.fail("parked", NoHallError())
    async with bench.showing(home(bench)) as page:
        page.list.setFocus()
        assert await looked(page) == [f"unfinished, {BEGUN}, now"]
        assert (page.park.isHidden(), page.park.isEnabled(), page.park.toolTip()) == (False, False, NoHallError.text)
        said = heard(page.said)
        page.press("hand-over")
        assert said == [NoHallError.text]
    async with bench.showing(await bench.complaint_page(NAMELESS)) as form:
        type_keys(form, "wsm", ENTER, "slow")
        assert (form.park.isHidden(), form.park.isEnabled(), form.park.toolTip()) == (False, False, NoHallError.text)


async def test_the_cursor_stays_where_it_is_when_the_hall_answers() -> None:
    bench = Bench()
    draft_id = await begun(bench)
    bench.gate.shut("parked")
    async with bench.showing(home(bench)) as page:
        page.list.setFocus()
        page.park.setFocus()
        bench.gate.fail("parked", NoHallError())
        bench.gate.open("parked")
        await looked(page)
        said = heard(page.said)
        assert focused(page) is page.park
        type_keys(page, ENTER)
        assert (said, bench.store.drafts[draft_id].place) == ([NoHallError.text], Place.HERE)
        page.list.setFocus()
        assert not page.park.isEnabled()


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (Place.HERE, f"unfinished, {BEGUN} · not parked: {HallFullError.text}, now"),
        (Place.FETCHING, f"sending, {BEGUN} · on its way from the hall · {HallFullError.text}, now"),
    ],
)
async def test_a_row_says_why_it_was_not_parked_or_is_stuck_and_can_be_discarded(place: Place, words: str) -> None:
    bench = Bench()
    draft_id = await begun(bench)
    bench.store.drafts[draft_id] = replace(bench.store.drafts[draft_id], place=place, trouble=HallFullError.text)
    async with bench.showing(home(bench)) as page:
        assert await looked(page) == [words]
        page.list.setFocus()
        type_keys(page, Qt.Key.Key_Delete, TAB, ENTER)
        await page.tasks.idle()
        assert bench.store.drafts == {}


async def test_a_full_disk_is_the_reason_that_is_told_when_calling_back() -> None:
    bench = Bench()
    await bench.desk.begun.park(await begun(bench))
    bench.gate.fail("call-back", StorageFullError())
    async with bench.showing(home(bench)) as page:
        said = heard(page.said)
        type_keys(page, ENTER)
        await page.tasks.idle()
        assert said == [str(StorageFullError())]


async def test_two_rows_taken_up_one_after_the_other_are_both_fetched_and_the_first_is_opened() -> None:
    bench = Bench()
    ids = [await at_hall(bench, author="li") for _ in range(2)]
    bench.gate.shut("resume")
    async with bench.showing(home(bench)) as page:
        await looked(page)
        wanted = heard(page.draft_wanted)
        page.draft_wanted.connect(page.hide)
        page.list.setFocus()
        type_keys(page, "1")
        await asyncio.sleep(0)
        type_keys(page, "2")
        bench.gate.open("resume")
        await page.tasks.idle()
        assert {one.author for one in bench.store.drafts.values()} == {CLERK.id}
        assert ([one.id for one in wanted if isinstance(one, Draft)], bench.store.hall) == (ids[:1], {})


async def test_the_key_for_parking_parks_the_row_or_the_form() -> None:
    bench = Bench()
    draft_id = await begun(bench)
    async with bench.showing(home(bench)) as page:
        await looked(page)
        page.discard.act.setFocus()
        assert not page.acts() & {"hand-over", "discard"}
        page.press("hand-over")  # the clerk is not at the rows
        page.list.setFocus()
        assert page.acts() >= {"hand-over", "discard"}
        page.press("hand-over")
        await page.tasks.idle()
        assert bench.store.drafts[draft_id].place is Place.WAITS
    async with bench.showing(await bench.complaint_page(NAMELESS)) as form:
        said = heard(form.said)
        form.press("hand-over")
        assert len(said) == 1
        form.view_model.park()
        await form.tasks.idle()
        assert len(bench.store.drafts) == 1
        type_keys(form, "wsm", ENTER, "slow")
        form.press("hand-over")
        await form.tasks.idle()
        assert len([one for one in bench.store.drafts.values() if one.place is Place.WAITS]) == 2


@pytest.mark.parametrize(
    ("clerk", "author", "state", "may"),
    [
        (BOSS, "li", ParkedState.EXPIRED, True),
        (CLERK, CLERK.id, ParkedState.EXPIRED, True),
        (CLERK, "li", ParkedState.EXPIRED, False),
        (BOSS, "li", ParkedState.PARKED, False),
    ],
)
async def test_what_has_expired_is_discarded_by_its_author_or_a_supervisor(
    clerk: Clerk, author: str, state: ParkedState, *, may: bool
) -> None:
    bench = Bench(clerk)
    await at_hall(bench, author=author, state=state)
    async with bench.showing(home(bench)) as page:
        await looked(page)
        page.list.setFocus()
        type_keys(page, Qt.Key.Key_Delete)
        assert page.discard.is_asking == may
        if may:
            type_keys(page, TAB, ENTER)
            await looked(page)
        assert bool(bench.store.hall) != may


async def test_one_click_picks_what_is_unfinished_and_two_open_it() -> None:
    bench = Bench()
    draft_id = await begun(bench)
    async with bench.showing(home(bench)) as page:
        await looked(page)
        wanted = heard(page.draft_wanted)
        place = page.list.visualRect(page.list.model().index(0, 0)).center()
        QTest.mouseClick(page.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
        assert (page.list.current_key, wanted) == (draft_id, [])
        QTest.mouseDClick(page.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
        assert len(wanted) == 1


async def test_what_this_program_does_not_know_hinders_nobody_and_stays_as_it_is() -> None:
    bench = Bench()
    newer = replace(bench.store.drafts[await begun(bench)], version=2, body={"text": "snow"})
    other = replace(newer, id="D2", kind="plan-change", customer_id="", customer_name="")
    bench.store.drafts |= {newer.id: newer, other.id: other}
    await at_hall(bench, kind="plan-change")
    async with bench.showing(home(bench)) as page:
        await looked(page)
        page.list.let_in()
        assert (await looked(page))[1:] == [
            f"unfinished, Unfinished work, {TIME}, now",
            f"at the hall, Parked work, {TIME}, Somebody, now",
        ]
        said, wanted = heard(page.said), heard(page.draft_wanted)
        page.list.setFocus()
        type_keys(page, "1", "2")
        await page.tasks.idle()
        assert (said, wanted) == ([NewerDraftError.text] * 2, [])
    async with bench.showing(await bench.complaint_page(LI)) as form:
        type_keys(form, "wsm", ENTER, "a")
        bench.later.come()
        await form.tasks.idle()
    assert bench.store.drafts[newer.id] == newer


async def test_what_is_too_long_for_a_box_stays_and_that_is_told() -> None:
    bench = Bench()
    async with bench.showing(await bench.complaint_page(NAMELESS)) as page:
        said = heard(page.said)
        page.description.setPlainText("很" * 8_000)
        page.park.click()
        await page.tasks.idle()
        assert said == [DraftTooLongError.text]
        assert [one.place for one in bench.store.drafts.values()] == [Place.HERE]


async def test_what_is_parked_from_home_goes_with_its_page(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        desk.keyboard.type(f"{NAMELESS}⏎")
        desk.keyboard.press("F7")
        desk.keyboard.type("slow⏎No internet")
        await desk.idle()
        desk.keyboard.press("Esc", "Esc")
        await desk.idle()
        desk.keyboard.press("F6")
        home_in_view(desk).park.setFocus()
        desk.keyboard.press("Return")
        await desk.idle()
        assert not [key for key in desk.shell.pages.kept if key.startswith("complaint:")]
        desk.keyboard.press("F2")
        desk.keyboard.type(f"{NAMELESS}⏎")
        desk.keyboard.press("F7")
        await desk.idle()
        assert form_in_view(desk).description.toPlainText() == ""
