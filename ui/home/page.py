"""Where a clerk starts and ends: what is due at this desk, one line each."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.core.certainty import Certainty
from app.core.clock import Clock, SystemClock
from app.core.commands import Pending
from app.core.drafts import Draft, Place
from app.core.errors import DeskError
from app.core.tasks import OnBug, TaskScope
from app.drafts.model import ParkedDraft
from ui.home.view_model import HomeState, HomeViewModel, needs_a_person
from ui.page import Page
from ui.theme import tokens
from ui.theme.tokens import Level
from ui.widgets.ages import age, clock_time
from ui.widgets.ask_first import AskFirst, Question
from ui.widgets.buttons import Button
from ui.widgets.certainty import certainty_cell
from ui.widgets.labels import PlainLabel
from ui.widgets.panel import Panel
from ui.widgets.row_list import RowList
from ui.widgets.rows import Cell, Column, Row
from ui.words import (
    act_customer,
    act_sentence,
    discard_words,
    draft_sentence,
    held_words,
    in_words,
    parked_sentence,
    reason_in_words,
    way_words,
)
from ui.workstation import Desk, Workstation

_CERTAINTY = {
    Place.WAITS: Certainty.WAITING,
    Place.PARKING: Certainty.SENDING,
    Place.FETCHING: Certainty.SENDING,
}
_COLUMNS = (Column(116), Column(), Column(160), Column(64, is_right=True))


class HomePage(Page):
    """What is due. `needs_you_wanted` carries the id of an act to decide on, `customer_wanted` a customer's.

    `draft_wanted` carries a draft to be taken up again, `draft_gone` one that nobody works on here any more.
    """

    needs_you_wanted = Signal(str)
    customer_wanted = Signal(str)
    draft_wanted = Signal(object)
    draft_gone = Signal(object)

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
        self.looking = TaskScope(on_bug)
        self.destroyed.connect(self.looking.end)
        self.view_model = HomeViewModel(
            desk.outstanding, desk.begun, desk.adoption, workstation.status.held, self.tasks, self.looking, self
        )  # fmt: skip
        self._build()
        self._connect()
        self.retranslate()
        self.view_model.refresh()

    def first_field(self) -> QWidget:
        """The list; the shell keeps the cursor in the box while nothing is looked at here."""
        return self.list

    def press(self, action: str) -> bool:
        """F5 reads again and asks head office for news; Esc says no to what is asked."""
        if action == "back":
            return self.discard.put_away()
        if action != "refresh":
            return False
        self.list.let_in()
        self._workstation.refresh()
        self.view_model.refresh()
        self.view_model.look()
        return True

    def acts(self) -> frozenset[str]:
        """What the keys do now."""
        return frozenset({"refresh"})

    def retranslate(self) -> None:
        """Set every text anew."""
        self._hint_title.setText(self.tr("Keys"))
        hints = (
            ("F2", self.tr("find a customer, or do something")),
            ("Ctrl+J", self.tr("what needs your decision")),
            ("F1", self.tr("all keys of a page")),
        )
        for (key, words), (key_label, words_label) in zip(hints, self._hints, strict=True):
            key_label.setText(key)
            words_label.setText(words)
        self._draw(self.view_model.state)

    def showEvent(self, event: QShowEvent) -> None:
        """Look what is at the hall each time somebody comes Home."""
        super().showEvent(event)
        self.view_model.look()

    def hideEvent(self, event: QHideEvent) -> None:
        """Ask nothing any more."""
        self.discard.put_away()
        super().hideEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Del on a row that is begun asks whether to discard it."""
        if event.key() == Qt.Key.Key_Delete and self.list.hasFocus() and not event.isAutoRepeat():
            self.discard.ask()
        else:
            super().keyPressEvent(event)

    def _build(self) -> None:
        self.list = RowList(_COLUMNS)
        self.panel = Panel(self.list, parent=self)
        self.park = Button(parent=self)
        self.discard = AskFirst(self)
        self._hint_title = PlainLabel("heading", parent=self)
        self._hints = [(PlainLabel(parent=self), PlainLabel("label", wraps=True, parent=self)) for _ in range(3)]
        page = QVBoxLayout(self)
        page.setContentsMargins(tokens.SPACE, tokens.SPACE, tokens.SPACE, tokens.SPACE)
        page.setSpacing(tokens.SPACE)
        page.addWidget(self.panel)
        row = QHBoxLayout()
        row.addWidget(self.discard, 1)
        row.addWidget(self.park)
        page.addLayout(row)
        page.addStretch(1)
        page.addWidget(self._hint_title)
        page.addLayout(self._hint_grid())

    def _hint_grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(tokens.SPACE)
        grid.setColumnStretch(1, 1)
        for line, (key, words) in enumerate(self._hints):
            grid.addWidget(key, line, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(words, line, 1)
        return grid

    def _connect(self) -> None:
        self.view_model.changed.connect(self._draw)
        self.view_model.gone.connect(self._on_gone)
        self.view_model.told.connect(self._on_told)
        self.park.clicked.connect(self._on_park)
        self.list.opened.connect(self._on_opened)
        self.list.picked.connect(lambda _key: self._offer())
        self.discard.confirmed.connect(self._on_discard)
        self.destroyed.connect(self._workstation.changes.subscribe(lambda _changed: self.view_model.refresh()))
        self.destroyed.connect(self._workstation.on_status(self.view_model.follow))

    def _draw(self, state: HomeState) -> None:
        awaited = state.awaited
        self.list.show_rows([self._any_row(one, awaited) for one in state.rows])
        self._offer()
        self.panel.describe(self.tr("Due at this desk"), len(state.rows), self.tr("this desk"), "")
        nothing = self.tr("Nothing is due. Type a name, a number or a ticket into the box (F2).")
        self.panel.set_empty(in_words(state.error) or ("" if state.rows or not state.is_loaded else nothing))

    def _row(self, act: Pending, awaited: str) -> Row:
        level = Level.ACT if needs_a_person(act) else Level.PLAIN
        parts = (act_sentence(act.command), reason_in_words(act.reason), held_words(awaited))
        cells = (
            certainty_cell(act.certainty),
            Cell(" · ".join(part for part in parts if part), level),
            Cell(act_customer(act.command), Level.MUTED),
            Cell(age(act.command.made_at, self._clock.now()), Level.MUTED),
        )
        return Row(act.command.id, cells)

    def _any_row(self, one: Pending | Draft | ParkedDraft, awaited: Mapping[str, str]) -> Row:
        if isinstance(one, Draft):
            return self._draft_row(one)
        return self._hall_row(one) if isinstance(one, ParkedDraft) else self._row(one, awaited.get(one.command.id, ""))

    def _draft_row(self, draft: Draft) -> Row:
        begun = Cell(self.tr("unfinished"), Level.LOOK, "complaint")
        cells = (
            begun if draft.place is Place.HERE else certainty_cell(_CERTAINTY[draft.place]),
            Cell(way_words(draft, clock_time(draft.begun_at))),
            Cell(""),
            Cell(age(draft.begun_at, self._clock.now()), Level.MUTED),
        )
        return Row(draft.id, cells)

    def _hall_row(self, parked: ParkedDraft) -> Row:
        cells = (
            Cell(self.tr("at the hall"), Level.PLAIN, "complaint"),
            Cell(parked_sentence(parked, clock_time(parked.parked_at))),
            Cell(parked.author_name, Level.MUTED),
            Cell(age(parked.parked_at, self._clock.now()), Level.MUTED),
        )
        return Row(parked.id, cells)

    def _offer(self) -> None:
        """What can be done with the row the cursor is on, beside opening it."""
        draft = self.view_model.state.draft(self.list.current_key)
        is_here = draft is not None and draft.place is Place.HERE
        self.park.setVisible(is_here and self.view_model.state.has_hall)
        if draft is None or not is_here:
            self.discard.offer(None)
            return
        words = self.tr("Enter takes it up again · Del discards it")
        self.discard.offer(Question(words, *discard_words(draft_sentence(draft, clock_time(draft.begun_at)))))
        self.park.name(self.tr("Park at the hall"))

    def _on_discard(self) -> None:
        draft = self.view_model.state.draft(self.list.current_key)
        self.list.setFocus()
        if draft is not None:
            self.view_model.discard(draft)

    def _on_park(self) -> None:
        draft = self.view_model.state.draft(self.list.current_key)
        self.list.setFocus()
        if draft is not None:
            self.view_model.park(draft)

    def _on_gone(self, draft: Draft) -> None:
        """The row goes or changes though the clerk looks at it: it is their own act."""
        self.list.let_in()
        self.draft_gone.emit(draft)

    def _on_told(self, error: DeskError) -> None:
        self.said.emit(in_words(error))

    def _on_opened(self, command_id: str) -> None:
        state = self.view_model.state
        draft, act, parked = state.draft(command_id), state.act(command_id), state.parked(command_id)
        if draft is not None and self.view_model.is_leaving(draft):
            return
        if draft is not None and draft.place is Place.HERE:
            self.draft_wanted.emit(draft)
        elif draft is not None:
            self.view_model.call_back(draft)
        elif parked is not None:
            self.view_model.resume(parked)
        if act is None:
            return
        if self.view_model.is_to_decide(act):
            self.needs_you_wanted.emit(command_id)
        elif act.command.customer_id:
            self.customer_wanted.emit(act.command.customer_id)
