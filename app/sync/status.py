"""What the status bar and "Needs you" show of the line and the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from app.core.certainty import Certainty
from app.core.commands import Pending


class LineState(StrEnum):
    """Whether head office answers. Offline is a state, not an error."""

    STARTING = "starting"
    ONLINE = "online"
    CUT = "cut"
    SIGN_IN_NEEDED = "sign-in-needed"
    STOPPED = "stopped"  # an invariant broke: syncing stopped, the outbox is kept


@dataclass(frozen=True, slots=True)
class SyncStatus:
    """One snapshot of the line. `loaded`/`total` count rows while the local copy is being built (total 0: not building)."""

    line: LineState = LineState.STARTING
    since: datetime | None = None
    as_of: datetime | None = None
    waiting: int = 0
    needs_you: int = 0
    loaded: int = 0
    total: int = 0
    trouble: str = ""  # an untranslated DeskError text about head office's answers, empty when all is well

    @property
    def is_building(self) -> bool:
        """Whether the local copy is being built."""
        return self.total > 0


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
