"""What is due at this desk."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject

from app.core.commands import Pending
from app.core.errors import DeskError
from app.core.tasks import TaskScope
from app.sync.status import Outstanding
from ui.view_model import ViewModel


@dataclass(frozen=True, slots=True)
class HomeState:
    """What Home shows: decisions first, then what is on its way; oldest first in both."""

    needs_you: tuple[Pending, ...] = ()
    waiting: tuple[Pending, ...] = ()
    is_loaded: bool = False
    error: DeskError | None = None

    @property
    def rows(self) -> tuple[Pending, ...]:
        """Every row in the order shown."""
        return self.needs_you + self.waiting


class HomeViewModel(ViewModel[HomeState]):
    """Follows the outbox."""

    def __init__(self, outstanding: Outstanding, tasks: TaskScope, parent: QObject) -> None:
        super().__init__(HomeState(), parent)
        self._outstanding = outstanding
        self._tasks = tasks

    def refresh(self) -> None:
        """Load again; an older answer never overwrites a newer one."""
        self._tasks.newest("home", self._load())

    async def _load(self) -> None:
        try:
            pending = await self._outstanding.pending()
        except DeskError as error:
            self._set(replace(self.state, error=error))
            return
        for_a_person = tuple(act for act in pending if needs_a_person(act))
        on_its_way = tuple(act for act in pending if not needs_a_person(act))
        self._set(HomeState(for_a_person, on_its_way, is_loaded=True))


def needs_a_person(act: Pending) -> bool:
    """Whether it stays until somebody decides."""
    return act.certainty.needs_a_person
