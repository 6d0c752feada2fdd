"""Visits and free times for them (TMF646)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from backoffice.errors import BadRequestError, ConflictError
from backoffice.scopes import Scope
from tests.backoffice.office import Body, Office
from tests.fakes.clock import FakeClock

CUSTOMER = {"id": "C1", "role": "customer", "@referredType": "Customer"}
TECHNICIAN = {"id": "T1", "role": "technician", "@referredType": "Individual"}
HALL = {"id": "HALL", "role": "place", "@referredType": "GeographicSite"}


def span(begins: str, ends: str, day: str = "2026-03-26", zone: str = "+08:00") -> Body:
    return {"startDateTime": f"{day}T{begins}:00{zone}", "endDateTime": f"{day}T{ends}:00{zone}"}


def book(office: Office, begins: str, ends: str, *parties: Body, **more: Any) -> Body:
    return office.ask("appointment", validFor=span(begins, ends), relatedParty=list(parties), **more)


def test_a_new_visit_is_initialized_and_has_a_number_that_can_be_read_aloud(office: Office) -> None:
    visit = book(office, "09:00", "10:00", TECHNICIAN, status="completed")
    assert (visit["status"], visit["creationDate"]) == ("initialized", "2026-03-25T04:00:00.000Z")
    assert visit["id"].startswith("V260325-")


@pytest.mark.parametrize(
    ("begins", "ends"), [("09:00", "10:00"), ("09:59", "11:00"), ("08:00", "12:00"), ("09:30", "09:40")]
)
def test_a_technician_is_in_one_place_at_a_time(office: Office, begins: str, ends: str) -> None:
    book(office, "09:00", "10:00", TECHNICIAN, CUSTOMER)
    with pytest.raises(ConflictError, match="taken"):
        book(office, begins, ends, TECHNICIAN)
    assert len(office.every("appointment")) == 1


def test_times_that_only_touch_and_other_technicians_do_not_collide(office: Office) -> None:
    book(office, "09:00", "10:00", TECHNICIAN)
    book(office, "10:00", "11:00", TECHNICIAN)
    book(office, "09:00", "10:00", {**TECHNICIAN, "id": "T2"}, CUSTOMER)
    book(office, "09:00", "10:00", CUSTOMER)
    assert len(office.every("appointment")) == 4


def test_the_same_instant_in_another_zone_is_taken(office: Office) -> None:
    book(office, "09:00", "10:00", TECHNICIAN)
    with pytest.raises(ConflictError):
        office.ask("appointment", validFor=span("01:00", "02:00", zone="Z"), relatedParty=[TECHNICIAN])


def test_without_a_technician_the_place_has_one_visit_at_a_time(office: Office) -> None:
    book(office, "09:00", "10:00", relatedPlace=HALL)
    with pytest.raises(ConflictError):
        book(office, "09:00", "10:00", CUSTOMER, relatedPlace=HALL)
    book(office, "09:00", "10:00", relatedPlace={**HALL, "id": "OTHER"})


def test_only_who_works_at_a_visit_is_busy_with_it(office: Office) -> None:
    book(office, "09:00", "10:00", TECHNICIAN, relatedPlace=HALL)
    book(office, "09:00", "10:00", relatedPlace=HALL)
    at_home = {**TECHNICIAN, "id": "T2", "role": "customer"}
    book(office, "11:00", "12:00", TECHNICIAN, at_home)
    book(office, "11:00", "12:00", {**TECHNICIAN, "id": "T2"})
    assert len(office.every("appointment")) == 4


def test_a_technician_whom_another_territory_has_booked_is_busy(office: Office) -> None:
    for name, territory in (("C1", "xihu"), ("C2", "binjiang")):
        mark = [{"name": "territory", "value": territory}]
        office.has("customer", name, name=name, engagedParty={"id": name}, characteristic=mark)
    book(office, "09:00", "10:00", TECHNICIAN, {**CUSTOMER, "id": "C2"})
    office.scope = Scope(frozenset({"xihu"}))
    with pytest.raises(ConflictError, match="taken"):
        book(office, "09:00", "10:00", TECHNICIAN, CUSTOMER)
    asked = {"validFor": span("08:00", "10:00"), "relatedParty": TECHNICIAN}
    assert begins(search(office, asked)) == ["03-26T00:00"]


def test_a_calendar_event_is_taken_once(office: Office) -> None:
    book(office, "09:00", "10:00", calendarEvent={"id": "E1"})
    with pytest.raises(ConflictError):
        book(office, "15:00", "16:00", calendarEvent={"id": "E1"})


def test_a_cancelled_or_deleted_visit_gives_its_time_back(office: Office) -> None:
    first = book(office, "09:00", "10:00", TECHNICIAN)
    office.change("appointment", first["id"], status="cancelled")
    second = book(office, "09:00", "10:00", TECHNICIAN)
    office.delete("appointment", second["id"])
    book(office, "09:00", "10:00", TECHNICIAN)


def test_who_moves_a_visit_needs_a_free_time(office: Office) -> None:
    book(office, "09:00", "10:00", TECHNICIAN)
    moving = book(office, "11:00", "12:00", TECHNICIAN)
    with pytest.raises(ConflictError):
        office.change("appointment", moving["id"], validFor=span("09:30", "10:30"))
    with pytest.raises(ConflictError):
        office.change("appointment", book(office, "09:00", "10:00")["id"], relatedParty=[TECHNICIAN])
    moved = office.change("appointment", moving["id"], validFor=span("11:30", "12:30"), status="confirmed")
    assert moved["validFor"] == {"startDateTime": "2026-03-26T03:30:00.000Z", "endDateTime": "2026-03-26T04:30:00.000Z"}


def test_a_visit_without_a_time_that_makes_sense_is_refused(office: Office) -> None:
    for wrong in (
        {"startDateTime": "2026-03-26T01:00:00Z"},
        span("10:00", "09:00"),
        {"startDateTime": 1, "endDateTime": 2},
    ):
        with pytest.raises(BadRequestError):
            office.ask("appointment", validFor=wrong)


def search(office: Office, *asked: Body, **more: Any) -> Body:
    times: Body = {"requestedTimeSlot": list(asked)} if asked else {}
    return office.ask("searchTimeSlot", **times, **more)


def begins(task: Body) -> list[str]:
    return [slot["validFor"]["startDateTime"][5:16] for slot in task["availableTimeSlot"]]


def test_free_times_are_the_working_hours_of_the_asker_without_what_is_taken(office: Office) -> None:
    book(office, "09:30", "10:30", TECHNICIAN)
    asked = {"validFor": span("07:00", "20:00"), "relatedParty": TECHNICIAN}
    task = search(office, asked)
    assert (task["status"], task["searchResult"], task["searchDate"]) == ("done", "success", "2026-03-25T04:00:00.000Z")
    assert begins(task) == [f"03-26T{hour:02}:00" for hour in (0, 3, 4, 5, 6, 7, 8, 9)]
    assert task["availableTimeSlot"][0]["relatedParty"] == TECHNICIAN
    free = {"validFor": span("07:00", "20:00"), "relatedParty": {**TECHNICIAN, "id": "T2"}}
    assert len(search(office, free)["availableTimeSlot"]) == 10


def test_a_found_time_can_be_booked_and_is_then_no_longer_found(office: Office) -> None:
    asked = {"validFor": span("08:00", "10:00"), "relatedParty": TECHNICIAN}
    (first, _) = search(office, asked)["availableTimeSlot"]
    office.ask("appointment", validFor=first["validFor"], relatedParty=[first["relatedParty"]])
    assert begins(search(office, asked)) == ["03-26T01:00"]


def test_a_site_with_a_calendar_says_its_own_hours(office: Office) -> None:
    hours = [{"startHour": "10:00", "endHour": "12:30"}, {"startHour": "14", "endHour": "15:00"}]
    calendar = [{"day": "monday-thursday", "timeZone": "Asia/Shanghai", "status": "open", "hourPeriod": hours}]
    office.has("geographicSite", "HALL", name="hall", calendar=calendar)
    asked = {"validFor": span("00:00", "23:00", zone="Z")}
    assert begins(search(office, asked, relatedPlace=HALL)) == ["03-26T02:00", "03-26T03:00", "03-26T06:00"]
    assert (
        search(office, {"validFor": span("00:00", "23:00", "2026-03-27")}, relatedPlace=HALL)["searchResult"] == "fail"
    )


def test_sunday_is_free_and_the_past_is_past(office: Office, clock: FakeClock) -> None:
    assert begins(search(office, {"validFor": span("00:00", "23:00", "2026-03-29")})) == []
    assert begins(search(office, {"validFor": span("08:00", "15:00", "2026-03-25")})) == [
        "03-25T04:00",
        "03-25T05:00",
        "03-25T06:00",
    ]
    clock.move(by=timedelta(minutes=1))
    assert begins(search(office, {"validFor": span("08:00", "15:00", "2026-03-25")})) == ["03-25T05:00", "03-25T06:00"]


def test_who_says_no_time_is_told_the_next_days_and_no_more_than_a_hundred_slots(office: Office) -> None:
    assert begins(search(office))[0] == "03-25T08:00"
    long = {"validFor": {"startDateTime": "2026-03-26T00:00:00Z", "endDateTime": "2026-05-20T00:00:00Z"}}
    assert len(search(office, long)["availableTimeSlot"]) == 100


def test_a_search_that_makes_no_sense_is_rejected_with_the_reason(office: Office) -> None:
    for wrong in (
        span("10:00", "09:00"),
        {},
        {"startDateTime": "2026-03-26T00:00:00Z", "endDateTime": "2027-03-26T00:00:00Z"},
    ):
        task = search(office, {"validFor": wrong})
        assert (task["status"], task["searchResult"], task["availableTimeSlot"]) == ("rejected", "fail", [])
        assert task["statusReason"]
