"""A keyboard as fast as a script: keys go to the native window one after the other, nothing runs between them."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

NAMED = {"⏎": "Return", "↓": "Down", "↑": "Up", "⇥": "Tab", "⎋": "Esc"}
LONG_NAMES = {"Esc": "Escape", "PgUp": "PageUp", "PgDown": "PageDown"}
TEXTS = {"Return": "\r", "Enter": "\r", "Tab": "\t", "Esc": "\x1b", "Space": " "}
MODIFIERS = {
    "Ctrl": Qt.KeyboardModifier.ControlModifier,
    "Alt": Qt.KeyboardModifier.AltModifier,
    "Shift": Qt.KeyboardModifier.ShiftModifier,
    "Keypad": Qt.KeyboardModifier.KeypadModifier,
}


class Keyboard:
    """Types into one window."""

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self._now_ms = 1_000

    def type(self, text: str, gap_ms: int = 0) -> None:
        """Type `text`; the signs ⏎ ↓ ↑ ⇥ ⎋ stand for their keys."""
        for sign in text:
            self._now_ms += gap_ms
            if sign in NAMED:
                self.press(NAMED[sign])
            else:
                self._send(Qt.Key(ord(sign.upper())) if sign.isascii() else Qt.Key.Key_unknown, sign)

    def press(self, *keys: str, repeats: int = 0) -> None:
        """Press keys by their names (`F7`, `Ctrl+Return`); `repeats` adds what a held key sends."""
        for name in keys:
            *modifiers, key = name.split("+")
            held = Qt.KeyboardModifier.NoModifier
            for modifier in modifiers:
                held |= MODIFIERS[modifier]
            for repeat in range(repeats + 1):
                self._send(_key(key), "" if modifiers else TEXTS.get(key, ""), held, is_repeat=repeat > 0)

    def compose(self, text: str) -> None:
        """Let an input method show `text` as being composed."""
        QCoreApplication.sendEvent(self._window.focusWidget(), QInputMethodEvent(text, []))

    def commit(self, text: str) -> None:
        """Let an input method commit `text`."""
        event = QInputMethodEvent()
        event.setCommitString(text)
        QCoreApplication.sendEvent(self._window.focusWidget(), event)

    def _send(
        self,
        key: Qt.Key,
        text: str,
        modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
        *,
        is_repeat: bool = False,
    ) -> None:
        event = QKeyEvent(QEvent.Type.KeyPress, key, modifiers, text, is_repeat)
        event.setTimestamp(self._now_ms)
        QCoreApplication.sendEvent(self._window.windowHandle(), event)


def _key(name: str) -> Qt.Key:
    key: Qt.Key = getattr(Qt.Key, f"Key_{LONG_NAMES.get(name, name)}")
    return key
