"""Taking a complaint by keys alone."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from app.complaints import commands
from app.core.certainty import Certainty
from app.core.errors import StorageFullError
from app.core.permissions import Clerk
from app.rules.deadlines import Severity
from app.sync.reasons import LOST_WITH_THE_BACKUP
from tests.fakes.people import FIBRE, LI, MOBILE, NAMELESS, OUTAGE, TICKET
from tests.ui.bench import DOWN, ENTER, TAB, Bench, focused, heard, speak, type_keys
from ui.complaints.page import ComplaintPage

pytestmark = [
    pytest.mark.usefixtures("qapp"),
    pytest.mark.qt_log_ignore("does not support propagateSizeHints"),
]


async def test_an_outage_that_hits_the_chosen_service_is_linked_by_one_enter() -> None:
    bench = Bench()
    async with bench.showing(await bench.complaint_page(LI, FIBRE)) as page:
        assert focused(page) is page.matches
        assert page.primary.accessibleName() == f"Link to outage {OUTAGE}"
        type_keys(page, ENTER)
        await page.tasks.idle()
        (act,) = bench.store.acts.values()
        assert (act.command.kind, act.command.entity_id) == (commands.LINK_OUTAGE, OUTAGE)
        assert page.outcome.saved.text() == f"Saved here: linked to outage {OUTAGE}."
        (linked,) = [row for row in page.matches.rows if row.key == OUTAGE]
        assert "counted in" in linked.said


async def test_the_outage_is_the_first_answer_without_choosing_the_service_it_hits() -> None:
    bench = Bench()
    async with bench.showing(await bench.complaint_page(LI)) as page:
        assert focused(page) is page.matches
        assert page.view_model.state.form.service_id == FIBRE
        type_keys(page, ENTER)
        await page.tasks.idle()
        assert [act.command.kind for act in bench.store.acts.values()] == [commands.LINK_OUTAGE]


async def test_a_digit_chooses_a_row_and_enter_takes_it() -> None:
    bench = Bench()
    async with bench.showing(await bench.complaint_page(LI, FIBRE)) as page:
        type_keys(page, "2")
        assert page.primary.accessibleName() == f"Add to ticket {TICKET}"
        assert not bench.store.acts
        type_keys(page, ENTER)
        await page.tasks.idle()
        (act,) = bench.store.acts.values()
        assert (act.command.kind, act.command.entity_id) == (commands.ADD_CONTACT, TICKET)


async def test_no_row_is_chosen_where_the_match_is_not_certain() -> None:
    bench = Bench()
    async with bench.showing(await bench.complaint_page(LI, MOBILE)) as page:
        assert focused(page) is page.category.field
        assert len(page.matches.rows) > 1
        assert page.view_model.state.chosen is None
        assert page.primary.accessibleName() == "Next: choose what it is about"


async def test_category_text_and_the_primary_key_file_a_complaint_without_a_pause() -> None:
    bench = Bench()
    async with bench.showing(await bench.complaint_page(NAMELESS)) as page:
        assert focused(page) is page.category.field
        type_keys(page, "wsm", ENTER, "slow since Monday")
        page.press("primary")
        await page.tasks.idle()
        (act,) = bench.store.acts.values()
        assert act.command.body["ticketType"] == "complaint/slow-internet"
        assert act.command.body["description"] == "slow since Monday"
        assert act.command.body["relatedEntity"][0]["id"] == "S-dsl"


async def test_letters_typed_on_the_rows_above_reach_the_category() -> None:
    bench = Bench()
    async with bench.showing(await bench.complaint_page(LI, FIBRE)) as page:
        type_keys(page, "dsgz", ENTER, "snow on every channel")
        assert page.primary.accessibleName() == "Save complaint"
        page.press("primary")
        await page.tasks.idle()
        assert [act.command.kind for act in bench.store.acts.values()] == [commands.FILE]


async def test_the_primary_key_goes_to_what_is_missing_and_says_so() -> None:
    bench = Bench()
    async with bench.showing(await bench.complaint_page(NAMELESS)) as page:
        page.description.setFocus()
        page.press("primary")
        assert focused(page) is page.category.field
        type_keys(page, "other", ENTER)
        assert page.primary.accessibleName() == "Next: describe what happened"
        page.category.setFocus()
        page.press("primary")
        assert focused(page) is page.description


async def test_a_held_key_and_a_double_click_file_once() -> None:
    bench = Bench()
    bench.gate.shut("record")
    async with bench.showing(await bench.complaint_page(NAMELESS)) as page:
        type_keys(page, "wfw", ENTER, "dead")
        for _ in range(5):
            page.press("primary")
            page.primary.click()
        bench.gate.open("record")
        await page.tasks.idle()
        page.press("primary")
        await page.tasks.idle()
        assert bench.gate.passed["record"] == 1


async def test_saved_is_said_only_once_it_is_durable() -> None:
    bench = Bench()
    bench.gate.shut("record")
    async with bench.showing(await bench.complaint_page(NAMELESS)) as page:
        type_keys(page, "wfw", ENTER, "dead")
        page.press("primary")
        assert page.outcome.saved.text() == ""
        assert page.primary.accessibleName() == "Saving…"
        bench.gate.open("record")
        await page.tasks.idle()
        assert page.outcome.saved.text() == "Saved here."
        assert page.primary.isHidden()


async def test_the_form_is_followed_from_waiting_to_the_number_head_office_gave() -> None:
    bench = Bench()
    async with bench.showing(await bench.complaint_page(NAMELESS)) as page:
        type_keys(page, "wfw", ENTER, "dead")
        page.press("primary")
        await page.tasks.idle()
        assert page.outcome.badge.accessibleName() == "waiting"
        form_id = page.view_model.state.form.id
        bench.store.become(form_id, Certainty.SENDING)
        await page.tasks.idle()
        assert page.outcome.badge.accessibleName() == "sending"
        bench.store.become(form_id, Certainty.CONFIRMED, ticket_id="T-9001")
        await page.tasks.idle()
        assert page.outcome.badge.accessibleName() == "confirmed"
        assert page.outcome.fate.text() == "Head office has it as ticket T-9001."


async def test_a_refusal_by_head_office_shows_its_reason() -> None:
    bench = Bench()
    async with bench.showing(await bench.complaint_page(NAMELESS)) as page:
        type_keys(page, "wfw", ENTER, "dead")
        page.press("primary")
        await page.tasks.idle()
        bench.store.become(page.view_model.state.form.id, Certainty.REFUSED, reason="Service is closed.")
        await page.tasks.idle()
        assert page.outcome.badge.accessibleName() == "refused"
        assert "Service is closed." in page.outcome.fate.text()


async def test_what_head_office_lost_was_not_refused() -> None:
    bench = Bench()
    async with bench.showing(await bench.complaint_page(NAMELESS)) as page:
        type_keys(page, "wfw", ENTER, "dead")
        page.press("primary")
        await page.tasks.idle()
        bench.store.become(page.view_model.state.form.id, Certainty.REFUSED, reason=LOST_WITH_THE_BACKUP)
        await page.tasks.idle()
        assert page.outcome.fate.text() == f"{LOST_WITH_THE_BACKUP} Ctrl+J."


async def test_a_linked_outage_is_followed_until_head_office_has_it() -> None:
    bench = Bench()
    async with bench.showing(await bench.complaint_page(LI, FIBRE)) as page:
        type_keys(page, ENTER)
        await page.tasks.idle()
        assert page.outcome.badge.accessibleName() == "waiting"
        bench.store.become(page.view_model.state.form.id, Certainty.CONFIRMED)
        await page.tasks.idle()
        assert page.outcome.fate.text() == "Head office has it."


async def test_a_full_disk_keeps_the_form_and_says_so_in_the_notice_line() -> None:
    bench = Bench()
    async with bench.showing(await bench.complaint_page(NAMELESS)) as page:
        said = heard(page.said)
        bench.gate.fail("record", StorageFullError())
        type_keys(page, "wfw", ENTER, "dead")
        page.press("primary")
        await page.tasks.idle()
        assert said[-1] == str(StorageFullError())
        assert (page.description.toPlainText(), page.outcome.saved.text()) == ("dead", "")
        bench.gate.mend("record")
        page.press("primary")
        await page.tasks.idle()
        assert page.outcome.saved.text() == "Saved here."


async def test_a_description_that_is_too_long_is_said_under_it_and_gets_the_cursor() -> None:
    bench = Bench()
    async with bench.showing(await bench.complaint_page(NAMELESS)) as page:
        type_keys(page, "wfw", ENTER)
        page.description.setPlainText("x" * 4001)
        page.category.setFocus()
        page.press("primary")
        await page.tasks.idle()
        assert focused(page) is page.description
        assert page.description.accessibleDescription().startswith("The description has 4001 characters")
        assert not bench.store.acts


async def test_f12_pressed_while_it_is_being_saved_finishes_once_it_is_saved() -> None:
    bench = Bench()
    bench.gate.shut("record")
    async with bench.showing(await bench.complaint_page(NAMELESS)) as page:
        closed = heard(page.closing)
        type_keys(page, "wfw", ENTER, "dead")
        page.press("primary")
        assert page.press("finish")
        assert not closed
        bench.gate.open("record")
        await page.tasks.idle()
        assert len(closed) == 1


async def test_f12_never_leaves_something_unsaved() -> None:
    bench = Bench()
    async with bench.showing(await bench.complaint_page(NAMELESS)) as page:
        closed, said = heard(page.closing), heard(page.said)
        type_keys(page, "wfw", ENTER, "dead")
        page.press("finish")
        assert not closed
        assert str(said[-1]).startswith("This is not saved yet.")
        assert page.description.toPlainText() == "dead"


async def test_f12_leaves_an_empty_form() -> None:
    bench = Bench()
    async with bench.showing(await bench.complaint_page(NAMELESS)) as page:
        closed = heard(page.closing)
        page.press("finish")
        assert len(closed) == 1


async def test_f12_waits_for_a_save_that_fails_and_then_stays() -> None:
    bench = Bench()
    bench.gate.shut("record")
    bench.gate.fail("record", StorageFullError())
    async with bench.showing(await bench.complaint_page(NAMELESS)) as page:
        closed = heard(page.closing)
        type_keys(page, "wfw", ENTER, "dead")
        page.press("primary")
        page.press("finish")
        bench.gate.open("record")
        await page.tasks.idle()
        assert not closed


async def test_news_while_the_clerk_writes_moves_neither_cursor_nor_text() -> None:
    bench = Bench()
    async with bench.showing(await bench.complaint_page(NAMELESS)) as page:
        type_keys(page, "wfw", ENTER, "dead since")
        before = page.description.textCursor().position()
        for _ in range(50):
            bench.store.changes.publish({"troubleTicket", "service"})
        await page.tasks.idle()
        assert focused(page) is page.description
        assert (page.description.toPlainText(), page.description.textCursor().position()) == ("dead since", before)


async def test_nothing_can_be_changed_after_saving() -> None:
    bench = Bench()
    async with bench.showing(await bench.complaint_page(NAMELESS)) as page:
        type_keys(page, "wfw", ENTER, "dead")
        page.press("primary")
        await page.tasks.idle()
        assert focused(page) is page.description
        type_keys(page, "and more")
        page.details.severity.setFocus()
        type_keys(page, "1")
        assert page.description.toPlainText() == "dead"
        assert page.view_model.state.form.effective_severity is Severity.MAJOR
        assert page.details.severity.current_key == Severity.MAJOR


async def test_severity_and_channel_are_prefilled_and_can_be_overruled() -> None:
    bench = Bench()
    async with bench.showing(await bench.complaint_page(NAMELESS)) as page:
        type_keys(page, "wfw", ENTER, "dead")
        assert page.details.severity.current_key == Severity.MAJOR
        page.press("panel-2")
        type_keys(page, "1")
        page.press("panel-3")
        type_keys(page, DOWN)
        page.press("primary")
        await page.tasks.idle()
        (act,) = bench.store.acts.values()
        assert (act.command.body["severity"], act.command.body["channel"]["id"]) == ("critical", "phone")


async def test_a_complaint_without_account_asks_where_to_call_back() -> None:
    bench = Bench()
    async with bench.showing(await bench.complaint_page()) as page:
        type_keys(page, "other", ENTER, "noise from the mast", TAB, "neighbour, 0571 1234")
        page.press("primary")
        await page.tasks.idle()
        (act,) = bench.store.acts.values()
        assert act.command.body["note"][0]["text"] == "neighbour, 0571 1234"
        assert "relatedParty" not in act.command.body


async def test_a_text_on_top_of_a_chosen_ticket_becomes_its_note() -> None:
    bench = Bench()
    async with bench.showing(await bench.complaint_page(LI, FIBRE)) as page:
        type_keys(page, "2")
        page.description.setFocus()
        type_keys(page, "still slow")
        page.press("primary")
        await page.tasks.idle()
        (act,) = bench.store.acts.values()
        assert act.command.kind == commands.ADD_CONTACT
        assert act.command.body[0]["value"]["text"] == "still slow"


async def test_a_text_is_never_lost_to_an_outage_that_was_chosen_before() -> None:
    bench = Bench()
    async with bench.showing(await bench.complaint_page(LI, FIBRE)) as page:
        page.description.setFocus()
        type_keys(page, "the bill is wrong too")
        assert page.primary.accessibleName() == "Next: choose what it is about"


async def test_changing_the_category_again_does_not_save_the_old_one() -> None:
    bench = Bench()
    async with bench.showing(await bench.complaint_page(NAMELESS)) as page:
        type_keys(page, "wfw", ENTER, "dead")
        page.category.setFocus()
        type_keys(page, "zdyw")
        page.press("primary")
        await page.tasks.idle()
        (act,) = bench.store.acts.values()
        assert act.command.body["ticketType"] == "complaint/wrong-bill"


async def test_another_service_can_be_chosen_again() -> None:
    bench = Bench()
    async with bench.showing(await bench.complaint_page(LI, FIBRE)) as page:
        page.press("panel-1")
        assert focused(page) is page.services
        type_keys(page, "1", ENTER)
        assert page.view_model.state.form.service_id == MOBILE
        assert focused(page) is page.category.field


@pytest.mark.parametrize(("customer", "service"), [(NAMELESS, ""), (LI, ""), (LI, FIBRE), (LI, MOBILE)])
async def test_who_may_not_file_is_told_before_typing(customer: str, service: str) -> None:
    bench = Bench(Clerk("v", "V", "viewer", has_pin=True))
    page = await bench.complaint_page(customer, service)
    said = heard(page.said)
    async with bench.showing(page):
        assert not page.primary.isEnabled()
        assert said[-1] == "Your role may not do this. Ask a supervisor."
        assert page.description.isReadOnly()
        type_keys(page, ENTER)
        said.clear()
        page.press("primary")
        assert said == ["Your role may not do this. Ask a supervisor."]
        assert not page.category.chosen
        assert not bench.store.acts


async def test_a_refused_complaint_opens_with_all_it_held_and_replaces_it() -> None:
    bench = Bench()
    first = bench.desk.complaints.new_form(NAMELESS)
    async with bench.showing(await bench.complaint_page(NAMELESS)) as page:
        type_keys(page, "wfw", ENTER, "dead")
        page.press("primary")
        await page.tasks.idle()
        first = page.view_model.state.form
    bench.store.become(first.id, Certainty.REFUSED, reason="No.")
    form = bench.desk.complaints.mended_form(bench.store.acts[first.id].command)
    mended = ComplaintPage(bench.desk, bench.workstation, bench.on_bug, None, form, clock=bench.clock)
    async with bench.showing(mended):
        assert focused(mended) is mended.description
        assert not mended.matches.rows
        type_keys(mended, " as a stone")
        mended.press("primary")
        await mended.tasks.idle()
        act = bench.store.acts[form.id]
        assert (act.command.replaces, act.command.body["ticketType"]) == (first.id, "complaint/no-service")


async def test_the_language_changes_under_an_open_form_and_keeps_it(qapp: QApplication) -> None:
    bench = Bench()
    async with bench.showing(await bench.complaint_page(NAMELESS)) as page:
        type_keys(page, "wfw", ENTER, "dead")
        try:
            speak(qapp, "zh_CN", "dark")
            assert page.category.field.text() == "无服务"
            assert page.description.toPlainText() == "dead"
            assert focused(page) is page.description
        finally:
            speak(qapp, "en", "light")
        assert page.category.field.text() == "No service"
