"""Labels that show text as it is: data never becomes markup."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from ui.theme.tokens import Level
from ui.widgets.meaning import mean
from ui.widgets.tips import as_tip


class PlainLabel(QLabel):
    """One line (or, with `wraps`, a few) of plain text that may be cut short but never widens its page.

    What is cut can be read in full in the tool tip. `cuts` says at which end.
    """

    def __init__(self, role: str = "", *, wraps: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cuts = Qt.TextElideMode.ElideRight
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
        is_cut = not self.wordWrap() and self.fontMetrics().horizontalAdvance(self.text()) > room.width()
        self.tell_in_full(is_cut=is_cut)
        if not is_cut:
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(room, self.alignment(), self.fontMetrics().elidedText(self.text(), self.cuts, room.width()))
        painter.end()

    def tell_in_full(self, *, is_cut: bool) -> None:
        """Let the tool tip say what the line has no room for."""
        tip = as_tip(self.text()) if is_cut else ""
        if tip != self.toolTip():
            self.setToolTip(tip)

    def say(self, text: str, level: Level = Level.PLAIN) -> None:
        """Show `text` in the ink of `level`."""
        self.setText(text)
        mean(self, level=level.value)
