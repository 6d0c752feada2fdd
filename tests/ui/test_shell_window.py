"""The frame and the ways through it: nothing moves the cursor but the clerk, and nothing begun is dropped."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QCoreApplication, QSize
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication

from app.core.certainty import Certainty
from app.core.errors import StorageError, StorageFullError
from app.core.permissions import Clerk
from app.sync.status import Held, LineState, SyncStatus
from tests.fakes.people import FIRM, LI, NAMELESS
from tests.fakes.workstation import BOSS, CLERK, PASSWORD, FakeWorkstation
from tests.ui.desk_window import OpenDesk, open_desk
from ui.app import build_window
from ui.page import Page
from ui.shell.history import History
from ui.shell.interactions import MOST, Interactions
from ui.shell.navigator import Door
from ui.shell.status_words import line_words
from ui.shell.window import HEIGHT, LEAST_HEIGHT, LEAST_WIDTH, WIDTH, ShellWindow
from ui.theme import tokens
from ui.theme.apply import current
from ui.widgets.fields import TextArea
from ui.workstation import Appearance, Opening

NUMBERS = {LI: "13800138000", NAMELESS: "4471-QWXZE", FIRM: "057188005678"}


async def open_customer(desk: OpenDesk, customer_id: str) -> None:
    desk.keyboard.press("F2")
    desk.keyboard.type(f"{NUMBERS[customer_id]}⏎")
    await desk.idle()


async def begin_complaint(desk: OpenDesk, customer_id: str, text: str) -> None:
    await open_customer(desk, customer_id)
    desk.keyboard.press("F7")
    desk.keyboard.type(f"slow⏎{text}")
    await desk.idle()


def here(desk: OpenDesk) -> str:
    assert desk.shell.pages.current is not None
    return desk.shell.pages.current.key


async def test_the_day_starts_at_home_with_the_cursor_in_the_box(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        assert (here(desk), desk.focus) == ("home", desk.window.box)


async def test_a_page_is_made_inside_the_window_so_that_it_is_dressed_once(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        page = desk.shell.routes.customer(LI)
        assert page.parent() is desk.window.stack
        assert not page.isVisible()
        page.tasks.end()
        page.deleteLater()


async def test_esc_goes_back_level_by_level_and_keeps_the_form(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        await begin_complaint(desk, NAMELESS, "No internet")
        way = [here(desk)]
        for _ in range(3):
            desk.keyboard.type("⎋")
            way.append(here(desk))
        assert way == [f"complaint:{NAMELESS}", f"customer:{NAMELESS}", "home", "home"]
        desk.keyboard.press("Ctrl+1", "F7")
        await desk.idle()
        assert here(desk) == f"complaint:{NAMELESS}"
        assert isinstance(desk.focus, TextArea)
        assert desk.focus.toPlainText() == "No internet"
        desk.keyboard.type(" since nine")
        assert desk.focus.toPlainText() == "No internet since nine"


async def test_alt_arrows_walk_the_pages_seen(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        await open_customer(desk, LI)
        await open_customer(desk, FIRM)
        seen = []
        for key in ("Alt+Left", "Alt+Left", "Alt+Left", "Alt+Right", "Alt+Right", "Alt+Right"):
            desk.keyboard.press(key)
            seen.append(here(desk))
        li, firm = f"customer:{LI}", f"customer:{FIRM}"
        assert seen == [li, "home", "home", li, firm, firm]


async def test_customers_keep_their_numbers(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        for customer in (LI, NAMELESS, FIRM):
            await open_customer(desk, customer)
        desk.keyboard.press("Ctrl+2")
        assert here(desk) == f"customer:{NAMELESS}"
        desk.keyboard.press("F12")
        await desk.idle()
        numbers = {one.root: one.number for one in desk.shell.pages.interactions.listed()}
        assert numbers == {f"customer:{LI}": 1, f"customer:{FIRM}": 3}
        desk.keyboard.press("Ctrl+PgDown")
        assert here(desk) == f"customer:{LI}"
        desk.keyboard.press("Ctrl+PgUp")
        assert here(desk) == f"customer:{FIRM}"


async def test_f12_ends_a_customer_only_when_nothing_is_unsaved(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        await begin_complaint(desk, NAMELESS, "No internet")
        desk.keyboard.press("F12")
        await desk.idle()
        assert here(desk) == f"complaint:{NAMELESS}"
        desk.keyboard.press("Ctrl+Return", "F12")
        await desk.idle()
        assert (here(desk), desk.shell.pages.kept) == ("home", ("home",))
        assert len(desk.workstation.store.acts) == 1


async def test_f7_after_a_saved_complaint_opens_a_new_form(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        await begin_complaint(desk, NAMELESS, "No internet")
        desk.keyboard.press("Ctrl+Return", "Esc", "F7")
        desk.keyboard.type("bill")
        await desk.idle()
        assert len(desk.workstation.store.acts) == 1
        desk.keyboard.press("Return")
        desk.keyboard.type("Too high")
        desk.keyboard.press("Ctrl+Return")
        await desk.idle()
        assert len(desk.workstation.store.acts) == 2


async def test_f7_without_a_customer_takes_a_complaint_without_account(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        desk.keyboard.press("F7")
        await desk.idle()
        assert here(desk).startswith("complaint:")
        assert [one.number for one in desk.shell.pages.interactions.listed()] == [1]


async def test_a_refused_complaint_is_mended_from_needs_you(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        await begin_complaint(desk, NAMELESS, "No internet")
        desk.keyboard.press("Ctrl+Return", "F12")
        await desk.idle()
        (command_id,) = desk.workstation.store.acts
        desk.workstation.store.become(command_id, Certainty.REFUSED, reason="No such service.")
        await desk.idle()
        desk.keyboard.press("Ctrl+J")
        desk.keyboard.type("⏎")
        desk.keyboard.press("Ctrl+Return")
        await desk.idle()
        assert here(desk) == f"complaint:{command_id}"
        desk.keyboard.press("Esc")
        assert here(desk) == "needs-you"


async def test_the_cursor_stays_through_syncs_status_and_changes(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        await begin_complaint(desk, NAMELESS, "No int")
        focus = desk.focus
        before = desk.page.geometry()
        for number in range(60):
            line = LineState.CUT if number % 2 else LineState.ONLINE
            desk.workstation.tell(SyncStatus(line, waiting=number, needs_you=number % 3, total=number % 5 * 100))
            desk.workstation.changes.publish({"customer", "service", "troubleTicket", "serviceProblem"})
            await desk.idle()
            assert desk.focus is focus
        desk.keyboard.type("ernet")
        assert isinstance(focus, TextArea)
        assert focus.toPlainText() == "No internet"
        assert desk.page.geometry() == before


async def test_the_language_changes_under_an_open_form(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        await begin_complaint(desk, NAMELESS, "No internet")
        desk.keyboard.press("F2")
        desk.keyboard.type("中文⏎")
        await desk.idle()
        assert desk.workstation.appearance == Appearance("zh_CN", "light")
        assert desk.window.box.placeholderText().startswith("F2   号码")
        assert "在线" in desk.window.status.text()
        desk.keyboard.press("Ctrl+1")
        assert isinstance(desk.focus, TextArea)
        assert desk.focus.toPlainText() == "No internet"
        desk.keyboard.press("F2")
        desk.keyboard.type("english⏎")
        await desk.idle()
        assert "Online" in desk.window.status.text()


async def test_the_theme_changes_from_the_box(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        desk.keyboard.type("ss⏎⏎")
        await desk.idle()
        assert desk.workstation.appearance.theme == "dark"


async def test_a_look_that_the_disk_does_not_keep_is_worn_and_that_is_told(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_desk(qapp) as desk:

        def full(_appearance: Appearance) -> None:
            raise StorageFullError

        monkeypatch.setattr(desk.workstation, "remember", full)
        desk.keyboard.type("ss⏎⏎")
        await desk.idle()
        assert desk.window.notice.text() == StorageFullError.text
        assert current() is tokens.DARK
        assert desk.workstation.bugs == []


async def test_a_bug_becomes_an_incident_number(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:

        async def broken() -> None:
            raise ZeroDivisionError

        desk.page.tasks.start(broken())
        await desk.idle()
        assert desk.window.notice.text().endswith("tell IT: B-1.")
        desk.keyboard.press("F1")
        assert "tell IT: B-1." in desk.shell.sheet.text()
        desk.workstation.bugs.clear()


async def test_the_sheet_of_keys_shows_what_works_here_and_goes_with_esc(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        desk.keyboard.press("F1")
        focus = desk.focus
        at_home = desk.shell.sheet.text()
        desk.keyboard.type("⎋")
        assert not desk.shell.sheet.isVisible()
        assert (here(desk), desk.focus) == ("home", focus)
        await open_customer(desk, LI)
        desk.keyboard.press("F1")
        assert "Ctrl+1" not in at_home
        assert "Ctrl+1" in desk.shell.sheet.text()
        assert "pay" not in desk.shell.sheet.text()


async def test_f6_goes_round_box_and_page(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        await begin_complaint(desk, NAMELESS, "x")
        field = desk.focus
        desk.keyboard.press("F6")
        assert desk.focus is desk.window.box
        desk.keyboard.press("F6")
        assert desk.focus is field


async def test_a_failing_disk_is_said_and_keys_go_on(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        desk.workstation.gate.fail("search", StorageError())
        await open_customer(desk, LI)
        assert here(desk) == "home"
        assert not desk.shell.typeahead.is_holding
        desk.workstation.gate.mend("search")
        await open_customer(desk, LI)
        assert here(desk) == f"customer:{LI}"


async def test_a_page_that_cannot_open_leaves_no_trace_but_its_words(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        desk.shell.navigator.open(Door("broken", UnreadablePage))
        desk.keyboard.type("meant for it")
        await desk.idle()
        assert (here(desk), desk.window.box.text()) == ("home", "")
        assert desk.window.notice.text().startswith("The disk did not take this")


async def test_a_page_is_about_nobody_and_has_nothing_to_lose_until_it_says_so(qapp: QApplication) -> None:
    page = Page(lambda _error: None)
    await page.load()
    assert (page.acts(), page.strip(), page.begun_at(), page.is_unfinished) == (frozenset(), None, None, False)
    assert not page.press("primary")
    page.deleteLater()


class UnreadablePage(Page):
    """A page whose data cannot be read."""

    def __init__(self) -> None:
        super().__init__(lambda _error: None)

    async def load(self) -> None:
        raise StorageError


async def test_the_strip_says_who_and_goes_with_the_page(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        assert not desk.window.strip.isVisible()
        await open_customer(desk, LI)
        assert (desk.window.strip.isVisible(), desk.window.strip.accessibleName()) == (True, "李示例")
        desk.keyboard.press("F12")
        await desk.idle()
        assert not desk.window.strip.isVisible()


async def test_signing_in_leads_home_and_locking_leads_back(qapp: QApplication) -> None:
    workstation = FakeWorkstation()
    async with open_desk(qapp, workstation) as desk:
        assert here(desk) == "sign-in"
        assert not desk.window.box.isEnabled()
        desk.keyboard.type(f"{PASSWORD}⏎{NUMBERS[LI]}⏎")
        await desk.idle()
        assert here(desk) == f"customer:{LI}"
        desk.keyboard.press("Ctrl+L")
        await desk.idle()
        assert desk.shell.pages.kept == ("sign-in",)
        assert (workstation.is_signed_in, desk.window.box.text()) == (False, "")


async def test_a_desk_that_needs_a_passphrase_asks_for_it_first(qapp: QApplication) -> None:
    async with open_desk(qapp, FakeWorkstation(opening=Opening.PASSPHRASE_NEEDED)) as desk:
        assert here(desk) == "unlock"
        desk.keyboard.type("a passphrase that is long⏎")
        await desk.idle()
        assert here(desk) == "sign-in"


async def test_closing_asks_and_does_not_close(qapp: QApplication) -> None:
    wishes: list[str] = []
    window = build_window(FakeWorkstation(), lambda: wishes.append("quit"))
    event = QCloseEvent()
    QCoreApplication.sendEvent(window, event)
    assert (event.isAccepted(), wishes) == (False, ["quit"])
    window.deleteLater()
    await asyncio.sleep(0)


async def test_the_rail_and_the_bar_count_what_waits_and_what_needs_you(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        desk.workstation.tell(SyncStatus(LineState.ONLINE, waiting=4, needs_you=1))
        text = desk.window.status.text()
        assert ("4 waiting" in text, "1 needs you  Ctrl+J" in text) == (True, True)
        assert "Demonstration data" in text


@pytest.mark.parametrize(("clerk", "count"), [(CLERK, 1), (BOSS, 3)])
async def test_what_somebody_may_adopt_needs_them(qapp: QApplication, clerk: Clerk, count: int) -> None:
    async with open_desk(qapp, FakeWorkstation(clerk=clerk, is_demonstration=True)) as desk:
        held = (Held("lina", "李娜", 2), Held(clerk.id, clerk.name, 1))
        desk.workstation.tell(SyncStatus(LineState.ONLINE, waiting=4, needs_you=1, held=held))
        assert f"{count} needs you  Ctrl+J" in desk.window.status.text()


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (SyncStatus(LineState.ONLINE), "Online"),
        (SyncStatus(LineState.CUT), "Line cut, work goes on"),
        (SyncStatus(LineState.STARTING), "Connecting to head office…"),
        (SyncStatus(LineState.ONLINE, loaded=1200, total=7043), "Copying this branch's data: 1,200 of 7,043"),
        (
            SyncStatus(LineState.ONLINE, loaded=1200, total=7043, remaining_s=61),
            "Copying this branch's data: 1,200 of 7,043 · about 2 min left",
        ),
        (
            SyncStatus(LineState.ONLINE, loaded=1200, total=7043, remaining_s=59),
            "Copying this branch's data: 1,200 of 7,043 · less than a minute left",
        ),
        (
            SyncStatus(LineState.ONLINE, loaded=7043, total=7043),
            "Copying this branch's data: all is here and is being made searchable",
        ),
        (SyncStatus(LineState.CUT, loaded=1200, total=7043), "Line cut, work goes on"),
        (SyncStatus(LineState.STOPPED), "Exchange with head office is stopped. What you saved is safe. Call IT."),
        (SyncStatus(LineState.SIGN_IN_NEEDED), "Head office wants you to sign in again; work goes on"),
    ],
)
def test_the_line_in_words(qapp: QApplication, status: SyncStatus, words: str) -> None:
    assert line_words(status).text == words


def test_numbers_are_given_anew_only_when_free() -> None:
    open_now = Interactions()
    for name in "abc":
        open_now.shown(f"{name}1", name)
    open_now.closed("b1")
    open_now.shown("d1", "d")
    assert {one.root: one.number for one in open_now.listed()} == {"a": 1, "d": 2, "c": 3}


def test_nine_is_full_and_age_is_by_last_look() -> None:
    open_now = Interactions()
    for name in "abcdefghi":
        open_now.shown(name, name)
    open_now.shown("a", "a")
    assert (open_now.is_full(), len(open_now.listed()), open_now.by_age()[0].root) == (True, MOST, "b")


def test_history_forgets_pages_that_are_gone_without_standing_twice_on_one() -> None:
    history = History()
    for key in ("home", "a", "home", "b"):
        history.visit(key)
    history.forget("a")
    assert [history.step(-1), history.step(-1), history.step(1)] == ["home", "", "b"]


async def test_a_desk_that_could_not_be_opened_is_tried_again_with_f5(qapp: QApplication) -> None:
    workstation = FakeWorkstation(is_demonstration=True)
    workstation.gate.fail("open", StorageError())
    async with open_desk(qapp, workstation) as desk:
        assert desk.window.notice.text().endswith("Try again: F5.")
        workstation.gate.mend("open")
        desk.keyboard.press("F5")
        await desk.idle()
        assert here(desk) == "home"


async def test_what_happened_at_opening_is_told_once_the_clerk_is_in(qapp: QApplication) -> None:
    workstation = FakeWorkstation(is_demonstration=True)
    workstation.opening_trouble = StorageError()
    async with open_desk(qapp, workstation) as desk:
        assert "disk" in desk.window.notice.text()


async def test_every_page_fits_the_smallest_screen(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        await begin_complaint(desk, LI, "No internet")
        for language in ("english", "中文"):
            desk.keyboard.press("F2")
            desk.keyboard.type(f"{language}⏎")
            await desk.idle()
            least = desk.window.minimumSizeHint()
            assert (least.width() <= WIDTH, least.height() <= HEIGHT) == (True, True)


@pytest.mark.parametrize(
    ("screen", "size"),
    [
        (QSize(1920, 1040), QSize(WIDTH, HEIGHT)),
        (QSize(1152, 864), QSize(1152, HEIGHT)),
        (QSize(1366, 680), QSize(WIDTH, 680)),
        (QSize(1100, 650), QSize(1100, 650)),
        (QSize(800, 600), QSize(LEAST_WIDTH, LEAST_HEIGHT)),
    ],
)
def test_the_window_opens_no_larger_than_its_screen_nor_smaller_than_its_columns(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch, screen: QSize, size: QSize
) -> None:
    monkeypatch.setattr(ShellWindow, "screen", lambda _: SimpleNamespace(availableSize=lambda: screen))
    window = build_window(FakeWorkstation(), lambda: None)
    assert window.size() == size
    window.deleteLater()
