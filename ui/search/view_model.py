"""The box: finds as you type, opens on Enter, and never answers a question that was not asked last."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from app.core.errors import DeskError
from app.core.tasks import TaskScope
from app.customers.model import SearchResult
from app.customers.usecases import FindCustomers
from app.sync.status import SyncStatus
from ui.search.acts import acts_for
from ui.search.state import SearchState
from ui.view_model import ViewModel
from ui.workstation import Workstation


class SearchViewModel(ViewModel[SearchState]):
    """Typed text in, rows out.

    `opened` carries the key of what to open. `deciding` brackets an Enter that came before its answer: True when it
    starts to wait, False when it has been decided.
    """

    opened = Signal(str)
    deciding = Signal(bool)

    def __init__(self, workstation: Workstation, tasks: TaskScope, parent: QObject) -> None:
        super().__init__(SearchState(), parent)
        self._workstation = workstation
        self._tasks = tasks
        self._find: FindCustomers | None = None
        self._enter_waits = False
        self._is_scan = False

    def serve(self, find: FindCustomers | None) -> None:
        """Search here from now on; what was typed before is looked up at once."""
        self._find = find
        if find is not None and self.state.typed.strip():
            self._tasks.newest("search", self._search(find, self.state.typed))

    def follow(self, status: SyncStatus) -> None:
        """Look again once the local copy is complete, for whom it did not hold before."""
        if self.state.is_building and not status.is_building and not self.state.is_frozen:
            self.serve(self._find)

    def type(self, text: str) -> None:
        """Look up other text; rows that were frozen move again.

        What can be done comes with the answer: rows that are painted twice for a key would be late the second time.
        """
        acts = acts_for(text) if self._find is None else self.state.acts
        asked = replace(self.state, typed=text, acts=acts, is_answered=False)
        self._set(replace(asked, current="", is_frozen=False, is_open=True))
        if self._find is not None:
            self._tasks.newest("search", self._search(self._find, text))

    def move(self, step: int) -> None:
        """Pick the next (1) or previous (-1) row; from the first move on the rows stand still."""
        keys = [row.key for row in self.state.rows]
        if keys:
            place = keys.index(self.state.current) + step if self.state.current in keys else 0
            self._set(
                replace(self.state, current=keys[min(max(place, 0), len(keys) - 1)], is_frozen=True, is_open=True)
            )

    def enter(self, ends_scan: bool) -> None:  # noqa: FBT001 - a signal's argument
        """Open the picked row or the one that can be meant; before the answer is there, as soon as it is.

        The Enter that ends a scan opens an exact hit and does nothing else.
        """
        self._is_scan = ends_scan
        if self.state.current:
            self.open(self.state.current)
        elif self.state.is_answered:
            self._decide()
        elif not self._enter_waits:
            self._enter_waits = True
            self.deciding.emit(True)  # noqa: FBT003 - a signal's argument

    def open(self, key: str) -> None:
        """Open a row."""
        self.close()
        self.opened.emit(key)

    def close(self) -> None:
        """Put the rows away; the text stays."""
        self._set(replace(self.state, is_open=False, is_frozen=False, current=""))

    async def _search(self, find: FindCustomers, text: str) -> None:
        found, error = SearchResult(), None
        try:
            found = await find.matching(text)
        except DeskError as problem:
            error = problem
        if not self.state.is_frozen:
            status = self._workstation.status
            answer = replace(self.state, as_of=status.as_of, is_building=status.is_building)
            answer = replace(answer, acts=acts_for(text), hits=found.hits, has_more=found.has_more, error=error)
            self._set(replace(answer, is_answered=True))
        if self._enter_waits:
            self._enter_waits = False
            self._decide()
            self.deciding.emit(False)  # noqa: FBT003 - a signal's argument

    def _decide(self) -> None:
        rows = self.state.exact if self._is_scan else self.state.meant
        if len(rows) == 1:
            self.open(rows[0].key)
        elif not self._is_scan:
            self.move(1)
