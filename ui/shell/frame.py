"""Keeps what stands around the page true: strip, rail, status bar, notice line."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from app.core.errors import DeskError
from app.sync.status import SyncStatus
from ui.page import Page
from ui.shell import looks
from ui.shell.pages import HOME, Pages
from ui.shell.rail import RailEntry
from ui.shell.routes import Routes
from ui.shell.window import ShellWindow
from ui.theme.tokens import Level
from ui.widgets.ages import time_of_day
from ui.words import in_words
from ui.workstation import Appearance, Workstation

NEEDS_YOU = "needs-you"
_MESSAGES_KEPT = 8


class Frame(QObject):
    """Draws the frame from what is known; never moves the focus, never changes the layout of a page."""

    def __init__(self, window: ShellWindow, workstation: Workstation, pages: Pages, routes: Routes) -> None:
        super().__init__(window)
        self.window = window
        self.messages: deque[str] = deque(maxlen=_MESSAGES_KEPT)
        self._workstation = workstation
        self._pages = pages
        self._routes = routes
        self._status = workstation.status
        window.language_changed.connect(self.draw)
        self.draw()

    def say(self, text: str, level: Level = Level.LOOK) -> None:
        """Tell the clerk one thing, until the next act and under F1."""
        if text:
            self.messages.appendleft(text)
        self.window.notice.tell(text, level)

    def unsay(self, text: str) -> None:
        """Take `text` back, if the line still says it."""
        if self.window.notice.text() == text:
            self.window.notice.quiet()

    def report(self, error: BaseException) -> None:
        """Log a bug and tell the clerk its number; nothing else stops."""
        number = self._workstation.report_bug(error)
        told = self.tr("Something went wrong in the program; what you saved is safe. Go on, and tell IT: {number}.")
        self.say(told.format(number=number), Level.ACT)

    def follow(self, status: SyncStatus) -> None:
        """Show the line and the outbox as just heard."""
        self._status = status
        self.draw()

    def wear(self, appearance: Appearance) -> None:
        """Show everything in this theme and language from now on, and keep that."""
        app = QApplication.instance()
        assert isinstance(app, QApplication), "a window has an application"  # noqa: S101 - an invariant
        try:
            looks.change(app, self._workstation, appearance)
        except DeskError as error:
            self.say(in_words(error), Level.ACT)
        self.draw()

    def draw(self) -> None:
        """Draw every part anew."""
        is_signed_in, here = self._routes.is_signed_in, self._workstation
        name = self._routes.desk.clerk.name if is_signed_in else ""
        self.window.status.show_clerk(name, here.desk_name, is_demonstration=here.is_demonstration)
        self.window.status.show_status(replace(self._status, needs_you=self._decisions()), is_signed_in=is_signed_in)
        current = self._pages.current
        self.window.strip.show_strip(current.page.strip() if current else None)
        self._draw_rail(current.key if current else "")

    def _draw_rail(self, here: str) -> None:
        entries = [*self._fixed_entries(), *self._interaction_entries()] if self._routes.is_signed_in else []
        interaction = self._pages.interactions.of(here)
        self.window.rail.show_entries(entries, interaction.root if interaction else here)

    def _decisions(self) -> int:
        """How many acts want a decision of whoever is signed in."""
        return (
            self._routes.desk.adoption.decisions(self._status) if self._routes.is_signed_in else self._status.needs_you
        )

    def _fixed_entries(self) -> list[RailEntry]:
        waiting, count = self._status.waiting, self._decisions()
        return [
            RailEntry(HOME, self.tr("Home"), self.tr("{count} waiting").format(count=waiting) if waiting else ""),
            RailEntry(NEEDS_YOU, self.tr("Needs you"), f"{count} · Ctrl+J" if count else "Ctrl+J"),
        ]

    def _interaction_entries(self) -> list[RailEntry]:
        return [
            RailEntry(one.root, self._name_of(one.root), f"Ctrl+{one.number}")
            for one in self._pages.interactions.listed()
        ]

    def _name_of(self, root: str) -> str:
        pages = [visit.page for visit in self._pages.of(root)]
        names = (strip.name for page in pages if (strip := page.strip()) and strip.name)
        return next(names, "") or self._name_by_time(pages)

    def _name_by_time(self, pages: Sequence[Page]) -> str:
        """What tells work about nobody known apart: when it began."""
        begun = next((moment for page in pages if (moment := page.begun_at())), None)
        return self.tr("new {time}").format(time=time_of_day(begun)) if begun else self.tr("new")
