"""What is begun of a complaint comes back from its draft as it was left, and whoever began it gets it and nobody else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.complaints.drafts import KIND, BegunComplaint, begun_from, draft_of
from app.complaints.model import MAX_DESCRIPTION, ComplaintForm
from app.core.drafts import Draft
from app.core.permissions import Clerk
from app.drafts.usecases import BegunWork
from app.rules.deadlines import Severity
from tests.fakes.clock import NOON
from tests.fakes.store import FakeStore
from tests.fakes.workstation import CLERK, desk_on

WORDS = st.text(st.characters(codec="utf-8"), max_size=40)
FORMS = st.builds(
    ComplaintForm, id=WORDS, received_at=st.just(NOON), customer_id=WORDS, customer_name=WORDS, service_id=WORDS,
    service_name=WORDS, category=WORDS, description=WORDS, severity=st.none() | st.sampled_from(Severity),
    channel=st.sampled_from(["counter", "phone"]), callback=WORDS, replaces=WORDS,
)  # fmt: skip
BEGUN = st.builds(BegunComplaint, form=FORMS, row=WORDS, half_typed=WORDS, is_service_settled=st.booleans())
JSON = st.none() | st.booleans() | st.integers() | WORDS | st.lists(WORDS) | st.dictionaries(WORDS, WORDS)
FORM = ComplaintForm("form-1", NOON, "C1", "张伟", description="No dial tone")
MEI, LI = Clerk("mei", "Mei", "clerk"), Clerk("li", "Li", "clerk")


@given(BEGUN)
def test_what_was_begun_comes_back_as_it_was_left(begun: BegunComplaint) -> None:
    draft = draft_of(begun, "mei")
    assert begun_from(replace(draft, body=json.loads(json.dumps(draft.body)))) == begun
    assert (draft.id, draft.author, draft.begun_at) == (begun.form.id, "mei", NOON)


@given(st.dictionaries(st.sampled_from([*draft_of(BegunComplaint(FORM), "mei").body]), JSON))
def test_a_body_that_makes_no_sense_is_a_form_with_less_in_it(body: Mapping[str, Any]) -> None:
    begun = begun_from(Draft("form-1", KIND, 1, "mei", NOON, body, "C1"))
    assert (begun.form.id, begun.form.customer_id) == ("form-1", "C1")


def test_a_text_that_is_too_long_to_be_filed_is_kept_whole() -> None:
    long = replace(FORM, description="x" * (MAX_DESCRIPTION + 1))
    assert begun_from(draft_of(BegunComplaint(long), "mei")).form == long


def test_there_is_one_open_form_for_each_refused_complaint_and_customer_and_one_for_each_nobody() -> None:
    assert [one.about for one in (replace(FORM, replaces="A"), FORM, replace(FORM, customer_id=""))] == [
        "A", "C1", "form-1"
    ]  # fmt: skip


async def test_only_who_began_something_finds_it_or_lets_go_of_it() -> None:
    store = FakeStore()
    await desk_on(store, MEI).complaints.keep(BegunComplaint(FORM))
    assert await BegunWork(store, store, LI).all() == ()
    assert await desk_on(store, LI).complaints.begun(FORM) is None
    (draft,) = await BegunWork(store, store, MEI).all()
    await BegunWork(store, store, LI).discard(draft)
    assert await BegunWork(store, store, MEI).all() == (draft,)
    await BegunWork(store, store, MEI).discard(draft)
    assert await BegunWork(store, store, MEI).all() == ()


async def test_a_form_finds_what_was_begun_of_it_before_what_was_begun_about_the_same() -> None:
    store = FakeStore()
    complaints = desk_on(store, MEI).complaints
    older, other = replace(FORM, id="older"), replace(FORM, id="other", customer_id="C2")
    for form in (older, FORM, other):
        await complaints.keep(BegunComplaint(form))
    found = [await complaints.begun(form) for form in (FORM, replace(FORM, id="new"), replace(FORM, customer_id="C3"))]
    assert found == [BegunComplaint(FORM), BegunComplaint(older), None]


async def test_a_form_of_a_draft_about_nobodys_account_is_bound_by_the_desks_own_country() -> None:
    complaints = desk_on(FakeStore(), CLERK).complaints
    form = complaints.form_of(draft_of(BegunComplaint(replace(FORM, customer_id="")), CLERK.id))
    assert (form.id, form.country, form.limit is not None) == ("form-1", "CN", True)
