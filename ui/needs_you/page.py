"""What a person has to decide (Ctrl+J): one sentence a row at the left; what it is about and the choices at the right."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.core.clock import Clock, SystemClock
from app.core.commands import Pending
from app.core.tasks import OnBug
from ui.customer.facts import Facts
from ui.needs_you.view_model import RECOMMENDED, Choice, NeedsYouState, NeedsYouViewModel
from ui.needs_you.words import choice_words, effect_words, facts_of, primary_words, versions_of, why
from ui.page import Page
from ui.theme import tokens
from ui.theme.tokens import Level
from ui.widgets.ages import age
from ui.widgets.buttons import PrimaryButton
from ui.widgets.certainty import certainty_cell
from ui.widgets.choice_list import ChoiceList
from ui.widgets.labels import PlainLabel
from ui.widgets.panel import Panel
from ui.widgets.rows import Cell, Column, Row
from ui.words import act_customer, act_sentence, in_words
from ui.workstation import Desk, Workstation

_ACT_COLUMNS = (Column(92), Column(), Column(140), Column(56, is_right=True))
_EFFECT_HEIGHT = 2 * tokens.ROW


class NeedsYouPage(Page):
    """Refused, differing and lost acts. `mend_wanted` carries the ComplaintForm of a refused or lost complaint."""

    mend_wanted = Signal(object)

    def __init__(
        self,
        desk: Desk,
        workstation: Workstation,
        on_bug: OnBug,
        parent: QWidget | None = None,
        *,
        clock: Clock | None = None,
    ) -> None:
        super().__init__(on_bug, parent)
        self._workstation = workstation
        self._clock = clock or SystemClock()
        self._shown_id = ""
        self.view_model = NeedsYouViewModel(desk, workstation.status.held, self.tasks, self)
        self._build()
        self._connect()
        self.retranslate()
        self.view_model.refresh()

    def first_field(self) -> QWidget:
        """The list of what is to be decided."""
        return self.rows

    def show_act(self, command_id: str) -> None:
        """Look at this act; an empty id leaves the one that is looked at."""
        if command_id:
            self.rows.pick(command_id)
            self.view_model.show(command_id)

    def press(self, action: str) -> bool:
        """Ctrl+Enter decides; F5 reads again and asks head office for news."""
        if action == "primary":
            return self.primary.press()
        if action != "refresh":
            return False
        self.rows.let_in()
        self._workstation.refresh()
        self.view_model.refresh()
        return True

    def acts(self) -> frozenset[str]:
        """What the keys do now."""
        return frozenset({"refresh", "primary"} if self.view_model.state.shown else {"refresh"})

    def retranslate(self) -> None:
        """Set every text anew."""
        self.about_panel.describe(self.tr("What it is about"), None, "", "")
        self.versions_panel.describe(self.tr("Both versions"), None, self.tr("head office"), "")
        self.choices_panel.describe(self.tr("What now?"), None, "", "")
        self._draw(self.view_model.state)

    def _build(self) -> None:
        self.rows = ChoiceList(_ACT_COLUMNS)
        self.about = Facts()
        self.versions = Facts()
        self.choices = ChoiceList((Column(), Column(140, is_right=True)))
        self.rows_panel = Panel(self.rows, parent=self)
        self.about_panel = Panel(self.about, parent=self)
        self.versions_panel = Panel(self.versions, parent=self)
        self.choices_panel = Panel(self.choices, parent=self)
        self.effect = PlainLabel(wraps=True, parent=self)
        self.effect.setFixedHeight(_EFFECT_HEIGHT)
        self.primary = PrimaryButton(self)
        left, right = QVBoxLayout(), QVBoxLayout()
        left.addWidget(self.rows_panel)
        left.addStretch(1)
        right.setSpacing(tokens.SPACE)
        for part in (self.about_panel, self.versions_panel, self.choices_panel, self.effect, self.primary):
            right.addWidget(part)
        right.addStretch(1)
        page = QHBoxLayout(self)
        page.setContentsMargins(tokens.SPACE, tokens.SPACE, tokens.SPACE, tokens.SPACE)
        page.setSpacing(tokens.SPACE)
        page.addLayout(left, 3)
        page.addLayout(right, 2)

    def _connect(self) -> None:
        model = self.view_model
        model.changed.connect(self._draw)
        model.mend_wanted.connect(self.mend_wanted)
        self.rows.picked.connect(self._on_act_picked)
        self.rows.opened.connect(lambda _key: self.choices.setFocus())
        self.choices.picked.connect(self._on_choice_picked)
        self.choices.opened.connect(self._on_choice_opened)
        self.primary.clicked.connect(self._on_primary)
        self.destroyed.connect(self._workstation.on_status(model.follow))
        self.destroyed.connect(self._workstation.changes.subscribe(lambda _changed: model.refresh()))

    def _draw(self, state: NeedsYouState) -> None:
        self.rows.show_rows([self._row(act, state.awaited.get(act.command.id, "")) for act in state.acts])
        self.rows.pick(state.shown_id)
        self.rows_panel.describe(self.tr("Needs you"), len(state.acts), self.tr("this desk"), "")
        nothing = self.tr("Nothing needs you. What head office refuses or loses comes here.")
        self.rows_panel.set_empty("" if state.acts or not state.is_loaded else nothing)
        self._draw_shown(state)
        if state.error is not None:
            self.said.emit(in_words(state.error))

    def _draw_shown(self, state: NeedsYouState) -> None:
        shown = state.shown
        for part in (self.about_panel, self.choices_panel, self.effect, self.primary):
            part.setVisible(shown is not None)
        versions = versions_of(shown) if shown else []
        self.versions_panel.setVisible(bool(versions))
        self.versions.show_facts(versions)
        if shown is not None:
            self.about.show_facts(facts_of(shown, state.awaited.get(shown.command.id, "")))
        self._draw_choices(state)
        self.effect.setText(effect_words(state))
        self.primary.name(primary_words(state))

    def _draw_choices(self, state: NeedsYouState) -> None:
        self.choices.show_rows([self._choice_row(choice) for choice in state.choices])
        if state.shown_id != self._shown_id:  # those that stood there are of another act, and nobody has chosen yet
            self._shown_id = state.shown_id
            with QSignalBlocker(self.choices):
                self.choices.let_in()
        self.choices.pick(state.choice or "")

    def _row(self, act: Pending, awaited: str) -> Row:
        cells = (
            certainty_cell(act.certainty),
            Cell(" · ".join(part for part in (act_sentence(act.command), why(act, awaited)) if part)),
            Cell(act_customer(act.command), Level.MUTED),
            Cell(age(act.command.made_at, self._clock.now()), Level.MUTED),
        )
        return Row(act.command.id, cells)

    def _choice_row(self, choice: Choice) -> Row:
        word = self.tr("recommended") if choice in RECOMMENDED else ""
        return Row(choice, (Cell(choice_words(choice)), Cell(word, Level.MUTED)))

    def _on_act_picked(self, command_id: str) -> None:
        if command_id:
            self.view_model.show(command_id)

    def _on_choice_picked(self, choice: str) -> None:
        if choice:
            self.view_model.choose(Choice(choice))

    def _on_choice_opened(self, choice: str) -> None:
        if Choice(choice) is Choice.MEND:
            self.view_model.decide()

    def _on_primary(self) -> None:
        if self.view_model.state.choice is None:
            self.choices.setFocus()
        else:
            self.view_model.decide()
