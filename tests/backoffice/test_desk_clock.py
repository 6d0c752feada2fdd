"""A desk's wrong clock is put right by head office's, and is never a reason to refuse what a clerk did."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from app.core.clock import to_wire
from tests.backoffice.helpers import TICKETS, RunningServer, ticket
from tests.fakes.clock import NOON

pytestmark = pytest.mark.one_engine

A_WEEK, A_MINUTE, AN_HOUR = timedelta(days=7), timedelta(minutes=1), timedelta(hours=1)


def filed(client: httpx.Client, made: timedelta, desk_time: str) -> httpx.Response:
    """A ticket made at that distance from head office's now, by a desk that takes `desk_time` for now."""
    headers = {"Idempotency-Key": "K1", "Desk-Time": desk_time}
    return client.post(TICKETS, json=ticket(creationDate=to_wire(NOON + made)), headers=headers)


@pytest.mark.parametrize(
    ("made", "desk", "right"),
    [
        (A_WEEK - AN_HOUR, A_WEEK, -AN_HOUR),
        (A_WEEK + AN_HOUR, A_WEEK, timedelta()),
        (A_WEEK, timedelta(), timedelta()),
        (A_WEEK, -A_WEEK, timedelta()),
        (-AN_HOUR, timedelta(), -AN_HOUR),
        (-AN_HOUR, A_WEEK, -AN_HOUR),
        (-AN_HOUR, -A_WEEK, -AN_HOUR),
        (A_MINUTE, A_MINUTE, A_MINUTE),
    ],
    ids=[
        "ahead", "ever more ahead", "put right meanwhile", "put back meanwhile", "right", "put wrong meanwhile", "behind",
        "a little ahead",
    ],
)  # fmt: skip
def test_when_a_desk_did_something_never_lies_in_the_future_and_what_may_be_right_is_left_alone(
    server: RunningServer, made: timedelta, desk: timedelta, right: timedelta
) -> None:
    answer = filed(server.client("clerk", "desk-1"), made, to_wire(NOON + desk))
    assert answer.status_code == 201
    body = answer.json()
    assert body["creationDate"] == to_wire(NOON + right)
    assert body.get("creationDateAtDesk") == (None if made == right else to_wire(NOON + made))


@pytest.mark.parametrize("desk", ["0001-01-04T00:00:00Z", "9999-12-20T00:00:00Z"])
def test_a_clock_that_is_thousands_of_years_out_breaks_nothing(server: RunningServer, desk: str) -> None:
    headers = {"Idempotency-Key": "K1", "Desk-Time": desk}
    answer = server.client("clerk", "desk-1").post(
        TICKETS, json=ticket(creationDate="9999-12-29T00:00:00Z"), headers=headers
    )
    assert (answer.status_code, answer.json()["creationDate"]) == (201, to_wire(NOON))


def test_who_names_no_instant_gets_head_offices(server: RunningServer) -> None:
    headers = {"Idempotency-Key": "K1", "Desk-Time": to_wire(NOON + A_WEEK)}
    answer = server.client("clerk", "desk-1").post(TICKETS, json=ticket(creationDate=None), headers=headers)
    assert (answer.status_code, answer.json()["creationDate"]) == (201, to_wire(NOON))


def test_what_a_desks_clock_said_is_set_by_nobody_else_and_stays(server: RunningServer) -> None:
    client = server.client("supervisor")
    made = client.post(TICKETS, json=ticket(creationDateAtDesk="nonsense")).json()
    assert "creationDateAtDesk" not in made
    kept = filed(server.client("clerk", "desk-1"), A_WEEK, to_wire(NOON + A_WEEK)).json()
    for wish in ("nonsense", None):
        answer = client.patch(kept["href"], json={"creationDateAtDesk": wish, "name": f"now {wish}"})
        assert answer.json()["creationDateAtDesk"] == to_wire(NOON + A_WEEK)


def test_what_the_desk_takes_for_now_does_not_make_it_another_request(server: RunningServer) -> None:
    desk = server.client("clerk", "desk-1")
    first, again = (filed(desk, A_WEEK, to_wire(NOON + A_WEEK + later)) for later in (A_MINUTE, AN_HOUR))
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers["Idempotency-Replayed"] == "true"


def test_a_program_that_is_no_desk_is_told_that_its_instant_lies_in_the_future(server: RunningServer) -> None:
    assert filed(server.client("clerk"), A_WEEK, to_wire(NOON + A_WEEK)).status_code == 400


@pytest.mark.parametrize("nonsense", ["", "noon", "2026-13-01T00:00:00Z"])
def test_a_desk_time_that_is_no_instant_is_refused(server: RunningServer, nonsense: str) -> None:
    assert filed(server.client("clerk", "desk-1"), timedelta(), nonsense).status_code == 400
