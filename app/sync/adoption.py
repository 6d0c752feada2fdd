"""Standing for an act whose author head office no longer accepts."""

from __future__ import annotations

from collections.abc import Iterable

from app.core.commands import Command, Pending
from app.core.errors import NotAllowedError
from app.core.permissions import Clerk, Permission
from app.sync.status import Held, Outstanding, SyncStatus, to_adopt


class Adoption:
    """What one signed-in clerk may adopt. The act goes out with their grant; both names are kept here and at head office."""

    def __init__(self, outstanding: Outstanding, clerk: Clerk) -> None:
        self._outstanding = outstanding
        self._clerk = clerk

    @property
    def is_allowed(self) -> bool:
        """Whether the clerk may adopt anything."""
        return self._clerk.may(Permission.ADOPT_COMMANDS)

    def stands_for(self, act: Command) -> bool:
        """Whether the clerk decided or adopted the act, or may adopt it."""
        return self.is_allowed or self._clerk.id in (act.author, act.adopted_by)

    def offered(self, acts: Iterable[Pending], held: Iterable[Held]) -> dict[str, str]:
        """Which of these acts the clerk may adopt, each with the name of whose sign-in it waits for."""
        return to_adopt(acts, held, self._clerk.id) if self.is_allowed else {}

    def decisions(self, status: SyncStatus) -> int:
        """How many acts want a decision of the clerk: what needs a person, and what they may adopt."""
        held = sum(one.count for one in status.held if one.author != self._clerk.id) if self.is_allowed else 0
        return status.needs_you + held

    async def adopt(self, command_id: str) -> None:
        """Stand for an act that has not ended and is not on the wire; else nothing happens. Raises NotAllowedError."""
        if not self.is_allowed:
            raise NotAllowedError
        await self._outstanding.adopt(command_id, self._clerk.id)
