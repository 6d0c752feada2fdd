"""A desk works for one back office: what was done for it goes to no other, and nothing of it is shown as another's."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.core.clock import to_wire
from app.session.model import OtherOfficeError
from app.sync.errors import MirrorDamagedError
from app.sync.model import CommandState, Confirmed, MirrorState, SnapshotPage, SnapshotStart
from local_cache.journal_schema import EPOCH, LAST_USER, OFFICE, audit
from local_cache.mirror_store import BUILDING, POINTER
from local_cache.offices import ADDRESS
from local_cache.pins import DeskClerks
from tests.cache.desk_files import DeskFiles
from tests.cache.records import change, contact, customer, filing, notes_of, ticket
from tests.fakes.clock import NOON

A, B = "office-a", "office-b"
AT_A = "https://a.example.net"
PIN = "918273"


def sign_in(desk: DeskFiles, office: str, user: str = "mei", address: str = AT_A) -> None:
    """Let head office's answer to a sign-in arrive."""
    answer = {
        "user": {"id": user, "name": user.title(), "role": "clerk"}, "token": f"{user} at {office}",
        "offlineUntil": to_wire(NOON + timedelta(days=7)), "office": office, "address": address,
    }  # fmt: skip
    DeskClerks(desk.sync_journal, desk.clock).signed_in(answer)


def tokens(desk: DeskFiles) -> set[str]:
    """The grants that the desk holds."""
    found = (desk.outbox.grant_of(user) for user in ("mei", "li"))
    return {grant.token for grant in found if grant}


def history(desk: DeskFiles) -> list[str]:
    """What the audit chain says was done."""
    with desk.journal.reading() as connection:
        return [row.act for row in connection.execute(audit.select().order_by(audit.c.sequence))]


@pytest.fixture
def at_a(desk: DeskFiles) -> DeskFiles:
    """A desk of office A with a copy of its data and two clerks, one of whom has a PIN."""
    for user in ("mei", "li"):
        sign_in(desk, A, user)
    DeskClerks(desk.journal, desk.clock).set_pin("mei", PIN)
    desk.build([change("customer", 1, customer("C1")), change("troubleTicket", 2, ticket("T1"))])
    return desk


def test_the_first_sign_in_says_for_whom_the_desk_works(at_a: DeskFiles) -> None:
    assert (at_a.journal.meta(OFFICE), at_a.journal.meta(ADDRESS)) == (A, AT_A)


def test_the_same_office_at_another_address_keeps_everything(at_a: DeskFiles) -> None:
    at_a.record(filing())
    sign_in(at_a, A, address="https://other.example.net")
    assert at_a.journal.meta(ADDRESS) == "https://other.example.net"
    assert tokens(at_a) == {f"mei at {A}", f"li at {A}"}
    assert at_a.mirror.state().is_complete
    assert len(at_a.tickets()) == 2


UNFINISHED = [
    CommandState.QUEUED, CommandState.SENT, CommandState.UNKNOWN, CommandState.REFUSED, CommandState.CONFLICT
]  # fmt: skip


@pytest.mark.parametrize("state", UNFINISHED)
def test_an_unfinished_act_keeps_the_desk_from_another_office_and_nothing_changes(
    at_a: DeskFiles, state: CommandState
) -> None:
    done, waiting = filing(), filing()
    for act in (done, waiting):
        at_a.record(act)
    at_a.confirm(done.id, Confirmed("T2", 3, ticket("T2")))
    at_a.mark(waiting.id, state)
    seen, acts = at_a.tickets(), history(at_a)
    with pytest.raises(OtherOfficeError) as refused:
        sign_in(at_a, B, "wang", "https://b.example.net")
    assert refused.value.params == {"count": "1", "address": AT_A}
    assert tokens(at_a) == {f"mei at {A}", f"li at {A}"}
    assert at_a.outbox.grant_of("wang") is None
    assert (at_a.journal.meta(OFFICE), at_a.journal.meta(ADDRESS), at_a.journal.meta(LAST_USER)) == (A, AT_A, "li")
    assert at_a.tickets() == seen
    assert history(at_a) == acts


@pytest.mark.parametrize("state", [CommandState.CONFIRMED, CommandState.SET_ASIDE])
def test_with_every_act_at_rest_the_desk_goes_over_and_takes_nothing_along(
    at_a: DeskFiles, state: CommandState
) -> None:
    act = filing()
    at_a.record(act)
    if state is CommandState.CONFIRMED:
        at_a.confirm(act.id, Confirmed("T2", 3, ticket("T2")))
    else:
        at_a.mark(act.id, CommandState.REFUSED)
        at_a.set_aside(act.id)
    sign_in(at_a, B, "li", "https://b.example.net")
    assert tokens(at_a) == {f"li at {B}"}
    assert DeskClerks(at_a.journal, at_a.clock).find("mei") is None
    assert at_a.mirror.state() == MirrorState()
    assert [at_a.journal.meta(name) for name in (POINTER, BUILDING, EPOCH)] == ["0", "0", ""]
    assert at_a.tickets() == {}
    assert at_a.commands() == 1
    assert history(at_a)[-2:] == ["joined another back office", "signed in"]
    assert at_a.broken_at() is None


def test_an_office_without_an_id_is_another_one_than_one_with(at_a: DeskFiles) -> None:
    sign_in(at_a, "https://b.example.net")
    assert at_a.journal.meta(OFFICE) == "https://b.example.net"
    assert at_a.mirror.state() == MirrorState()


def test_the_same_ids_at_the_new_office_are_other_things(at_a: DeskFiles) -> None:
    at_first = filing("at the first office")
    at_a.record(at_first)
    at_a.confirm(at_first.id, Confirmed("T2", 3, ticket("T2")))
    sign_in(at_a, B)
    at_a.build([change("troubleTicket", 7, ticket("T2", notes=["of the new office"]))], "e2", "e2.7")
    assert at_a.ticket(at_first.id) is None
    added = contact("T2", "still broken")
    at_a.record(added)
    (entry,) = at_a.outbox.unfinished()
    assert entry.entity == ("troubleTicket", "T2")
    assert at_a.outbox.server_id(*entry.entity) == "T2"
    seen = at_a.ticket("T2")
    assert seen is not None
    assert notes_of(seen.body) == ["of the new office", "still broken"]
    at_a.confirm(added.id, Confirmed("T2", 8, ticket("T2", notes=["of the new office", "still broken"])))
    at_a.feed(change("troubleTicket", 8, ticket("T2", notes=["of the new office", "still broken"])), cursor="e2.8")
    assert at_a.outbox.overlaid() == []
    assert list(at_a.tickets()) == ["T2"]


def test_what_was_made_for_the_new_office_is_found_by_either_id(at_a: DeskFiles) -> None:
    sign_in(at_a, B)
    at_a.build([], "e2", "e2.0")
    made = filing()
    at_a.record(made)
    at_a.confirm(made.id, Confirmed("T1", 1, ticket("T1")))
    assert at_a.ticket(made.id) == at_a.ticket("T1")
    at_a.record(contact("T1", "again"))
    assert [entry.entity for entry in at_a.outbox.unfinished()] == [("troubleTicket", made.id)]


def test_a_copy_begun_at_the_first_office_is_not_finished_at_the_other(at_a: DeskFiles) -> None:
    at_a.mirror.begin(SnapshotStart("e1", "e1.9", 2))
    at_a.mirror.add(SnapshotPage((change("customer", 1, customer("C1")),), "customer/C1"))
    sign_in(at_a, B)
    with pytest.raises(MirrorDamagedError):
        at_a.mirror.add(SnapshotPage((change("customer", 3, customer("C3")),), ""))
    with pytest.raises(MirrorDamagedError):
        at_a.mirror.finish(NOON)
    assert at_a.mirror.building() is None
    at_a.build([change("customer", 1, customer("C9"))], "e2", "e2.1")
    assert at_a.mirror.state().epoch == "e2"
    assert len(at_a.mirror.rows([("customer", "C1"), ("customer", "C9")])) == 1
    assert len(at_a.profile.mirrors()) == 1
