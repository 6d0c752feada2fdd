"""The customer page: what it shows, and that nothing moves while it is looked at."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtWidgets import QApplication

from app.core.certainty import Certainty
from app.core.changes import NEW_COPY
from app.core.errors import BackOfficeUnreachableError, StorageError
from app.core.money import Money
from app.customers.model import Account, FarCustomer
from app.sync.errors import MakingCopyError
from tests.fakes.people import FIBRE, FIRM, LI, MOBILE, NAMELESS, OUTAGE, TICKET
from tests.ui.bench import DOWN, Bench, focused, heard, speak, type_keys
from ui.customer.page import ACCOUNTS, OVERVIEW, SERVICES, TERMS, TICKETS, CustomerPage
from ui.customer.state import CustomerContext
from ui.widgets.labels import PlainLabel
from ui.widgets.row_list import RowList
from ui.widgets.rows import Row

pytestmark = [
    pytest.mark.usefixtures("qapp"),
    pytest.mark.qt_log_ignore("does not support propagateSizeHints"),
]


def spoken(rows: RowList) -> str:
    """Every row of a list in words."""
    return "\n".join(row.said for row in rows.rows)


def facts_in_view(page: CustomerPage) -> int:
    """Count what can be read without scrolling: values of the overview and cells of rows that are wholly in view."""
    values = page.facts.accessibleDescription().split("; ")
    lists = (page.services, page.terms, page.accounts, page.tickets)
    cells = [cell for one in lists for row in rows_in_view(one) for cell in row.cells if cell.text]
    return len(values) + len(cells)


def rows_in_view(rows: RowList) -> list[Row]:
    """The rows of a list that need no scrolling."""
    model, area = rows.model(), rows.viewport().rect()
    places = range(model.rowCount())
    return [rows.rows[place] for place in places if area.contains(rows.visualRect(model.index(place, 0)))]


async def test_identity_contacts_services_terms_accounts_and_tickets_are_all_there() -> None:
    bench = Bench()
    async with bench.showing(bench.customer_page(LI)) as page:
        overview = page.facts.accessibleDescription()
        for fact in ("李示例", LI, "Gold", "138 0013 8000", "li.shili@example.com", "330100198806020000", "2 Jun 1988"):
            assert fact in overview
        assert "internet, 057188001234, Fibre 300M" in spoken(page.services)
        assert "5G 129, 129.00 CNY" in spoken(page.terms)
        assert "128.50 CNY" in spoken(page.accounts)
        assert f"confirmed, {TICKET}, Slow internet · 2×, minor, in progress, overdue" in spoken(page.tickets)


async def test_a_full_page_shows_24_facts_and_6_services_without_scrolling() -> None:
    bench = Bench()
    async with bench.showing(bench.customer_page(LI)) as page:
        assert len(rows_in_view(page.services)) == 6
        assert facts_in_view(page) >= 24


async def test_what_matters_is_the_worst_three_outage_first() -> None:
    bench = Bench()
    async with bench.showing(bench.customer_page(LI)) as page:
        said = [words.text() for _icon, words in page.side.alerts.lines]
        assert said[0].startswith(f"Outage {OUTAGE} hits Fibre 300M. Back ~")
        assert said[1].startswith(f"Complaint {TICKET}, Slow internet")
        assert said[2] == "Due 128.50 CNY."


async def test_a_customer_without_a_name_is_called_by_their_number() -> None:
    bench = Bench()
    async with bench.showing(bench.customer_page(NAMELESS)) as page:
        strip = page.strip()
        assert strip is not None
        assert strip.name == NAMELESS
        assert "Name:" not in page.facts.accessibleDescription()
        assert "synthetic" in page.facts.accessibleDescription()


async def test_a_customer_who_left_is_marked_and_empty_panels_say_what_would_be_there() -> None:
    bench = Bench()
    async with bench.showing(bench.customer_page(FIRM)) as page:
        assert page.side.alerts.lines[0][1].text() == "No longer a customer: moved away."
        assert page.terms.isHidden()
        assert page.tickets.isHidden()


async def test_money_in_two_currencies_is_never_added_up() -> None:
    bench = Bench()
    firm = bench.store.customers[FIRM]
    owing = (Account("A", "", "active", Money(100, "CNY")), Account("B", "", "active", Money(200, "USD")))
    bench.store.customers[FIRM] = replace(firm, status="active", accounts=owing)
    async with bench.showing(bench.customer_page(FIRM)) as page:
        said = [words.text() for _icon, words in page.side.alerts.lines]
        assert said[:2] == ["Due 1.00 CNY.", "Due 2.00 USD."]


@pytest.mark.parametrize(("number", "panel"), [(1, OVERVIEW), (2, SERVICES), (3, ACCOUNTS), (5, TICKETS), (7, TERMS)])
async def test_alt_digit_goes_to_its_panel(number: int, panel: int) -> None:
    bench = Bench()
    async with bench.showing(bench.customer_page(LI)) as page:
        assert page.press(f"panel-{number}")
        content = page.panels[panel].content
        assert focused(page) is (content.focusProxy() or content)


async def test_a_panel_number_that_is_kept_free_does_nothing() -> None:
    bench = Bench()
    async with bench.showing(bench.customer_page(LI)) as page:
        before = focused(page)
        assert not page.press("panel-4")
        assert focused(page) is before


async def test_f7_hands_on_the_customer_and_the_service_that_was_picked() -> None:
    bench = Bench()
    async with bench.showing(bench.customer_page(LI)) as page:
        wanted = heard(page.complaint_wanted)
        page.press("complaint")
        page.press("panel-2")
        type_keys(page, DOWN)
        page.press("complaint")
        contexts = [one for one in wanted if isinstance(one, CustomerContext)]
        assert [(one.customer_id, one.service_id) for one in contexts] == [(LI, ""), (LI, FIBRE)]


async def test_changes_refresh_in_place_and_move_neither_cursor_nor_selection() -> None:
    bench = Bench()
    async with bench.showing(bench.customer_page(LI)) as page:
        page.press("panel-2")
        type_keys(page, DOWN)
        for _ in range(50):
            bench.store.changes.publish({"service"})
        await page.tasks.idle()
        assert focused(page) is page.services
        assert page.services.current_key == FIBRE
        services = bench.store.holding[LI].services
        off = tuple(replace(one, state="suspended") if one.id == MOBILE else one for one in services)
        bench.store.holding[LI] = replace(bench.store.holding[LI], services=off)
        bench.store.changes.publish({"service"})
        await page.tasks.idle()
        assert "suspended" in page.services.rows[0].said
        assert page.services.current_key == FIBRE


async def test_a_new_ticket_appears_without_being_asked_for() -> None:
    bench = Bench()
    async with bench.showing(bench.customer_page(NAMELESS)) as page:
        form = replace(bench.desk.complaints.new_form(NAMELESS), category="no-service", description="dead")
        await bench.desk.complaints.file(form)
        await page.tasks.idle()
        assert "waiting, no number yet, No service" in spoken(page.tickets)
        bench.store.become(form.id, Certainty.CONFIRMED, ticket_id="T-9001")
        await page.tasks.idle()
        assert "confirmed, T-9001, No service" in spoken(page.tickets)


async def test_an_answer_that_comes_late_never_overwrites_a_newer_one() -> None:
    bench = Bench()
    async with bench.showing(bench.customer_page(LI)) as page:
        bench.gate.shut("customer")
        page.view_model.refresh()
        bench.store.customers[LI] = replace(bench.store.customers[LI], tier="silver")
        page.view_model.refresh()
        bench.gate.open("customer")
        await page.tasks.idle()
        assert "Silver" in page.facts.accessibleDescription()


async def test_picking_a_ticket_shows_its_words() -> None:
    bench = Bench()
    async with bench.showing(bench.customer_page(LI)) as page:
        page.press("panel-5")
        type_keys(page, "2")
        assert page.side.told.toPlainText() == "Wrong bill, as told at the counter."


async def test_a_customer_who_is_not_held_here_is_said_in_words() -> None:
    bench = Bench()
    async with bench.showing(bench.customer_page("C-9")) as page:
        assert page.strip() is None
        assert not page.press("complaint")
        said = [label.text() for label in page.panels[OVERVIEW].findChildren(PlainLabel)]
        assert "This desk holds no customer C-9. Nothing was changed. Go back (Esc)." in said


async def test_a_failing_disk_keeps_what_was_shown_and_says_so() -> None:
    bench = Bench()
    async with bench.showing(bench.customer_page(LI)) as page:
        said = heard(page.said)
        bench.gate.fail("customer", StorageError())
        page.press("refresh")
        await page.tasks.idle()
        assert said[-1] == str(StorageError())
        assert "李示例" in page.facts.accessibleDescription()


async def test_f5_reads_again_and_asks_head_office_for_news() -> None:
    bench = Bench()
    async with bench.showing(bench.customer_page(LI)) as page:
        before = bench.gate.passed["customer"]
        page.press("refresh")
        await page.tasks.idle()
        assert (bench.workstation.refreshed, bench.gate.passed["customer"]) == (1, before + 1)


async def test_data_that_may_be_old_says_so_in_a_word() -> None:
    bench = Bench()
    async with bench.showing(bench.customer_page(LI)) as page:
        bench.clock.move(timedelta(hours=2))
        page.view_model.tick()
        said = [label.text() for label in page.panels[SERVICES].findChildren(PlainLabel)]
        assert "inventory · 2 h · may be old" in said


async def test_the_language_changes_under_the_page(qapp: QApplication) -> None:
    bench = Bench()
    async with bench.showing(bench.customer_page(LI)) as page:
        try:
            speak(qapp, "zh_CN", "dark")
            assert "网速慢" in spoken(page.tickets)
        finally:
            speak(qapp, "en", "light")
        assert "Slow internet" in spoken(page.tickets)


def far_bench() -> Bench:
    """A branch to which Li belongs that has Li's index row only."""
    bench = Bench()
    bench.store.at_head_office[LI] = bench.store.customers.pop(LI)
    bench.store.far_away[LI] = FarCustomer(LI, "李••••", "active", "Binjiang", ("13800138000",), ("A-1",))
    return bench


def told_in(page: CustomerPage) -> str:
    labels = page.panels[OVERVIEW].findChildren(PlainLabel)
    return " ".join(label.text() for label in labels if label.text())


async def test_who_is_not_at_this_desk_is_fetched_and_shown_like_anybody() -> None:
    bench = far_bench()
    page = bench.customer_page(LI)
    bench.gate.shut("fetch")
    await page.load()
    await asyncio.sleep(0)
    words = "Fetching 李•••• (Binjiang) from head office… Known here: 138 0013 8000, A-1. Esc goes back."
    assert words in told_in(page)
    bench.gate.open("fetch")
    async with bench.showing(page):
        assert "李示例" in page.facts.accessibleDescription()
        assert page.press("complaint")
    assert bench.gate.passed["fetch"] == 1


async def test_without_the_line_the_page_says_what_is_known_and_f5_asks_again() -> None:
    bench = far_bench()
    bench.gate.fail("fetch", BackOfficeUnreachableError())
    async with bench.showing(bench.customer_page(LI)) as page:
        assert told_in(page).endswith(
            "Head office cannot be reached. What you saved is safe and is sent when the line is back. 李•••• (Binjiang) is "
            "not at this desk. Known here: 138 0013 8000, A-1. F5 asks again, Esc goes back."
        )
        assert not page.press("complaint")
        bench.store.changes.publish({"customer"})  # news of others are no reason to ask again
        await page.tasks.idle()
        assert "F5 asks again" in told_in(page)
        bench.gate.mend("fetch")
        page.press("refresh")
        await page.tasks.idle()
        assert "李示例" in page.facts.accessibleDescription()
    assert bench.gate.passed["fetch"] == 1


async def test_who_is_shown_and_leaves_the_desk_is_fetched_anew() -> None:
    bench = far_bench()
    async with bench.showing(bench.customer_page(LI)) as page:
        del bench.store.customers[LI]
        bench.store.changes.publish({"customer"})
        await page.tasks.idle()
        assert "李示例" in page.facts.accessibleDescription()
    assert bench.gate.passed["fetch"] == 2


async def test_a_page_that_fetches_nothing_does_not_say_so_and_asks_again_after_a_new_copy() -> None:
    bench = far_bench()
    li = bench.store.at_head_office.pop(LI)
    bench.gate.fail("fetch", MakingCopyError())
    async with bench.showing(bench.customer_page(LI)) as page:
        assert "This desk is making a new copy" in told_in(page)
        assert "Fetching" not in told_in(page)
        bench.gate.mend("fetch")
        bench.store.at_head_office[LI] = li
        bench.store.changes.publish({"customer", NEW_COPY})
        await page.tasks.idle()
        assert "李示例" in page.facts.accessibleDescription()


async def test_who_went_again_before_the_page_looked_is_not_fetched_for_ever() -> None:
    bench = far_bench()
    bench.store.comes_only_to_go = True
    async with bench.showing(bench.customer_page(LI)) as page:
        assert "is not at this desk. Known here" in told_in(page)
        assert not page.view_model.state.is_fetching


async def test_of_a_company_elsewhere_three_numbers_and_accounts_are_told() -> None:
    bench = far_bench()
    bench.gate.fail("fetch", BackOfficeUnreachableError())
    phones, accounts = (tuple(f"{kind}{number}" for number in range(1_000)) for kind in ("0571-", "A-"))
    bench.store.far_away[LI] = replace(bench.store.far_away[LI], phones=phones, accounts=accounts)
    async with bench.showing(bench.customer_page(LI)) as page:
        assert "Known here: 0571-0, 0571-1, 0571-2, A-0, A-1, A-2 and 1994 more. F5" in told_in(page)


async def test_whose_page_is_opened_counts_as_looked_at_once() -> None:
    bench = Bench()
    async with bench.showing(bench.customer_page(LI)) as page:
        bench.store.changes.publish({"customer"})
        await page.tasks.idle()
    assert bench.store.looked == [LI]


async def test_whoever_goes_back_waits_for_nobody() -> None:
    bench = far_bench()
    bench.gate.shut("fetch")
    page = bench.customer_page(LI)
    await page.load()
    assert page.view_model.state.is_missing
    await page.tasks.close()  # which would wait for what does not end
    page.deleteLater()
