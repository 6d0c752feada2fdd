"""Composes features into the customer page."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from app.complaints.model import Complaint
from app.complaints.ports import ComplaintReader
from app.core.sourced import Sourced
from app.customers.model import Customer, FarCustomer
from app.customers.ports import CustomerReader, FarCustomers
from app.inventory.model import Holdings
from app.inventory.ports import HoldingsReader
from app.network.model import Outage
from app.network.ports import OutageReader


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything the first page of a customer shows."""

    customer: Sourced[Customer]
    holdings: Sourced[Holdings]
    complaints: Sourced[tuple[Complaint, ...]]
    outages: Sourced[tuple[Outage, ...]]


class CustomerOverview:
    """Loads the page's parts side by side."""

    def __init__(
        self,
        customers: CustomerReader,
        holdings: HoldingsReader,
        complaints: ComplaintReader,
        outages: OutageReader,
        elsewhere: FarCustomers,
    ) -> None:
        self._customers = customers
        self._holdings = holdings
        self._complaints = complaints
        self._outages = outages
        self._elsewhere = elsewhere

    async def of(self, customer_id: str) -> Overview | None:
        """Return the page, or None where this desk does not hold the customer."""
        customer, holdings, complaints, outages = await asyncio.gather(
            self._customers.customer(customer_id),
            self._holdings.holdings(customer_id),
            self._complaints.complaints_of(customer_id),
            self._outages.outages_touching(customer_id),
        )
        return Overview(customer, holdings, complaints, outages) if customer else None

    async def far(self, customer_id: str) -> FarCustomer | None:
        """Return what this desk knows of a customer whom it does not hold."""
        return await self._customers.far(customer_id)

    async def fetch(self, customer_id: str) -> None:
        """Have a customer from outside the home at this desk. Raises DeskError."""
        await self._elsewhere.fetch(customer_id)

    def looked_at(self, customer_id: str) -> None:
        """Somebody has the page of a customer before them who is at this desk."""
        self._elsewhere.looked_at(customer_id)
