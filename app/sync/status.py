"""What the status bar and "Needs you" show of the line and the outbox."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from app.core.certainty import Certainty
from app.sync.reasons import LOST_WITH_THE_BACKUP

if TYPE_CHECKING:  # the window's first frame is waiting for this module
    from app.core.commands import Command, Pending


class LineState(StrEnum):
    """Whether head office answers. Offline is a state, not an error."""

    STARTING = "starting"
    ONLINE = "online"
    CUT = "cut"
    SIGN_IN_NEEDED = "sign-in-needed"
    STOPPED = "stopped"  # an invariant broke: syncing stopped, the outbox is kept


@dataclass(frozen=True, slots=True)
class Held:
    """Acts that wait until a person signs in again: head office no longer accepts their author's grant."""

    author: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class SyncStatus:
    """One snapshot of the line. `loaded`/`total` count rows while the local copy is being built (total 0: not building), and
    `remaining_s` is how long that will still take, None where nobody can say.

    `held` says who has to sign in before some of the acts that are `waiting` can go on.
    """

    line: LineState = LineState.STARTING
    since: datetime | None = None
    as_of: datetime | None = None
    waiting: int = 0
    needs_you: int = 0
    loaded: int = 0
    total: int = 0
    remaining_s: int | None = None
    trouble: str = ""  # an untranslated DeskError text about head office's answers, empty when all is well
    held: tuple[Held, ...] = ()

    @property
    def is_building(self) -> bool:
        """Whether the local copy is being built."""
        return self.total > 0


def held_back(on_their_way: Iterable[Command], authors: Container[str]) -> dict[str, str]:
    """Which acts, oldest first, wait for a sign-in of one of `authors`, and of whom: their own, and those behind them."""
    first: dict[tuple[str, str], str] = {}
    held: dict[str, str] = {}
    for act in on_their_way:
        entity = act.collection, act.entity_id
        if act.sender in authors:
            first.setdefault(entity, act.sender)
        if entity in first:
            held[act.id] = first[entity]
    return held


def names_awaited(acts: Iterable[Pending], held: Iterable[Held]) -> dict[str, str]:
    """Which of these acts, oldest first, wait for a sign-in, each with the name of whose."""
    names = {one.author: one.name for one in held}
    on_their_way = (
        act.command for act in acts if not act.certainty.needs_a_person and act.reason != LOST_WITH_THE_BACKUP
    )  # what was lost once is asked for with anybody's grant
    return {act: names[author] for act, author in held_back(on_their_way, names).items()}


def to_adopt(acts: Iterable[Pending], held: Iterable[Held], by: str) -> dict[str, str]:
    """Which of these acts `by` may stand for, each with the name of whose sign-in it waits for: never one's own."""
    names = {one.author: one.name for one in held if one.author != by}
    waiting = (act for act in acts if act.certainty in (Certainty.WAITING, Certainty.UNKNOWN))
    found = (act.command for act in waiting if act.reason != LOST_WITH_THE_BACKUP and act.command.author != by)
    return {act.id: names[act.sender] for act in found if act.sender in names}


def is_lost(act: Pending) -> bool:
    """Whether head office had it and has lost it."""
    return act.certainty is Certainty.REFUSED and act.reason == LOST_WITH_THE_BACKUP


class Outstanding(Protocol):
    """The acts that are not yet at rest."""

    async def pending(self) -> list[Pending]:
        """Return what waits, is being sent, differs or was refused; oldest first."""
        ...

    async def certainty_of(self, command_id: str) -> Certainty | None:
        """Return what is known of one act, also of one at rest; None where this desk knows nothing of it."""
        ...

    async def set_aside(self, command_id: str, by: str) -> None:
        """Put a refused or differing act to rest on somebody's word; it stays in the journal and its audit chain."""
        ...

    async def adopt(self, command_id: str, by: str) -> None:
        """Let somebody who may adopt acts stand for one that waits for its author's sign-in. Raises NotAllowedError."""
        ...

    async def send_on_top(self, command_id: str, by: str, tag: str) -> None:
        """Let a differing act go out again on somebody's word, on top of what they were shown, which has that ETag.

        Where it differs from something newer by now, nothing happens. Raises NotAllowedError where it is somebody else's act
        and they may not stand for it.
        """
        ...
