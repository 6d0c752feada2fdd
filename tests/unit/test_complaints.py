"""A complaint: checked, sent as a ticket, read back from one, mended, and what each act makes of a record."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.complaints import commands
from app.complaints.model import (
    CATEGORIES,
    MAX_DESCRIPTION,
    CategoryMissingError,
    Complaint,
    ComplaintForm,
    DescriptionMissingError,
    DescriptionTooLongError,
)
from app.complaints.usecases import ComplaintDesk
from app.complaints.wire import complaint_from, form_from_ticket, ticket_from_form
from app.core.commands import Command, Method
from app.core.errors import NotAllowedError
from app.core.permissions import Clerk
from app.core.sourced import Sourced
from app.rules.deadlines import SHIPPED_LIMITS, Severity, limits_from
from tests.fakes.clock import NOON, FakeClock
from tests.fakes.store import FakeStore

LIMITS = limits_from(SHIPPED_LIMITS)
FORM = ComplaintForm("form-1", NOON, "C1", "张伟", category="no-service", description="No dial tone since Monday.")
WORDS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=60)
MILLISECONDS = st.integers(0, 10**10).map(lambda ms: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms))
FORMS = st.builds(
    ComplaintForm, id=WORDS, received_at=MILLISECONDS, customer_id=WORDS, customer_name=WORDS, service_id=WORDS,
    service_name=WORDS, category=st.sampled_from([one.code for one in CATEGORIES]),
    description=WORDS.map(str.strip).filter(bool), severity=st.none() | st.sampled_from(Severity),
    channel=st.sampled_from(["counter", "phone"]), callback=st.just("") | WORDS,
)  # fmt: skip


class Kept:
    """Records into a list; knows no complaints."""

    def __init__(self) -> None:
        self.recorded: list[Command] = []
        self.asked: list[str] = []

    async def record(self, command: Command) -> None:
        """Keep it."""
        self.recorded.append(command)

    async def complaints_of(self, customer_id: str) -> Sourced[tuple[Complaint, ...]]:
        """Know none."""
        self.asked.append(customer_id)
        return Sourced((), "complaints", None)

    async def complaint(self, complaint_id: str) -> Complaint | None:
        """Know none."""
        self.asked.append(complaint_id)
        return None


def desk_of(role: str) -> tuple[ComplaintDesk, Kept]:
    kept = Kept()
    return ComplaintDesk(kept, kept, FakeStore(), FakeClock(), Clerk("mei", "Mei", role), LIMITS, "CN"), kept


def test_a_form_that_can_be_filed_is_returned_as_it_is() -> None:
    assert FORM.checked() is FORM


@pytest.mark.parametrize(
    ("form", "error"),
    [(replace(FORM, category=""), CategoryMissingError), (replace(FORM, category="no such"), CategoryMissingError),
     (replace(FORM, category="", description=""), CategoryMissingError),
     (replace(FORM, description=""), DescriptionMissingError),
     (replace(FORM, description=" \n\u3000"), DescriptionMissingError),
     (replace(FORM, description="x" * (MAX_DESCRIPTION + 1)), DescriptionTooLongError)],
)  # fmt: skip
def test_the_first_field_at_fault_is_named(form: ComplaintForm, error: type[Exception]) -> None:
    with pytest.raises(error):
        form.checked()


def test_the_category_suggests_the_severity_until_the_clerk_chooses() -> None:
    assert FORM.effective_severity is Severity.MAJOR
    assert replace(FORM, severity=Severity.CRITICAL).effective_severity is Severity.CRITICAL
    assert replace(FORM, category="").effective_severity is Severity.MINOR
    assert FORM.deadlines.promised == NOON + timedelta(hours=24)


def test_initials_of_categories_are_all_different() -> None:
    assert len({one.initials for one in CATEGORIES}) == len({one.code for one in CATEGORIES}) == len(CATEGORIES)


def test_the_ticket_carries_the_time_of_receipt_and_both_deadlines() -> None:
    bound = replace(FORM, limit=LIMITS.of("CN", NOON))
    body = ticket_from_form(replace(bound, service_id="S1", service_name="Line", callback="after six"))
    assert body["creationDate"] == "2026-03-25T04:00:00.000Z"
    assert body["expectedResolutionDate"] == "2026-03-26T04:00:00.000Z"
    assert body["requestedResolutionDate"] == "2026-04-09T04:00:00.000Z"
    assert (body["externalId"], body["severity"], body["ticketType"]) == ("form-1", "major", "complaint/no-service")
    assert body["relatedParty"][0]["id"] == "C1"
    assert body["relatedEntity"][0]["@referredType"] == "Service"


def test_a_ticket_from_where_no_limit_is_known_asks_for_none() -> None:
    assert "requestedResolutionDate" not in ticket_from_form(FORM)


@pytest.mark.parametrize(
    ("country", "holds", "regulator"),
    [("CN", "CN", "MIIT"), ("中国", "中国", "MIIT"), ("US", "US", "FCC"), ("usa", "usa", "FCC"), ("GB", "GB", "Ofcom ADR"),
     ("FR", "FR", ""), ("", "CN", "MIIT")],
)  # fmt: skip
def test_the_customers_country_decides_and_the_desks_only_where_none_is_recorded(
    country: str, holds: str, regulator: str
) -> None:
    desk, _ = desk_of("clerk")
    bound = desk.bound(desk.new_form("C1", "张伟"), country)
    assert (bound.country, bound.limit.regulator if bound.limit else "") == (holds, regulator)


def test_whose_rules_hold_is_open_until_the_customer_is_read_and_the_desks_where_there_is_none() -> None:
    desk, _ = desk_of("clerk")
    filed = commands.file_complaint(FORM, "mei", NOON)
    for form in (desk.new_form("C1"), desk.mended_form(filed)):
        assert (form.country, form.limit, form.deadlines.legal) == ("", None, None)
    assert desk.new_form().country == "CN"
    nobodys = desk.mended_form(commands.file_complaint(replace(FORM, customer_id="", callback="Li"), "mei", NOON))
    assert (nobodys.country, nobodys.deadlines.legal) == ("CN", NOON + timedelta(days=15))


@given(form=FORMS)
def test_a_refused_complaint_gives_its_form_back(form: ComplaintForm) -> None:
    mended = form_from_ticket("form-2", ticket_from_form(form), replaces="form-1")
    chosen = None if form.severity is replace(form, severity=None).effective_severity else form.severity
    assert mended == replace(form, id="form-2", severity=chosen, replaces="form-1")
    assert mended.effective_severity is form.effective_severity


@given(form=FORMS)
def test_a_filed_complaint_reads_as_what_was_entered(form: ComplaintForm) -> None:
    act = commands.file_complaint(form, "mei", NOON)
    seen = complaint_from(commands.REDUCERS[act.kind, act.version](None, act))
    assert (seen.id, seen.description, seen.customer_id) == (form.id, form.description, form.customer_id)
    assert (seen.received_at, seen.promised) == (form.received_at, form.deadlines.promised)
    assert (seen.severity, seen.service_id, seen.is_open) == (form.effective_severity, form.service_id, True)


def test_a_description_with_half_a_sign_can_be_sent() -> None:
    assert ticket_from_form(replace(FORM, description="a \ud83d b"))["description"].encode() == "a \ufffd b".encode()


@pytest.mark.parametrize(
    ("before", "notes"),
    [(None, 1), ({"id": "T1"}, 1), ({"id": "T1", "note": [{"text": "a"}]}, 2), ({"id": "T1", "note": "odd"}, 1),
     ({"id": "T1", "note": None}, 1), ({"id": "T1", "note": {"text": "a"}}, 1)],
)  # fmt: skip
def test_one_more_contact_is_one_more_note_whatever_the_record_holds(before: dict[str, Any] | None, notes: int) -> None:
    complaint = complaint_from({"id": "T1", "name": "No service"})
    act = commands.add_contact("act-1", complaint, "called again", "mei", NOON)
    after = commands.REDUCERS[act.kind, act.version](before, act)
    assert (act.method, act.entity_id, after["id"]) == (Method.APPEND, "T1", "T1")
    assert len(after["note"]) == notes
    assert after["note"][-1]["text"] == "called again"
    assert before is None or before.get("note") != after["note"]


def test_counting_a_customer_in_on_an_outage_leaves_the_others_in() -> None:
    act = commands.link_outage("act-1", "O1", "Fibre cut", "C2", "mei", NOON)
    after = commands.REDUCERS[act.kind, act.version]({"id": "O1", "relatedParty": [{"id": "C1"}]}, act)
    assert [one["id"] for one in after["relatedParty"]] == ["C1", "C2"]
    assert after["relatedParty"][1]["validFor"] == {"startDateTime": "2026-03-25T04:00:00.000Z"}


@pytest.mark.parametrize("first", [{"id": "C2", "role": "affectedCustomer", "name": "first"}, None])
def test_a_customer_is_counted_in_once_and_in_each_role(first: dict[str, Any] | None) -> None:
    originator = {"id": "C2", "role": "originator"}
    before = {"id": "O1", "relatedParty": [originator, *([first] if first else [])]}
    act = commands.link_outage("act-1", "O1", "Fibre cut", "C2", "mei", NOON)
    after = commands.REDUCERS[act.kind, act.version](before, act)
    assert after["relatedParty"] == [originator, first or act.body[0]["value"]]
    assert commands.REDUCERS[act.kind, act.version](after, replace(act, id="act-2")) == after


def test_an_outage_that_head_office_no_longer_tells_of_still_counts_the_customer_in() -> None:
    act = commands.link_outage("act-1", "O1", "Fibre cut", "C2", "mei", NOON)
    assert commands.REDUCERS[act.kind, act.version](None, act)["id"] == "O1"


@pytest.mark.parametrize(
    ("status", "is_open"), [("acknowledged", True), ("", True), ("Resolved", False), ("CLOSED", False)]
)
def test_a_complaint_is_open_until_somebody_answered_it(status: str, is_open: bool) -> None:  # noqa: FBT001
    assert complaint_from({"id": "T1", "status": status}).is_open is is_open


async def test_a_clerk_files_under_the_id_that_the_form_was_opened_with() -> None:
    desk, kept = desk_of("clerk")
    form = replace(desk.new_form("C1", "张伟"), category="tv", description=" no picture ")
    assert await desk.file(form) == form.id
    assert await desk.add_contact(replace(form, id="act-2", description=""), complaint_from({"id": "T1"})) == "act-2"
    assert await desk.link_outage(replace(form, id="act-3"), "O1", "Fibre cut") == "act-3"
    assert [(one.author, one.made_at) for one in kept.recorded] == [("mei", NOON)] * 3
    assert kept.recorded[0].body["description"] == "no picture"
    assert desk.mended_form(kept.recorded[0]).replaces == form.id


async def test_complaints_are_looked_up_by_customer_or_by_number() -> None:
    desk, kept = desk_of("viewer")
    assert (await desk.of("C1")).value == ()
    assert await desk.one("T1") is None
    assert kept.asked == ["C1", "T1"]


@pytest.mark.parametrize("role", ["viewer", "admin", "unheard of"])
async def test_who_may_not_file_files_nothing(role: str) -> None:
    desk, kept = desk_of(role)
    with pytest.raises(NotAllowedError):
        await desk.file(FORM)
    assert kept.recorded == []


async def test_a_form_with_a_fault_files_nothing() -> None:
    desk, kept = desk_of("clerk")
    with pytest.raises(DescriptionMissingError):
        await desk.file(replace(FORM, description=""))
    assert kept.recorded == []
