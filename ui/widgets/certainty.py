"""The six words for how certain an act is, each with its icon and ink (UX rule 8)."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.core.certainty import Certainty
from app.core.words import QT_TRANSLATE_NOOP
from ui.theme import tokens
from ui.theme.tokens import Level
from ui.widgets.icon import Icon
from ui.widgets.labels import PlainLabel
from ui.widgets.rows import Cell

_WORDS = {
    Certainty.WAITING: QT_TRANSLATE_NOOP("certainty", "waiting"),
    Certainty.SENDING: QT_TRANSLATE_NOOP("certainty", "sending"),
    Certainty.CONFIRMED: QT_TRANSLATE_NOOP("certainty", "confirmed"),
    Certainty.REFUSED: QT_TRANSLATE_NOOP("certainty", "refused"),
    Certainty.DIFFERS: QT_TRANSLATE_NOOP("certainty", "differs"),
    Certainty.UNKNOWN: QT_TRANSLATE_NOOP("certainty", "not known yet"),
}
_LEVELS = {
    Certainty.WAITING: Level.WAITING,
    Certainty.SENDING: Level.WAITING,
    Certainty.CONFIRMED: Level.PLAIN,
    Certainty.REFUSED: Level.ACT,
    Certainty.DIFFERS: Level.LOOK,
    Certainty.UNKNOWN: Level.LOOK,
}


def certainty_word(certainty: Certainty) -> str:
    """The one word for it in the clerk's language."""
    return QCoreApplication.translate("certainty", _WORDS[certainty])


def certainty_level(certainty: Certainty) -> Level:
    """The ink it is written in."""
    return _LEVELS[certainty]


def certainty_cell(certainty: Certainty) -> Cell:
    """Icon and word as a cell of a row list."""
    return Cell(certainty_word(certainty), _LEVELS[certainty], certainty.value)


class CertaintyBadge(QWidget):
    """Icon and word of one act's certainty."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._certainty: Certainty | None = None
        self._just_now = False
        self._icon = Icon(self)
        self._icon.setFixedWidth(tokens.ICON)
        self._word = PlainLabel(parent=self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(tokens.GAP)
        row.addWidget(self._icon)
        row.addWidget(self._word)

    def show_certainty(self, certainty: Certainty | None, *, just_now: bool = False) -> None:
        """Show it, or nothing; `just_now` is the green moment of a confirmation."""
        self._certainty, self._just_now = certainty, just_now
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._draw()
        super().changeEvent(event)

    def _draw(self) -> None:
        if self._certainty is None:
            self._icon.show_icon("")
            self._word.clear()
            return
        is_green = self._just_now and self._certainty is Certainty.CONFIRMED
        level = Level.CONFIRMED if is_green else _LEVELS[self._certainty]
        word = certainty_word(self._certainty)
        self._icon.show_icon(self._certainty.value, level)
        self._word.say(word, level)
        self.setAccessibleName(word)
