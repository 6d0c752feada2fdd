"""The side of the complaint page: what is prefilled, both clocks, and the words to say."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.rules.deadlines import Severity
from ui.complaints.state import ComplaintState
from ui.complaints.words import CHANNELS, doubt_words, legal_words, say, translate
from ui.customer.facts import Facts
from ui.customer.words import value_word
from ui.theme import tokens
from ui.widgets.ages import day, due, time_of_day
from ui.widgets.choice_list import ChoiceList
from ui.widgets.labels import PlainLabel
from ui.widgets.panel import Panel
from ui.widgets.rows import Cell, Column, Row

_COLUMNS = (Column(), Column(tokens.ICON))


class Details(QWidget):
    """Everything the clerk may overrule but need not touch."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedWidth(tokens.SIDE)
        self.severity, self.channel = ChoiceList(_COLUMNS), ChoiceList(_COLUMNS)
        self.clocks = Facts()
        self._say = PlainLabel(wraps=True)
        self._say.setMargin(tokens.SPACE)
        self.severity_panel = Panel(self.severity, 2, self)
        self.channel_panel = Panel(self.channel, 3, self)
        self.clocks_panel = Panel(self.clocks, parent=self)
        self.say_panel = Panel(self._say, parent=self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.SPACE)
        for panel in (self.say_panel, self.clocks_panel, self.severity_panel, self.channel_panel):
            column.addWidget(panel)
        column.addStretch(1)

    def retranslate(self) -> None:
        """Set every text anew."""
        self.severity_panel.describe(self.tr("Severity"), None, "", "")
        self.channel_panel.describe(self.tr("Received by"), None, "", "")
        self.clocks_panel.describe(self.tr("Answer due"), None, "", "")
        self.say_panel.describe(self.tr("Say"), None, "", "")

    def draw(self, state: ComplaintState) -> None:
        """Show the form's part of it."""
        form, deadlines = state.form, state.form.deadlines
        severities = {key.value: value_word(key.value) for key in Severity}
        channels = {key: translate("channels", words) for key, words in CHANNELS.items()}
        _offer(self.severity, severities, form.effective_severity.value)
        _offer(self.channel, channels, form.channel)
        received = form.received_at
        self.clocks.show_facts([
            (self.tr("Received"), f"{day(received)} {time_of_day(received)}"),
            (self.tr("We promise"), due(deadlines.promised, received)),
            (self.tr("Regulator"), legal_words(form)),
            (self.tr("Source"), doubt_words(form)),
        ])  # fmt: skip
        words = say(state)
        self._say.setText(words)
        self.say_panel.set_empty("" if words else self.tr("No outage is known here."))


def _offer(choices: ChoiceList, words: Mapping[str, str], chosen: str) -> None:
    """Show every choice, the chosen one picked and ticked, without that counting as the clerk's own pick."""
    tick = Cell("", icon="confirmed")
    choices.show_rows([Row(key, (Cell(word), tick if key == chosen else Cell(""))) for key, word in words.items()])
    with QSignalBlocker(choices):
        choices.pick(chosen)
