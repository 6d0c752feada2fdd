"""The rail: Home, what needs you, and the customers being served with their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QVBoxLayout, QWidget

from ui.theme import tokens
from ui.theme.apply import current
from ui.widgets.tips import as_tip
from ui.widgets.two_lines import in_two_lines, least_width

ENTRY_HEIGHT, LINE = 40, 15  # nine customers with two lines each still fit the smallest window
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class RailEntry:
    """A place to go: what it is called, and below it a key or a count."""

    key: str
    name: str
    below: str = ""


class Rail(QFrame):
    """`wanted` carries the key of the clicked entry; every entry has a key on the keyboard too."""

    wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: list[_Entry] = []
        self.setProperty("role", "rail")
        self.setFixedWidth(tokens.RAIL)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addStretch(1)

    def show_entries(self, entries: Sequence[RailEntry], here: str) -> None:
        """Show the entries; the one with key `here` is marked."""
        while len(self._entries) < len(entries):
            self._append()
        for place, widget in enumerate(self._entries):
            widget.setVisible(place < len(entries))
            if place < len(entries):
                widget.show_entry(entries[place], is_here=entries[place].key == here)

    def _append(self) -> None:
        entry = _Entry(self)
        entry.clicked.connect(lambda: self.wanted.emit(entry.key))
        self._column.insertWidget(len(self._entries), entry)
        self._entries.append(entry)


class _Entry(QAbstractButton):
    """The name on one line or two, and below it the key or the count."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.key = ""
        self._name, self._below, self._is_here = "", "", False
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFixedHeight(ENTRY_HEIGHT)

    def show_entry(self, entry: RailEntry, *, is_here: bool) -> None:
        self.key, self._name, self._below, self._is_here = entry.key, entry.name, entry.below, is_here
        self.setAccessibleName(f"{entry.name} {entry.below}".strip())
        is_cut = least_width(entry.name, self.fontMetrics()) > self._inner_width()
        self.setToolTip(as_tip(entry.name) if is_cut else "")
        self.setFixedHeight(ENTRY_HEIGHT + LINE * (len(self._lines()) - 1))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._is_here:
            painter.fillRect(self.rect(), QColor(current().selected))
            painter.fillRect(QRect(0, 0, tokens.GAP, self.height()), QColor(current().accent))
        place = QRect(2 * tokens.GAP, tokens.GAP, self._inner_width(), ENTRY_HEIGHT // 2 - 2)
        painter.setPen(QColor(current().plain))
        for line in self._lines():
            painter.drawText(place, _LEFT, line)
            place.translate(0, LINE)
        small = QFont(self.font())
        small.setPixelSize(tokens.SMALL)
        painter.setFont(small)
        painter.setPen(QColor(current().muted))
        painter.drawText(place.translated(0, ENTRY_HEIGHT // 2 - tokens.GAP - LINE), _LEFT, self._below)
        painter.end()

    def _lines(self) -> tuple[str, ...]:
        return in_two_lines(self._name, self.fontMetrics(), self._inner_width())

    def _inner_width(self) -> int:
        return tokens.RAIL - 3 * tokens.GAP - 1
