"""Panels: title · count · source · age, and below it the content or one line of what would be here."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.theme import tokens
from ui.theme.apply import current
from ui.widgets.labels import PlainLabel

_FIXED = QSizePolicy.Policy.Fixed
_PREFERRED = QSizePolicy.Policy.Preferred


class Panel(QFrame):
    """A numbered part of a page. It says where its data is from and how old; empty, it shrinks to one line."""

    def __init__(self, content: QWidget, number: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.content = content
        self._number = number
        self._header = _Header(self)
        self._empty = PlainLabel(parent=self)
        self._empty.setProperty("level", "muted")
        self._empty.setContentsMargins(tokens.SPACE, 0, tokens.SPACE, 0)
        self._empty.setFixedHeight(tokens.ROW)
        self.setProperty("role", "panel")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self._header, self._empty):
            column.addWidget(part)
        column.addWidget(content, 1)
        self.set_empty("")

    def describe(self, title: str, count: int | None, source: str, age: str, *, is_stale: bool = False) -> None:
        """Fill the header. `is_stale` hatches it and adds the word."""
        numbered = f"{self._number}  {title}" if self._number else title
        self._header.title.setText(numbered if count is None else f"{numbered} · {count}")
        told = [part for part in (source, age, self.tr("may be old") if is_stale else "") if part]
        self._header.aside.setText(" · ".join(told))
        self._header.set_hatched(hatched=is_stale)
        self.setAccessibleName(title)
        reached: QWidget = self.content.focusProxy() or self.content
        if reached.focusPolicy() != Qt.FocusPolicy.NoFocus:  # a label would say this name instead of its words
            reached.setAccessibleName(title)

    def set_empty(self, words: str) -> None:
        """Show `words` instead of the content; show the content again when there are none."""
        self._empty.setText(words)
        self._empty.setVisible(bool(words))
        self.content.setVisible(not words)
        self.setSizePolicy(_PREFERRED, _FIXED if words else _PREFERRED)


class _Header(QFrame):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._is_hatched = False
        self.title = PlainLabel("heading", parent=self)
        self.aside = PlainLabel("heading-aside", parent=self)
        self.aside.cuts = Qt.TextElideMode.ElideLeft  # that it may be old stands at its end
        self.aside.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setProperty("role", "panel-header")
        self.setFixedHeight(tokens.ROW)
        row = QHBoxLayout(self)
        row.setContentsMargins(tokens.SPACE, 0, tokens.SPACE, 0)
        row.addWidget(self.title)
        row.addWidget(self.aside, 1)

    def set_hatched(self, *, hatched: bool) -> None:
        self._is_hatched = hatched
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._is_hatched:
            painter = QPainter(self)
            painter.fillRect(self.rect(), QBrush(QColor(current().border), Qt.BrushStyle.BDiagPattern))
            painter.end()
