"""An act that cannot be undone: its button asks first, in its own place, and no dialog covers what it is about."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.theme import tokens
from ui.widgets.announce import announce
from ui.widgets.buttons import Button
from ui.widgets.labels import PlainLabel


@dataclass(frozen=True, slots=True)
class Question:
    """What is said of the matter, the act on it, what is asked before, and the two answers."""

    about: str = ""
    act: str = ""
    question: str = ""
    no: str = ""
    yes: str = ""


class AskFirst(QWidget):
    """One line of a fixed height. `confirmed` follows a question that was answered with yes; the cursor starts at no."""

    confirmed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._asks = Question()
        self._words = PlainLabel("label", parent=self)
        self.act, self.no, self.yes = Button(parent=self), Button(parent=self), Button("danger", self)
        self._words.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(tokens.SPACE)
        row.addWidget(self._words, 1)
        for button in (self.act, self.no, self.yes):
            row.addWidget(button)
        self.setFixedHeight(tokens.FIELD)
        self.act.clicked.connect(self.ask)
        self.no.clicked.connect(self.put_away)
        self.yes.clicked.connect(self._on_yes)
        self.offer(None)

    @property
    def is_asking(self) -> bool:
        """Whether an answer is waited for."""
        return not self.no.isHidden()

    @property
    def can_ask(self) -> bool:
        """Whether there is something to ask about."""
        return bool(self._asks.act)

    def offer(self, asks: Question | None) -> None:
        """Offer the act, or nothing. A question about something else than what stood here is not asked any more."""
        is_same = asks == self._asks
        self._asks = asks or Question()
        self._show(is_asking=self.is_asking and is_same)

    def ask(self) -> None:
        """Ask, where there is something to ask about."""
        if self._asks.act:
            self._show(is_asking=True)
            self.no.setFocus()
            announce(self, self._asks.question)

    def put_away(self) -> bool:
        """The answer is no; whether that was asked. The cursor goes back to the button, if it was here."""
        was_asking = self.is_asking
        if was_asking:
            had_focus = self.no.hasFocus() or self.yes.hasFocus()
            self._show(is_asking=False)
            if had_focus:
                self.act.setFocus()
        return was_asking

    def _show(self, *, is_asking: bool) -> None:
        asks = self._asks
        self._words.setText(asks.question if is_asking else asks.about)
        for button, text, is_shown in (
            (self.act, asks.act, bool(asks.act) and not is_asking),
            (self.no, asks.no, is_asking),
            (self.yes, asks.yes, is_asking),
        ):
            button.name(text)
            button.setVisible(is_shown)

    def _on_yes(self) -> None:
        self._show(is_asking=False)
        self.confirmed.emit()
