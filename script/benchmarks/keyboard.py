"""Keys for a measured window, pressed on a thread of its own so that a busy window receives them late, as a clerk's are."""

from __future__ import annotations

import ctypes
import ctypes.util
from typing import Any, Final, Protocol

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QInputDevice, QKeyEvent, QWindow

_KEYSYMS: Final = {"F2": 0xFFBF, "F12": 0xFFC9, "Return": 0xFF0D, "Escape": 0xFF1B}


class Keyboard(Protocol):
    """Presses one key: a small letter, a digit, a hyphen, or one of those that have a name here."""

    def press(self, key: str) -> None:
        """Press and let go; returns before the window has heard of it."""
        ...


def keyboard_for(window: QWindow, platform: str) -> Keyboard:
    """The X server's own keyboard where the window is on one; else keys that are posted to the window."""
    libraries = [ctypes.util.find_library(name) for name in ("X11", "Xtst")]
    return XKeyboard(*libraries) if platform == "xcb" and all(libraries) else PostedKeyboard(window)


class XKeyboard:
    """Key presses by the XTEST extension: they travel through the X server to whatever has the focus."""

    def __init__(self, x11: str | None, xtst: str | None) -> None:
        self._x11, self._xtst = ctypes.CDLL(x11), ctypes.CDLL(xtst)
        self._x11.XOpenDisplay.restype = ctypes.c_void_p
        self._x11.XKeysymToKeycode.argtypes = [ctypes.c_void_p, ctypes.c_ulong]
        self._x11.XFlush.argtypes = [ctypes.c_void_p]
        self._xtst.XTestFakeKeyEvent.argtypes = [ctypes.c_void_p, ctypes.c_uint, ctypes.c_int, ctypes.c_ulong]
        self._display: Any = self._x11.XOpenDisplay(None)
        if not self._display:
            raise RuntimeError("the X server does not let a second client in")

    def press(self, key: str) -> None:
        """Press and let go."""
        code = self._x11.XKeysymToKeycode(self._display, _KEYSYMS.get(key) or ord(key))
        for is_down in (1, 0):
            self._xtst.XTestFakeKeyEvent(self._display, code, is_down, 0)
        self._x11.XFlush(self._display)


class PostedKeyboard:
    """Key presses put into the queue of the window's thread, for platforms that nothing else can type on."""

    def __init__(self, window: QWindow) -> None:
        self._window = window
        QInputDevice.primaryKeyboard()  # Qt makes it at the first key, in whichever thread that is made

    def press(self, key: str) -> None:
        """Press and let go."""
        code = Qt.Key[f"Key_{key}"] if key in _KEYSYMS else Qt.Key.Key_unknown
        text = {"Return": "\r"}.get(key, "" if key in _KEYSYMS else key)
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, code, Qt.KeyboardModifier.NoModifier, text)
            QCoreApplication.postEvent(self._window, event)
