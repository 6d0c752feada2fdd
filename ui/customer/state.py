"""What the customer page shows and hands on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.complaints.model import Complaint
from app.core.errors import DeskError
from app.customer360.overview import Overview
from app.customers.model import FarCustomer
from app.inventory.model import Service
from app.network.model import Outage
from ui.customer.alerts import Alert, alerts_in, overdue

STALE_AFTER = timedelta(hours=1)  # older than this is shown hatched: the line should have brought news


@dataclass(frozen=True, slots=True)
class CustomerContext:
    """For whom a complaint is opened; `service_id` is the row that was selected, if one was."""

    customer_id: str
    name: str
    overview: Overview
    service_id: str = ""


@dataclass(frozen=True, slots=True)
class CustomerState:
    """One customer as last read at `now`; `is_missing` once this desk is known not to hold them.

    `far` is what it then knows of them; `is_fetching` while head office is asked for the rest.
    """

    customer_id: str
    now: datetime
    overview: Overview | None = None
    is_missing: bool = False
    far: FarCustomer | None = None
    is_fetching: bool = False
    error: DeskError | None = None

    @property
    def alerts(self) -> tuple[Alert, ...]:
        """What matters, worst first."""
        return alerts_in(self.overview, self.now) if self.overview else ()

    @property
    def title(self) -> str:
        """The name, or the customer number where the source holds none."""
        return self.far.name if self.far and self.far.name else title_of(self.overview, self.customer_id)

    @property
    def services(self) -> tuple[Service, ...]:
        """The services held."""
        return self.overview.holdings.value.services if self.overview else ()

    @property
    def outage_by_service(self) -> dict[str, Outage]:
        """Which open outage hits which service."""
        outages = self.overview.outages.value if self.overview else ()
        return {service_id: outage for outage in reversed(outages) for service_id in outage.service_ids}

    def is_stale(self, as_of: datetime | None) -> bool:
        """Whether data known to be complete up to `as_of` may be old."""
        return as_of is None or self.now - as_of > STALE_AFTER

    def is_overdue(self, complaint: Complaint) -> bool:
        """Whether an answer was promised for before now."""
        return complaint in overdue((complaint,), self.now)


def title_of(overview: Overview | None, customer_id: str) -> str:
    """What to call a customer who may have no name."""
    return (overview.customer.value.name if overview else "") or customer_id
