"""Pictures of every page from the demonstration data: by keys, in the real window, on a real embedded back office."""

from __future__ import annotations

import asyncio
import itertools
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import qasync
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import QApplication

from app.bootstrap.places import Arguments, start_from
from app.bootstrap.workstation import LocalWorkstation
from app.settings import Settings
from ui.app import build_window, start
from ui.application import make_application
from ui.shell import looks

if TYPE_CHECKING:
    from ui.shell.shell import Shell
    from ui.shell.window import ShellWindow

NOBODY = "http://127.0.0.1:9"  # the discard port: nothing answers there, which is what a cut line looks like
CUSTOMERS = 400
PATIENCE_S = 60.0
THUMBNAIL = 640
_KEY = bytes(range(32))


@dataclass(frozen=True, slots=True)
class Look:
    """One way of seeing everything."""

    theme: str
    language: str
    width: int
    height: int

    @property
    def name(self) -> str:
        """What its files begin with."""
        return f"{self.theme}-{self.language}-{self.width}x{self.height}"


_SIZES = ((1280, 720), (1920, 1080))
EVERY = tuple(
    Look(theme, language, *size)
    for theme, language, size in itertools.product(("light", "dark"), ("en", "zh_CN"), _SIZES)
)
PAIRWISE = tuple(
    look
    for look in EVERY
    if ((look.theme == "dark") + (look.language == "zh_CN") + (look.width > _SIZES[0][0])) % 2 == 0
)

# What to press for each picture, one after the other in the same window. ⏎ is Return; words in <> are keys.
SCENES: tuple[tuple[str, str], ...] = (
    ("home", ""),
    ("search", "zhang"),
    ("customer", "<F2>C-100001⏎"),
    ("complaint-outage", "<F7>"),
    ("complaint-saved", "<Escape><F12><F2>C-100007⏎<F7>slow⏎Every evening from eight<Ctrl+Return>"),
    ("keys", "<F1>"),
)


def take(arguments: Arguments) -> int:
    """Write the pictures and one contact sheet into the folder that was named."""
    assert arguments.pictures is not None  # noqa: S101 - main.py asks for pictures only then
    folder = arguments.pictures
    folder.mkdir(parents=True, exist_ok=True)
    app = QApplication.instance() or make_application(["trunkline"])
    assert isinstance(app, QApplication)  # noqa: S101
    app.setQuitOnLastWindowClosed(False)
    with qasync.QEventLoop(app) as loop, tempfile.TemporaryDirectory() as scratch:
        loop.run_until_complete(_all(app, arguments, folder, Path(scratch)))
    return 0


async def _all(app: QApplication, arguments: Arguments, folder: Path, scratch: Path) -> None:
    for look in EVERY if arguments.all else PAIRWISE:
        taken = await _demonstration(app, look, folder, scratch)
        taken += await _sign_in(app, look, folder, scratch)
        _sheet(taken, folder / f"sheet-{look.name}.png")


async def _demonstration(app: QApplication, look: Look, folder: Path, scratch: Path) -> list[Path]:
    taken = []
    async with _window(app, look, scratch / "desk", server="") as (window, shell, workstation):
        await _until(lambda: workstation.status.as_of is not None)
        for name, script in SCENES:
            for key in _keys(script):
                _press(window, key)
                await _settled(shell)
            await _settled(shell)
            taken.append(_save(window, folder / f"{look.name}-{name}.png"))
    return taken


async def _sign_in(app: QApplication, look: Look, folder: Path, scratch: Path) -> list[Path]:
    async with _window(app, look, scratch / "joined", server=NOBODY) as (window, shell, _):
        await _settled(shell)
        return [_save(window, folder / f"{look.name}-sign-in.png")]


@asynccontextmanager
async def _window(
    app: QApplication, look: Look, profile: Path, server: str
) -> AsyncIterator[tuple[ShellWindow, Shell, LocalWorkstation]]:
    begin = start_from(Arguments(profile=profile, language=look.language, theme=look.theme, server=server))
    values = {**begin.settings.values, "demonstration_customers": CUSTOMERS}
    workstation = LocalWorkstation(replace(begin, settings=Settings(values), demonstration_key=_KEY))
    looks.wear(app, workstation.appearance)
    window = build_window(workstation, lambda: None)
    window.resize(look.width, look.height)
    window.show()
    shell = await start(window)
    try:
        yield window, shell, workstation
    finally:
        window.hide()
        await shell.close()
        await workstation.close()
        window.deleteLater()


def _keys(script: str) -> list[str]:
    keys: list[str] = []
    rest = script
    while rest:
        if rest.startswith("<"):
            name, _, rest = rest[1:].partition(">")
            keys.append(name)
        else:
            keys.append("Return" if rest[0] == "⏎" else rest[0])
            rest = rest[1:]
    return keys


def _press(window: ShellWindow, key: str) -> None:
    if len(key) == 1:
        event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_unknown, Qt.KeyboardModifier.NoModifier, key)
    else:
        *held, name = key.split("+")
        modifier = Qt.KeyboardModifier.ControlModifier if held else Qt.KeyboardModifier.NoModifier
        event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key[f"Key_{name}"], modifier, "\r" if key == "Return" else "")
    QCoreApplication.sendEvent(window.windowHandle(), event)


async def _settled(shell: Shell) -> None:
    await asyncio.sleep(0.05)
    await _until(lambda: not shell.is_busy)


async def _until(holds: Callable[[], bool]) -> None:
    deadline = asyncio.get_running_loop().time() + PATIENCE_S
    while not holds():
        if asyncio.get_running_loop().time() > deadline:
            raise TimeoutError("the desk did not come to rest")
        await asyncio.sleep(0.02)


def _save(window: ShellWindow, path: Path) -> Path:
    window.grab().save(str(path))
    return path


def _sheet(pictures: list[Path], path: Path) -> None:
    """All pictures of one look side by side, two in a row."""
    thumbs = [
        QPixmap(str(one)).scaledToWidth(THUMBNAIL, Qt.TransformationMode.SmoothTransformation) for one in pictures
    ]
    height = thumbs[0].height()
    sheet = QPixmap(2 * THUMBNAIL, height * ((len(thumbs) + 1) // 2))
    sheet.fill(Qt.GlobalColor.gray)
    painter = QPainter(sheet)
    for number, thumb in enumerate(thumbs):
        painter.drawPixmap((number % 2) * THUMBNAIL, (number // 2) * height, thumb)
    painter.end()
    sheet.save(str(path))
