"""The customer page: what it shows, and that nothing moves while it is looked at."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtWidgets import QApplication

from app.core.certainty import Certainty
from app.core.errors import StorageError
from app.core.money import Money
from app.customers.model import Account
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
