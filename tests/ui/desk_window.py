"""Opens the real window on a fake desk, and closes it without leaving anything behind."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from PySide6.QtWidgets import QApplication, QWidget

from app.core.tasks import TaskScope
from tests.fakes.workstation import FakeWorkstation
from tests.ui.keyboard import Keyboard
from ui.app import build_window, start
from ui.page import Page
from ui.shell import looks
from ui.shell.shell import Shell
from ui.shell.window import ShellWindow
from ui.workstation import Appearance


@dataclass
class OpenDesk:
    """A window with everything a test touches."""

    window: ShellWindow
    shell: Shell
    workstation: FakeWorkstation
    keyboard: Keyboard

    @property
    def page(self) -> Page:
        """The page in view."""
        current = self.shell.pages.current
        assert current is not None
        return current.page

    @property
    def focus(self) -> QWidget:
        """Where the cursor is."""
        return self.window.focusWidget()

    async def idle(self) -> None:
        """Wait until neither the shell nor any of its pages has work, and no key waits."""
        while scopes := [scope for scope in self._scopes() if scope.busy]:
            for scope in scopes:
                await scope.idle()

    def _scopes(self) -> list[TaskScope]:
        pages = [visit.page for key in self.shell.pages.kept if (visit := self.shell.pages.get(key))]
        return [self.shell.tasks, *(page.tasks for page in pages)]


@asynccontextmanager
async def open_desk(qapp: QApplication, workstation: FakeWorkstation | None = None) -> AsyncIterator[OpenDesk]:
    """Open the window, up to its first page."""
    desk = workstation or FakeWorkstation(is_demonstration=True)
    looks.wear(qapp, desk.appearance)
    window = build_window(desk, lambda: None)
    window.show()
    shell = await start(window)
    opened = OpenDesk(window, shell, desk, Keyboard(window))
    try:
        await opened.idle()
        yield opened
        await opened.idle()
        assert desk.bugs == []
    finally:
        window.hide()
        await shell.close()
        window.deleteLater()
        looks.wear(qapp, Appearance("en", "light"))
        await asyncio.sleep(0)
