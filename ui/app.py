"""Runs the window: shows the first frame, then loads what it took no part in, then works until the clerk quits."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QApplication

from ui.application import make_application
from ui.shell import looks
from ui.shell.window import ShellWindow

if TYPE_CHECKING:
    import asyncio

    from ui.shell.shell import Shell
    from ui.workstation import Workstation


def run(workstation: Workstation, *, announce_paint: bool) -> int:
    """Open the window on `workstation`; returns the exit code when it has closed tidily."""
    app = make_application(sys.argv[:1])
    app.setApplicationName("Trunkline")
    app.setQuitOnLastWindowClosed(False)
    looks.wear(app, workstation.appearance)
    closing = _Once()
    window = build_window(workstation, closing.say)
    if announce_paint:
        window.painted.connect(_announce)
    window.show()
    while not window.has_painted:
        app.processEvents()
    return _work(app, window, closing)


def build_window(workstation: Workstation, on_quit: Callable[[], None]) -> ShellWindow:
    """The frame without its life; `start` gives it that. `on_quit` hears that the clerk wants to close it."""
    return ShellWindow(workstation, on_quit)


async def start(window: ShellWindow) -> Shell:
    """Bring a shown window to life, up to its first page. Whoever starts a window closes the Shell it gets."""
    shell = _shell_of(window)
    await shell.open()
    return shell


def _shell_of(window: ShellWindow) -> Shell:
    from ui.shell.shell import Shell  # noqa: PLC0415 - not before the first frame

    return Shell(window, window.workstation)


class _Once:
    """Hears the wish to quit, also before anybody listens."""

    def __init__(self) -> None:
        self._is_said = False
        self._listener: Callable[[], None] | None = None

    def say(self) -> None:
        self._is_said = True
        if self._listener is not None:
            self._listener()

    def listen(self, listener: Callable[[], None]) -> None:
        self._listener = listener
        if self._is_said:
            listener()


def _announce() -> None:
    sys.stdout.write(f"first-paint {time.time_ns()}\n")
    sys.stdout.flush()


def _work(app: QApplication, window: ShellWindow, closing: _Once) -> int:
    import qasync  # noqa: PLC0415 - not before the first frame

    with qasync.QEventLoop(app) as loop:
        loop.run_until_complete(_live(window, closing))
    return 0


async def _live(window: ShellWindow, closing: _Once) -> None:
    import asyncio  # noqa: PLC0415

    quitting = asyncio.Event()
    closing.listen(quitting.set)
    shell = _shell_of(window)
    _catch_bugs(asyncio.get_running_loop(), shell.report)
    shell.tasks.start(shell.open())
    await quitting.wait()
    window.hide()
    await shell.close()
    await window.workstation.close()


def _catch_bugs(loop: asyncio.AbstractEventLoop, report: Callable[[BaseException], None]) -> None:
    """Let every exception that nobody took become an incident number instead of an end."""

    def in_slot(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        report(error)

    def in_loop(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        report(error if isinstance(error, BaseException) else RuntimeError(context.get("message", "")))

    sys.excepthook = in_slot
    loop.set_exception_handler(in_loop)
