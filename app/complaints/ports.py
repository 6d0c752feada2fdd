"""What complaints need from outside."""

from __future__ import annotations

from typing import Protocol

from app.complaints.model import Complaint
from app.core.sourced import Sourced


class ComplaintReader(Protocol):
    """Reads complaints held at the desk, those not sent yet included. Raises DeskError only."""

    async def complaints_of(self, customer_id: str) -> Sourced[tuple[Complaint, ...]]:
        """Return the customer's complaints: open ones first, then newest first."""
        ...

    async def complaint(self, complaint_id: str) -> Complaint | None:
        """Return one complaint by its ticket number, or by the command that made it."""
        ...
