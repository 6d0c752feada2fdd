"""The strip: name · number · tier · who is here · the worst three alerts."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from ui.strip import Alert, StripState
from ui.theme import tokens
from ui.widgets.icon import Icon
from ui.widgets.labels import PlainLabel
from ui.widgets.two_lines import in_two_lines, least_width

MOST_ALERTS = 3
NAME_LEAST = 320  # px; only a name that fills two lines of this is ever cut
_NOBODY = StripState("")
_FIRST = 1_000  # beside this the empty place gets nothing before the name has all of its line
_KEPT = (QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Preferred)


class StripView(QFrame):
    """Always visible while a page is about somebody. Short of room the name takes two lines; then tier and presence give way."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = _Name("title", parent=self)
        self._number = PlainLabel(parent=self)
        self._facts = PlainLabel(parent=self)
        self._alerts = [_AlertLabel(self) for _ in range(MOST_ALERTS)]
        self.setProperty("role", "strip")
        self.setFixedHeight(tokens.STRIP)
        row = QHBoxLayout(self)
        row.setContentsMargins(tokens.SPACE, 0, tokens.SPACE, 0)
        row.setSpacing(2 * tokens.SPACE)
        row.addWidget(self._name, _FIRST)
        row.addWidget(self._number)
        row.addWidget(self._facts)
        row.addStretch(1)
        for alert in self._alerts:
            row.addWidget(alert)
        for kept in (self._number, *self._alerts):
            kept.setSizePolicy(*_KEPT)
        self.hide()

    def show_strip(self, strip: StripState | None) -> None:
        """Show whom the page is about; hide for a page that is about nobody."""
        state = strip or _NOBODY
        self._name.show_name(state.name)
        self._number.setText(state.number)
        self._facts.setText(" · ".join(part for part in (state.tier, state.here) if part))
        for label in (self._number, self._facts):
            label.setVisible(bool(label.text()))
        for place, alert in enumerate(self._alerts):
            alert.show_alert(state.alerts[place] if place < len(state.alerts) else None)
        self.setAccessibleName(state.name)
        self.setVisible(strip is not None)


class _Name(PlainLabel):
    """On one line where the others leave the room for it, else on two."""

    def show_name(self, name: str) -> None:
        self.setText(name)
        self._set_most()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._set_most()

    def sizeHint(self) -> QSize:
        return QSize(min(least_width(self.text(), self.fontMetrics()) + 1, NAME_LEAST), tokens.STRIP)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        metrics = self.fontMetrics()
        lines = in_two_lines(self.text(), metrics, self.width())
        self.tell_in_full(is_cut=least_width(self.text(), metrics) > self.width())
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        pitch = min(metrics.height(), tokens.STRIP // 2)
        top = (self.height() - pitch * len(lines)) // 2
        for place, line in enumerate(lines):
            painter.drawText(QRect(0, top + place * pitch, self.width(), pitch), Qt.AlignmentFlag.AlignVCenter, line)
        painter.end()

    def _set_most(self) -> None:
        self.setMaximumWidth(self.fontMetrics().horizontalAdvance(self.text()) + 1)
        self.updateGeometry()


class _AlertLabel(QWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._icon = Icon(self)
        self._words = PlainLabel(parent=self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(tokens.GAP)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._words)

    def show_alert(self, alert: Alert | None) -> None:
        self.setVisible(alert is not None)
        if alert is not None:
            self._icon.show_icon(alert.icon or "outage", alert.level)
            self._words.say(alert.text, alert.level)
            self.setAccessibleName(alert.text)
