"""What outages need from outside."""

from __future__ import annotations

from typing import Protocol

from app.core.sourced import Sourced
from app.network.model import Outage


class OutageReader(Protocol):
    """Reads open outages held at the desk. Raises DeskError only."""

    async def outages_touching(self, customer_id: str) -> Sourced[tuple[Outage, ...]]:
        """Return open outages that hit a service of this customer, oldest first, with whether they are counted in."""
        ...
