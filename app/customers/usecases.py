"""Find and open customers."""

from __future__ import annotations

from app.core.sourced import Sourced
from app.customers.model import Customer, SearchResult
from app.customers.ports import CustomerReader

SHOWN_ROWS = 20


class FindCustomers:
    """The one box: whatever the customer says first leads to them."""

    def __init__(self, reader: CustomerReader) -> None:
        self._reader = reader

    async def matching(self, typed: str) -> SearchResult:
        """Return the rows to show for what is typed so far, and whether they are all; nothing for blanks."""
        hits = await self._reader.search(typed, SHOWN_ROWS + 1) if typed.strip() else []
        return SearchResult(tuple(hits[:SHOWN_ROWS]), has_more=len(hits) > SHOWN_ROWS)

    async def open(self, customer_id: str) -> Sourced[Customer] | None:
        """Return the customer, or None where this desk does not hold them."""
        return await self._reader.customer(customer_id)
