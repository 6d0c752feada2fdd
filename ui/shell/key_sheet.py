"""F1: the keys that do something on this page now, and the last messages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from ui.shell.keys import KEYS, ROW_KEYS, KeyRow
from ui.theme import tokens
from ui.widgets.announce import announce
from ui.widgets.labels import PlainLabel

_COLUMNS = 2
_SEEN = {"Ctrl+Return, Ctrl+Enter": "Ctrl+Enter", "Left": "←", "Right": "→"}


class KeySheet(QFrame):
    """Lies over the page and takes no focus, so that what was being done goes on where it was."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setProperty("role", "sheet")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(*4 * [2 * tokens.SPACE])
        self._grid.setHorizontalSpacing(2 * tokens.SPACE)
        self._grid.setVerticalSpacing(0)
        self.hide()

    def show_for(self, offered: Iterable[str], messages: Sequence[str], room: QSize) -> None:
        """Show the keys of the `offered` actions and as many of the messages, newest first, as there is `room` for."""
        self.setAccessibleName(self.tr("Keys"))
        self.setMaximumWidth(room.width())
        lines, told = lines_for(frozenset(offered)), list(messages)
        self._fill(lines, told)
        while told and self.height() > room.height():
            told.pop()
            self._fill(lines, told)
        self.raise_()
        self.show()
        announce(self, self.text())

    def text(self) -> str:
        """Everything on the sheet, for tests and screen readers."""
        return "\n".join(label.text() for label in self.findChildren(PlainLabel))

    def _fill(self, lines: Sequence[tuple[str, str]], messages: Sequence[str]) -> None:
        self._clear()
        self._add(self.tr("Keys of this page"), 0, 0, role="heading")
        per_column = -(-len(lines) // _COLUMNS)
        for place, (key, words) in enumerate(lines):
            line, column = place % per_column + 1, 2 * (place // per_column)
            self._add(key, line, column)
            self._add(words, line, column + 1, role="label")
        below = per_column + 1
        self._add(self.tr("Messages"), below, 0, role="heading")
        for place, message in enumerate(messages or [self.tr("None so far.")]):
            self._add(message, below + 1 + place, 0, span=2 * _COLUMNS)
        self.adjustSize()

    def _add(self, text: str, line: int, column: int, role: str = "", span: int = 1) -> None:
        label = PlainLabel(role, wraps=span > 1, parent=self)
        label.setText(text)
        label.setMinimumHeight(tokens.ROW)
        self._grid.addWidget(label, line, column, 1, span)

    def _clear(self) -> None:
        for label in self.findChildren(PlainLabel):
            self._grid.removeWidget(label)
            label.setParent(None)
            label.deleteLater()


def lines_for(offered: frozenset[str]) -> list[tuple[str, str]]:
    """Key and words for each offered action in the order of the table; a numbered family takes one line."""
    lines: dict[str, tuple[str, str]] = {}
    for row in (*KEYS, *ROW_KEYS):
        if row.action in offered:
            family = row.action.rstrip("0123456789")
            first_key = lines[family][0] if family in lines else ""
            lines[family] = (
                f"{first_key.split(' … ')[0]} … {_shown(row)}" if first_key else _shown(row),
                row.shown_words,
            )
    return list(lines.values())


def _shown(row: KeyRow) -> str:
    shown = ", ".join(row.keys)
    for written, seen in _SEEN.items():
        shown = shown.replace(written, seen)
    return shown
