"""What became of a saved act, in one fixed place: saved here, then what head office makes of it."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.core.certainty import Certainty
from ui.complaints.state import Outcome
from ui.complaints.words import fate_words, saved_words
from ui.theme import tokens
from ui.widgets.announce import announce
from ui.widgets.certainty import CertaintyBadge
from ui.widgets.labels import PlainLabel

GREEN_MS = 2_000  # how long a fresh confirmation is green


class OutcomeLine(QWidget):
    """Empty until something is saved."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.saved, self.fate = PlainLabel("heading", parent=self), PlainLabel(wraps=True, parent=self)
        self.badge = CertaintyBadge(self)
        self._certainty: Certainty | None = None
        self._green = QTimer(self)
        self._green.setSingleShot(True)
        self._green.timeout.connect(lambda: self.badge.show_certainty(self._certainty))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * tokens.SPACE)
        row.addWidget(self.saved)
        row.addWidget(self.badge)
        row.addWidget(self.fate, 1)

    def draw(self, outcome: Outcome | None) -> None:
        """Show where the act stands."""
        before = self._told()
        self.saved.setText(saved_words(outcome) if outcome else "")
        self.fate.setText(fate_words(outcome) if outcome else "")
        if self._told() != before:
            announce(self, self._told())
        certainty = outcome.certainty if outcome else None
        if certainty is not self._certainty:
            self._certainty = certainty
            self.badge.show_certainty(certainty, just_now=True)
            self._green.start(GREEN_MS)

    def _told(self) -> str:
        """What the line says of the act; each certainty has a sentence of its own."""
        return " ".join(label.text() for label in (self.saved, self.fate) if label.text())
