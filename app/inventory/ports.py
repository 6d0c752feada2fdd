"""What the inventory needs from outside."""

from __future__ import annotations

from typing import Protocol

from app.core.sourced import Sourced
from app.inventory.model import Holdings


class HoldingsReader(Protocol):
    """Reads products and services held at the desk. Raises DeskError only."""

    async def holdings(self, customer_id: str) -> Sourced[Holdings]:
        """Return what the customer holds, services that work first."""
        ...
