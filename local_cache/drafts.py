"""Drafts on disk, as the window uses them."""

from __future__ import annotations

from app.core.drafts import Draft, Place
from local_cache import draft_rows as rows
from local_cache.command_log import JournalLog
from local_cache.journal import Journal

DRAFT = "draft"  # what changes, for whoever shows drafts


class JournalDrafts:
    """Implements `app.core.drafts.DraftBook`. Writes in turn with the acts, on the log's thread.

    It is told when a draft comes or goes, and not of each word that is added to one: every page would read anew.
    """

    def __init__(self, journal: Journal, log: JournalLog) -> None:
        self._journal = journal
        self._log = log

    async def keep(self, draft: Draft) -> None:
        """Put a draft in the place of what was kept of it; one whose act was recorded is no draft any more."""
        await self._log.write(lambda: self._keep(draft))

    async def discard(self, draft_id: str, author: str) -> None:
        """Let go of this author's draft; there need not be one."""
        await self._log.write(lambda: self._discard(draft_id, author))

    async def park(self, draft_id: str, author: str) -> None:
        """Let this author's draft go to the hall; nobody works on it here any more."""
        await self._log.write(lambda: self._move(draft_id, author, Place.HERE, Place.WAITS))

    async def call_back(self, draft_id: str, author: str) -> bool:
        """Keep here after all what waits to be parked; whether it is here."""
        await self._log.write(lambda: self._move(draft_id, author, Place.WAITS, Place.HERE))
        return any(one.id == draft_id and one.place is Place.HERE for one in await self.drafts_of(author))

    async def drafts_of(self, author: str) -> tuple[Draft, ...]:
        """Return the author's drafts wherever they are, the oldest first."""
        return await self._log.run(self._drafts_of, author)

    def _keep(self, draft: Draft) -> str:
        with self._journal.writing() as connection:
            return DRAFT if rows.keep(connection, draft) else ""

    def _discard(self, draft_id: str, author: str) -> str:
        with self._journal.writing() as connection:
            return DRAFT if rows.discard(connection, draft_id, author) else ""

    def _move(self, draft_id: str, author: str, before: Place, after: Place) -> str:
        with self._journal.writing() as connection:
            return DRAFT if rows.move(connection, draft_id, (before,), after, author) else ""

    def _drafts_of(self, author: str) -> tuple[Draft, ...]:
        with self._journal.reading() as connection:
            return rows.of_author(connection, author)
