"""Labels that show text as it is: data never becomes markup."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from ui.theme.tokens import Level
from ui.widgets.meaning import mean


class PlainLabel(QLabel):
    """One line (or, with `wraps`, a few) of plain text that may be cut short but never widens its page."""

    def __init__(self, role: str = "", *, wraps: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wraps)
        if not wraps:
            self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        if role:
            self.setProperty("role", role)

    def minimumSizeHint(self) -> QSize:
        """One line may become as narrow as its page needs."""
        least = super().minimumSizeHint()
        return least if self.wordWrap() or not self.text() else QSize(0, least.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the text; where it does not fit in one line, with an ellipsis that says so."""
        room = self.contentsRect().adjusted(max(self.indent(), 0), 0, 0, 0)
        if self.wordWrap() or self.fontMetrics().horizontalAdvance(self.text()) <= room.width():
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        cut = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, self.alignment(), cut)
        painter.end()

    def say(self, text: str, level: Level = Level.PLAIN) -> None:
        """Show `text` in the ink of `level`."""
        self.setText(text)
        mean(self, level=level.value)
