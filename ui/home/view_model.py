"""What is due at this desk."""

from __future__ import annotations

from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from app.core.commands import Pending
from app.core.drafts import Draft, Place
from app.core.errors import DeskError
from app.core.tasks import TaskScope
from app.core.words import QT_TRANSLATE_NOOP
from app.drafts.model import ParkedDraft
from app.drafts.usecases import BegunWork
from app.sync.adoption import Adoption
from app.sync.status import Held, Outstanding, SyncStatus, names_awaited
from ui.view_model import ViewModel


class OnTheWayError(DeskError):
    """The clerk wants to go on with what is between this desk and the hall."""

    text = QT_TRANSLATE_NOOP(
        "errors",
        "This is on its way to or from the hall. It is safe. Go on with it once the line has settled where it is.",
    )


@dataclass(frozen=True, slots=True)
class HomeState:
    """What Home shows: decisions, what is begun, what is on its way, what is parked at the hall; oldest first in each."""

    needs_you: tuple[Pending, ...] = ()
    begun: tuple[Draft, ...] = ()
    waiting: tuple[Pending, ...] = ()
    is_loaded: bool = False
    error: DeskError | None = None
    held: tuple[Held, ...] = ()
    hall: tuple[ParkedDraft, ...] = ()
    has_hall: bool = True

    @property
    def awaited(self) -> dict[str, str]:
        """Acts that wait for a sign-in, by their ids, with the name of whose."""
        return names_awaited(self.waiting, self.held)

    @property
    def rows(self) -> tuple[Pending | Draft | ParkedDraft, ...]:
        """Every row in the order shown."""
        return self.needs_you + self.begun + self.waiting + self.at_hall

    @property
    def at_hall(self) -> tuple[ParkedDraft, ...]:
        """What is parked there and not on its way from or to this desk."""
        here = {one.id for one in self.begun}
        return tuple(one for one in self.hall if one.id not in here)

    def parked(self, key: str) -> ParkedDraft | None:
        """The parked draft of a row; None for any other row."""
        return next((one for one in self.at_hall if one.id == key), None)

    def act(self, key: str) -> Pending | None:
        """The act of a row; None for any other row."""
        return next((one for one in self.needs_you + self.waiting if one.command.id == key), None)

    def draft(self, key: str) -> Draft | None:
        """The draft of a row; None for any other row."""
        return next((one for one in self.begun if one.id == key), None)


class HomeViewModel(ViewModel[HomeState]):
    """Follows the outbox, what the clerk has begun, and the hall.

    `gone` carries a draft that nobody works on here any more, `fetched` one that is the clerk's now, `told` why something
    was not to be had.
    """

    gone = Signal(object)
    fetched = Signal(object)
    told = Signal(object)

    def __init__(
        self,
        outstanding: Outstanding,
        begun: BegunWork,
        adoption: Adoption,
        held: tuple[Held, ...],
        tasks: TaskScope,
        looking: TaskScope,
        parent: QObject,
    ) -> None:
        super().__init__(HomeState(held=held), parent)
        self._looking = looking
        self._outstanding = outstanding
        self._begun = begun
        self._adoption = adoption
        self._tasks = tasks
        self._leaving: set[str] = set()

    def refresh(self) -> None:
        """Load again; an older answer never overwrites a newer one."""
        self._tasks.newest("home", self._load())

    def follow(self, status: SyncStatus) -> None:
        """Say who has to sign in for which acts, as long as that is so."""
        self._set(replace(self.state, held=status.held))

    def look(self) -> None:
        """Ask what is parked at the hall. Head office answers that, so that no key of the clerk ever waits for it."""
        self._looking.newest("hall", self._look())

    def discard(self, draft: Draft) -> None:
        """Let go of a draft; whoever calls this has asked the clerk. Nobody opens it meanwhile."""
        self._leaving.add(draft.id)
        self._tasks.first(f"draft {draft.id}", self._discard(draft))

    def park(self, draft: Draft) -> None:
        """Let a draft go to the hall. Nobody opens it meanwhile."""
        self._leaving.add(draft.id)
        self._tasks.first(f"draft {draft.id}", self._park(draft))

    def discard_parked(self, parked: ParkedDraft) -> None:
        """Let go of what has expired at the hall; whoever calls this has asked the clerk."""
        self._tasks.first(f"draft {parked.id}", self._discard_parked(parked))

    def may_discard(self, parked: ParkedDraft) -> bool:
        """Whether this clerk may."""
        return self._begun.may_discard(parked)

    def is_leaving(self, draft: Draft) -> bool:
        """Whether it is being discarded or parked just now."""
        return draft.id in self._leaving

    def call_back(self, draft: Draft) -> None:
        """Keep a draft here after all, if it still waits for the line."""
        self._tasks.first(f"draft {draft.id}", self._call_back(draft))

    def resume(self, parked: ParkedDraft) -> None:
        """Fetch a draft from the hall."""
        self._tasks.first(f"draft {parked.id}", self._resume(parked))

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
        known = replace(self.state, needs_you=for_a_person, begun=begun, waiting=on_its_way)
        self._set(replace(known, is_loaded=True, error=None))

    async def _look(self) -> None:
        with suppress(DeskError):  # what is wrong with the line or the sign-in is told elsewhere
            hall = await self._begun.parked()
            self._set(replace(self.state, hall=hall, has_hall=self._begun.has_hall))

    async def _discard(self, draft: Draft) -> None:
        await self._let_go(draft, self._begun.discard(draft))

    async def _park(self, draft: Draft) -> None:
        await self._let_go(draft, self._begun.park(draft.id))

    async def _let_go(self, draft: Draft, work: Awaitable[None]) -> None:
        try:
            if await self._does(work):
                self.gone.emit(draft)
        finally:
            self._leaving.discard(draft.id)

    async def _call_back(self, draft: Draft) -> None:
        if draft.place is not Place.WAITS or (
            await self._does(self._begun.call_back(draft)) and not self._is_here(draft.id)
        ):
            self.told.emit(OnTheWayError())

    async def _resume(self, parked: ParkedDraft) -> None:
        if await self._does(self._begun.resume(parked)):
            self._is_gone(parked)
            if self._is_here(parked.id) and (draft := self.state.draft(parked.id)):
                self.fetched.emit(draft)
        self.look()

    async def _discard_parked(self, parked: ParkedDraft) -> None:
        if await self._does(self._begun.discard_parked(parked)):
            self._is_gone(parked)
        self.look()

    def _is_gone(self, parked: ParkedDraft) -> None:
        self._set(replace(self.state, hall=tuple(one for one in self.state.hall if one.id != parked.id)))

    def _is_here(self, draft_id: str) -> bool:
        draft = self.state.draft(draft_id)
        return draft is not None and draft.place is Place.HERE

    async def _does(self, work: Awaitable[bool | None]) -> bool:
        """Whether it was done; why not is told, and what is known now is shown."""
        try:
            await work
        except DeskError as error:
            self.told.emit(error)
            return False
        await self._load()
        return True


def needs_a_person(act: Pending) -> bool:
    """Whether it stays until somebody decides."""
    return act.certainty.needs_a_person


def key_of(one: Pending | Draft | ParkedDraft) -> str:
    """By what a row is known."""
    return one.command.id if isinstance(one, Pending) else one.id
