"""Find what was begun again, let go of it, or hand it to the hall. What is in it is the business of its feature."""

from __future__ import annotations

import json

from app.core.drafts import Draft, DraftBook
from app.core.errors import BackOfficeUnreachableError
from app.core.permissions import Clerk, Permission
from app.drafts.model import MOST_BYTES, DraftTooLongError, NoHallError, ParkedDraft, ParkedState
from app.drafts.ports import Hall


class BegunWork:
    """The drafts of one signed-in clerk, and the hall where they may be parked."""

    def __init__(self, book: DraftBook, hall: Hall, clerk: Clerk) -> None:
        self._book = book
        self._hall = hall
        self._clerk = clerk
        self.has_hall = True  # until head office says that there is none for this clerk

    async def all(self) -> tuple[Draft, ...]:
        """Return what this clerk has begun and the desk still has, the oldest first."""
        return await self._book.drafts_of(self._clerk.id)

    async def park(self, draft_id: str) -> None:
        """Let a draft go to the hall as soon as the line allows; on disk when this returns. Raises DraftTooLongError."""
        if any(one.id == draft_id and len(json.dumps(one.body)) > MOST_BYTES for one in await self.all()):
            raise DraftTooLongError
        await self._book.park(draft_id, self._clerk.id)

    async def call_back(self, draft: Draft) -> bool:
        """Keep here after all what waits for the line; False where head office may have it by now."""
        return await self._book.call_back(draft.id, self._clerk.id)

    async def parked(self) -> tuple[ParkedDraft, ...]:
        """Return what is parked at the hall; nothing where there is no hall, or no line to it."""
        try:
            found = await self._hall.parked(self._clerk.id)
        except NoHallError:
            self.has_hall = False
            return ()
        except BackOfficeUnreachableError:
            return ()
        self.has_hall = True
        return found

    async def resume(self, parked: ParkedDraft) -> None:
        """Fetch a draft from the hall; when this returns, it is this clerk's, here and nowhere else. Raises DeskError."""
        await self._hall.resume(parked.id, self._clerk.id)

    async def discard(self, draft: Draft) -> None:
        """Let go of a draft for good; whoever calls this has asked the clerk."""
        await self._book.discard(draft.id, self._clerk.id)

    def may_discard(self, parked: ParkedDraft) -> bool:
        """Whether this clerk may let go of what has expired at the hall: its author, and whoever may adopt."""
        is_mine = parked.author == self._clerk.id
        return parked.state is ParkedState.EXPIRED and (is_mine or self._clerk.may(Permission.ADOPT_COMMANDS))

    async def discard_parked(self, parked: ParkedDraft) -> None:
        """Let go of it for good; whoever calls this has asked the clerk. Raises DeskError."""
        await self._hall.discard_parked(parked.id, self._clerk.id)
