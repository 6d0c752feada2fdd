"""When a place is open, from the calendar of its site (TMF674)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from backoffice.rules.parts import children, text_at
from backoffice.rules.port import Body

_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TIME: Final = re.compile(r"([01]?[0-9]|2[0-4])(?::?([0-5][0-9]))?")
_OPENS: Final = 8 * 60
_CLOSES: Final = 18 * 60
_WORKING_DAYS: Final = range(6)


@dataclass(frozen=True, slots=True)
class Hours:
    """For each day of the week the minutes between which it is open; `zone` is the clock that counts, None: the asker's."""

    open: Mapping[int, tuple[tuple[int, int], ...]]
    zone: tzinfo | None = None

    def cover(self, start: datetime, end: datetime) -> bool:
        """Whether the place is open from start to end, which lie within one day."""
        begins = start if self.zone is None else start.astimezone(self.zone)
        opens = begins.hour * 60 + begins.minute
        closes = opens + int((end - start).total_seconds()) // 60
        return any(first <= opens and closes <= last for first, last in self.open.get(begins.weekday(), ()))


def hours_of(site: Body) -> Hours:
    """The opening hours that a site's calendar tells; the usual ones if it tells none."""
    told: dict[int, tuple[tuple[int, int], ...]] = {}
    zone: tzinfo | None = None
    for period in children(site, "calendar"):
        spans = tuple(span for one in children(period, "hourPeriod") if (span := _span(one)))
        for day in _days(text_at(period, "day")):
            told[day] = (*told.get(day, ()), *spans)
        zone = zone or _zone(text_at(period, "timeZone"))
    return Hours(told, zone) if told else Hours(dict.fromkeys(_WORKING_DAYS, ((_OPENS, _CLOSES),)))


def _days(written: str) -> list[int]:
    """The days that a calendar names: one, several with commas, or a span such as `monday-friday`."""
    found: list[int] = []
    for part in written.lower().split(","):
        first, _, last = (word.strip() for word in part.partition("-"))
        if first in _DAYS:
            begins = _DAYS.index(first)
            ends = _DAYS.index(last) if last in _DAYS else begins
            found.extend(range(begins, ends + 1))
    return found


def _span(hours: Body) -> tuple[int, int] | None:
    opens, closes = (_minutes(text_at(hours, name)) for name in ("startHour", "endHour"))
    return None if opens is None or closes is None or opens >= closes else (opens, closes)


def _minutes(written: str) -> int | None:
    found = _TIME.fullmatch(written.strip())
    return None if found is None else int(found[1]) * 60 + int(found[2] or 0)


def _zone(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
