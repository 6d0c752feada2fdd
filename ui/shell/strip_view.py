"""The strip: name · number · tier · who is here · the worst three alerts."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from ui.strip import Alert, StripState
from ui.theme import tokens
from ui.theme.icons import pixmap
from ui.widgets.labels import PlainLabel

MOST_ALERTS = 3
_NOBODY = StripState("")


class StripView(QFrame):
    """Always visible while a page is about somebody."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = PlainLabel("title", parent=self)
        self._facts = PlainLabel(parent=self)
        self._alerts = [_AlertLabel(self) for _ in range(MOST_ALERTS)]
        self.setProperty("role", "strip")
        self.setFixedHeight(tokens.STRIP)
        row = QHBoxLayout(self)
        row.setContentsMargins(tokens.SPACE, 0, tokens.SPACE, 0)
        row.setSpacing(2 * tokens.SPACE)
        row.addWidget(self._name)
        row.addWidget(self._facts)
        row.addStretch(1)
        for alert in self._alerts:
            row.addWidget(alert)
        self.hide()

    def show_strip(self, strip: StripState | None) -> None:
        """Show whom the page is about; hide for a page that is about nobody."""
        state = strip or _NOBODY
        self._name.setText(state.name)
        self._facts.setText(" · ".join(part for part in (state.number, state.tier, state.here) if part))
        for place, label in enumerate(self._alerts):
            label.show_alert(state.alerts[place] if place < len(state.alerts) else None)
        self.setAccessibleName(state.name)
        self.setVisible(strip is not None)


class _AlertLabel(QWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._icon = PlainLabel(parent=self)
        self._words = PlainLabel(parent=self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(tokens.GAP)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._words)

    def show_alert(self, alert: Alert | None) -> None:
        self.setVisible(alert is not None)
        if alert is not None:
            self._icon.setPixmap(pixmap(alert.icon or "outage", alert.level))
            self._words.say(alert.text, alert.level)
            self.setAccessibleName(alert.text)
