"""The key table as data. Whatever a key does is found here; what it may never be is held by a test.

A key whose act nobody offers yet is reserved: it does nothing, and the sheet of keys does not show it.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from app.core.words import QT_TRANSLATE_NOOP

DIGITS = range(1, 10)
_KEYPAD = Qt.KeyboardModifier.KeypadModifier


@dataclass(frozen=True, slots=True)
class KeyRow:
    """One act of the window: what pages and shell call it, its keys, and its words on the sheet of keys.

    `text_keeps` marks keys that a text field being edited keeps for itself.
    """

    action: str
    keys: tuple[str, ...]
    words: str
    text_keeps: bool = False

    @property
    def shown_words(self) -> str:
        """The words in the clerk's language."""
        return QCoreApplication.translate("keys", self.words)


def _numbered(action: str, modifier: str, words: str) -> tuple[KeyRow, ...]:
    return tuple(KeyRow(f"{action}-{digit}", (f"{modifier}+{digit}",), words) for digit in DIGITS)


KEYS: tuple[KeyRow, ...] = (
    KeyRow("help", ("F1",), QT_TRANSLATE_NOOP("keys", "keys of this page, and messages")),
    KeyRow("box", ("F2", "Ctrl+K"), QT_TRANSLATE_NOOP("keys", "box: find or do")),
    KeyRow("verify", ("F3",), QT_TRANSLATE_NOOP("keys", "verify who is here")),
    KeyRow("refresh", ("F5",), QT_TRANSLATE_NOOP("keys", "refresh")),
    KeyRow("refresh-all", ("Shift+F5",), QT_TRANSLATE_NOOP("keys", "refresh everything")),
    KeyRow("next-region", ("F6",), QT_TRANSLATE_NOOP("keys", "next region")),
    KeyRow("previous-region", ("Shift+F6",), QT_TRANSLATE_NOOP("keys", "previous region")),
    KeyRow("complaint", ("F7",), QT_TRANSLATE_NOOP("keys", '"doesn\'t work": complaint')),
    KeyRow("pay", ("F8",), QT_TRANSLATE_NOOP("keys", "pay")),
    KeyRow("do", ("F9",), QT_TRANSLATE_NOOP("keys", "do…")),
    KeyRow("hold", ("F11",), QT_TRANSLATE_NOOP("keys", "hold, go Home")),
    KeyRow("finish", ("F12",), QT_TRANSLATE_NOOP("keys", "finish: wrap up, next")),
    KeyRow("primary", ("Ctrl+Return", "Ctrl+Enter"), QT_TRANSLATE_NOOP("keys", "the primary action")),
    KeyRow("back", ("Esc",), QT_TRANSLATE_NOOP("keys", "one level back; nothing is discarded")),
    *_numbered("interaction", "Ctrl", QT_TRANSLATE_NOOP("keys", "open interaction")),
    KeyRow("previous-interaction", ("Ctrl+PgUp",), QT_TRANSLATE_NOOP("keys", "previous interaction")),
    KeyRow("next-interaction", ("Ctrl+PgDown",), QT_TRANSLATE_NOOP("keys", "next interaction")),
    *_numbered("panel", "Alt", QT_TRANSLATE_NOOP("keys", "panel")),
    KeyRow("earlier", ("Alt+Left",), QT_TRANSLATE_NOOP("keys", "the page before")),
    KeyRow("later", ("Alt+Right",), QT_TRANSLATE_NOOP("keys", "the page after")),
    KeyRow("filter", ("Ctrl+F",), QT_TRANSLATE_NOOP("keys", "filter this list")),
    KeyRow("source", ("Ctrl+D",), QT_TRANSLATE_NOOP("keys", "source and age")),
    KeyRow("ring", ("Ctrl+G",), QT_TRANSLATE_NOOP("keys", "go to what rings")),
    KeyRow("needs-you", ("Ctrl+J",), QT_TRANSLATE_NOOP("keys", "go to what needs you")),
    KeyRow("someone-new", ("Ctrl+N",), QT_TRANSLATE_NOOP("keys", "someone new")),
    KeyRow("note", ("Ctrl+M",), QT_TRANSLATE_NOOP("keys", "note")),
    KeyRow("template", ("Ctrl+T",), QT_TRANSLATE_NOOP("keys", "template text")),
    KeyRow("reveal", ("Ctrl+R",), QT_TRANSLATE_NOOP("keys", "reveal, with a reason")),
    KeyRow("print", ("Ctrl+P",), QT_TRANSLATE_NOOP("keys", "print or reprint")),
    KeyRow("hand-over", ("Ctrl+H",), QT_TRANSLATE_NOOP("keys", "hand over: park at the hall")),
    KeyRow("lock", ("Ctrl+L",), QT_TRANSLATE_NOOP("keys", "lock")),
    KeyRow("undo", ("Ctrl+Z",), QT_TRANSLATE_NOOP("keys", "undo"), text_keeps=True),
)

# What a list hears itself while the cursor is in it: anywhere else these keys edit text. The sheet of keys shows them.
ROW_KEYS: tuple[KeyRow, ...] = (
    KeyRow("discard", ("Del",), QT_TRANSLATE_NOOP("keys", "on a row: discard what is unfinished; asks first")),
)


_ROW_BY_KEY = {key: row for row in KEYS for key in row.keys}


def row_for(event: QKeyEvent) -> KeyRow | None:
    """The act a key press stands for. Alt with the keypad types characters on some systems and stands for nothing."""
    modifiers = event.modifiers()
    if modifiers & _KEYPAD and modifiers & Qt.KeyboardModifier.AltModifier:
        return None
    pressed = QKeyCombination(modifiers & ~_KEYPAD, Qt.Key(event.key()))
    return _ROW_BY_KEY.get(QKeySequence(pressed).toString())
