"""What the keys of the window do, from the first sign-in to the last."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from app.core.errors import DeskError
from app.core.tasks import TaskScope
from app.sync.status import SyncStatus
from ui.page import Page
from ui.search.results import Results
from ui.search.view_model import SearchViewModel
from ui.shell import looks
from ui.shell.collector import Collector
from ui.shell.dispatch import Dispatcher
from ui.shell.frame import Frame
from ui.shell.key_sheet import KeySheet
from ui.shell.keys import DIGITS
from ui.shell.navigator import Door, Navigator
from ui.shell.offers import offered_by
from ui.shell.pages import Pages
from ui.shell.patience import Patience
from ui.shell.regions import next_region
from ui.shell.routes import Routes
from ui.shell.typeahead import Hold, TypeAhead
from ui.shell.window import ShellWindow
from ui.theme.tokens import Level
from ui.words import in_words
from ui.workstation import Appearance, Desk, Opening, Workstation

SIGN_IN, UNLOCK = "sign-in", "unlock"
_SHELL_FIRST = frozenset({"help", "box", "finish"})


class Shell(QObject):
    """Joins the frame, the pages and the keys. One per window; `close` ends everything it started."""

    def __init__(self, window: ShellWindow, workstation: Workstation) -> None:
        super().__init__(window)
        self.window = window
        self._workstation = workstation
        self.tasks = TaskScope(self.report)
        self._collector = Collector(self)
        self.routes = Routes(workstation, self.report)
        self.pages = Pages(window.stack)
        self.frame = Frame(window, workstation, self.pages, self.routes)
        self.dispatcher = Dispatcher(window, self.act, self._wait_for_page)
        self.typeahead = TypeAhead(self.dispatcher.deliver, self)
        self.patience = Patience(self.tasks, self.typeahead, self.frame)
        self.navigator = Navigator(self.frame, self.pages, self.routes, self.patience, self.tasks)
        self.search = SearchViewModel(workstation, self.tasks, self)
        self.results = Results(window.box, window)
        self.sheet = KeySheet(window)
        self._deciding: Hold | None = None
        self._handlers = self._own_acts()
        self._connect()
        self.dispatcher.watch()

    def report(self, error: BaseException) -> None:
        """Take a bug from anywhere in the window."""
        self.frame.report(error)

    async def open(self) -> bool:
        """Open the desk's files and show the first page; where that cannot be, say why and let F5 try again."""
        try:
            opening = await self._workstation.open()
            if opening is Opening.OPEN:
                await self._begin()
            else:
                self._show_unlock(opening)
        except DeskError as error:
            self.frame.say(self.tr("{reason} Try again: F5.").format(reason=in_words(error)), Level.ACT)
        return self.pages.current is not None

    async def close(self) -> None:
        """End everything that runs here."""
        self._unfollow()
        await self.tasks.close()  # what is still being opened is not wanted any more
        self.navigator.leave_all()
        await self.tasks.idle()
        self._collector.close()

    def act(self, action: str) -> None:
        """Do what a key of the table stands for: the page's part first, else the window's."""
        self.window.notice.quiet()
        if self._put_away_for(action) or (action == "complaint" and self._complain_for_picked()):
            return
        page = self._page()
        if action not in _SHELL_FIRST and page is not None and page.press(action):
            return
        handler = self._handlers.get(action)
        if handler is not None and action in self._own_offers():
            handler()

    @property
    def is_busy(self) -> bool:
        """Whether anything is being read, opened or saved."""
        page = self._page()
        return self.tasks.busy or self.typeahead.is_holding or (page is not None and page.tasks.busy)

    def offered(self) -> frozenset[str]:
        """The actions whose keys do something now."""
        return self._own_offers() | offered_by(self._page())

    def _own_offers(self) -> frozenset[str]:
        if not self.routes.is_signed_in:
            return frozenset({"help"} if self._page() else {"help", "refresh"})
        numbers = {one.number for one in self.pages.interactions.listed()}
        unused = {f"interaction-{digit}" for digit in DIGITS if digit not in numbers}
        return frozenset(self._handlers) - unused

    def _own_acts(self) -> dict[str, Callable[[], None]]:
        go = self.navigator
        return {
            "help": self._show_sheet,
            "box": self._focus_box,
            "refresh": self._refresh,
            "refresh-all": self._workstation.refresh,
            "next-region": partial(self._go_region, 1),
            "previous-region": partial(self._go_region, -1),
            "complaint": go.open_complaint,
            "finish": go.finish,
            "back": go.back,
            **{f"interaction-{digit}": partial(go.go_to_number, digit) for digit in DIGITS},
            "previous-interaction": partial(go.go_beside, -1),
            "next-interaction": partial(go.go_beside, 1),
            "earlier": partial(go.walk, -1),
            "later": partial(go.walk, 1),
            "needs-you": go.go_needs_you,
            # the demonstration's clerk has no password to come back with
            **({} if self._workstation.is_demonstration else {"lock": self._lock}),
        }

    def _connect(self) -> None:
        box, search = self.window.box, self.search
        box.textEdited.connect(lambda _text: search.type(box.typed()))
        box.moved.connect(search.move)
        box.entered.connect(search.enter)
        box.left.connect(search.close)
        box.digit.connect(self.results.list.open_number)
        search.changed.connect(self._draw_results)
        search.opened.connect(self._open_found)
        search.deciding.connect(self._hold_while_deciding)
        self.results.opened.connect(search.open)
        self.window.rail.wanted.connect(self.navigator.go_to)
        self.window.resized.connect(self.results.place)
        self.navigator.arrived.connect(self.frame.draw)
        self._unfollow = self._workstation.on_status(self._follow)

    def _follow(self, status: SyncStatus) -> None:
        self.frame.follow(status)
        self.search.follow(status)

    async def _begin(self) -> bool:
        if self._workstation.opening_trouble is not None:
            self.frame.say(in_words(self._workstation.opening_trouble))
        if self._workstation.is_demonstration:
            self.enter(await self._workstation.sign_in_demonstration())
        else:
            self._show_sign_in()
        return True

    def enter(self, desk: Desk) -> None:
        """Let this clerk work: the box finds, Home shows what is due."""
        for key in (SIGN_IN, UNLOCK):
            if self.pages.get(key) is not None:
                self.navigator.end_page(key)
        self.routes.serve(desk)
        self.window.box.setEnabled(True)
        self.search.serve(desk.find)
        self.navigator.go_home()
        if self._workstation.opening_trouble is not None:
            self.frame.say(in_words(self._workstation.opening_trouble))

    def _show_sign_in(self) -> None:
        self.window.box.setEnabled(False)
        self.navigator.open(Door(SIGN_IN, self._sign_in_page))

    def _show_unlock(self, opening: Opening) -> None:
        self.window.box.setEnabled(False)
        self.navigator.open(Door(UNLOCK, partial(self._unlock_page, opening)))

    def _sign_in_page(self) -> Page:
        page = self.routes.sign_in()
        page.signed_in.connect(self.enter)
        page.appearance_wanted.connect(self._wear)
        return page

    def _unlock_page(self, opening: Opening) -> Page:
        page = self.routes.unlock(opening)
        page.unlocked.connect(lambda: self.patience.run(self._begin()))
        return page

    def _lock(self) -> None:
        unfinished = self.navigator.unfinished()
        if unfinished:
            self.navigator.show(unfinished)
            self.frame.say(self.tr("This is not saved yet. Save it (Ctrl+Enter), then lock."))
        else:
            self.patience.run(self._sign_out())

    async def _sign_out(self) -> bool:
        await self._workstation.sign_out()
        self.navigator.leave_all()
        self.search.serve(None)
        self.window.box.clear()
        self.routes.serve(None)
        self._show_sign_in()
        return True

    def _refresh(self) -> None:
        if self.routes.is_signed_in:
            self._workstation.refresh()
        else:
            self.patience.run(self.open())

    def _page(self) -> Page | None:
        return self.pages.current.page if self.pages.current else None

    def _wait_for_page(self) -> None:
        """Keys typed after an act that set the page to work reach what the work leads to."""
        page = self._page()
        if page is not None and page.tasks.busy:
            self.patience.run(_idle(page), lambda: page.tasks.busy)

    def _put_away_for(self, action: str) -> bool:
        """Put away what lies over the page; whether that was all the key was for."""
        was_shown = self.sheet.isVisible()
        self.sheet.hide()
        if was_shown:
            return action in ("help", "back")
        if action == "back" and self.search.state.is_open:
            self.search.close()
            return True
        return False

    def _show_sheet(self) -> None:
        self.sheet.show_for(self.offered(), list(self.frame.messages))
        corner = self.window.stack.mapTo(self.window, self.window.stack.rect().topLeft())
        self.sheet.move(corner)

    def _focus_box(self) -> None:
        self.window.box.setFocus()
        self.window.box.selectAll()

    def _go_region(self, step: int) -> None:
        page = self._page()
        if page is not None:
            next_region(self.window, [self.window.box, page], step)

    def _hold_while_deciding(self, waits: bool) -> None:  # noqa: FBT001 - a signal's argument
        if waits:
            self._deciding = self.typeahead.hold()
        elif self._deciding is not None:
            self._deciding.release()

    def _draw_results(self) -> None:
        self.window.box.picks_by_digit = self.search.state.is_frozen
        self.results.show_state(self.search.state)

    def _open_found(self, key: str) -> None:
        kind, _, what = key.partition(":")
        if kind == "customer":
            self.navigator.open_customer(what)
        elif kind == "ticket":
            self.frame.say(self.tr("Ticket {number} belongs to no customer of this desk.").format(number=what))
        else:
            self._do(what)

    def _complain_for_picked(self) -> bool:
        """Take a complaint for the person picked under the box; False where nobody is."""
        kind, _, customer_id = self.search.state.current.partition(":")
        if kind != "customer":
            return False
        self.search.close()
        self.navigator.open_customer(customer_id, lambda page: page.press("complaint"))
        return True

    def _do(self, wish: str) -> None:
        appearance = looks.changed(self._workstation.appearance, wish)
        if appearance is not None:
            self._wear(appearance)
        elif wish == "home":
            self.navigator.go_home()
        elif wish == "complaint-without-account":
            self.navigator.open_complaint()
        else:
            self.act(wish)

    def _wear(self, appearance: Appearance) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication), "a window has an application"  # noqa: S101 - an invariant
        looks.change(app, self._workstation, appearance)
        self.frame.draw()


async def _idle(page: Page) -> bool:
    await page.tasks.idle()
    return True
