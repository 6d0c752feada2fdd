"""The side of the customer page: what matters, the outages behind it, and the ticket that is looked at."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from app.complaints.model import Complaint
from ui.customer.alert_words import ICONS, LEVELS, sentence
from ui.customer.alerts import SHOWN
from ui.customer.facts import Facts, ScrolledFacts
from ui.customer.rows import FACTS_OF_OUTAGE, outage_facts
from ui.customer.state import CustomerState
from ui.customer.words import value_word
from ui.theme import tokens
from ui.widgets.ages import age
from ui.widgets.fields import TextArea
from ui.widgets.icon import Icon
from ui.widgets.labels import PlainLabel
from ui.widgets.panel import Panel
from ui.words import reason_in_words

FILLS = 1_000  # beside this the empty space below gets nothing


class Alerts(QWidget):
    """The worst three alerts, each with its icon, its sentence and the key that helps."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(tokens.SPACE, tokens.GAP, tokens.SPACE, tokens.GAP)
        grid.setSpacing(tokens.SPACE)
        grid.setColumnStretch(1, 1)
        self.lines = [(Icon(self), PlainLabel(wraps=True, parent=self)) for _ in range(SHOWN)]
        for place, (icon, words) in enumerate(self.lines):
            icon.setFixedSize(tokens.ICON, tokens.ICON)
            grid.addWidget(icon, place, 0)
            grid.addWidget(words, place, 1)

    def draw(self, state: CustomerState) -> None:
        """Show what matters now."""
        for place, (icon, words) in enumerate(self.lines):
            is_used = place < len(state.alerts)
            icon.setVisible(is_used)
            words.setVisible(is_used)
            if is_used:
                alert = state.alerts[place]
                icon.show_icon(ICONS[alert.kind], LEVELS[alert.kind])
                words.say(sentence(alert, state), LEVELS[alert.kind])


class Side(QWidget):
    """What matters, the outage behind it, and the words of the ticket that is picked."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedWidth(tokens.SIDE)
        self.alerts, self.outage, self.told = Alerts(), ScrolledFacts(Facts(FACTS_OF_OUTAGE)), TextArea()
        self.told.setReadOnly(True)
        self.matters_panel = Panel(self.alerts, parent=self)
        self.outage_panel = Panel(self.outage, parent=self)
        self.told_panel = Panel(self.told, parent=self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.SPACE)
        column.addWidget(self.matters_panel)
        column.addWidget(self.outage_panel)
        column.addWidget(self.told_panel)
        column.addStretch(1)
        self._column = column

    def draw(self, state: CustomerState, ticket: Complaint | None) -> None:
        """Show all three for `state`; `ticket` is the one picked."""
        self.alerts.draw(state)
        self.matters_panel.describe(self.tr("What matters"), None, "", "")
        self.matters_panel.set_empty("" if state.alerts else self.tr("Nothing out of the ordinary."))
        self._draw_outages(state)
        self.told_panel.describe(self.tr("Ticket in words"), None, "", "")
        self._column.setStretchFactor(self.told_panel, FILLS if ticket else 0)
        self.told_panel.set_empty("" if ticket else self.tr("Pick a ticket (Alt+5)."))
        words = (
            "\n\n".join(part for part in (ticket.description, reason_in_words(ticket.reason)) if part) if ticket else ""
        )
        if self.told.toPlainText() != words:
            self.told.setPlainText(words)

    def _draw_outages(self, state: CustomerState) -> None:
        outages = state.overview.outages if state.overview else None
        told = outages.value if outages else ()
        self.outage.show_facts([fact for outage in told for fact in outage_facts(outage)])
        source, age_words = (value_word(outages.source), age(outages.as_of, state.now)) if outages else ("", "")
        self.outage_panel.describe(self.tr("Outages"), len(told), source, age_words)
        self.outage_panel.set_empty("" if told else self.tr("None touches this customer."))
