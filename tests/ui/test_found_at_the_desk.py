"""What clerks stumbled over at the desk, each held by a test."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication, QWidget

from app.core.errors import BackOfficeAnswerError, BackOfficeUnreachableError, DeskError
from app.customers.model import Account
from app.inventory.model import Service
from app.session.model import SignInRefusedError
from app.sync.status import LineState, SyncStatus
from tests.fakes.clock import NOON
from tests.fakes.people import FIRM, LI
from tests.fakes.workstation import CLERK, PASSWORD, FakeWorkstation
from tests.ui.bench import Bench, speak, type_keys
from tests.ui.desk_window import OpenDesk, open_desk
from ui.complaints.page import ComplaintPage
from ui.customer.page import CustomerPage
from ui.customer.rows import account_row
from ui.customer.words import service_state, value_word
from ui.shell.status_words import line_words
from ui.sign_in.page import SignInPage
from ui.sign_in.view_model import SignInState
from ui.theme.tokens import Level
from ui.widgets.ages import time_of_day
from ui.widgets.labels import PlainLabel

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")

TROUBLE = SyncStatus(LineState.ONLINE, trouble=BackOfficeAnswerError.text)
UNSAVED = "This is not saved yet"


def here(desk: OpenDesk) -> str:
    assert desk.shell.pages.current is not None
    return desk.shell.pages.current.key


async def complaint_without_account(desk: OpenDesk) -> ComplaintPage:
    desk.keyboard.press("F7")
    await desk.idle()
    assert isinstance(desk.page, ComplaintPage)
    return desk.page


async def test_trouble_with_head_office_stays_in_the_bar_in_full(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        desk.workstation.tell(TROUBLE)
        told = f"Online · {BackOfficeAnswerError.text}"
        (part,) = [one for one in desk.window.status.findChildren(QWidget) if one.accessibleName() == told]
        assert (part.toolTip(), part.isVisible()) == (told, True)
        assert line_words(TROUBLE).level is Level.LOOK
        desk.workstation.tell(replace(TROUBLE, trouble=""))
        assert BackOfficeAnswerError.text not in desk.window.status.text()


async def test_trouble_speaks_the_language_of_the_clerk(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        desk.workstation.tell(TROUBLE)
        desk.keyboard.type("中文⏎")
        await desk.idle()
        assert BackOfficeAnswerError.text not in desk.window.status.text()
        assert "总部" in desk.window.status.text()


async def test_before_sign_in_the_bar_asks_to_sign_in_and_not_again(qapp: QApplication) -> None:
    workstation = FakeWorkstation()
    workstation.tell(SyncStatus(LineState.SIGN_IN_NEEDED))
    async with open_desk(qapp, workstation) as desk:
        assert desk.window.status.text().startswith("Sign in to connect")
        desk.keyboard.type(f"{PASSWORD}⏎")
        await desk.idle()
        assert desk.window.status.text().startswith("Head office wants you to sign in again")


@pytest.mark.parametrize("begins_at", ["home", FIRM])
async def test_f7_takes_the_complaint_of_the_person_picked_in_the_list(qapp: QApplication, begins_at: str) -> None:
    async with open_desk(qapp) as desk:
        if begins_at == FIRM:
            desk.keyboard.type("057188005678⏎")
            await desk.idle()
        desk.keyboard.press("F2")
        desk.keyboard.type("13800138000")
        await desk.idle()
        desk.keyboard.type("↓")
        desk.keyboard.press("F7")
        await desk.idle()
        assert here(desk) == f"complaint:{LI}"
        desk.keyboard.type("⎋")
        assert here(desk) == f"customer:{LI}"


@pytest.mark.parametrize(
    ("typed", "language", "theme"),
    [("dark", "en", "dark"), ("中文", "zh_CN", "light")],
)
async def test_a_look_typed_whole_acts_at_once(qapp: QApplication, typed: str, language: str, theme: str) -> None:
    async with open_desk(qapp) as desk:
        desk.keyboard.type(f"{typed}⏎")
        await desk.idle()
        assert (desk.workstation.appearance.language, desk.workstation.appearance.theme) == (language, theme)
        desk.keyboard.press("F2")
        desk.keyboard.type("English⏎")
        await desk.idle()
        assert desk.workstation.appearance.language == "en"


async def test_the_act_meant_exactly_is_the_first_row(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        desk.keyboard.type("dark")
        await desk.idle()
        assert [row.key for row in desk.shell.finder.search.state.rows] == ["do:dark", "do:complaint-without-account"]


async def test_f12_keeps_a_category_that_is_half_typed(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        page = await complaint_without_account(desk)
        desk.keyboard.type("slo")
        desk.keyboard.press("F12")
        await desk.idle()
        assert desk.page is page
        assert (page.category.field.text(), desk.window.notice.text().startswith(UNSAVED)) == ("slo", True)
        assert page.is_unfinished


async def test_a_half_typed_category_outlives_a_change_of_language(qapp: QApplication) -> None:
    bench = Bench()
    async with bench.showing(await bench.complaint_page()) as page:
        type_keys(page, "slo")
        speak(qapp, "zh_CN", "light")
        assert page.category.field.text() == "slo"
        speak(qapp, "en", "light")


@pytest.mark.parametrize("key", ["Return", "Ctrl+Return"])
async def test_a_category_that_fits_nothing_is_said_so(qapp: QApplication, key: str) -> None:
    async with open_desk(qapp) as desk:
        page = await complaint_without_account(desk)
        height = page.category.height()
        desk.keyboard.type("qqqq")
        words = "Nothing fits. Clear the field to see all."
        assert (page.category.nothing.isVisible(), page.category.nothing.text()) == (True, words)
        assert (page.category.list.isVisible(), page.category.height()) == (False, height)
        desk.keyboard.press(key)
        assert desk.window.notice.text() == words
        assert desk.focus is page.category.field


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("error", [SignInRefusedError(), BackOfficeUnreachableError()])
async def test_what_is_wrong_with_a_sign_in_is_never_cut_off(
    qapp: QApplication, language: str, error: DeskError
) -> None:
    bench = Bench()
    async with bench.showing(SignInPage(bench.workstation, bench.on_bug)) as page:
        speak(qapp, language, "light")
        page.view_model.changed.emit(SignInState(is_line_cut=False, error=error))
        qapp.processEvents()
        (label,) = [one for one in page.form.findChildren(PlainLabel) if one.property("role") == "error" and one.text()]
        assert label.height() >= label.heightForWidth(label.width())
        speak(qapp, "en", "light")


def test_codes_of_documents_and_accounts_are_words(qapp: QApplication) -> None:
    codes = ("businessLicence", "nationalIdentityCard", "passport", "open", "active", "suspended", "closed")
    speak(qapp, "zh_CN", "light")
    shown = [value_word(code) for code in codes]
    speak(qapp, "en", "light")
    assert not [word for word in shown if word.isascii()]
    assert value_word("businessLicence") == "business licence"
    states = ("open", "active", "closed")
    assert [account_row(Account("A-1", "", one, None)).cells[1].text for one in states] == ["", "", "closed"]


def test_a_service_that_is_off_does_not_end_its_customer(qapp: QApplication) -> None:
    off = Service("S-1", "Fibre", "broadband", "", "inactive", "")
    speak(qapp, "zh_CN", "light")
    chinese = service_state(off, None, NOON)
    speak(qapp, "en", "light")
    assert (service_state(off, None, NOON), chinese) == ("off", "已停用")
    assert service_state(replace(off, state="suspended"), None, NOON) == "suspended"


async def test_the_window_never_gets_too_small_for_its_columns(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        desk.window.resize(640, 400)
        assert (desk.window.width(), desk.window.height()) == (1024, 640)


@pytest.mark.parametrize(("width", "height"), [(1024, 640), (1280, 720)])
async def test_no_line_of_the_overview_is_sliced(qapp: QApplication, width: int, height: int) -> None:
    workstation = FakeWorkstation(is_demonstration=True)
    firm = workstation.store.customers[FIRM]
    phones = ("057188005678", "057188005679", "13900139001")
    contacts = replace(
        firm.contacts, phones=phones, address="Tea Lane 1, behind the old bridge, Xihu, Hangzhou, 310012"
    )
    workstation.store.customers[FIRM] = replace(firm, contacts=contacts)
    async with open_desk(qapp, workstation) as desk:
        desk.window.resize(width, height)
        desk.keyboard.type("057188005678⏎")
        await desk.idle()
        qapp.processEvents()
        assert isinstance(desk.page, CustomerPage)
        facts = desk.page.facts
        assert facts.width() == desk.page.overview.viewport().width()
        shown = [one for one in facts.findChildren(PlainLabel) if one.isVisible()]
        assert all(one.height() >= one.heightForWidth(one.width()) for one in shown if one.wordWrap())
        assert all(QRect(0, 0, facts.width(), facts.height()).contains(one.geometry()) for one in shown)
        accounts = desk.page.panels[3]
        assert not accounts.geometry().intersects(desk.page.panels[1].geometry())


async def test_locking_keeps_the_user_and_asks_for_the_secret(qapp: QApplication) -> None:
    workstation = FakeWorkstation()
    workstation.last_user = ""
    async with open_desk(qapp, workstation) as desk:
        desk.keyboard.type(f"{CLERK.id}⏎{PASSWORD}⏎")
        await desk.idle()
        desk.keyboard.press("Ctrl+L")
        await desk.idle()
        assert isinstance(desk.page, SignInPage)
        assert (desk.page.user.text(), desk.focus) == (CLERK.id, desk.page.secret)


async def test_complaints_without_account_are_told_apart_by_their_time(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        await complaint_without_account(desk)
        names = [one.accessibleName() for one in desk.window.rail.findChildren(QWidget)]
        assert f"new {time_of_day(NOON)} Ctrl+1" in names
