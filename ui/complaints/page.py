"""Taking a complaint (F7): the outage and the open tickets first, then the few fields that only the clerk can fill."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.complaints.model import CATEGORIES, ComplaintForm
from app.core.clock import Clock, SystemClock
from app.core.tasks import OnBug
from app.drafts.model import NoHallError
from app.rules.deadlines import Severity
from ui.complaints.details import Details
from ui.complaints.outcome_line import OutcomeLine
from ui.complaints.state import ComplaintState, Field, NotSavedYetError, Phase, Step
from ui.complaints.view_model import ComplaintViewModel
from ui.complaints.words import (
    MATCH_COLUMNS,
    discarding,
    headline,
    is_read_only,
    match_row,
    primary_words,
    service_label,
)
from ui.customer.alert_words import strip_of
from ui.customer.rows import SERVICE_COLUMNS, service_rows
from ui.customer.state import CustomerContext, CustomerState
from ui.drafting import Delay, TimerDelay
from ui.first_field import start_in_first_field
from ui.page import Page
from ui.strip import StripState
from ui.theme import tokens
from ui.widgets.ask_first import AskFirst
from ui.widgets.buttons import PrimaryButton
from ui.widgets.choice_list import ChoiceList
from ui.widgets.fields import TextArea, TextField
from ui.widgets.filter_list import Choice, FilterList
from ui.widgets.form import Form
from ui.widgets.labels import PlainLabel
from ui.widgets.panel import Panel
from ui.widgets.refusing_button import RefusingButton
from ui.widgets.rows import Cell, Row
from ui.words import category_word, in_words
from ui.workstation import Desk, Workstation

SHOWN_CATEGORIES = 5
LEAST_DESCRIPTION, MOST_DESCRIPTION = 2 * tokens.ROW, 4 * tokens.ROW
LEAST_ROWS = 5  # what is known already is seen before a field is filled in
NO_SERVICE = "-"


class ComplaintPage(Page):
    """One complaint: for a customer (`context`), or in a `form` that is there: to be mended, left before, of no account."""

    def __init__(
        self,
        desk: Desk,
        workstation: Workstation,
        on_bug: OnBug,
        context: CustomerContext | None,
        form: ComplaintForm | None,
        parent: QWidget | None = None,
        *,
        clock: Clock | None = None,
        delay: Delay | None = None,
    ) -> None:
        super().__init__(on_bug, parent)
        self._workstation = workstation
        self._clock = clock or SystemClock()
        self.view_model = ComplaintViewModel(desk, self.tasks, delay or TimerDelay(self), context, form, self)
        self._build()
        self._connect()
        self.retranslate()

    async def load(self) -> None:
        """Look at outages and tickets as they are now."""
        await self.view_model.load()

    def first_field(self) -> QWidget:
        """The first thing only the clerk can know."""
        return self._widget_of(self.view_model.state.first_field)

    def strip(self) -> StripState | None:
        """Who it is about."""
        state = self.view_model.state
        return strip_of(CustomerState(state.form.customer_id, self._clock.now(), state.overview))

    def press(self, action: str) -> bool:
        """Ctrl+Enter goes on, F12 finishes, Esc says no, Ctrl+H parks; Alt+1 to Alt+3 choose what was chosen for the clerk."""
        if action == "primary":
            return self.view_model.refuses() or (self._take_category() and self.primary.press())
        if action == "finish":
            self._finish()
            return True
        if action == "back":
            return self.discard.put_away()
        if action == "hand-over":
            self.park.press()
            return True
        if action in ("panel-2", "panel-3"):
            (self.details.severity if action == "panel-2" else self.details.channel).setFocus()
            return True
        return action == "panel-1" and self._reopen_services()

    @property
    def is_unfinished(self) -> bool:
        """Whether the page holds work that is neither saved nor discarded."""
        state = self.view_model.state
        return state.phase is not Phase.SAVED and not state.is_untouched

    def serves(self, what: str) -> bool:
        """Whether it is this form, or one about this."""
        form = self.view_model.state.form
        return what in (form.id, form.about)

    async def keep(self) -> None:
        """Return once what was typed is in the journal."""
        await self.view_model.kept()

    def begun_at(self) -> datetime:
        """When the complaint was received."""
        return self.view_model.state.form.received_at

    def acts(self) -> frozenset[str]:
        """What the keys do now."""
        services = set() if self.services_panel.isHidden() else {"panel-1"}
        open_acts = set() if is_read_only(self.view_model.state) else {"primary", *services}
        can_park = {"hand-over"} if self.park.isEnabled() else set()
        return frozenset({"finish", "panel-2", "panel-3", *open_acts, *can_park})

    def showEvent(self, event: QShowEvent) -> None:
        """Start in the first field, and say what was wrong before anybody could hear it."""
        super().showEvent(event)
        start_in_first_field(self)
        self._say_error(self.view_model.state)

    def hideEvent(self, event: QHideEvent) -> None:
        """Keep what was typed as soon as the page is left, and ask nothing any more."""
        self.discard.put_away()
        self.view_model.hurry()
        super().hideEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A letter typed on a list above the form is meant for the category."""
        is_letter = event.text().isalpha() and not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
        if is_letter and self.focusWidget() in (self.services, self.matches):
            self.category.setFocus()
            QCoreApplication.sendEvent(self.category.field, event)
        else:
            super().keyPressEvent(event)

    def retranslate(self) -> None:
        """Set every text anew."""
        self._category_row.set_label(self.tr("Category"))
        self._description_row.set_label(self.tr("What happened"))
        self._callback_row.set_label(self.tr("Call back"))
        self.callback.setPlaceholderText(self.tr("Who asks, and where to reach them"))
        self.description.setPlaceholderText(self.tr("In the customer's words"))
        self.category.offer(_categories())
        self.park.name(self.tr("Park at the hall"))
        self.details.retranslate()
        self._draw(self.view_model.state)

    def _build(self) -> None:
        self._headline = PlainLabel("title", parent=self)
        self.services, self.matches = ChoiceList(SERVICE_COLUMNS), ChoiceList(MATCH_COLUMNS)
        self.services_panel = Panel(self.services, 1, self)
        self.matches_panel = Panel(self.matches, parent=self)
        self.form = Form(self)
        self.category, self.description, self.callback = FilterList(SHOWN_CATEGORIES), TextArea(), TextField()
        self.description.setMinimumHeight(LEAST_DESCRIPTION)
        self.description.setMaximumHeight(MOST_DESCRIPTION)
        self.services.least_rows = self.matches.least_rows = LEAST_ROWS
        fields = (self.category, self.description, self.callback)
        self._category_row, self._description_row, self._callback_row = (self.form.add(field) for field in fields)
        self.outcome = OutcomeLine(self)
        self.primary, self._hint = PrimaryButton(self), PlainLabel("label", parent=self)
        self.details = Details(self)
        self.discard, self.park = AskFirst(self), RefusingButton(self)
        self._lay_out()

    def _lay_out(self) -> None:
        top, bottom = QHBoxLayout(), QHBoxLayout()
        top.addWidget(self._headline, 1)
        top.addWidget(self.discard)
        top.addWidget(self.park)
        bottom.addWidget(self.outcome, 1)
        bottom.addWidget(self._hint)
        bottom.addWidget(self.primary)
        column = QVBoxLayout()
        column.setSpacing(tokens.SPACE)
        column.addLayout(top)
        for part in (self.services_panel, self.matches_panel, self.form):
            column.addWidget(part)
        column.addStretch(1)
        column.addLayout(bottom)
        page = QHBoxLayout(self)
        page.setContentsMargins(tokens.SPACE, tokens.SPACE, tokens.SPACE, tokens.SPACE)
        page.setSpacing(2 * tokens.SPACE)
        page.addLayout(column, 1)
        page.addWidget(self.details)

    def _connect(self) -> None:
        model = self.view_model
        model.changed.connect(self._draw)
        model.field_wanted.connect(lambda field: self._widget_of(field).setFocus())
        model.finished.connect(self.closing)
        self.services.opened.connect(lambda key: model.choose_service("" if key == NO_SERVICE else key))
        self.matches.picked.connect(self._on_match_picked)
        self.matches.opened.connect(lambda _key: model.go_on())
        self.category.field.returnPressed.connect(self.category.take_current)
        self.category.field.textEdited.connect(lambda typed: model.set_category("", typed))
        self.category.picked.connect(self._on_category)
        self.category.missed.connect(self.said)
        self.description.textChanged.connect(lambda: model.describe(self.description.toPlainText()))
        self.callback.textChanged.connect(model.set_callback)
        self.details.severity.picked.connect(self._on_severity)
        self.details.channel.picked.connect(self._on_channel)
        self.primary.clicked.connect(model.go_on)
        self.discard.confirmed.connect(model.discard)
        self.park.wanted.connect(model.park)
        self.park.refused.connect(self.said)
        self.destroyed.connect(self._workstation.changes.subscribe(lambda _changed: model.follow()))
        self.destroyed.connect(self._workstation.on_status(model.hear))
        model.hear(self._workstation.status)

    def _draw(self, state: ComplaintState) -> None:
        self._headline.setText(headline(state))
        self._draw_services(state)
        self._draw_matches(state)
        self._draw_form(state)
        self.details.draw(state)
        asks = discarding(state)
        self.discard.offer(asks)
        self.park.refuse(self._why_not_parked(state))
        self.outcome.draw(state.outcome)
        self.primary.name(primary_words(state))
        self.primary.setEnabled(state.step not in (Step.WAIT, Step.NOTHING, Step.COUNTED_IN))
        self.primary.setVisible(state.phase is not Phase.SAVED)
        self._hint.setText(self.tr("F12 finish · Esc back"))
        self._hint.setVisible(state.phase is Phase.SAVED or state.step is Step.COUNTED_IN)
        self._say_error(state)

    def _why_not_parked(self, state: ComplaintState) -> str:
        if is_read_only(state) or state.is_untouched:
            return self.tr("Nothing unfinished stands here that could be parked.")
        return "" if self.view_model.may_park else in_words(NoHallError())

    def _draw_services(self, state: ComplaintState) -> None:
        none = (Cell(""), Cell(""), Cell(self.tr("none of these: the account, a visit, a person")), Cell(""))
        rows = service_rows(state.services, state.outage_by_service, self._clock.now())
        self.services.show_rows([*rows, Row(NO_SERVICE, none)])
        if not state.is_service_settled and not self.services.current_key:
            self.services.pick(state.likely_service_id)
        chosen = service_label(state) or self.tr("none of these")
        title = (
            self.tr("Service: {name}").format(name=chosen) if state.is_service_settled else self.tr("Which service?")
        )
        hint = self.tr("Alt+1 chooses another") if state.is_service_settled and not is_read_only(state) else ""
        self.services_panel.describe(title, None, hint, "")
        self.services_panel.setVisible(len(state.services) > 1)
        self.services.setVisible(not state.is_service_settled)

    def _draw_matches(self, state: ComplaintState) -> None:
        now = self._clock.now()
        self.matches.show_rows([match_row(one, state, now) for one in state.matches])
        self.matches.pick(state.chosen.key if state.chosen else "")
        self.matches_panel.describe(self.tr("Known already"), len(state.matches) - 1, "", "")
        self.matches_panel.setVisible(bool(state.matches))

    def _draw_form(self, state: ComplaintState) -> None:
        form, is_fixed = state.form, is_read_only(state)
        if form.category and self.category.chosen != form.category:
            self.category.choose(form.category)
        elif not form.category and self.category.field.text() != state.half_typed:
            self.category.put(state.half_typed)
        if self.description.toPlainText() != form.description:
            self.description.setPlainText(form.description)
            self.description.moveCursor(QTextCursor.MoveOperation.End)
        if self.callback.text() != form.callback:
            self.callback.setText(form.callback)
        for field in (self.category.field, self.description, self.callback):
            field.setReadOnly(is_fixed)
        self.category.list.setEnabled(not is_fixed)
        self._callback_row.set_visible(visible=not form.customer_id)

    def _say_error(self, state: ComplaintState) -> None:
        words, fault = in_words(state.error), state.field_at_fault
        self._category_row.set_error(words if fault is Field.CATEGORY else "")
        self._description_row.set_error(words if fault is Field.DESCRIPTION else "")
        self._callback_row.set_error(words if fault is Field.CALLBACK else "")
        if state.error is not None and fault is None:
            self.said.emit(words)

    def _widget_of(self, field: Field) -> QWidget:
        return {
            Field.SERVICE: self.services,
            Field.MATCHES: self.matches,
            Field.CATEGORY: self.category,
            Field.DESCRIPTION: self.description,
            Field.CALLBACK: self.callback,
        }[field]

    def _take_category(self) -> bool:
        """Choose the category that is half typed; False where nothing fits, which has been said."""
        if self.category.is_half_typed:
            self.category.take_current()
        return not self.category.is_half_typed

    def _finish(self) -> None:
        if self.view_model.state.phase is Phase.OPEN and self.category.is_half_typed:
            self.said.emit(in_words(NotSavedYetError()))
            self.category.setFocus()
        else:
            self.view_model.finish()

    def _on_match_picked(self, key: str) -> None:
        state = self.view_model.state
        self.view_model.choose(next((one for one in state.matches if one.key == key), state.chosen))

    def _on_category(self, code: str) -> None:
        self.view_model.set_category(code)
        if code:
            self.description.setFocus()

    def _on_severity(self, key: str) -> None:
        if key:
            self.view_model.set_severity(Severity(key))
            self.details.draw(self.view_model.state)

    def _on_channel(self, key: str) -> None:
        if key:
            self.view_model.set_channel(key)
            self.details.draw(self.view_model.state)

    def _reopen_services(self) -> bool:
        if self.services_panel.isHidden() or is_read_only(self.view_model.state):
            return False
        self.view_model.reopen_services()
        return True


def _categories() -> list[Choice]:
    return [
        Choice(one.code, category_word(one), (one.code, one.en, one.zh, one.initials, one.pinyin)) for one in CATEGORIES
    ]
