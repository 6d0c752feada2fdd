"""What a clerk has begun is there again: after a restart, after locking, from Home and from the customer; for them alone."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit

from app.core.certainty import Certainty
from app.core.errors import StorageFullError
from app.core.permissions import Clerk
from tests.fakes.people import LI, NAMELESS
from tests.fakes.store import FakeStore
from tests.fakes.workstation import BOSS, CLERK, PASSWORD, FakeWorkstation
from tests.ui.desk_window import OpenDesk, open_desk
from ui.complaints.page import ComplaintPage
from ui.home.page import HomePage

HOUR = timedelta(hours=1)
pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")


async def begin(desk: OpenDesk, customer_id: str, text: str = "No internet") -> None:
    """Type the beginning of a complaint."""
    desk.keyboard.press("F2")
    desk.keyboard.type(f"{customer_id}⏎")
    desk.keyboard.press("F7")
    desk.keyboard.type(f"slow⏎{text}")
    await desk.idle()


def restarted(store: FakeStore) -> FakeWorkstation:
    """The desk as it is opened the next time: only what the store holds is there."""
    return FakeWorkstation(store, is_demonstration=True)


def form_in_view(desk: OpenDesk) -> ComplaintPage:
    assert isinstance(desk.page, ComplaintPage)
    return desk.page


def home_in_view(desk: OpenDesk) -> HomePage:
    assert isinstance(desk.page, HomePage)
    return desk.page


async def go_to_rows(desk: OpenDesk) -> HomePage:
    """Home, with the cursor in its list."""
    home = home_in_view(desk)
    desk.keyboard.press("F6")
    assert desk.focus is home.list
    return home


async def test_a_window_that_is_closed_keeps_what_was_typed_and_the_next_one_finds_it_on_home(
    qapp: QApplication,
) -> None:
    async with open_desk(qapp) as desk:
        await begin(desk, NAMELESS)
        store = desk.workstation.store
    (draft,) = store.drafts.values()
    async with open_desk(qapp, restarted(store)) as desk:
        home = await go_to_rows(desk)
        assert NAMELESS in home.list.rows[0].said
        desk.keyboard.type("⏎")
        await desk.idle()
        page = form_in_view(desk)
        assert (desk.focus, page.description.toPlainText()) == (page.description, "No internet")
        desk.keyboard.type(" since nine")
        desk.keyboard.press("Ctrl+Return", "F12")
        await desk.idle()
        assert isinstance(desk.page, HomePage)
        (act,) = store.acts.values()
        assert (act.command.id, act.command.body["description"]) == (draft.id, "No internet since nine")
        assert not store.drafts


@pytest.mark.whole
async def test_f7_on_the_customer_finds_it_too(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        await begin(desk, NAMELESS)
        store = desk.workstation.store
    async with open_desk(qapp, restarted(store)) as desk:
        desk.keyboard.type(f"{NAMELESS}⏎")
        desk.keyboard.press("F7")
        desk.keyboard.type(" since nine")
        await desk.idle()
        assert form_in_view(desk).description.toPlainText() == "No internet since nine"


@pytest.mark.whole
async def test_a_customer_who_is_not_held_any_more_hinders_nobody(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        await begin(desk, NAMELESS)
        store = desk.workstation.store
    del store.customers[NAMELESS]
    async with open_desk(qapp, restarted(store)) as desk:
        await go_to_rows(desk)
        desk.keyboard.type("⏎")
        await desk.idle()
        desk.keyboard.press("Ctrl+Return")
        await desk.idle()
        assert [act.command.customer_id for act in store.acts.values()] == [NAMELESS]


@pytest.mark.whole
async def test_a_complaint_without_account_is_found_on_home(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        for words in ("first", "second"):
            desk.keyboard.press("F7")
            desk.keyboard.type(f"other⏎{words}")
            await desk.idle()
            desk.keyboard.press("Esc")
            await desk.idle()
        store = desk.workstation.store
    async with open_desk(qapp, restarted(store)) as desk:
        await go_to_rows(desk)
        desk.keyboard.type("2")
        await desk.idle()
        assert form_in_view(desk).description.toPlainText() == "second"


async def test_a_row_whose_page_is_still_open_goes_to_that_page(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        await begin(desk, NAMELESS)
        page = desk.page
        desk.keyboard.press("Esc", "Esc")
        await desk.idle()
        await go_to_rows(desk)
        desk.keyboard.type("⏎")
        await desk.idle()
        assert desk.page is page


async def test_of_two_about_one_customer_each_row_opens_and_discards_its_own(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        await begin(desk, NAMELESS, "mine")
        store = desk.workstation.store
        desk.keyboard.press("Esc", "Esc")
        await desk.idle()
        (mine,) = store.drafts.values()
        fetched = replace(
            mine, id="D2", begun_at=mine.begun_at + HOUR, body={**mine.body, "description": "a colleague's"}
        )
        store.drafts[fetched.id] = fetched
        store.changes.publish({"draft"})
        await desk.idle()
        for draft, row in ((mine, "1"), (fetched, "2"), (mine, "1")):
            await go_to_rows(desk)
            desk.keyboard.type(row)
            await desk.idle()
            form = form_in_view(desk).view_model.state.form
            assert (form.id, form.description) == (draft.id, draft.body["description"])
            desk.keyboard.press("Esc", "Esc")
            await desk.idle()
        await go_to_rows(desk)
        desk.keyboard.press("Down", "Delete", "Tab", "Return")
        await desk.idle()
        assert set(store.drafts) == {mine.id}
        desk.keyboard.press("F2")
        desk.keyboard.type(f"{NAMELESS}⏎")
        desk.keyboard.press("F7")
        await desk.idle()
        assert form_in_view(desk).description.toPlainText() == "mine"


async def test_what_is_discarded_from_home_goes_with_its_page(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        await begin(desk, NAMELESS)
        desk.keyboard.press("Esc", "Esc")
        await desk.idle()
        await go_to_rows(desk)
        desk.keyboard.press("Delete", "Tab", "Return")
        await desk.idle()
        assert not desk.workstation.store.drafts
        assert not [key for key in desk.shell.pages.kept if key.startswith("complaint:")]
        desk.keyboard.press("F2")
        desk.keyboard.type(f"{NAMELESS}⏎")
        desk.keyboard.press("F7")
        await desk.idle()
        assert form_in_view(desk).description.toPlainText() == ""


async def test_a_second_enter_opens_nothing_of_what_is_being_discarded(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        await begin(desk, NAMELESS)
        desk.keyboard.press("Esc", "Esc")
        await desk.idle()
        await go_to_rows(desk)
        desk.workstation.gate.shut("discard")
        desk.keyboard.press("Delete", "Tab", "Return")
        await asyncio.sleep(0)
        desk.keyboard.press("Return")
        await asyncio.sleep(0)
        desk.workstation.gate.open("discard")
        await desk.idle()
        assert (isinstance(desk.page, ComplaintPage), desk.workstation.store.drafts) == (False, {})


@pytest.mark.whole
async def test_a_mended_complaint_that_was_left_goes_on_from_home(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        await begin(desk, NAMELESS)
        desk.keyboard.press("Ctrl+Return", "F12")
        await desk.idle()
        store = desk.workstation.store
        (refused,) = store.acts
        store.become(refused, Certainty.REFUSED, reason="No such service.")
        await desk.idle()
        desk.keyboard.press("Ctrl+J")
        desk.keyboard.type("⏎")
        desk.keyboard.press("Ctrl+Return")
        await desk.idle()
        desk.keyboard.type(" at all")
    async with open_desk(qapp, restarted(store)) as desk:
        await go_to_rows(desk)
        desk.keyboard.type("2")
        await desk.idle()
        form = form_in_view(desk).view_model.state.form
        assert (form.replaces, form.description) == (refused, "No internet at all")


@pytest.mark.whole
async def test_locking_keeps_what_is_begun_for_its_author_alone(qapp: QApplication) -> None:
    workstation = FakeWorkstation()
    async with open_desk(qapp, workstation) as desk:
        desk.keyboard.type(f"{PASSWORD}⏎")
        await desk.idle()
        await begin(desk, NAMELESS)
        desk.keyboard.press("Ctrl+L")
        await desk.idle()
        assert desk.shell.pages.kept == ("sign-in",)
        for clerk, rows in ((BOSS, 0), (CLERK, 1)):
            workstation.clerk = clerk
            page = desk.page
            desk.keyboard.press("Shift+Tab")
            assert isinstance(desk.focus, QLineEdit)
            desk.focus.selectAll()
            desk.keyboard.type(f"{clerk.id}⏎{PASSWORD}⏎")
            await desk.idle()
            assert desk.page is not page
            assert len(home_in_view(desk).list.rows) == rows
            desk.keyboard.press("Ctrl+L")
            await desk.idle()


async def test_locking_waits_for_what_is_being_saved(qapp: QApplication) -> None:
    async with open_desk(qapp, FakeWorkstation()) as desk:
        desk.keyboard.type(f"{PASSWORD}⏎")
        await desk.idle()
        await begin(desk, NAMELESS)
        desk.workstation.gate.shut("record")
        desk.keyboard.press("Ctrl+Return", "Ctrl+L")
        assert isinstance(desk.page, ComplaintPage)
        desk.workstation.gate.open("record")
        await desk.idle()
        assert desk.shell.pages.kept == ("sign-in",)
        store = desk.workstation.store
        assert (len(store.acts), store.drafts) == (1, {})


async def signed_in_as(desk: OpenDesk, clerk: Clerk) -> None:
    """Somebody signs in at the locked desk."""
    desk.workstation.clerk = clerk
    desk.keyboard.press("Shift+Tab")
    assert isinstance(desk.focus, QLineEdit)
    desk.focus.selectAll()
    desk.keyboard.type(f"{clerk.id}⏎{PASSWORD}⏎")
    await desk.idle()


async def test_a_desk_whose_disk_keeps_nothing_is_locked_and_its_clerk_finds_what_was_typed(qapp: QApplication) -> None:
    async with open_desk(qapp, FakeWorkstation()) as desk:
        desk.keyboard.type(f"{PASSWORD}⏎")
        await desk.idle()
        desk.workstation.gate.fail("keep", StorageFullError())
        await begin(desk, NAMELESS)
        desk.keyboard.press("Ctrl+L")
        await desk.idle()
        assert desk.shell.pages.kept == ("sign-in",)
        assert desk.window.notice.text().startswith(f"{StorageFullError()} The desk is locked.")
        desk.workstation.gate.mend("keep")
        await signed_in_as(desk, BOSS)
        assert not [key for key in desk.shell.pages.kept if key.startswith("complaint:")]
        desk.keyboard.press("Ctrl+L")
        await desk.idle()
        await signed_in_as(desk, CLERK)
        desk.keyboard.press("Ctrl+1")
        await desk.idle()
        assert form_in_view(desk).description.toPlainText() == "No internet"


@pytest.mark.whole
async def test_what_could_not_be_kept_ends_with_the_window(qapp: QApplication) -> None:
    async with open_desk(qapp, FakeWorkstation()) as desk:
        desk.keyboard.type(f"{PASSWORD}⏎")
        await desk.idle()
        desk.workstation.gate.fail("keep", StorageFullError())
        await begin(desk, NAMELESS)
        desk.keyboard.press("Ctrl+L")
        await desk.idle()


@pytest.mark.whole
async def test_home_is_told_of_what_is_begun_on_a_page_that_was_left(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        await begin(desk, LI)
        desk.keyboard.press("Esc", "Esc")
        await desk.idle()
        assert [row.key for row in home_in_view(desk).list.rows] == list(desk.workstation.store.drafts)
        assert desk.focus is desk.window.box


@pytest.mark.whole
async def test_a_draft_with_a_name_is_shown_by_it(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        await begin(desk, LI)
        store = desk.workstation.store
    async with open_desk(qapp, restarted(store)) as desk:
        assert "Unfinished complaint for 李示例" in home_in_view(desk).list.rows[0].said
