"""What is due at this desk."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject

from app.core.commands import Pending
from app.core.errors import DeskError
from app.core.tasks import TaskScope
from app.sync.adoption import Adoption
from app.sync.status import Held, Outstanding, SyncStatus, names_awaited
from ui.view_model import ViewModel


@dataclass(frozen=True, slots=True)
class HomeState:
    """What Home shows: decisions first, then what is on its way; oldest first in both."""

    needs_you: tuple[Pending, ...] = ()
    waiting: tuple[Pending, ...] = ()
    is_loaded: bool = False
    error: DeskError | None = None
    held: tuple[Held, ...] = ()

    @property
    def awaited(self) -> dict[str, str]:
        """Acts that wait for a sign-in, by their ids, with the name of whose."""
        return names_awaited(self.waiting, self.held)

    @property
    def rows(self) -> tuple[Pending, ...]:
        """Every row in the order shown."""
        return self.needs_you + self.waiting


class HomeViewModel(ViewModel[HomeState]):
    """Follows the outbox."""

    def __init__(
        self,
        outstanding: Outstanding,
        adoption: Adoption,
        held: tuple[Held, ...],
        tasks: TaskScope,
        parent: QObject,
    ) -> None:
        super().__init__(HomeState(held=held), parent)
        self._outstanding = outstanding
        self._adoption = adoption
        self._tasks = tasks

    def refresh(self) -> None:
        """Load again; an older answer never overwrites a newer one."""
        self._tasks.newest("home", self._load())

    def follow(self, status: SyncStatus) -> None:
        """Say who has to sign in for which acts, as long as that is so."""
        self._set(replace(self.state, held=status.held))

    def is_to_decide(self, act: Pending) -> bool:
        """Whether "Needs you" has something to decide about it: what the clerk may adopt waits, and stands there too."""
        return needs_a_person(act) or act.command.id in self._adoption.offered(self.state.waiting, self.state.held)

    async def _load(self) -> None:
        try:
            pending = await self._outstanding.pending()
        except DeskError as error:
            self._set(replace(self.state, error=error))
            return
        for_a_person = tuple(act for act in pending if needs_a_person(act))
        on_its_way = tuple(act for act in pending if not needs_a_person(act))
        self._set(HomeState(for_a_person, on_its_way, is_loaded=True, held=self.state.held))


def needs_a_person(act: Pending) -> bool:
    """Whether it stays until somebody decides."""
    return act.certainty.needs_a_person
