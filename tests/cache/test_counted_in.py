"""Whether a customer is counted in on an outage, read where the outage is read: from the record, never from the outbox."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete

from app.complaints.commands import link_outage
from app.core.certainty import Certainty
from app.core.commands import Command
from app.core.ids import new_id
from app.network.model import CountedIn
from app.sync.model import CommandState, Confirmed
from local_cache.journal_schema import effect
from local_cache.records import MirrorOutages
from tests.cache.desk_files import DeskFiles
from tests.cache.records import change, problem, service
from tests.fakes.clock import NOON

EARLIER = NOON - timedelta(hours=2)


def link(customer_id: str = "C1") -> Command:
    return link_outage(new_id(), "O1", "Fibre cut", customer_id, "mei", NOON)


def outage(*acts: Command) -> dict[str, Any]:
    """The outage with these customers counted in."""
    return problem("O1", "S1", "S2") | {"relatedParty": [{"id": "noc"}, *(act.body[0]["value"] for act in acts)]}


def counted_in(desk: DeskFiles, customer_id: str = "C1") -> CountedIn | None:
    (seen,) = asyncio.run(MirrorOutages(desk.reader).outages_touching(customer_id)).value
    return seen.counted_in


def with_outage(desk: DeskFiles, *acts: Command) -> None:
    desk.build(
        [
            change("service", 1, service("S1", "C1")),
            change("service", 2, service("S2", "C2")),
            change("serviceProblem", 3, outage(*acts)),
        ]
    )


@pytest.mark.parametrize(
    ("state", "certainty"),
    [
        (CommandState.QUEUED, Certainty.WAITING),
        (CommandState.SENT, Certainty.SENDING),
        (CommandState.UNKNOWN, Certainty.UNKNOWN),
        (CommandState.REFUSED, Certainty.REFUSED),
        (CommandState.CONFLICT, Certainty.DIFFERS),
    ],
)
def test_a_link_is_as_certain_as_its_act_until_head_office_has_it(
    desk: DeskFiles, state: CommandState, certainty: Certainty
) -> None:
    with_outage(desk)
    assert counted_in(desk) is None
    act = link()
    desk.record(act)
    desk.mark(act.id, state)
    assert counted_in(desk) == CountedIn(NOON, certainty)
    assert counted_in(desk, "C2") is None


def test_a_link_is_plain_from_its_confirmation_on(desk: DeskFiles) -> None:
    with_outage(desk)
    act = link()
    desk.record(act)
    desk.confirm(act.id, Confirmed("O1", 4, outage(act)))
    assert counted_in(desk) == CountedIn(NOON)
    desk.feed(change("serviceProblem", 4, outage(act)))
    assert counted_in(desk) == CountedIn(NOON)
    assert desk.outbox.overlaid() == []


def test_one_customers_waiting_link_makes_no_other_customers_link_wait(desk: DeskFiles) -> None:
    with_outage(desk)
    first, second = link("C1"), link("C2")
    desk.record(first)
    desk.confirm(first.id, Confirmed("O1", 4, outage(first)))
    desk.record(second)
    assert (counted_in(desk, "C1"), counted_in(desk, "C2")) == (CountedIn(NOON), CountedIn(NOON, Certainty.WAITING))


def test_who_was_counted_in_elsewhere_is_certain_also_while_our_own_link_waits(desk: DeskFiles) -> None:
    with_outage(desk)
    desk.record(link())
    theirs = link_outage(new_id(), "O1", "Fibre cut", "C1", "boss", EARLIER)
    desk.feed(change("serviceProblem", 4, outage(theirs)))
    assert counted_in(desk) == CountedIn(EARLIER)


def test_a_link_that_was_set_aside_counts_nobody_in(desk: DeskFiles) -> None:
    with_outage(desk)
    act = link()
    desk.record(act)
    desk.mark(act.id, CommandState.REFUSED)
    desk.set_aside(act.id)
    assert counted_in(desk) is None
    again = link()
    desk.record(again)
    assert counted_in(desk) == CountedIn(NOON, Certainty.WAITING)


def test_a_link_is_still_shown_where_a_salvage_could_not_read_what_it_made_of_the_outage(desk: DeskFiles) -> None:
    with_outage(desk)
    act = link()
    desk.record(act)
    with desk.journal.writing() as connection:
        connection.execute(delete(effect))
    assert counted_in(desk) == CountedIn(NOON, Certainty.WAITING)
    desk.confirm(act.id, Confirmed("O1", 4, outage(act)))
    desk.feed(change("serviceProblem", 5, outage()))
    assert counted_in(desk) is None  # head office has taken the customer off again


def test_two_links_of_one_customer_are_one_in_what_the_desk_shows(desk: DeskFiles) -> None:
    with_outage(desk)
    first, second = link(), link()
    desk.record(first)
    desk.record(second)
    desk.confirm(first.id, Confirmed("O1", 4, outage(first)))
    desk.confirm(second.id, Confirmed("O1", 4, outage(first)))
    desk.feed(change("serviceProblem", 4, outage(first)))
    desk.catch_up()
    assert counted_in(desk) == CountedIn(NOON)
    assert desk.outbox.overlaid() == []
