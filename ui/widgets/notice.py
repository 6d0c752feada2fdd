"""The notice line: what happened · what is safe · what to do. It stays until the next act."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from ui.theme import tokens
from ui.theme.tokens import Level
from ui.widgets.announce import announce
from ui.widgets.icon import Icon
from ui.widgets.labels import PlainLabel
from ui.widgets.meaning import mean

HEIGHT = 28
_SELECTABLE = Qt.TextInteractionFlag.TextSelectableByMouse
_NOT_SELECTABLE = Qt.TextInteractionFlag.NoTextInteraction
_ICONS = {
    Level.LOOK: "outage",
    Level.ACT: "refused",
    Level.WAITING: "waiting",
    Level.CONFIRMED: "confirmed",
}


class NoticeLine(QFrame):
    """One line in a fixed place; it keeps its height when it has nothing to say, so that nothing moves."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._level = Level.PLAIN
        self._icon = Icon(self)
        self._icon.setFixedWidth(tokens.ICON)
        self._words = PlainLabel(parent=self)
        row = QHBoxLayout(self)
        row.setContentsMargins(tokens.SPACE, 0, tokens.SPACE, 0)
        row.addWidget(self._icon)
        row.addWidget(self._words, 1)
        self.setFixedHeight(HEIGHT)
        self.quiet()

    def tell(self, text: str, level: Level = Level.LOOK) -> None:
        """Say `text` until the next act."""
        is_news = text != self.text()
        self._level = level
        self._words.setText(text)
        # selectable words can be reached, and what can be reached needs a name
        self._words.setTextInteractionFlags(_SELECTABLE if text else _NOT_SELECTABLE)
        self.setAccessibleName(text)
        self._draw_icon()
        mean(self, role="notice" if text else "", level=level.value)
        if is_news:
            announce(self, text, interrupts=level is Level.ACT)

    def quiet(self) -> None:
        """Say nothing more; the place stays."""
        self.tell("", Level.PLAIN)

    def text(self) -> str:
        """What the line says now."""
        return self._words.text()

    def _draw_icon(self) -> None:
        self._icon.show_icon(_ICONS.get(self._level, "") if self.text() else "", self._level)
