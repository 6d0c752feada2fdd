"""A bench for pages: one page at a time on the fakes, driven by keys, with proof that nothing broke on the way."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.complaints.model import ComplaintForm
from app.core.permissions import Clerk
from app.sync.status import Held, LineState, SyncStatus
from tests.fakes.people import LI, branch
from tests.fakes.workstation import CLERK, FakeWorkstation, desk_on
from ui.complaints.page import ComplaintPage
from ui.customer.page import CustomerPage
from ui.customer.state import CustomerContext
from ui.page import Page
from ui.shell import looks
from ui.workstation import Appearance

AnyPage = TypeVar("AnyPage", bound=Page)
HELD = SyncStatus(LineState.ONLINE, waiting=1, held=(Held("lina", "李娜", 1),))
ENTER, DOWN, TAB = Qt.Key.Key_Return, Qt.Key.Key_Down, Qt.Key.Key_Tab


class Later:
    """Satisfies `Delay`: what is due waits until the test lets the time come."""

    def __init__(self) -> None:
        self.due: Callable[[], None] | None = None

    def begin(self, then: Callable[[], None]) -> None:
        """Wait with it."""
        self.due = then

    def end(self) -> None:
        """Wait with nothing."""
        self.due = None

    def come(self) -> None:
        """Let the time come."""
        if (due := self.due) is not None:
            self.due = None
            due()


class Bench:
    """A workstation with a signed-in desk on the branch of `tests.fakes.people`."""

    def __init__(self, clerk: Clerk = CLERK) -> None:
        self.store = branch()
        self.clock = self.store.clock
        self.gate = self.store.gate
        self.workstation = FakeWorkstation(self.store, clerk=clerk)
        self.desk = desk_on(self.store, clerk)
        self.later = Later()

    def on_bug(self, error: BaseException) -> None:
        """Take what no page should ever raise."""
        self.workstation.report_bug(error)

    async def context(self, customer_id: str, service_id: str = "") -> CustomerContext:
        """What the customer page hands on."""
        overview = await self.desk.overview.of(customer_id)
        assert overview is not None
        return CustomerContext(customer_id, overview.customer.value.name or customer_id, overview, service_id)

    def customer_page(self, customer_id: str) -> CustomerPage:
        """A customer page on this desk."""
        return CustomerPage(self.desk, self.workstation, self.on_bug, customer_id, clock=self.clock)

    async def complaint_page(self, customer_id: str = "", service_id: str = "") -> ComplaintPage:
        """A new complaint; without a customer it is one without account."""
        context = await self.context(customer_id, service_id) if customer_id else None
        return self.form_page(context, None)

    def form_page(self, context: CustomerContext | None, form: ComplaintForm | None) -> ComplaintPage:
        """A complaint page on this desk that keeps what is typed when `later` comes."""
        return ComplaintPage(
            self.desk, self.workstation, self.on_bug, context, form, clock=self.clock, delay=self.later
        )  # fmt: skip

    async def left_behind(self) -> str:
        """A complaint for Li of somebody whom head office no longer accepts; returns its id."""
        form = replace(self.desk.complaints.new_form(LI, "李示例"), category="tv", description="no picture")
        act = await self.desk.complaints.file(form)
        taken = self.store.acts[act]
        self.store.acts[act] = replace(taken, command=replace(taken.command, author=HELD.held[0].author))
        self.workstation.tell(HELD)
        return act

    @asynccontextmanager
    async def showing(self, page: AnyPage) -> AsyncIterator[AnyPage]:
        """Show the page as the shell does, and end it as the shell does."""
        page.resize(1192, 588)
        await page.load()
        page.show()
        page.activateWindow()
        await page.tasks.idle()
        QCoreApplication.processEvents()  # activates the window; only while no task runs, whose step it would swallow
        if focused(page) is page:
            page.first_field().setFocus()
        await page.tasks.idle()
        try:
            yield page
        finally:
            await page.tasks.close()
            page.close()
            page.deleteLater()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        assert not self.workstation.bugs


def speak(app: QApplication, language: str, theme: str) -> None:
    """Let the whole window change its language and theme."""
    looks.wear(app, Appearance(language, theme))
    QCoreApplication.sendPostedEvents(None, QEvent.Type.LanguageChange.value)


def focused(page: Page) -> QWidget:
    """Where the cursor is."""
    inside: QWidget | None = page.focusWidget()
    return inside or page


def type_keys(page: Page, *keys: str | Qt.Key) -> None:
    """Press keys one after the other without a pause, each where the cursor is by then."""
    for key in keys:
        if isinstance(key, str):
            for sign in key:
                QTest.keyClicks(focused(page), sign)
        else:
            QTest.keyClick(focused(page), key)


def heard(signal: object) -> list[object]:
    """Collect what a signal carries from now on."""
    said: list[object] = []
    connect = getattr(signal, "connect")  # noqa: B009 - PySide types signals of instances as plain signals
    connect(lambda *what: said.append(what[0] if what else None))
    return said
