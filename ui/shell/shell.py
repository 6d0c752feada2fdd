"""What the keys of the window do, from the first sign-in to the last."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject

from app.core.tasks import TaskScope
from app.sync.status import SyncStatus
from ui.page import Page
from ui.search.acts import WITHOUT_ACCOUNT
from ui.shell import looks
from ui.shell.collector import Collector
from ui.shell.dispatch import Dispatcher
from ui.shell.entrance import Entrance
from ui.shell.finder import Finder
from ui.shell.frame import Frame
from ui.shell.key_sheet import KeySheet
from ui.shell.keys import DIGITS
from ui.shell.navigator import Navigator
from ui.shell.pages import Pages
from ui.shell.patience import Patience
from ui.shell.regions import next_region
from ui.shell.routes import Routes
from ui.shell.typeahead import TypeAhead
from ui.shell.window import ShellWindow
from ui.workstation import Workstation

_SHELL_FIRST = frozenset({"help", "box", "finish"})


class Shell(QObject):
    """Joins the frame, the pages and the keys. One per window; `close` ends everything it started."""

    def __init__(self, window: ShellWindow, workstation: Workstation) -> None:
        super().__init__(window)
        self.window = window
        self._workstation = workstation
        self.tasks = TaskScope(self.report)
        self._collector = Collector(self)
        self.routes = Routes(workstation, self.report, window.stack)
        self.pages = Pages(window.stack)
        self.frame = Frame(window, workstation, self.pages, self.routes)
        self.dispatcher = Dispatcher(window, self.act, self._wait_for_page)
        self.typeahead = TypeAhead(self.dispatcher.deliver, self)
        self.patience = Patience(self.tasks, self.typeahead, self.frame)
        self.navigator = Navigator(self.frame, self.pages, self.routes, self.patience, self.tasks)
        self.finder = Finder(self.frame, self.navigator, self.typeahead, workstation, self.tasks)
        self.entrance = Entrance(
            workstation, self.frame, self.pages, self.routes, self.navigator, self.finder, self.patience
        )
        self.sheet = KeySheet(window)
        self._handlers = self._own_acts()
        self._connect()
        self.dispatcher.watch()

    def report(self, error: BaseException) -> None:
        """Take a bug from anywhere in the window."""
        self.frame.report(error)

    async def open(self) -> bool:
        """Open the desk, up to its first page; whether there is one."""
        is_open = await self.entrance.open()
        self._collector.settle()
        return is_open

    async def close(self) -> None:
        """End everything that runs here."""
        self._unfollow()
        self.tasks.cancel()  # what is still being opened is not wanted any more
        await self.tasks.idle()
        await self.navigator.keep_all()
        self.navigator.leave_all()
        self.navigator.end()
        await self.tasks.idle()
        self.tasks.end()
        self._collector.close()

    def act(self, action: str) -> None:
        """Do what a key of the table stands for: the page's part first, else the window's."""
        self.window.notice.quiet()
        if self._put_away_for(action) or (action == "complaint" and self.finder.complain_for_picked()):
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
        page = self._page()
        return self._own_offers() | (page.acts() if page else frozenset())

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
            "box": self.finder.focus,
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
            "home": go.go_home,
            WITHOUT_ACCOUNT.id: go.open_complaint,
            **{wish: partial(self._look, wish) for wish in (*looks.THEMES, *looks.LANGUAGES)},
            # the demonstration's clerk has no password to come back with
            **({} if self._workstation.is_demonstration else {"lock": self.entrance.lock}),
        }

    def _connect(self) -> None:
        self.window.rail.wanted.connect(self.navigator.go_to)
        self.finder.wished.connect(self.act)
        self.navigator.arrived.connect(self.frame.draw)
        self._unfollow = self._workstation.on_status(self._follow)

    def _follow(self, status: SyncStatus) -> None:
        self.frame.follow(status)
        self.finder.search.follow(status)

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
        return action == "back" and self.finder.put_away()

    def _show_sheet(self) -> None:
        stack = self.window.stack
        self.sheet.show_for(self.offered(), list(self.frame.messages), stack.size())
        self.sheet.move(stack.mapTo(self.window, stack.rect().topLeft()))

    def _go_region(self, step: int) -> None:
        page = self._page()
        if page is not None:
            next_region(self.window, [self.window.box, page], step)

    def _look(self, wish: str) -> None:
        self.frame.wear(looks.changed(self._workstation.appearance, wish))


async def _idle(page: Page) -> bool:
    await page.tasks.idle()
    return True
