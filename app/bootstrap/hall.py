"""The hall as the window reaches it: through the sync process, which has the line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from app.bootstrap.link import SyncLink
from app.core.clock import from_wire, to_wire
from app.core.errors import BackOfficeUnreachableError
from app.drafts.model import ParkedDraft, ParkedState


class HallByLink:
    """Implements `app.drafts.ports.Hall`. `link` tells the sync process of this moment, None where there is none."""

    def __init__(self, link: Callable[[], SyncLink | None]) -> None:
        self._link = link

    async def parked(self, person: str) -> tuple[ParkedDraft, ...]:
        """Return what is parked at this person's hall, the oldest first."""
        return tuple(_read(one) for one in (await self._call("hall", person=person))["drafts"])

    async def resume(self, draft_id: str, author: str) -> None:
        """Fetch a draft for this author; when this returns, it is on this desk's disk and nowhere else."""
        await self._call("resume", draft=draft_id, author=author)

    async def discard_parked(self, draft_id: str, person: str) -> None:
        """Let go of a parked draft for good: its author may, and a supervisor."""
        await self._call("discard-parked", draft=draft_id, person=person)

    async def _call(self, what: str, **more: str) -> dict[str, Any]:
        if (link := self._link()) is None:
            raise BackOfficeUnreachableError
        return await link.call(what, **more)


def written(draft: ParkedDraft) -> dict[str, Any]:
    """As it goes through the pipe."""
    return {**asdict(draft), "parked_at": to_wire(draft.parked_at)}


def _read(one: Mapping[str, Any]) -> ParkedDraft:
    return ParkedDraft(**{**one, "parked_at": from_wire(one["parked_at"]), "state": ParkedState(one["state"])})
