"""Makes Qt's application, or says in one line why no window can be opened here."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import NoReturn

from PySide6.QtCore import QLibraryInfo, QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

NO_WINDOW = 2  # the exit code
_VARIABLES = ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY", "DISPLAY")


def make_application(arguments: list[str]) -> QApplication:
    """The one application. Where Qt finds no screen it would abort with a core dump; this ends the program instead."""
    heard: list[str] = []

    def hear(kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
        heard.append(message)
        if kind is QtMsgType.QtFatalMsg:
            _give_up(heard)

    before = qInstallMessageHandler(hear)
    application = QApplication(arguments)
    qInstallMessageHandler(before)
    sys.stderr.writelines(f"{message}\n" for message in heard)
    return application


def _give_up(heard: list[str]) -> NoReturn:
    """Leave at once: Qt aborts as soon as this returns, and an exception cannot pass through it."""
    sys.stderr.write(f"Trunkline: {_reason(heard)}\n")
    sys.stderr.flush()
    os._exit(NO_WINDOW)


def _reason(heard: list[str]) -> str:
    if not any("could not connect to display" in message for message in heard) and (error := _library_error()):
        return f"A library of the window system cannot be loaded ({error}). Install it, then start again."
    asked = " ".join(f"{name}={os.environ[name]}" for name in _VARIABLES if os.environ.get(name))
    where = f" at {asked}" if asked else ""
    return f"No screen answers{where}. Start this in a desktop session, over 'ssh -X', or under 'xvfb-run'."


def _library_error() -> str:
    """What keeps Qt's X11 plug-in from loading; Qt itself names a library that may not be the one."""
    from ctypes import CDLL  # noqa: PLC0415 - only for a start that has failed

    plugin = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath)) / "platforms" / "libqxcb.so"
    try:
        CDLL(str(plugin)) if plugin.is_file() else None
    except OSError as error:
        return str(error)
    return ""
