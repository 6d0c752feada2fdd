"""Drafts on their way between this desk and the hall: the sync process's half of the journal."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from app.core.drafts import Draft, Place
from app.drafts.model import DraftTakenError
from local_cache import draft_rows as rows
from local_cache.journal import Journal
from local_cache.journal_schema import clerk
from local_cache.meta import read_meta, write_meta

SECRET = "hall_secret"  # noqa: S105 - the name under which it is kept


class JournalParking:
    """Implements `app.drafts.ports.ParkingStore`. Blocking: call it on the journal's thread. `new_secret` makes a key."""

    def __init__(self, journal: Journal, new_secret: Callable[[], bytes]) -> None:
        self._journal = journal
        self._new_secret = new_secret

    def device(self) -> str:
        """This desk's own id."""
        return self._journal.device()

    def secret(self) -> bytes:
        """The secret key of this desk, made once."""
        with self._journal.writing() as connection:
            if not (kept := read_meta(connection, SECRET)):
                write_meta(connection, SECRET, kept := self._new_secret().hex())
        return bytes.fromhex(kept)

    def on_the_way(self) -> tuple[Draft, ...]:
        """What is to be parked and what is being fetched, the oldest first."""
        with self._journal.reading() as connection:
            return rows.on_the_way(connection)

    def parking(self, draft_id: str) -> Draft | None:
        """Head office is asked to take it from here on, as it stands now; None where it was called back meanwhile."""
        with self._journal.writing() as connection:
            is_to_go = rows.move(connection, draft_id, (Place.WAITS, Place.PARKING), Place.PARKING)
            return rows.one(connection, draft_id) if is_to_go else None

    def parked(self, draft_id: str) -> None:
        """Head office has it: it is not here any more."""
        with self._journal.writing() as connection:
            rows.remove(connection, draft_id, Place.PARKING)

    def came_back(self, draft_id: str, why: str) -> None:
        """Head office was not asked to take it, as it parks nothing: it is here again, with the reason."""
        with self._journal.writing() as connection:
            rows.move(connection, draft_id, (Place.WAITS,), Place.HERE, why=why)

    def refused(self, draft_id: str, why: str) -> None:
        """Head office was asked, said no, and does not have it: it is here again, with the reason."""
        with self._journal.writing() as connection:
            rows.move(connection, draft_id, (Place.PARKING,), Place.HERE, why=why)

    def stuck(self, draft_id: str, why: str) -> None:
        """Where it is could not be settled; it is asked again. The reason stands with it until then."""
        with self._journal.writing() as connection:
            rows.say(connection, draft_id, why)

    def fetching(self, draft: Draft) -> None:
        """Keep what was claimed; nobody works on it yet. Raises DraftTakenError where somebody has it here already."""
        with self._journal.writing() as connection:
            if author := rows.add_fetched(connection, draft):
                name = connection.execute(select(clerk.c.name).where(clerk.c.id == author)).scalar()
                raise DraftTakenError(name=name or author)

    def fetched(self, draft_id: str) -> None:
        """Head office has let it go: it is here."""
        with self._journal.writing() as connection:
            rows.move(connection, draft_id, (Place.FETCHING,), Place.HERE)

    def lost(self, draft_id: str) -> None:
        """Another desk has it after all."""
        with self._journal.writing() as connection:
            rows.remove(connection, draft_id, Place.FETCHING)
