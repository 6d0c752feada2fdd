"""Visits and the search for a free time (TMF646).

A visit takes the time of somebody: of every related party in a role of `WORKERS`, or, if there is none, of its place; a
visit that names neither takes nobody's time. Two living visits (initialized or confirmed) that take the time of the same
one cannot overlap, and two of them cannot name the same calendarEvent. Who moves a visit must find a free time again.

Free slots last an hour and begin on the hour, inside the opening hours of the site that is the place. Where no site with a
calendar is named, the hours are 8 to 18 from Monday to Saturday, in the offset in which the period was asked for. Without a
period the next seven days are searched. At most a hundred slots are answered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Final

from app.core.clock import to_wire
from backoffice.errors import BadRequestError, ConflictError
from backoffice.rules.hours import Hours, hours_of
from backoffice.rules.parts import child, children, id_at, period_of, text_at
from backoffice.rules.port import Body, Records, Rule

WORKERS: Final = frozenset({"technician", "team", "installer", "engineer", "agent"})
_LIVING: Final = ("initialized", "confirmed")
_MOST_SLOTS: Final = 100
_SLOT: Final = timedelta(hours=1)
_AHEAD: Final = timedelta(days=7)
_LONGEST_SEARCH: Final = timedelta(days=62)
_TAKEN: Final = "This time is taken."

Span = tuple[datetime, datetime]


def _booked(visit: Body, records: Records) -> Body:
    start, end = period_of(visit.get("validFor"))
    for name in sorted({*_taken_by(visit), *_event_of(visit)}):
        records.alone(name)  # nobody else looks for a free time of the same one until this visit is kept
    others = [one for one in _others(visit, records) if one["id"] != visit["id"]]
    if any(starts < end and start < ends for starts, ends in _spans(others)):
        raise ConflictError(_TAKEN)
    same = [one for name in _event_of(visit) for one in _alive(name, records)]
    if any(one["id"] != visit["id"] for one in same):
        raise ConflictError(_TAKEN)
    return visit


def _moved(before: Body, after: Body, records: Records) -> Body:
    names = ("validFor", "relatedParty", "relatedPlace", "calendarEvent")
    if after.get("status") in _LIVING and any(before.get(name) != after.get(name) for name in names):
        return _booked(after, records)
    return after


def _taken_by(visit: Body) -> list[str]:
    """Whose time a visit takes, each as the attribute that names it and its id."""
    workers = [id_at(one) for one in children(visit, "relatedParty") if text_at(one, "role") in WORKERS]
    if workers := [one for one in workers if one]:
        return [f"relatedParty/{one}" for one in workers]
    place = id_at(visit, "relatedPlace")
    return [f"relatedPlace/{place}"] if place else []


def _event_of(visit: Body) -> list[str]:
    event = id_at(visit, "calendarEvent")
    return [f"calendarEvent/{event}"] if event else []


def _others(visit: Body, records: Records) -> list[Body]:
    """The living visits that take the same one's time."""
    return [one for name in _taken_by(visit) for one in _alive(name, records) if name in _taken_by(one)]


def _alive(name: str, records: Records) -> list[Body]:
    """The living visits that name something, given as the attribute and its id; also those of other territories."""
    attribute, _, named = name.partition("/")
    wanted = {f"{attribute}.id": named}
    found = [records.find("appointment", {**wanted, "status": status}, anywhere=True) for status in _LIVING]
    return [one for some in found for one in some]


def _spans(visits: Iterable[Body]) -> Iterator[Span]:
    for visit in visits:
        try:
            yield period_of(visit.get("validFor"))
        except BadRequestError:  # an imported visit without a time takes none
            continue


def _searched(task: Body, records: Records) -> Body:
    asked = children(task, "requestedTimeSlot") or [{"validFor": _next_days(records.now)}]
    try:
        slots = list(islice(_free(asked, task, records), _MOST_SLOTS))
    except BadRequestError as error:
        return {
            **task,
            "availableTimeSlot": [],
            "searchResult": "fail",
            "status": "rejected",
            "statusReason": error.reason,
        }
    return {**task, "availableTimeSlot": slots, "searchResult": "success" if slots else "fail", "status": "done"}


def _free(asked: list[Body], task: Body, records: Records) -> Iterator[Body]:
    hours = hours_of(records.get("geographicSite", id_at(task, "relatedPlace")) or {})
    seen: set[tuple[datetime, str]] = set()
    for slot in asked:
        start, end = period_of(slot.get("validFor"))
        if end - start > _LONGEST_SEARCH:
            raise BadRequestError("A search covers two months at most.")
        who = child(slot, "relatedParty") or child(task, "relatedParty")
        visit = {"relatedParty": [who], "relatedPlace": child(task, "relatedPlace")}
        taken = list(_spans(_others(visit, records)))
        offset = datetime.fromisoformat(slot["validFor"]["startDateTime"].strip()).tzinfo or UTC
        for begins in _hours_between(max(start, records.now).astimezone(offset), end, hours):
            ends = begins + _SLOT
            if (begins, id_at(who)) not in seen and not any(one < ends and begins < other for one, other in taken):
                seen.add((begins, id_at(who)))
                yield _slot(begins, ends, who)


def _hours_between(start: datetime, end: datetime, hours: Hours) -> Iterator[datetime]:
    begins = start.replace(minute=0, second=0, microsecond=0)
    if begins < start:
        begins += _SLOT
    while begins + _SLOT <= end:
        if hours.cover(begins, begins + _SLOT):
            yield begins
        begins += _SLOT


def _slot(begins: datetime, ends: datetime, who: Body) -> Body:
    period = {"startDateTime": to_wire(begins), "endDateTime": to_wire(ends)}
    slot = {"id": f"{to_wire(begins)}/{id_at(who)}" if who else to_wire(begins), "validFor": period}
    return {**slot, "relatedParty": who} if who else slot


def _next_days(now: datetime) -> Body:
    return {"startDateTime": to_wire(now), "endDateTime": to_wire(now + _AHEAD)}


APPOINTMENT: Final = Rule(_booked, _moved)
SEARCH: Final = Rule(_searched)
