"""The key scripts of a complaint, in the real window and without a pause between the keys."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from app.complaints import commands
from app.core.certainty import Certainty
from tests.fakes.people import FIBRE, LI, NAMELESS, OUTAGE
from tests.ui.desk_window import OpenDesk, open_desk
from ui.complaints.page import ComplaintPage
from ui.customer.page import CustomerPage
from ui.home.page import HomePage

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")


def complaint_in_view(desk: OpenDesk) -> ComplaintPage:
    """The complaint page in view."""
    page = desk.page
    assert isinstance(page, ComplaintPage)
    return page


async def test_number_f7_category_text_save_finish(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        desk.keyboard.type(f"{NAMELESS}⏎")
        desk.keyboard.press("F7")
        desk.keyboard.type("wsm⏎slow since Monday")
        desk.keyboard.press("Ctrl+Return", "F12")
        await desk.idle()
        (act,) = desk.workstation.store.acts.values()
        assert act.command.body["description"] == "slow since Monday"
        assert act.command.body["ticketType"] == "complaint/slow-internet"
        assert isinstance(desk.page, HomePage)
        assert desk.focus is desk.window.box


async def test_several_services_cost_one_enter_and_the_outage_another(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        desk.keyboard.type(f"{LI}⏎")
        desk.keyboard.press("F7")
        desk.keyboard.type("⏎⏎")
        desk.keyboard.press("F12")
        await desk.idle()
        (act,) = desk.workstation.store.acts.values()
        assert (act.command.kind, act.command.entity_id) == (commands.LINK_OUTAGE, OUTAGE)
        assert isinstance(desk.page, HomePage)


async def test_a_picked_service_goes_with_f7(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        desk.keyboard.type(f"{LI}⏎")
        desk.keyboard.press("Alt+2")
        desk.keyboard.type("2")
        desk.keyboard.press("F7")
        await desk.idle()
        assert complaint_in_view(desk).view_model.state.form.service_id == FIBRE


async def test_a_held_primary_key_files_one_complaint(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        desk.keyboard.type(f"{NAMELESS}⏎")
        desk.keyboard.press("F7")
        desk.keyboard.type("wfw⏎dead")
        desk.keyboard.press("Ctrl+Return", repeats=20)
        desk.keyboard.press("Ctrl+Return")
        await desk.idle()
        assert len(desk.workstation.store.acts) == 1


async def test_esc_leaves_a_complaint_unfinished_and_f7_comes_back_to_it(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        desk.keyboard.type(f"{NAMELESS}⏎")
        desk.keyboard.press("F7")
        desk.keyboard.type("wfw⏎dead since")
        desk.keyboard.press("Esc")
        await desk.idle()
        assert type(desk.page) is CustomerPage
        desk.keyboard.press("F7")
        desk.keyboard.type(" Monday")
        await desk.idle()
        assert complaint_in_view(desk).description.toPlainText() == "dead since Monday"


async def test_a_refused_complaint_is_mended_and_sent_again_by_keys(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        store = desk.workstation.store
        desk.keyboard.type(f"{NAMELESS}⏎")
        desk.keyboard.press("F7")
        desk.keyboard.type("wfw⏎dead")
        desk.keyboard.press("Ctrl+Return", "F12")
        await desk.idle()
        (first,) = store.acts
        store.become(first, Certainty.REFUSED, reason="Say since when.")
        desk.keyboard.press("Ctrl+J")
        desk.keyboard.type("⏎⏎")
        await desk.idle()
        page = complaint_in_view(desk)
        assert desk.focus is page.description
        desk.keyboard.type(" since Monday")
        desk.keyboard.press("Ctrl+Return")
        await desk.idle()
        mended = store.acts[page.view_model.state.form.id].command
        assert (mended.replaces, mended.body["description"]) == (first, "dead since Monday")
