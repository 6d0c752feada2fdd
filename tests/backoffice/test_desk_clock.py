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
        (-A_WEEK - AN_HOUR, -A_WEEK, -AN_HOUR),
        (A_WEEK, timedelta(), timedelta()),
        (-AN_HOUR, timedelta(), -AN_HOUR),
        (-AN_HOUR, A_MINUTE, -AN_HOUR),
        (A_MINUTE, A_MINUTE, A_MINUTE),
    ],
    ids=["ahead", "behind", "put right meanwhile", "right", "nearly right", "a little ahead"],
)
def test_when_a_desk_did_something_is_told_by_head_offices_clock(
    server: RunningServer, made: timedelta, desk: timedelta, right: timedelta
) -> None:
    answer = filed(server.client("clerk", "desk-1"), made, to_wire(NOON + desk))
    assert answer.status_code == 201
    body = answer.json()
    assert body["creationDate"] == to_wire(NOON + right)
    assert body.get("creationDateAtDesk") == (None if made == right else to_wire(NOON + made))


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
