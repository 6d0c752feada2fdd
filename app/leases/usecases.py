"""What a clerk does with leases: takes the next one. Only the act that gives it out, once saved, makes it spent."""

from __future__ import annotations

from app.leases.model import LeasedItem, LeaseKind, NothingOnLeaseError
from app.leases.ports import Shelf


class GiveOut:
    """Chooses what is given out."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    async def choice(self, kind: LeaseKind) -> list[LeasedItem]:
        """What a customer may choose from. Raises NothingOnLeaseError where there is nothing."""
        free = await self._shelf.free(kind)
        if not free:
            raise NothingOnLeaseError
        return free
