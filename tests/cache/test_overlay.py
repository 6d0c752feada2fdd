"""What the clerk sees of a ticket between an act and the day the copy has it, case by case."""

from __future__ import annotations

from app.core.certainty import Certainty
from app.sync.model import CommandState, Confirmed
from tests.cache.desk_files import DeskFiles
from tests.cache.records import change, contact, filing, gone, notes_of, ticket


def shown(desk: DeskFiles, ticket_id: str = "T1") -> list[str]:
    """The notes of a ticket as the clerk sees them."""
    seen = desk.tickets()[ticket_id]
    assert desk.ticket(ticket_id) == seen
    return notes_of(seen.body)


def at(revision: int, *notes: str) -> Confirmed:
    """Head office took the act; this is what it holds now."""
    return Confirmed("T1", revision, ticket("T1", notes=notes))


def with_ticket(desk: DeskFiles, revision: int, *notes: str) -> None:
    desk.build([change("troubleTicket", revision, ticket("T1", notes=notes))])


def test_a_complaint_is_seen_at_once_then_confirmed_then_head_offices_own(desk: DeskFiles) -> None:
    desk.build([])
    act = filing()
    desk.record(act)
    assert desk.tickets()[act.id].certainty is Certainty.WAITING
    desk.mark(act.id, CommandState.SENT)
    assert desk.tickets()[act.id].certainty is Certainty.SENDING
    desk.confirm(act.id, Confirmed("T1", 5, ticket("T1")))
    assert (list(desk.tickets()), desk.tickets()["T1"].certainty) == (["T1"], Certainty.CONFIRMED)
    desk.feed(change("troubleTicket", 5, ticket("T1", notes=["from the feed"])))
    assert shown(desk) == ["from the feed"]
    assert desk.outbox.overlaid() == []


def test_a_complaint_stays_findable_under_its_first_id(desk: DeskFiles) -> None:
    desk.build([])
    act = filing()
    desk.record(act)
    for _ in range(2):
        desk.confirm(act.id, Confirmed("T1", 5, ticket("T1")))
        by_form, by_number = desk.ticket(act.id), desk.ticket("T1")
        assert by_form is not None
        assert by_form == by_number
        desk.feed(change("troubleTicket", 5, ticket("T1")))


def test_a_confirmed_complaint_told_without_its_body_has_head_offices_number(desk: DeskFiles) -> None:
    desk.build([])
    act = filing("no signal")
    desk.record(act)
    desk.confirm(act.id, Confirmed("T1", 5))
    assert desk.tickets()["T1"].body["description"] == "no signal"


def test_an_older_change_does_not_take_a_confirmed_act_out_of_sight(desk: DeskFiles) -> None:
    with_ticket(desk, 1)
    act = contact("T1", "mine")
    desk.record(act)
    desk.confirm(act.id, at(3, "others", "mine"))
    desk.feed(change("troubleTicket", 2, ticket("T1", notes=["others"])))
    assert shown(desk) == ["others", "mine"]
    desk.feed(change("troubleTicket", 3, ticket("T1", notes=["others", "mine"])))
    assert shown(desk) == ["others", "mine"]
    assert desk.outbox.overlaid() == []


def test_an_older_change_does_not_get_under_an_act_that_rests_on_a_newer_one(desk: DeskFiles) -> None:
    with_ticket(desk, 1)
    first, second = contact("T1", "first"), contact("T1", "second")
    desk.record(first)
    desk.record(second)
    desk.confirm(first.id, at(3, "others", "first"))
    desk.feed(change("troubleTicket", 2, ticket("T1", notes=["others"])))
    assert shown(desk) == ["others", "first", "second"]


def test_acts_that_wait_rest_on_each_newer_state_of_head_office(desk: DeskFiles) -> None:
    with_ticket(desk, 1, "a")
    desk.record(contact("T1", "mine"))
    desk.feed(change("troubleTicket", 2, ticket("T1", notes=["a", "b"])))
    assert shown(desk) == ["a", "b", "mine"]


def test_an_answer_that_tells_only_the_number_does_not_show_waiting_acts_twice(desk: DeskFiles) -> None:
    with_ticket(desk, 1)
    first, second = contact("T1", "first"), contact("T1", "second")
    desk.record(first)
    desk.record(second)
    desk.confirm(first.id, Confirmed("T1", 2))
    assert shown(desk) == ["first", "second"]
    assert desk.tickets()["T1"].certainty is Certainty.WAITING


def test_an_answer_that_comes_after_the_feed_brought_its_effect_does_not_add_it_again(desk: DeskFiles) -> None:
    with_ticket(desk, 1)
    first, second = contact("T1", "first"), contact("T1", "second")
    desk.record(first)
    desk.record(second)
    desk.feed(change("troubleTicket", 2, ticket("T1", notes=["first"])))
    desk.confirm(first.id, Confirmed("T1", 2))
    assert shown(desk) == ["first", "second"]


def test_an_answer_older_than_what_the_feed_brought_does_not_take_it_back(desk: DeskFiles) -> None:
    with_ticket(desk, 1)
    first, second = contact("T1", "first"), contact("T1", "second")
    desk.record(first)
    desk.record(second)
    desk.feed(change("troubleTicket", 3, ticket("T1", notes=["first", "others"])))
    desk.confirm(first.id, at(2, "first"))
    assert shown(desk) == ["first", "others", "second"]


def test_a_refused_act_set_aside_leaves_what_was_confirmed_before_it(desk: DeskFiles) -> None:
    with_ticket(desk, 1)
    first, second = contact("T1", "first"), contact("T1", "second")
    desk.record(first)
    desk.record(second)
    desk.confirm(first.id, at(2, "first"))
    desk.mark(second.id, CommandState.REFUSED, reason="no")
    seen = desk.tickets()["T1"]
    assert (seen.certainty, seen.reason, notes_of(seen.body)) == (Certainty.REFUSED, "no", ["first", "second"])
    desk.set_aside(second.id)
    seen = desk.tickets()["T1"]
    assert (seen.certainty, seen.command_id, notes_of(seen.body)) == (Certainty.CONFIRMED, first.id, ["first"])
    desk.feed(change("troubleTicket", 2, ticket("T1", notes=["first"])))
    assert desk.outbox.overlaid() == []


def test_a_refused_complaint_set_aside_is_gone(desk: DeskFiles) -> None:
    desk.build([])
    act = filing()
    desk.record(act)
    desk.mark(act.id, CommandState.REFUSED)
    desk.set_aside(act.id)
    assert desk.tickets() == {}
    assert desk.ticket(act.id) is None


def test_a_ticket_whose_answer_was_lost_is_not_shown_twice(desk: DeskFiles) -> None:
    desk.build([])
    act = filing()
    desk.record(act)
    desk.mark(act.id, CommandState.UNKNOWN)
    desk.feed(change("troubleTicket", 5, ticket("T1", external_id=act.id)))
    assert [one.certainty for one in desk.tickets().values()] == [Certainty.UNKNOWN]
    desk.confirm(act.id, Confirmed("T1", 5))
    assert list(desk.tickets()) == ["T1"]


def test_an_act_on_a_settled_ticket_by_its_first_id_does_not_double_it(desk: DeskFiles) -> None:
    desk.build([])
    act = filing()
    desk.record(act)
    desk.confirm(act.id, at(5))
    desk.feed(change("troubleTicket", 5, ticket("T1")))
    late = contact(act.id, "from a page that was still open")
    desk.record(late)
    assert list(desk.tickets()) == ["T1"]
    assert shown(desk) == ["from a page that was still open"]
    desk.confirm(late.id, at(6, "from a page that was still open"))
    desk.feed(change("troubleTicket", 6, ticket("T1", notes=["from a page that was still open"])))
    assert desk.outbox.overlaid() == []


def test_a_crash_between_the_two_files_is_mended_at_the_next_pull(desk: DeskFiles) -> None:
    with_ticket(desk, 1)
    act = contact("T1", "mine")
    desk.record(act)
    desk.confirm(act.id, at(2, "mine"))
    desk.mirror.apply([change("troubleTicket", 2, ticket("T1", notes=["mine"]))], "e1.2", desk.clock.now())
    assert shown(desk) == ["mine"]
    assert desk.outbox.overlaid() == [("troubleTicket", "T1")]
    desk.catch_up()
    assert desk.outbox.overlaid() == []


def test_a_confirmed_ticket_that_head_office_deletes_goes(desk: DeskFiles) -> None:
    desk.build([])
    act = filing()
    desk.record(act)
    desk.confirm(act.id, at(5))
    desk.feed(change("troubleTicket", 5, ticket("T1")), gone("troubleTicket", "T1", 6))
    assert desk.tickets() == {}


def test_a_record_of_another_customer_is_not_shown(desk: DeskFiles) -> None:
    desk.build([change("troubleTicket", 1, ticket("T1", "C2"))])
    desk.record(filing(customer_id="C2"))
    assert desk.tickets("C1") == {}
    assert len(desk.tickets("C2")) == 2
