"""Where a clerk starts and ends: what is due at this desk, one line each."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.complaints.drafts import is_known
from app.core.clock import Clock, SystemClock
from app.core.drafts import Draft, Place
from app.core.errors import DeskError
from app.core.tasks import OnBug, TaskScope
from app.drafts.model import NewerDraftError, NoHallError
from ui.home.rows import COLUMNS, row_of
from ui.home.view_model import HomeState, HomeViewModel, OnTheWayError, key_of
from ui.page import Page
from ui.theme import tokens
from ui.widgets.ages import clock_time
from ui.widgets.ask_first import AskFirst, Question
from ui.widgets.labels import PlainLabel
from ui.widgets.panel import Panel
from ui.widgets.refusing_button import RefusingButton
from ui.widgets.row_list import RowList
from ui.words import (
    discard_words,
    draft_sentence,
    in_words,
    parked_sentence,
)
from ui.workstation import Desk, Workstation


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
        """F5 reads again and asks head office for news; Esc says no to what is asked; Ctrl+H parks the row."""
        if action == "back":
            return self.discard.put_away()
        if action == "hand-over":
            if self.list.hasFocus():  # from the box it would act on what the clerk does not look at
                self.park.press()
            return True
        if action != "refresh":
            return False
        self.list.let_in()
        self._workstation.refresh()
        self.view_model.refresh()
        self.view_model.look()
        return True

    def acts(self) -> frozenset[str]:
        """What the keys do now."""
        can_park = {"hand-over"} if self.park.isEnabled() and self.list.hasFocus() else set()
        can_discard = {"discard"} if self.discard.can_ask and self.list.hasFocus() else set()
        return frozenset({"refresh", *can_park, *can_discard})

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
        self.list = RowList(COLUMNS)
        self.panel = Panel(self.list, parent=self)
        self.park = RefusingButton(self)
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
        self.view_model.fetched.connect(self._on_fetched)
        self.park.wanted.connect(self._on_park)
        self.park.refused.connect(self.said)
        self.list.clicked.disconnect()
        self.list.clicked.connect(self._on_clicked)
        self.list.doubleClicked.connect(self._on_double_clicked)
        self.list.opened.connect(self._on_opened)
        self.list.picked.connect(lambda _key: self._offer())
        self.discard.confirmed.connect(self._on_discard)
        self.destroyed.connect(self._workstation.changes.subscribe(lambda _changed: self.view_model.refresh()))
        self.destroyed.connect(self._workstation.on_status(self.view_model.follow))

    def _draw(self, state: HomeState) -> None:
        awaited, now = state.awaited, self._clock.now()
        self.list.show_rows([row_of(one, awaited.get(key_of(one), ""), now) for one in state.rows])
        self._offer()
        self.panel.describe(self.tr("Due at this desk"), len(state.rows), self.tr("this desk"), "")
        nothing = self.tr("Nothing is due. Type a name, a number or a ticket into the box (F2).")
        self.panel.set_empty(in_words(state.error) or ("" if state.rows or not state.is_loaded else nothing))

    def _offer(self) -> None:
        """What can be done with the row the cursor is on, beside opening it."""
        draft = self.view_model.state.draft(self.list.current_key)
        self.park.name(self.tr("Park at the hall"))
        self.park.refuse(self._why_not_parked(draft))
        parked = self.view_model.state.parked(self.list.current_key)
        if parked is not None and self.view_model.may_discard(parked):
            asks = discard_words(parked_sentence(parked, clock_time(parked.parked_at)))
            self.discard.offer(Question(self.tr("Enter takes it up again · Del discards it"), *asks))
            return
        if draft is None or not (draft.place is Place.HERE or draft.trouble):
            self.discard.offer(None)
            return
        takes_up = self.tr("Enter takes it up again · Del discards it")
        words = takes_up if draft.place is Place.HERE else self.tr("Del discards it")
        if not self.view_model.state.has_hall:
            words = f"{in_words(NoHallError())} {words}"
        self.discard.offer(Question(words, *discard_words(draft_sentence(draft, clock_time(draft.begun_at)))))

    def _why_not_parked(self, draft: Draft | None) -> str:
        if draft is None:
            return self.tr("Only what is unfinished at this desk is parked.")
        if draft.place is not Place.HERE:
            return in_words(OnTheWayError())
        return "" if self.view_model.state.has_hall else in_words(NoHallError())

    def _on_discard(self) -> None:
        key, state = self.list.current_key, self.view_model.state
        draft, parked = state.draft(key), state.parked(key)
        self.list.setFocus()
        if draft is not None:
            self.view_model.discard(draft)
        elif parked is not None:
            self.view_model.discard_parked(parked)

    def _on_park(self) -> None:
        draft = self.view_model.state.draft(self.list.current_key)
        self.list.setFocus()
        if draft is not None:
            self.view_model.park(draft)

    def _on_gone(self, draft: Draft) -> None:
        """The row goes or changes though the clerk looks at it: it is their own act."""
        self.list.let_in()
        self.draft_gone.emit(draft)

    def _on_fetched(self, draft: Draft) -> None:
        """Open what the clerk asked for, if they still wait for it here."""
        if self.isVisible():
            self.draft_wanted.emit(draft)

    def _on_clicked(self, _index: QModelIndex) -> None:
        """One click picks what is unfinished, to be parked or discarded as well; it opens anything else."""
        if not self._is_picked_first():
            self.list.open_current()

    def _on_double_clicked(self, _index: QModelIndex) -> None:
        if self._is_picked_first():
            self.list.open_current()

    def _is_picked_first(self) -> bool:
        key, state = self.list.current_key, self.view_model.state
        return state.draft(key) is not None or state.parked(key) is not None

    def _on_told(self, error: DeskError) -> None:
        self.said.emit(in_words(error))

    def _on_opened(self, command_id: str) -> None:
        state = self.view_model.state
        draft, act, parked = state.draft(command_id), state.act(command_id), state.parked(command_id)
        if draft is not None and self.view_model.is_leaving(draft):
            return
        if draft is not None and draft.place is Place.HERE and not is_known(draft):
            self.said.emit(in_words(NewerDraftError()))
        elif draft is not None and draft.place is Place.HERE:
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
