"""The customer page: who they are, what they hold, what is wrong, and what matters first."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.complaints.model import Complaint
from app.core.clock import Clock, SystemClock
from app.core.sourced import Sourced
from app.core.tasks import OnBug
from app.customer360.overview import Overview
from ui.customer import rows
from ui.customer.alert_words import strip_of
from ui.customer.facts import Facts, ScrolledFacts
from ui.customer.known import known_of
from ui.customer.side import Side
from ui.customer.state import CustomerContext, CustomerState
from ui.customer.view_model import CustomerViewModel
from ui.customer.words import value_word
from ui.first_field import start_in_first_field
from ui.page import Page
from ui.strip import StripState
from ui.theme import tokens
from ui.widgets.ages import age
from ui.widgets.choice_list import ChoiceList
from ui.widgets.panel import Panel
from ui.words import in_words
from ui.workstation import Desk, Workstation

TICK_MS = 60_000
WIDE = 1_100  # px; a narrower page takes the room its columns need from the side
TICKETS_HEIGHT = 7 * tokens.ROW + 2 * tokens.GAP  # header and six rows: the place it has, however much stands above
OVERVIEW, SERVICES, ACCOUNTS, TICKETS, TERMS = 1, 2, 3, 5, 7  # numbers are for ever: 4, 6 and 8 are kept free


class CustomerPage(Page):
    """One customer; made without an id it is spare until it is told whom to show. `complaint_wanted` carries a CustomerContext."""

    complaint_wanted = Signal(object)

    def __init__(
        self,
        desk: Desk,
        workstation: Workstation,
        on_bug: OnBug,
        customer_id: str = "",
        parent: QWidget | None = None,
        *,
        clock: Clock | None = None,
    ) -> None:
        super().__init__(on_bug, parent)
        self._workstation = workstation
        self.view_model = CustomerViewModel(desk.overview, clock or SystemClock(), self.tasks, self)
        self._build()
        self._connect()
        self.retranslate()
        if customer_id:
            self.be_about(customer_id)

    def be_about(self, customer_id: str) -> None:
        """Show this customer, on a page that was spare so far; `load` reads them."""
        self.view_model.be_about(customer_id)
        self._ticker.start(TICK_MS)

    async def load(self) -> None:
        """Read everything the page shows."""
        await self.view_model.load()

    def first_field(self) -> QWidget:
        """The overview, which is no field: nothing on this page waits to be filled in."""
        return self.facts

    def strip(self) -> StripState | None:
        """Who the page is about, and their alerts."""
        return strip_of(self.view_model.state)

    def press(self, action: str) -> bool:
        """F5, F7 and Alt+digit."""
        if action == "refresh":
            self._refresh()
            return True
        if action == "complaint":
            return self._want_complaint()
        kind, _, number = action.partition("-")
        return kind == "panel" and number.isdigit() and self._go_to_panel(int(number))

    def acts(self) -> frozenset[str]:
        """What the keys do now."""
        if self.view_model.state.overview is None:
            return frozenset({"refresh"})
        shown = {f"panel-{number}" for number, panel in self.panels.items() if not panel.content.isHidden()}
        return frozenset({"refresh", "complaint", *shown})

    def showEvent(self, event: QShowEvent) -> None:
        """Start in the first field, and say what was wrong before anybody could hear it."""
        super().showEvent(event)
        start_in_first_field(self)
        self._say_error(self.view_model.state)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the columns their room."""
        super().resizeEvent(event)
        self.side.setFixedWidth(tokens.SIDE if event.size().width() >= WIDE else tokens.SIDE_NARROW)

    def retranslate(self) -> None:
        """Set every text anew."""
        self._draw(self.view_model.state)

    def _build(self) -> None:
        self.facts = Facts(rows.MOST_FACTS)
        self.overview = ScrolledFacts(self.facts)
        self.services = ChoiceList(rows.SERVICE_COLUMNS)
        self.accounts = ChoiceList(rows.ACCOUNT_COLUMNS)
        self.tickets = ChoiceList(rows.TICKET_COLUMNS)
        self.terms = ChoiceList(rows.PRODUCT_COLUMNS)
        contents = {
            OVERVIEW: self.overview,
            SERVICES: self.services,
            ACCOUNTS: self.accounts,
            TICKETS: self.tickets,
            TERMS: self.terms,
        }
        self.tickets.setFixedHeight(TICKETS_HEIGHT - tokens.ROW)
        self.panels = {number: Panel(content, number, self) for number, content in contents.items()}
        self.side = Side(self)
        page = QHBoxLayout(self)
        page.setContentsMargins(tokens.SPACE, tokens.SPACE, tokens.SPACE, tokens.SPACE)
        page.setSpacing(tokens.SPACE)
        page.addLayout(self._grid(), 1)
        page.addWidget(self.side)

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(tokens.SPACE)
        for column, numbers in enumerate(((SERVICES, TERMS), (OVERVIEW, ACCOUNTS))):
            stack = QVBoxLayout()
            stack.setSpacing(tokens.SPACE)
            for number in numbers:
                stack.addWidget(self.panels[number])
            stack.addStretch(1)
            grid.addLayout(stack, 0, column)
        grid.addWidget(self.panels[TICKETS], 1, 0, 1, 2, Qt.AlignmentFlag.AlignTop)
        grid.setColumnStretch(0, 5)
        grid.setColumnStretch(1, 3)
        grid.setRowStretch(0, 1)
        grid.setRowMinimumHeight(1, TICKETS_HEIGHT)
        return grid

    def _connect(self) -> None:
        self.view_model.changed.connect(self._draw)
        self.tickets.picked.connect(lambda _key: self._draw_side(self.view_model.state))
        self._ticker = QTimer(self)
        self._ticker.timeout.connect(self.view_model.tick)
        self.destroyed.connect(self._workstation.changes.subscribe(self.view_model.follow))

    def _draw(self, state: CustomerState) -> None:
        if state.overview is None:
            self._draw_nothing(state)
        else:
            self._draw_rows(state, state.overview)
            self._draw_headers(state, state.overview)
        self._draw_side(state)
        self._say_error(state)

    def _say_error(self, state: CustomerState) -> None:
        if state.error is not None:
            self.said.emit(in_words(state.error))

    def _draw_nothing(self, state: CustomerState) -> None:
        words = self._missing_words(state) if state.is_missing else self.tr("Reading…")
        for number, panel in self.panels.items():
            panel.describe(self._title(number), None, "", "")
            panel.set_empty(words if number == OVERVIEW else self.tr("Nothing to show."))

    def _missing_words(self, state: CustomerState) -> str:
        if state.far is None:
            missing = self.tr("This desk holds no customer {id}. Nothing was changed. Go back (Esc).")
            return missing.format(id=state.customer_id)
        if state.is_fetching:
            words = self.tr("Fetching {name} ({territory}) from head office… Known here: {numbers}. Esc goes back.")
        else:
            words = self.tr(
                "{name} ({territory}) is not at this desk. Known here: {numbers}. F5 asks again, Esc goes back."
            )
        told = words.format(name=state.title, territory=state.far.territory, numbers=known_of(state.far))
        return told if state.error is None else f"{in_words(state.error)} {told}"

    def _draw_rows(self, state: CustomerState, overview: Overview) -> None:
        holdings = overview.holdings.value
        self.overview.show_facts(rows.facts_of(overview.customer.value))
        self.services.show_rows(rows.service_rows(holdings.services, state.outage_by_service, state.now))
        self.accounts.show_rows([rows.account_row(one) for one in overview.customer.value.accounts])
        self.tickets.show_rows([rows.ticket_row(one, state) for one in overview.complaints.value])
        self.terms.show_rows([rows.product_row(one) for one in holdings.products])

    def _draw_headers(self, state: CustomerState, overview: Overview) -> None:
        customer, holdings, complaints = overview.customer, overview.holdings, overview.complaints
        self._head(OVERVIEW, state, customer, None, "")
        self._head(SERVICES, state, holdings, len(holdings.value.services), self.tr("No service is held."))
        self._head(ACCOUNTS, state, customer, len(customer.value.accounts), self.tr("No account is recorded."))
        self._head(TICKETS, state, complaints, len(complaints.value), self.tr("No complaint yet. F7 takes one."))
        self._head(TERMS, state, holdings, len(holdings.value.products), self.tr("No product is recorded."))

    def _head(self, number: int, state: CustomerState, of: Sourced[Any], count: int | None, empty: str) -> None:
        panel = self.panels[number]
        is_stale = state.is_stale(of.as_of)
        panel.describe(self._title(number), count, value_word(of.source), age(of.as_of, state.now), is_stale=is_stale)
        panel.set_empty(empty if count == 0 else "")

    def _draw_side(self, state: CustomerState) -> None:
        self.side.draw(state, self._picked_ticket(state))

    def _picked_ticket(self, state: CustomerState) -> Complaint | None:
        key = self.tickets.current_key
        complaints = state.overview.complaints.value if state.overview else ()
        return next((one for one in complaints if one.id == key), None)

    def _title(self, number: int) -> str:
        return {
            OVERVIEW: self.tr("Overview"),
            SERVICES: self.tr("Services"),
            ACCOUNTS: self.tr("Accounts"),
            TICKETS: self.tr("Tickets"),
            TERMS: self.tr("Products and terms"),
        }[number]

    def _go_to_panel(self, number: int) -> bool:
        panel = self.panels.get(number)
        if panel is None or panel.content.isHidden():
            return False
        panel.content.setFocus()
        return True

    def _refresh(self) -> None:
        for part in (self.services, self.accounts, self.tickets, self.terms):
            part.let_in()
        self._workstation.refresh()
        self.view_model.refresh()
        if self.view_model.state.far is not None:
            self.view_model.fetch()

    def _want_complaint(self) -> bool:
        state = self.view_model.state
        if state.overview is None:
            return False
        self.complaint_wanted.emit(
            CustomerContext(state.customer_id, state.title, state.overview, self.services.current_key)
        )
        return True
