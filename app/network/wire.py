"""TMF656 JSON → outages."""

from __future__ import annotations

from datetime import datetime

from app.core import wire
from app.core.clock import from_wire
from app.network.model import CountedIn, Outage


def outage_from(body: wire.Body, customer_id: str) -> Outage:
    """A service problem as an outage, with the ids of services it hits, as it stands with one customer."""
    marks = wire.characteristics(body)
    back_at = _instant(marks.get("expectedResolution", ""))
    time = f"{back_at.astimezone():%H:%M}" if back_at else "…"
    place = next(wire.children(body, "affectedLocation"), {})
    return Outage(
        id=wire.text(body, "id"),
        name=wire.text(body, "name"),
        place=wire.text(place, "name"),
        since=wire.instant(body, "creationDate"),
        back_at=back_at,
        customers_hit=_count(body.get("affectedNumberOfServices")),
        status=wire.text(body, "status"),
        say_en=marks.get("sayEn", "").replace("{time}", time),
        say_zh=marks.get("sayZh", "").replace("{time}", time),
        service_ids=frozenset(wire.text(one, "id") for one in wire.children(body, "affectedService")),
        counted_in=counted_in(body, customer_id),
    )


def counted_in(body: wire.Body, customer_id: str) -> CountedIn | None:
    """Whether the record counts the customer in, and since when; not where that has ended."""
    for party in wire.children(body, "relatedParty"):
        period = wire.child(party, "validFor")
        is_meant = (wire.text(party, "id"), wire.text(party, "role")) == (customer_id, wire.AFFECTED_CUSTOMER)
        if is_meant and not wire.text(period, "endDateTime"):
            return CountedIn(wire.instant(period, "startDateTime"))
    return None


def _instant(written: str) -> datetime | None:
    try:
        return from_wire(written)
    except ValueError:
        return None


def _count(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0
