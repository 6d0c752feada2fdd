"""What finding customers needs from outside."""

from __future__ import annotations

from typing import Protocol

from app.core.sourced import Sourced
from app.customers.model import Customer, FarCustomer, SearchHit


class FarCustomers(Protocol):
    """Brings customers from outside the desk's home to it."""

    async def fetch(self, customer_id: str) -> None:
        """Have everything of this customer at the desk; it is when this returns. Raises DeskError."""
        ...

    def looked_at(self, customer_id: str) -> None:
        """Somebody looks at a customer who is at the desk: of those from outside the home, who was looked at last stays longest."""
        ...


class CustomerReader(Protocol):
    """Reads customers held at the desk. Raises DeskError only."""

    async def search(self, typed: str, limit: int) -> list[SearchHit]:
        """Return at most `limit` rows, exact identifiers first."""
        ...

    async def customer(self, customer_id: str) -> Sourced[Customer] | None:
        """Return the customer, or None where the desk holds none of that id."""
        ...

    async def far(self, customer_id: str) -> FarCustomer | None:
        """Return what the desk knows of a customer whom it does not hold, or None where it knows nothing."""
        ...
