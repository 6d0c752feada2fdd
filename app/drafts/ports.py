"""What parking at the hall needs from outside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from app.core.drafts import Draft
from app.drafts.model import ParkedDraft


class Hall(Protocol):
    """The hall as the window reaches it: with the line only. Raises DeskError."""

    async def parked(self, person: str) -> tuple[ParkedDraft, ...]:
        """Return what is parked at this person's hall, the oldest first."""
        ...

    async def resume(self, draft_id: str, author: str) -> None:
        """Fetch a draft for this author; when this returns, it is on this desk's disk and nowhere else."""
        ...

    async def discard_parked(self, draft_id: str, person: str) -> None:
        """Let go of a parked draft for good: its author may, and a supervisor."""
        ...


class HallOffice(Protocol):
    """Head office's half. Raises DeskError where it does not answer, or not with sense; NoHallError where it has none."""

    async def tell_key(self, token: str, key: str) -> None:
        """Say with which public key this desk opens boxes."""
        ...

    async def keys(self, token: str) -> Mapping[str, str]:
        """The public keys of the desks of the hall in which the token's person works, by device."""
        ...

    async def parked(self, token: str) -> tuple[ParkedDraft, ...]:
        """What is parked at the hall of the token's person."""
        ...

    async def park(self, token: str, draft: Draft, keys: Mapping[str, str]) -> None:
        """Seal a draft to these keys and leave it there; once this returns, head office answers for it.

        Raises NotParkedError where head office says itself that it did not take it and does not have it; after any other
        error it may.
        """
        ...

    async def claim(self, token: str, draft_id: str, device: str, secret: bytes) -> Draft:
        """Get a draft, opened with this desk's secret key. Raises what `app.drafts.model` says."""
        ...

    async def take(self, token: str, draft_id: str) -> None:
        """Say that it is on this desk's disk. Raises DraftTakenError where it is another's."""
        ...

    async def let_go(self, token: str, draft_id: str) -> None:
        """Say that this desk could not use what it claimed."""
        ...


class ParkingStore(Protocol):
    """The journal's half. Every call that returns has reached the disk."""

    def device(self) -> str:
        """This desk's own id."""
        ...

    def secret(self) -> bytes:
        """The secret key of this desk, made once."""
        ...

    def on_the_way(self) -> tuple[Draft, ...]:
        """What is to be parked and what is being fetched, the oldest first."""
        ...

    def parking(self, draft_id: str) -> Draft | None:
        """Head office is asked to take it from here on, as it stands now; None where it was called back meanwhile."""
        ...

    def parked(self, draft_id: str) -> None:
        """Head office has it: it is not here any more."""
        ...

    def came_back(self, draft_id: str, why: str) -> None:
        """Head office was not asked to take it, as it parks nothing: it is here again, with the reason."""
        ...

    def refused(self, draft_id: str, why: str) -> None:
        """Head office was asked, said no, and does not have it: it is here again, with the reason."""
        ...

    def stuck(self, draft_id: str, why: str) -> None:
        """Where it is could not be settled; it is asked again. The reason stands with it until then."""
        ...

    def fetching(self, draft: Draft) -> None:
        """Keep what was claimed; nobody works on it yet. Raises DraftTakenError where somebody has it here already."""
        ...

    def fetched(self, draft_id: str) -> None:
        """Head office has let it go: it is here."""
        ...

    def lost(self, draft_id: str) -> None:
        """Another desk has it after all."""
        ...
