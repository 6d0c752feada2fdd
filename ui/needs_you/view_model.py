"""What waits for a person's decision, and the choices there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from PySide6.QtCore import QObject, Signal

from app.complaints import commands
from app.core.certainty import Certainty
from app.core.commands import Pending
from app.core.errors import DeskError
from app.core.tasks import TaskScope
from app.sync.status import Held, SyncStatus, is_lost
from ui.view_model import ViewModel
from ui.workstation import Desk


class Choice(StrEnum):
    """What can be decided about an act."""

    MEND = "mend"
    SEND_AGAIN = "send-again"
    ADOPT = "adopt"
    SEND_ON_TOP = "send-on-top"
    DROP = "drop"
    SET_ASIDE = "set-aside"


RECOMMENDED = (Choice.MEND, Choice.SEND_AGAIN)  # of two versions none is: only a person can say which is to hold


@dataclass(frozen=True, slots=True)
class NeedsYouState:
    """The acts that need a decision, oldest first; the one looked at, and the choice that Ctrl+Enter would take.

    `awaited` names, for acts that the clerk may adopt, whose sign-in they wait for; `mine` are those that the clerk stands
    for, or may stand for.
    """

    acts: tuple[Pending, ...] = ()
    shown_id: str = ""
    choice: Choice | None = None
    is_loaded: bool = False
    error: DeskError | None = None
    awaited: Mapping[str, str] = field(default_factory=dict)
    mine: frozenset[str] = frozenset()

    @property
    def shown(self) -> Pending | None:
        """The act looked at."""
        return next((act for act in self.acts if act.command.id == self.shown_id), None)

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What can be decided about it, the recommended choice first."""
        return choices_for(self.shown, is_mine=self.shown_id in self.mine) if self.shown else ()


def choices_for(act: Pending, *, is_mine: bool) -> tuple[Choice, ...]:
    """What can be decided about an act, the recommended choice first.

    What waits for a sign-in can be adopted, a refused or lost complaint mended, anything else that was lost sent again, what
    differs sent on top of what is there, by who stands for it, or dropped. All but the first can be set aside.
    """
    if not act.certainty.needs_a_person:
        return (Choice.ADOPT,)
    if act.there is not None:
        return (Choice.SEND_ON_TOP, Choice.DROP) if act.there.body is not None and is_mine else (Choice.DROP,)
    if act.command.kind == commands.FILE and act.certainty is Certainty.REFUSED:
        return Choice.MEND, Choice.SET_ASIDE
    return (Choice.SEND_AGAIN, Choice.SET_ASIDE) if is_lost(act) else (Choice.SET_ASIDE,)


class NeedsYouViewModel(ViewModel[NeedsYouState]):
    """Shows one act at a time; `mend_wanted` carries the form of a refused complaint."""

    mend_wanted = Signal(object)

    def __init__(self, desk: Desk, held: tuple[Held, ...], tasks: TaskScope, parent: QObject) -> None:
        super().__init__(NeedsYouState(), parent)
        self._desk = desk
        self._held = held
        self._tasks = tasks

    def refresh(self) -> None:
        """Load again; the act looked at stays the one looked at."""
        self._tasks.newest("needs-you", self._load())

    def follow(self, status: SyncStatus) -> None:
        """Show what waits for somebody's sign-in, as long as it does, to who may adopt it."""
        if status.held != self._held:
            self._held = status.held
            self.refresh()

    def show(self, command_id: str) -> None:
        """Look at one act; nothing is chosen for it yet."""
        if command_id != self.state.shown_id:
            self._set(replace(self.state, shown_id=command_id, choice=None, error=None))

    def choose(self, choice: Choice) -> None:
        """Say what Ctrl+Enter will do."""
        if choice in self.state.choices:
            self._set(replace(self.state, choice=choice))

    def decide(self) -> None:
        """Do what was chosen for the act looked at."""
        act = self.state.shown
        if act is None or self.state.choice is None:
            return
        if self.state.choice is Choice.MEND:
            self.mend_wanted.emit(self._desk.complaints.mended_form(act.command))
        else:
            self._tasks.first("decided", self._decided(act, self.state.choice))

    async def _load(self) -> None:
        try:
            pending = await self._desk.outstanding.pending()
        except DeskError as error:
            self._set(replace(self.state, error=error))
            return
        awaited = self._desk.adoption.offered(pending, self._held)
        acts = tuple(act for act in pending if act.certainty.needs_a_person or act.command.id in awaited)
        kept = self.state.shown_id if any(act.command.id == self.state.shown_id for act in acts) else ""
        shown = kept or (acts[0].command.id if acts else "")
        mine = frozenset(act.command.id for act in acts if self._desk.adoption.stands_for(act.command))
        state = NeedsYouState(acts, shown, is_loaded=True, awaited=awaited, mine=mine)
        is_still_offered = kept and self.state.choice in state.choices
        self._set(replace(state, choice=self.state.choice if is_still_offered else None))

    async def _decided(self, shown: Pending, choice: Choice) -> None:
        outstanding, by, act = self._desk.outstanding, self._desk.clerk.id, shown.command
        try:
            if choice is Choice.ADOPT:
                await self._desk.adoption.adopt(act.id)
            elif choice is Choice.SEND_AGAIN:
                await self._desk.complaints.send_again(act)
            elif choice is Choice.SEND_ON_TOP:
                await outstanding.send_on_top(act.id, by, shown.there.tag if shown.there else "")
            else:
                await outstanding.set_aside(act.id, by)
        except DeskError as error:
            self._set(replace(self.state, error=error))
            return
        await self._load()
