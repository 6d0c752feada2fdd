"""What is due at this desk."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from app.core.commands import Pending
from app.core.drafts import Draft
from app.core.errors import DeskError
from app.core.tasks import TaskScope
from app.drafts.usecases import BegunWork
from app.sync.adoption import Adoption
from app.sync.status import Held, Outstanding, SyncStatus, names_awaited
from ui.view_model import ViewModel


@dataclass(frozen=True, slots=True)
class HomeState:
    """What Home shows: decisions first, then what is begun, then what is on its way; oldest first in each."""

    needs_you: tuple[Pending, ...] = ()
    begun: tuple[Draft, ...] = ()
    waiting: tuple[Pending, ...] = ()
    is_loaded: bool = False
    error: DeskError | None = None
    held: tuple[Held, ...] = ()

    @property
    def awaited(self) -> dict[str, str]:
        """Acts that wait for a sign-in, by their ids, with the name of whose."""
        return names_awaited(self.waiting, self.held)

    @property
    def rows(self) -> tuple[Pending | Draft, ...]:
        """Every row in the order shown."""
        return self.needs_you + self.begun + self.waiting

    def act(self, key: str) -> Pending | None:
        """The act of a row; None for any other row."""
        return next((one for one in self.needs_you + self.waiting if one.command.id == key), None)

    def draft(self, key: str) -> Draft | None:
        """The draft of a row; None for any other row."""
        return next((one for one in self.begun if one.id == key), None)


class HomeViewModel(ViewModel[HomeState]):
    """Follows the outbox, and what the clerk has begun. `discarded` carries a draft that is gone."""

    discarded = Signal(object)

    def __init__(
        self,
        outstanding: Outstanding,
        begun: BegunWork,
        adoption: Adoption,
        held: tuple[Held, ...],
        tasks: TaskScope,
        parent: QObject,
    ) -> None:
        super().__init__(HomeState(held=held), parent)
        self._outstanding = outstanding
        self._begun = begun
        self._adoption = adoption
        self._tasks = tasks

    def refresh(self) -> None:
        """Load again; an older answer never overwrites a newer one."""
        self._tasks.newest("home", self._load())

    def follow(self, status: SyncStatus) -> None:
        """Say who has to sign in for which acts, as long as that is so."""
        self._set(replace(self.state, held=status.held))

    def discard(self, draft: Draft) -> None:
        """Let go of a draft; whoever calls this has asked the clerk."""
        self._tasks.first("discard", self._discard(draft))

    def is_to_decide(self, act: Pending) -> bool:
        """Whether "Needs you" has something to decide about it: what the clerk may adopt waits, and stands there too."""
        return needs_a_person(act) or act.command.id in self._adoption.offered(self.state.waiting, self.state.held)

    async def _load(self) -> None:
        try:
            pending, begun = await self._outstanding.pending(), await self._begun.all()
        except DeskError as error:
            self._set(replace(self.state, error=error))
            return
        for_a_person = tuple(act for act in pending if needs_a_person(act))
        on_its_way = tuple(act for act in pending if not needs_a_person(act))
        self._set(HomeState(for_a_person, begun, on_its_way, is_loaded=True, held=self.state.held))

    async def _discard(self, draft: Draft) -> None:
        try:
            await self._begun.discard(draft)
        except DeskError as error:
            self._set(replace(self.state, error=error))
            return
        await self._load()
        self.discarded.emit(draft)


def needs_a_person(act: Pending) -> bool:
    """Whether it stays until somebody decides."""
    return act.certainty.needs_a_person
