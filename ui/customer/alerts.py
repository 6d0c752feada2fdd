"""What matters about a customer: the worst three things a clerk must not miss."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.complaints.model import Complaint
from app.core.money import Money
from app.customer360.overview import Overview
from app.network.model import Outage

SHOWN = 3


class AlertKind(StrEnum):
    """The kinds, worst first."""

    OUTAGE = "outage"
    OVERDUE = "overdue"
    DUE = "due"
    INACTIVE = "inactive"


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing that matters, with whatever its sentence needs."""

    kind: AlertKind
    outage: Outage | None = None
    complaint: Complaint | None = None
    due: Money | None = None
    reason: str = ""


def alerts_in(overview: Overview, now: datetime) -> tuple[Alert, ...]:
    """The worst three alerts."""
    return tuple(_all(overview, now))[:SHOWN]


def overdue(complaints: tuple[Complaint, ...], now: datetime) -> list[Complaint]:
    """Open complaints whose answer was promised for before `now`, longest overdue first."""
    late = [(one.promised, one) for one in complaints if one.is_open and one.promised and one.promised < now]
    return [one for _promised, one in sorted(late, key=lambda pair: pair[0])]


def _all(overview: Overview, now: datetime) -> Iterator[Alert]:
    for outage in overview.outages.value:
        yield Alert(AlertKind.OUTAGE, outage=outage)
    for complaint in overdue(overview.complaints.value, now)[:1]:  # the others are in the tickets, and red there too
        yield Alert(AlertKind.OVERDUE, complaint=complaint)
    for due in _owed(overview):
        yield Alert(AlertKind.DUE, due=due)
    customer = overview.customer.value
    if customer.status == "inactive":
        yield Alert(AlertKind.INACTIVE, reason=customer.status_reason)


def _owed(overview: Overview) -> Iterator[Money]:
    """What is owed in each currency, all accounts together."""
    totals: dict[str, int] = {}
    for account in overview.customer.value.accounts:
        if account.due is not None:
            totals[account.due.currency] = totals.get(account.due.currency, 0) + account.due.minor
    yield from (Money(minor, currency) for currency, minor in totals.items() if minor > 0)
