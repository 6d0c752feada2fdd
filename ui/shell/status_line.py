"""The status bar: always the same parts in the same order, whatever they say."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from app.sync.status import SyncStatus
from ui.shell.status_words import Told, as_of_words, line_words, needs_you_words, waiting_words
from ui.theme import tokens
from ui.theme.tokens import Level
from ui.widgets.icon import Icon
from ui.widgets.labels import PlainLabel
from ui.widgets.tips import as_tip

_BESIDE_THE_LINE = (waiting_words, needs_you_words, as_of_words)


class StatusLine(QFrame):
    """The line · what waits · what needs you · as of · demonstration mark · who sits here."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._line = _Part(self)
        self._beside = [_Part(self) for _ in _BESIDE_THE_LINE]
        self._demonstration = PlainLabel("demonstration", parent=self)
        self._clerk = PlainLabel(parent=self)
        self.setProperty("role", "status")
        self.setFixedHeight(tokens.STATUS)
        row = QHBoxLayout(self)
        row.setContentsMargins(tokens.SPACE, 0, tokens.SPACE, 0)
        row.setSpacing(2 * tokens.SPACE)
        row.addWidget(self._line)
        for part in self._beside:
            row.addWidget(part)
        for kept in (*self._beside, self._clerk):  # the line and the mark of a demonstration give way
            kept.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Preferred)
        row.addStretch(1)
        row.addWidget(self._demonstration)
        row.addWidget(self._clerk)

    def show_status(self, status: SyncStatus, *, is_signed_in: bool) -> None:
        """Show the line and the outbox as last heard."""
        self._line.tell(line_words(status, is_signed_in=is_signed_in))
        for part, words in zip(self._beside, _BESIDE_THE_LINE, strict=True):
            part.tell(words(status))

    def show_clerk(self, name: str, desk: str, *, is_demonstration: bool) -> None:
        """Show who works at which desk, and that the data is made up and its key no secret."""
        seat = self.tr("desk {name}").format(name=desk) if desk else ""
        self._clerk.setText(" · ".join(part for part in (name, seat) if part))
        mark = self.tr("Demonstration data · key from script/run") if is_demonstration else ""
        self._demonstration.setText(mark)

    def text(self) -> str:
        """All that the bar says, for tests and screen readers."""
        labels = [part.text() for part in (self._line, *self._beside)] + [
            self._demonstration.text(),
            self._clerk.text(),
        ]
        return " │ ".join(text for text in labels if text)


class _Part(QWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._icon = Icon(self)
        self._words = PlainLabel(parent=self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(tokens.GAP)
        row.addWidget(self._icon)
        row.addWidget(self._words)
        self.tell(Told("", Level.PLAIN))

    def tell(self, told: Told) -> None:
        self._words.say(told.text, told.level)
        self.setAccessibleName(told.text)
        self.setToolTip(as_tip(told.text))
        self.setVisible(bool(told.text))
        self._icon.show_icon(told.icon if told.text else "", told.level)

    def text(self) -> str:
        return self._words.text()
