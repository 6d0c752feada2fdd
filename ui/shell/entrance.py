"""From the closed desk to a clerk at work, and back: opening the files, signing in, locking."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.core.errors import DeskError
from ui.page import Page
from ui.shell.finder import Finder
from ui.shell.frame import Frame
from ui.shell.navigator import Door, Navigator
from ui.shell.pages import Pages
from ui.shell.patience import Patience
from ui.shell.routes import Routes
from ui.theme.tokens import Level
from ui.words import in_words
from ui.workstation import Desk, Opening

if TYPE_CHECKING:
    from ui.workstation import Workstation

SIGN_IN, UNLOCK = "sign-in", "unlock"


class Entrance(QObject):
    """Lets one clerk in and out."""

    def __init__(
        self,
        workstation: Workstation,
        frame: Frame,
        pages: Pages,
        routes: Routes,
        navigator: Navigator,
        finder: Finder,
        patience: Patience,
    ) -> None:
        super().__init__(frame)
        self._workstation = workstation
        self._frame = frame
        self._pages = pages
        self._routes = routes
        self._navigator = navigator
        self._finder = finder
        self._patience = patience

    async def open(self) -> bool:
        """Open the desk's files and show the first page; where that cannot be, say why and let F5 try again."""
        try:
            opening = await self._workstation.open()
            if opening is Opening.OPEN:
                await self._begin()
            else:
                self._show_unlock(opening)
        except DeskError as error:
            self._frame.say(self.tr("{reason} Try again: F5.").format(reason=in_words(error)), Level.ACT)
        return self._pages.current is not None

    def lock(self) -> None:
        """Sign the clerk out; what they have begun is there again when they come back."""
        self._patience.run(self._sign_out())

    async def _begin(self) -> bool:
        self._say_trouble()
        if self._workstation.is_demonstration:
            self._enter(await self._workstation.sign_in_demonstration())
        else:
            self._show_sign_in()
        return True

    def _enter(self, desk: Desk) -> None:
        for key in (SIGN_IN, UNLOCK):
            if self._pages.get(key) is not None:
                self._navigator.leave(key)
        self._routes.serve(desk)
        self._finder.serve(desk.find)
        self._navigator.come_back(desk.clerk.id)
        self._navigator.go_home()
        self._say_trouble()

    def _say_trouble(self) -> None:
        if self._workstation.opening_trouble is not None:
            self._frame.say(in_words(self._workstation.opening_trouble))

    def _show_sign_in(self) -> None:
        self._finder.serve(None)
        self._navigator.open(Door(SIGN_IN, self._sign_in_page))

    def _show_unlock(self, opening: Opening) -> None:
        self._finder.serve(None)
        self._navigator.open(Door(UNLOCK, partial(self._unlock_page, opening)))

    def _sign_in_page(self) -> Page:
        page = self._routes.sign_in()
        page.signed_in.connect(self._enter)
        page.appearance_wanted.connect(self._frame.wear)
        return page

    def _unlock_page(self, opening: Opening) -> Page:
        page = self._routes.unlock(opening)
        page.unlocked.connect(lambda: self._patience.run(self._begin()))
        return page

    async def _sign_out(self) -> bool:
        why = await self._navigator.leave_with(self._routes.desk.clerk.id)
        await self._workstation.sign_out()
        self._frame.window.box.clear()
        self._routes.serve(None)
        self._show_sign_in()
        if why is not None:
            locked = self.tr(
                "{reason} The desk is locked. What could not be kept is there again when you sign in here, "
                "as long as the program runs."
            )
            self._frame.say(locked.format(reason=in_words(why)), Level.ACT)
        return True
