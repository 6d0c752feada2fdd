"""What is broken in the demonstration network right now, and whom it hits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.core.clock import from_wire, to_wire
from backoffice.documents import Body, Document
from backoffice.generating.moments import Moments
from backoffice.generating.plans import Part
from backoffice.importing.bodies.parts import Json, characteristic, place, reference
from backoffice.importing.bodies.tickets import Progress, note, service_problem

_ORIGINATOR: Final = {
    "id": "noc",
    "name": "网络运维中心 Network operations",
    "role": "originator",
    "@referredType": "Organization",
}
_BACK: Final = "expectedResolution"
_GOES_ON: Final = "inProgress"


@dataclass(frozen=True, slots=True)
class Outage:
    """One problem at one network site. It began `minutes` ago and is expected to end in `hours`."""

    id: str
    site: str
    kinds: tuple[str, ...]
    name: str
    reason: str
    priority: int
    minutes: int
    hours: int
    say_en: str
    say_zh: str


OUTAGES: Final = (
    Outage(
        "P-1042",
        "Xihu-1",
        ("broadband", "tv"),
        "光缆中断 Fibre cut, Xihu-1",
        "Fibre cut by road works",
        1,
        48,
        6,
        "The fibre in your area is broken. We expect it to work again at {time}.",
        "您所在片区光纤故障，预计{time}恢复。",
    ),
    Outage(
        "P-1043",
        "Binjiang-1",
        ("mobile",),
        "基站断电 Base station without power, Binjiang-1",
        "Power failure",
        2,
        190,
        3,
        "The mobile network near you has no power. We expect it to work again at {time}.",
        "您附近的基站断电，预计{time}恢复。",
    ),
    Outage(
        "P-1044",
        "Gongshu-1",
        ("tv",),
        "电视平台故障 TV platform fault, Gongshu-1",
        "Software fault",
        3,
        400,
        9,
        "Television is disturbed in your area. We expect it to work again at {time}.",
        "您所在片区电视业务异常，预计{time}恢复。",
    ),
    Outage(
        "P-1045",
        "Xiaoshan-1",
        ("fixedVoice",),
        "语音交换故障 Voice switch fault, Xiaoshan-1",
        "Hardware fault",
        3,
        95,
        5,
        "Fixed-line calls are disturbed in your area. We expect them to work again at {time}.",
        "您所在片区固定电话异常，预计{time}恢复。",
    ),
    Outage(
        "P-1046",
        "Yuhang-1",
        ("broadband", "tv"),
        "设备升级 Planned upgrade, Yuhang-1",
        "Planned work",
        4,
        20,
        2,
        "We are upgrading the equipment in your area. Internet is back at {time}.",
        "您所在片区设备升级，预计{time}恢复上网。",
    ),
)


class Outages:
    """Collects the services that each outage hits while customers are made; a site serves a few hundred customers."""

    def __init__(self, moments: Moments) -> None:
        self._moments = moments
        self._hit: dict[str, list[Json]] = {outage.id: [] for outage in OUTAGES}
        self._outages = {(outage.site, kind): outage for outage in OUTAGES for kind in outage.kinds}
        self.sites = frozenset(outage.site for outage in OUTAGES)

    def saw(self, site: str, services: Iterable[tuple[str, Part]]) -> None:
        """These services run at that site."""
        for service_id, part in services:
            outage = self._outages.get((site, part.kind))
            if outage is not None:
                self._hit[outage.id].append(reference("service", service_id, part.name))

    def join(self, other: Outages) -> None:
        """Services that were seen elsewhere."""
        for outage_id, services in other._hit.items():
            self._hit[outage_id] += services

    def documents(self) -> Iterator[Document]:
        """The outages that hit somebody."""
        return (self._document(outage, self._hit[outage.id]) for outage in OUTAGES if self._hit[outage.id])

    def _document(self, outage: Outage, services: list[Json]) -> Document:
        began, back = _times(outage, self._moments.now)
        return service_problem(
            outage.id,
            name=outage.name,
            category="system.originated",
            description=outage.name,
            priority=outage.priority,
            reason=outage.reason,
            created=began,
            progress=Progress(_GOES_ON, "Engineers are on it", began),
            services=services,
            locations=[place("affectedSite", outage.site, outage.site)],
            characteristics=[
                characteristic(_BACK, back),
                characteristic("sayEn", outage.say_en),
                characteristic("sayZh", outage.say_zh),
            ],
            notes=[note(1, "noc", began, outage.reason)],
            originator=_ORIGINATOR,
        )


def begun_anew(body: Body, now: datetime) -> Body | None:
    """The same outage as if it were of this day, if it should have been over by now; nobody has asked about it yet."""
    outage = next((one for one in OUTAGES if one.id == body["id"]), None)
    kept = [one for one in body["characteristic"] if one["name"] != _BACK]
    was_back = next(one["value"] for one in body["characteristic"] if one["name"] == _BACK)
    if outage is None or body["status"] != _GOES_ON or from_wire(was_back) > now:
        return None
    began, back = _times(outage, now)
    notes = [note(1, "noc", began, outage.reason)]
    told = {"creationDate": began, "lastUpdate": began, "statusChangeDate": began, "note": notes}
    return {**body, **told, "characteristic": [characteristic(_BACK, back), *kept], "relatedParty": [_ORIGINATOR]}


def _times(outage: Outage, now: datetime) -> tuple[str, str]:
    """When it began, and when it is expected to be over."""
    return to_wire(now - timedelta(minutes=outage.minutes)), to_wire(now + timedelta(hours=outage.hours))
