"""Reads one customer and follows what changes about them."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject

from app.core.changes import NEW_COPY
from app.core.clock import Clock
from app.core.errors import DeskError
from app.core.tasks import TaskScope
from app.customer360.overview import CustomerOverview
from ui.customer.state import CustomerState
from ui.view_model import ViewModel


class CustomerViewModel(ViewModel[CustomerState]):
    """One customer, read again whenever their data may have changed.

    Who is not at this desk is fetched once by itself, and again when somebody asks for that.
    """

    def __init__(self, customers: CustomerOverview, clock: Clock, tasks: TaskScope, parent: QObject) -> None:
        super().__init__(CustomerState("", clock.now()), parent)
        self._customers = customers
        self._clock = clock
        self._tasks = tasks
        self._was_fetched = False

    def be_about(self, customer_id: str) -> None:
        """Show this customer from the next `load` on; before, nobody was shown."""
        self.state = CustomerState(customer_id, self._clock.now())

    def fetch(self) -> None:
        """Ask head office for a customer from outside the home."""
        self._was_fetched = True
        self._set(replace(self.state, is_fetching=True, error=None))
        self._tasks.first("fetch", self._fetch())

    def follow(self, changed: frozenset[str]) -> None:
        """Something changed; a new copy may lack who was fetched into the old one, or could not be fetched while it was made."""
        if NEW_COPY in changed:
            self._was_fetched = False
        self.refresh()

    def refresh(self) -> None:
        """Load again, if there is anybody to show; an older answer never overwrites a newer one."""
        if self.state.customer_id:
            self._tasks.newest("customer", self.load())

    def tick(self) -> None:
        """Let ages and due times follow the clock."""
        self._set(replace(self.state, now=self._clock.now()))

    async def load(self) -> None:
        """Read everything the page shows; what was shown stays where reading fails."""
        try:
            overview = await self._customers.of(self.state.customer_id)
            far = None if overview else await self._customers.far(self.state.customer_id)
        except DeskError as error:
            self._set(replace(self.state, error=error))
            return
        if overview is not None and self.state.overview is None:
            self._customers.looked_at(self.state.customer_id)
        shown = CustomerState(self.state.customer_id, self._clock.now(), overview, is_missing=overview is None, far=far)
        if far is not None:
            shown = replace(shown, is_fetching=self.state.is_fetching, error=self.state.error)
        if overview is not None:
            self._was_fetched = False
        is_due = far is not None and not self._was_fetched
        self._set(replace(shown, is_fetching=True, error=None) if is_due else shown)
        if is_due:
            self.fetch()

    async def _fetch(self) -> None:
        error = None
        try:
            await self._customers.fetch(self.state.customer_id)
        except DeskError as problem:
            error = problem
        self._set(replace(self.state, is_fetching=False, error=error))
        if error is None:
            self.refresh()
