"""A counter with a real desk on it: window, sync process, line and back office, all real."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from app.bootstrap.places import Start
from app.bootstrap.workstation import LocalWorkstation
from app.settings import DECLARED, Settings
from local_cache.profile import Profile
from tests.stories.real_office import PASSWORD, USER
from tests.ui.keyboard import Keyboard
from ui.app import build_window, start
from ui.page import Page
from ui.shell import looks
from ui.shell.shell import Shell
from ui.shell.window import ShellWindow

KEY = bytes(range(32))
PATIENCE_S = 30.0


def start_at(folder: Path, server: str, **settings: str | int) -> Start:
    """A desk in `folder` that works with the back office at `server` (empty: the embedded one)."""
    values = {one.key: one.default for one in DECLARED} | {"server": server, "language": "en", **settings}
    return Start(
        settings=Settings(values),
        profile=Profile(folder),
        own_settings=folder / "settings.json",
        log_folder=folder / "log",
        office_folder=folder.with_name(folder.name + "-backoffice"),
        demonstration_key=KEY,
    )


@dataclass
class Counter:
    """A desk in use."""

    window: ShellWindow
    shell: Shell
    workstation: LocalWorkstation
    keys: Keyboard

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

    def words(self) -> str:
        """Everything the clerk can read right now."""
        return " ".join(_texts(self.window))

    async def sees(self, *wanted: str) -> None:
        """Wait until the clerk can read all of this."""
        await self.until(lambda: all(one in self.words() for one in wanted), f"to read {wanted} in: ", self.words)

    async def until(
        self,
        holds: Callable[[], bool],
        what: str,
        told: Callable[[], object] = lambda: "",
        patience_s: float = PATIENCE_S,
    ) -> None:
        """Wait until something holds."""
        deadline = asyncio.get_running_loop().time() + patience_s
        while not holds():
            assert asyncio.get_running_loop().time() < deadline, f"waited in vain {what}{told()}"
            await asyncio.sleep(0.01)

    async def in_step(self, patience_s: float = PATIENCE_S) -> None:
        """Wait until the local copy is complete."""
        await self.until(lambda: self.workstation.status.as_of is not None, "for the copy", patience_s=patience_s)

    async def sign_in(self, patience_s: float = PATIENCE_S) -> None:
        """Sign the clerk in by keys and go past the offer of a desk PIN; a large copy needs more patience."""
        await self.until(lambda: self.shell.pages.current is not None, "for the sign-in page")
        self.keys.type(f"{USER}⏎{PASSWORD}⏎")
        await self.sees("Choose a desk PIN")
        self.keys.press("Esc")
        await self.in_step(patience_s)


def _texts(widget: QWidget) -> list[str]:
    found: list[str] = []
    for one in (widget, *widget.findChildren(QWidget)):
        if not one.isVisible():
            continue
        if isinstance(one, (QLabel, QLineEdit, QAbstractButton)):
            found.append(one.text())
        elif isinstance(one, QPlainTextEdit):
            found.append(one.toPlainText())
        elif isinstance(one, QAbstractItemView):
            found.extend(_row_texts(one))
    return found


def _row_texts(view: QAbstractItemView) -> list[str]:
    """What a screen reader would say of each row."""
    model = view.model()
    first = [model.index(row, 0) for row in range(model.rowCount(QModelIndex()))]
    roles = (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.DisplayRole)
    return [str(index.data(role)) for index in first for role in roles if index.data(role)]


@asynccontextmanager
async def counter(qapp: QApplication, begin: Start) -> AsyncIterator[Counter]:
    """Open the desk; close it tidily."""
    workstation = LocalWorkstation(begin)
    begin.profile.prepare()
    looks.wear(qapp, workstation.appearance)
    window = build_window(workstation, lambda: None)
    window.show()
    shell = await start(window)
    try:
        yield Counter(window, shell, workstation, Keyboard(window))
    finally:
        window.hide()
        await shell.close()
        await workstation.close()
        window.deleteLater()
        await asyncio.sleep(0)
        gc.collect()  # here, on the window's thread, and not in a thread of the next test
