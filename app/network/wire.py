"""TMF656 JSON → outages."""

from __future__ import annotations

from datetime import datetime

from app.core import wire
from app.core.clock import from_wire
from app.network.model import Outage


def outage_from(body: wire.Body) -> Outage:
    """A service problem as an outage; ids of services it hits included."""
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
    )


def _instant(written: str) -> datetime | None:
    try:
        return from_wire(written)
    except ValueError:
        return None


def _count(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0
