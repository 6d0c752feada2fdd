"""Find what was begun again, or let go of it. What a draft holds is the business of the feature whose form it is."""

from __future__ import annotations

from app.core.drafts import Draft, DraftBook
from app.core.permissions import Clerk


class BegunWork:
    """The drafts of one signed-in clerk."""

    def __init__(self, book: DraftBook, clerk: Clerk) -> None:
        self._book = book
        self._clerk = clerk

    async def all(self) -> tuple[Draft, ...]:
        """Return what this clerk has begun, the oldest first."""
        return await self._book.drafts_of(self._clerk.id)

    async def discard(self, draft: Draft) -> None:
        """Let go of a draft for good; whoever calls this has asked the clerk."""
        await self._book.discard(draft.id, self._clerk.id)
