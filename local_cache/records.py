"""The features' reading ports on mirror and overlay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from app.complaints.model import Complaint
from app.complaints.wire import complaint_from
from app.core import wire
from app.core.clock import from_wire
from app.core.sourced import Sourced
from app.customers.model import Customer, FarCustomer, SearchHit
from app.customers.wire import account_from, customer_from, far_customer_from
from app.inventory.model import Holdings
from app.inventory.wire import holdings_from
from app.network.model import CountedIn, Outage
from app.network.wire import counted_in, outage_from
from app.sync.model import AT_REST
from app.sync.overlay import Seen
from local_cache import overlay
from local_cache.mirror_schema import INDEX
from local_cache.reader import Reader
from local_cache.search import search

_EARLIEST = datetime.min.replace(tzinfo=UTC)
_OUTAGES = """
SELECT DISTINCT p.id FROM main.service s
JOIN main.problem_service h ON h.service_id = s.id JOIN main."serviceProblem" p ON p.id = h.problem_id
WHERE s.owner = ?
"""


class MirrorCustomers:
    """Implements `app.customers.ports.CustomerReader`."""

    def __init__(self, reader: Reader, region: str) -> None:
        self._reader = reader
        self._region = region

    async def search(self, typed: str, limit: int) -> list[SearchHit]:
        """Return at most `limit` rows, exact identifiers first."""
        return await self._reader.run(lambda connection: search(connection, typed, limit, self._region))

    async def customer(self, customer_id: str) -> Sourced[Customer] | None:
        """Return the customer, or None where the desk holds none of that id."""
        customer = await self._reader.run(lambda connection: _customer(connection, customer_id))
        return Sourced(customer, "customers", self._reader.as_of) if customer else None

    async def far(self, customer_id: str) -> FarCustomer | None:
        """Return what the index says of a customer outside the desk's home, or None where it says nothing."""
        body = await self._reader.run(lambda connection: overlay.mirrored(connection, INDEX, customer_id))
        return far_customer_from(customer_id, body) if body else None


class MirrorHoldings:
    """Implements `app.inventory.ports.HoldingsReader`."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    async def holdings(self, customer_id: str) -> Sourced[Holdings]:
        """Return what the customer holds, services that work first."""
        return Sourced(await self._reader.run(lambda one: _holdings(one, customer_id)), "inventory", self._reader.as_of)


class MirrorComplaints:
    """Implements `app.complaints.ports.ComplaintReader`."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    async def complaints_of(self, customer_id: str) -> Sourced[tuple[Complaint, ...]]:
        """Return the customer's complaints: open ones first, then newest first."""
        seen = await self._reader.run(lambda one: overlay.records_of(one, "troubleTicket", customer_id))
        newest_first = sorted(
            (_complaint(one) for one in seen), key=lambda one: one.received_at or _EARLIEST, reverse=True
        )  # fmt: skip
        ordered = tuple(sorted(newest_first, key=lambda one: not one.is_open))
        return Sourced(ordered, "complaints", self._reader.as_of)

    async def complaint(self, complaint_id: str) -> Complaint | None:
        """Return one complaint by its ticket number, or by the command that made it."""
        seen = await self._reader.run(lambda one: overlay.record(one, "troubleTicket", complaint_id))
        return _complaint(seen) if seen else None


class MirrorOutages:
    """Implements `app.network.ports.OutageReader`."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    async def outages_touching(self, customer_id: str) -> Sourced[tuple[Outage, ...]]:
        """Return open outages that hit a service of this customer, oldest first."""
        outages = await self._reader.run(lambda one: _outages(one, customer_id))
        ordered = tuple(sorted(outages, key=lambda one: one.since or _EARLIEST))
        return Sourced(ordered, "network", self._reader.as_of)


def _customer(connection: Connection, customer_id: str) -> Customer | None:
    seen = overlay.record(connection, "customer", customer_id)
    if seen is None:
        return None
    reference = wire.child(seen.body, "engagedParty")
    kind = "organization" if wire.text(reference, "@referredType") == "Organization" else "individual"
    party = overlay.record(connection, kind, wire.text(reference, "id"))
    accounts = overlay.records_of(connection, "billingAccount", customer_id)
    empty: Mapping[str, Any] = {}
    return customer_from(seen.body, party.body if party else empty, tuple(account_from(one.body) for one in accounts))


def _holdings(connection: Connection, customer_id: str) -> Holdings:
    services = (one.body for one in overlay.records_of(connection, "service", customer_id))
    products = (one.body for one in overlay.records_of(connection, "product", customer_id))
    return holdings_from(services, products)


def _outages(connection: Connection, customer_id: str) -> list[Outage]:
    hit = connection.exec_driver_sql(_OUTAGES, (customer_id,)).scalars().all()
    outages = (_outage(connection, problem_id, customer_id) for problem_id in hit)
    return [outage for outage in outages if outage and outage.is_open]


def _outage(connection: Connection, problem_id: str, customer_id: str) -> Outage | None:
    seen = overlay.record(connection, "serviceProblem", problem_id)
    if seen is None:
        return None
    outage = outage_from(seen.body, customer_id)
    there = overlay.mirrored(connection, "serviceProblem", problem_id)
    done = overlay.done_for(connection, "serviceProblem", problem_id, customer_id)
    if done is None or counted_in(there, customer_id) is not None:
        return outage
    made_at, state = done
    if outage.counted_in is None and state in AT_REST:  # head office has taken the customer off since
        return outage
    since = (
        outage.counted_in.since if outage.counted_in else from_wire(made_at)
    )  # a salvage may not have had its effect
    return replace(outage, counted_in=CountedIn(since, state.certainty))


def _complaint(seen: Seen) -> Complaint:
    complaint = complaint_from(seen.body)
    return replace(complaint, certainty=seen.certainty, reason=seen.reason, command_id=seen.command_id)
