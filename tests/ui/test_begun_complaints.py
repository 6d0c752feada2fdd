"""A complaint that is begun outlives its page, comes back as it was left, and goes only when the clerk says so."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from app.complaints.drafts import begun_from
from app.complaints.model import ComplaintForm
from app.core.errors import StorageFullError
from app.core.permissions import Clerk
from app.rules.deadlines import Severity
from tests.fakes.people import FIBRE, LI, MOBILE, NAMELESS, TICKET
from tests.fakes.workstation import CLERK, desk_on
from tests.ui.bench import ENTER, TAB, Bench, focused, heard, type_keys
from ui.complaints.matches import MatchKind
from ui.complaints.page import ComplaintPage

pytestmark = [
    pytest.mark.usefixtures("qapp"),
    pytest.mark.qt_log_ignore("does not support propagateSizeHints"),
]


def kept(bench: Bench) -> ComplaintForm:
    """The one form that is kept."""
    (draft,) = bench.store.drafts.values()
    return begun_from(draft).form


async def kept_by_now(bench: Bench, page: ComplaintPage) -> None:
    """Let the time for keeping come."""
    bench.later.come()
    await page.tasks.idle()


async def left(bench: Bench, customer: str, service: str, *keys: str) -> ComplaintForm:
    """Type into a form and leave it as a kill does, a moment later; returns what is kept."""
    async with bench.showing(await bench.complaint_page(customer, service)) as page:
        for key in keys:
            type_keys(page, *([ENTER] if key == "⏎" else [TAB] if key == "⇥" else [key]))
        await kept_by_now(bench, page)
    return kept(bench)


async def note_left(bench: Bench) -> None:
    """Begin a note on Li's open ticket, and leave it."""
    async with bench.showing(await bench.complaint_page(LI, FIBRE)) as page:
        type_keys(page, "2")
        page.description.setFocus()
        type_keys(page, "called again")
        await kept_by_now(bench, page)


async def test_what_is_typed_is_kept_soon_and_nothing_else_is() -> None:
    bench = Bench()
    async with bench.showing(await bench.complaint_page(NAMELESS)) as page:
        page.press("panel-3")
        type_keys(page, "2")
        assert bench.later.due is None
        page.category.setFocus()
        type_keys(page, "wsm", ENTER, "slow since Mon")
        assert not bench.store.drafts
        await kept_by_now(bench, page)
        assert kept(bench) == replace(page.view_model.state.form, country="", limit=None)
        type_keys(page, "day")
        await kept_by_now(bench, page)
        assert kept(bench).description == "slow since Monday"


async def test_typing_goes_on_while_it_is_kept() -> None:
    bench = Bench()
    bench.gate.shut("keep")
    async with bench.showing(await bench.complaint_page(NAMELESS)) as page:
        type_keys(page, "wsm", ENTER, "slow")
        bench.later.come()
        type_keys(page, " since Monday")
        assert (page.description.toPlainText(), focused(page)) == ("slow since Monday", page.description)
        bench.gate.open("keep")
        await kept_by_now(bench, page)
        assert kept(bench).description == "slow since Monday"


async def test_a_page_that_is_left_is_kept_at_once() -> None:
    bench = Bench()
    async with bench.showing(await bench.complaint_page(NAMELESS)) as page:
        type_keys(page, "wsm", ENTER, "slow")
        page.hide()
        await page.tasks.idle()
        assert kept(bench).description == "slow"
        assert bench.later.due is None


async def test_a_filed_complaint_is_no_draft_any_more_whatever_was_still_to_be_kept() -> None:
    bench = Bench()
    async with bench.showing(await bench.complaint_page(NAMELESS)) as page:
        type_keys(page, "wsm", ENTER, "slow")
        await kept_by_now(bench, page)
        type_keys(page, " again")
        page.press("primary")
        await kept_by_now(bench, page)
        assert (bench.store.drafts, page.outcome.saved.text()) == ({}, "Saved here.")
        assert page.discard.act.isHidden()


async def test_what_a_full_disk_did_not_file_is_still_kept() -> None:
    bench = Bench()
    bench.gate.fail("record", StorageFullError())
    async with bench.showing(await bench.complaint_page(NAMELESS)) as page:
        type_keys(page, "wsm", ENTER, "slow")
        page.press("primary")
        await page.tasks.idle()
        await kept_by_now(bench, page)
        assert kept(bench).description == "slow"


async def test_a_disk_that_keeps_nothing_is_told_once() -> None:
    bench = Bench()
    bench.gate.fail("keep", StorageFullError())
    async with bench.showing(await bench.complaint_page(NAMELESS)) as page:
        said = heard(page.said)
        type_keys(page, "wsm", ENTER, "slow")
        await kept_by_now(bench, page)
        type_keys(page, "er")
        await kept_by_now(bench, page)
        assert said == [str(StorageFullError())]
        with pytest.raises(StorageFullError):
            await page.keep()


async def test_a_form_comes_back_as_it_was_left_and_files_the_same_act() -> None:
    bench = Bench()
    before = await left(bench, NAMELESS, "", "wsm", "⏎", "slow since")
    async with bench.showing(await bench.complaint_page(NAMELESS)) as page:
        said = page.discard.accessibleName() or page.discard.act.text()
        assert said == "Discard…"
        assert (page.category.field.text(), page.description.toPlainText()) == ("Slow internet", "slow since")
        assert focused(page) is page.description
        type_keys(page, " Monday")
        page.press("primary")
        await page.tasks.idle()
    (act,) = bench.store.acts.values()
    assert (act.command.id, act.command.body["description"]) == (before.id, "slow since Monday")


async def test_whatever_else_was_filled_in_comes_back_too() -> None:
    bench = Bench()
    async with bench.showing(await bench.complaint_page()) as page:
        type_keys(page, "other", ENTER, "noise", TAB, "neighbour")
        page.press("panel-2")
        type_keys(page, "1")
        page.press("panel-3")
        type_keys(page, "2")
        await kept_by_now(bench, page)
    (draft,) = bench.store.drafts.values()
    again = bench.form_page(None, bench.desk.complaints.form_of(draft))
    async with bench.showing(again) as page:
        form = page.view_model.state.form
        assert (form.severity, form.channel, page.callback.text()) == (Severity.CRITICAL, "phone", "neighbour")
        assert form.limit is not None


async def test_a_category_that_is_half_typed_comes_back_half_typed() -> None:
    bench = Bench()
    await left(bench, NAMELESS, "", "slo")
    async with bench.showing(await bench.complaint_page(NAMELESS)) as page:
        assert (page.category.field.text(), page.category.is_half_typed) == ("slo", True)
        page.category.setFocus()
        type_keys(page, ENTER)
        assert page.category.chosen == "slow-internet"


async def test_a_note_for_a_ticket_comes_back_as_one() -> None:
    bench = Bench()
    await note_left(bench)
    async with bench.showing(await bench.complaint_page(LI, MOBILE)) as page:
        assert page.primary.accessibleName() == f"Add to ticket {TICKET}"
        assert focused(page) is page.description
        assert page.view_model.state.form.service_id == FIBRE


async def test_a_note_for_a_ticket_that_was_closed_meanwhile_goes_to_nothing_else() -> None:
    bench = Bench()
    await note_left(bench)
    bench.store.tickets[TICKET] = replace(bench.store.tickets[TICKET], status="closed")
    async with bench.showing(await bench.complaint_page(LI, FIBRE)) as page:
        chosen = page.view_model.state.chosen
        assert chosen is not None
        assert (chosen.kind, page.description.toPlainText()) == (MatchKind.ELSE, "called again")


async def test_none_of_the_services_stays_none_of_them() -> None:
    bench = Bench()
    async with bench.showing(await bench.complaint_page(LI)) as page:
        page.press("panel-1")
        page.view_model.choose_service("")
        page.category.setFocus()
        type_keys(page, "staff", ENTER, "rude")
        await kept_by_now(bench, page)
    async with bench.showing(await bench.complaint_page(LI)) as page:
        state = page.view_model.state
        assert (state.form.service_id, state.is_service_settled, state.form.category) == ("", True, "staff")


async def test_a_form_that_the_clerk_has_emptied_is_not_kept() -> None:
    bench = Bench()
    async with bench.showing(await bench.complaint_page()) as page:
        page.description.setFocus()
        type_keys(page, "no")
        await kept_by_now(bench, page)
        assert bench.store.drafts
        page.description.clear()
        await kept_by_now(bench, page)
        assert not bench.store.drafts


@pytest.mark.parametrize("clerk", [Clerk("li", "李", "clerk"), Clerk("v", "V", "viewer")])
async def test_another_clerk_finds_an_empty_form(clerk: Clerk) -> None:
    bench = Bench()
    await left(bench, NAMELESS, "", "wsm", "⏎", "slow")
    bench.desk = desk_on(bench.store, clerk)
    async with bench.showing(await bench.complaint_page(NAMELESS)) as page:
        assert page.description.toPlainText() == ""
        assert page.discard.act.isHidden()
    assert kept(bench).description == "slow"


async def test_discarding_asks_first_and_no_is_the_answer_at_hand() -> None:
    bench = Bench()
    async with bench.showing(await bench.complaint_page(NAMELESS)) as page:
        assert page.discard.act.isHidden()
        type_keys(page, "wsm", ENTER, "slow")
        await kept_by_now(bench, page)
        page.discard.act.setFocus()
        type_keys(page, ENTER)
        assert focused(page) is page.discard.no
        assert (page.discard.no.text(), page.discard.yes.text()) == ("Keep it", "Discard it")
        type_keys(page, ENTER)
        assert focused(page) is page.discard.act
        type_keys(page, ENTER)
        assert page.press("back")
        assert not page.discard.is_asking
        assert not page.press("back")
        assert kept(bench).description == "slow"


async def test_a_discarded_form_is_empty_and_a_new_one() -> None:
    bench = Bench()
    before = await left(bench, NAMELESS, "", "wsm", "⏎", "slow")
    async with bench.showing(await bench.complaint_page(NAMELESS)) as page:
        page.discard.act.setFocus()
        type_keys(page, ENTER, TAB, ENTER)
        await page.tasks.idle()
        assert not bench.store.drafts
        assert (page.category.field.text(), page.description.toPlainText()) == ("", "")
        assert focused(page) is page.category.field
        assert not page.is_unfinished
        type_keys(page, "wfw", ENTER, "dead")
        page.press("primary")
        await page.tasks.idle()
    (act,) = bench.store.acts.values()
    assert act.command.id != before.id
    assert act.command.body["relatedParty"][0]["id"] == NAMELESS


async def test_what_cannot_be_discarded_stays_and_that_is_told() -> None:
    bench = Bench()
    await left(bench, NAMELESS, "", "wsm", "⏎", "slow")
    async with bench.showing(await bench.complaint_page(NAMELESS)) as page:
        said = heard(page.said)
        bench.gate.fail("discard", StorageFullError())
        page.discard.act.setFocus()
        type_keys(page, ENTER, TAB, ENTER)
        await page.tasks.idle()
        assert (said, page.description.toPlainText()) == ([str(StorageFullError())], "slow")


async def test_a_mended_complaint_that_was_left_is_mended_on_and_still_replaces_the_refused_one() -> None:
    bench = Bench()
    await left(bench, NAMELESS, "", "wsm", "⏎", "slow")
    async with bench.showing(await bench.complaint_page(NAMELESS)) as page:
        page.press("primary")
        await page.tasks.idle()
    (refused,) = bench.store.acts.values()
    first = bench.desk.complaints.mended_form(refused.command)
    async with bench.showing(bench.form_page(None, first)) as page:
        assert bench.later.due is None
        type_keys(page, " as a snail")
        await kept_by_now(bench, page)
    again = bench.desk.complaints.mended_form(refused.command)
    async with bench.showing(bench.form_page(None, again)) as page:
        form = page.view_model.state.form
        assert (form.id, form.replaces, form.description) == (first.id, refused.command.id, "slow as a snail")
    async with bench.showing(await bench.complaint_page(NAMELESS)) as page:
        assert page.description.toPlainText() == ""


async def test_who_is_signed_in_is_the_author() -> None:
    bench = Bench()
    await left(bench, NAMELESS, "", "wsm")
    assert [one.author for one in bench.store.drafts.values()] == [CLERK.id]


@pytest.mark.parametrize("then", ["a key", "Enter again", "F12"])
async def test_what_is_discarded_for_ever_does_not_come_back_whatever_is_pressed_meanwhile(then: str) -> None:
    bench = Bench()
    async with bench.showing(await bench.complaint_page(NAMELESS)) as page:
        type_keys(page, "wsm", ENTER, "slow")
        bench.later.come()
        await page.tasks.idle()
        closed = heard(page.closing)
        bench.gate.shut("discard")
        page.discard.ask()
        type_keys(page, TAB, ENTER)
        await asyncio.sleep(0)
        if then == "a key":
            page.description.setFocus()
            type_keys(page, "x")
        elif then == "Enter again":
            type_keys(page, ENTER)
        else:
            page.press("finish")
        bench.gate.open("discard")
        await page.tasks.idle()
        bench.later.come()
        await page.tasks.idle()
        assert (bench.store.drafts, page.description.toPlainText()) == ({}, "")
        assert len(closed) == (then == "F12")


async def test_what_cannot_be_discarded_is_still_there() -> None:
    bench = Bench()
    bench.gate.fail("discard", StorageFullError())
    async with bench.showing(await bench.complaint_page(NAMELESS)) as page:
        said = heard(page.said)
        type_keys(page, "wsm", ENTER, "slow")
        page.discard.ask()
        type_keys(page, TAB, ENTER)
        await page.tasks.idle()
        page.description.setFocus()
        type_keys(page, "er")
        assert (page.description.toPlainText(), said) == ("slower", [str(StorageFullError())])
