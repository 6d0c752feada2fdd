"""C10: a complaint, with the line and without it, through kills and lost answers. Always exactly one ticket."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.core.clock import SystemClock, from_wire
from tests.fakes.line import Line
from tests.stories.counter import Counter, counter, start_at
from tests.stories.real_office import ROOT, Office
from ui.complaints.page import ComplaintPage

pytestmark = pytest.mark.story

WHO = "陈静"
WORDS = "No signal since the morning"
NO_SERVICE = "no s⏎"
BEGUN = "Kept waiting for an hour"


async def open_form(desk: Counter, who: str = WHO) -> None:
    """Find the customer and open a complaint."""
    desk.keys.type(f"{who}⏎")
    desk.keys.press("F7")
    await desk.until(
        lambda: isinstance(desk.page, ComplaintPage) and desk.window.focusWidget() is not None, "for the form"
    )
    await desk.sees("What happened")


async def fill_in(desk: Counter, who: str = WHO) -> None:
    """Everything up to the primary key."""
    await open_form(desk, who)
    desk.keys.type(f"{NO_SERVICE}{WORDS}")


def tickets_made(office: Office) -> list[dict[str, object]]:
    """The tickets of this story, as the back office itself holds them."""
    return [ticket for ticket in office.tickets(ticketType="complaint/no-service") if ticket["description"] == WORDS]


def assert_one_ticket(office: Office, *, not_before: float = 300.0) -> dict[str, object]:
    """Exactly one ticket says so, received when the clerk opened the form and not when it was sent."""
    found = tickets_made(office)
    assert len(found) == 1
    received = from_wire(str(found[0]["creationDate"]))
    assert timedelta() <= SystemClock().now() - received < timedelta(seconds=not_before)
    return found[0]


async def test_a_complaint_reaches_head_office_once(
    qtbot: QtBot, qapp: QApplication, office: Office, line: Line, tmp_path: Path
) -> None:
    async with counter(qapp, start_at(tmp_path / "desk", line.url)) as desk:
        await desk.sign_in()
        await fill_in(desk)
        desk.keys.press("Ctrl+Return")
        await desk.sees("confirmed")
        ticket = assert_one_ticket(office)
        assert str(ticket["id"]) in desk.words()


async def test_a_complaint_taken_without_the_line_is_sent_when_it_is_back(
    qtbot: QtBot, qapp: QApplication, office: Office, line: Line, tmp_path: Path
) -> None:
    async with counter(qapp, start_at(tmp_path / "desk", line.url)) as desk:
        await desk.sign_in()
        line.cut()
        await desk.sees("Line cut since")
        await fill_in(desk)
        desk.keys.press("Ctrl+Return")
        await desk.sees("Saved", "waiting", "1 waiting")
        assert not tickets_made(office)
        line.mend()
        await desk.sees("confirmed", "Online")
        assert_one_ticket(office)


async def test_a_kill_costs_neither_a_saved_complaint_nor_one_that_was_begun(
    qtbot: QtBot, qapp: QApplication, office: Office, line: Line, tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "tests.stories.desk_to_kill", str(tmp_path / "desk"), line.url, WHO]
    with subprocess.Popen(  # noqa: ASYNC220 - nothing else runs meanwhile
        [*command, NO_SERVICE + WORDS, f"staff⏎{BEGUN}"],
        cwd=ROOT, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True,
    ) as child:  # fmt: skip
        assert child.stdin is not None
        assert child.stdout is not None
        assert child.stdout.readline() == "form\n"
        line.cut()
        child.stdin.write("save\n")
        child.stdin.flush()
        assert [child.stdout.readline(), child.stdout.readline()] == ["saved\n", "kept\n"]
        child.kill()
    line.mend()
    async with counter(qapp, start_at(tmp_path / "desk", line.url)) as desk:
        await desk.sign_in()
        await desk.until(lambda: bool(tickets_made(office)), "for the ticket")
        assert_one_ticket(office)
        await desk.sees(f"Unfinished complaint for {WHO}")
        (draft,) = await desk.shell.routes.desk.begun.all()
        desk.keys.press("F6")
        desk.keys.type("⏎")
        await desk.sees("Taken up again", BEGUN)
        desk.keys.press("Ctrl+Return")
        await desk.sees("confirmed")
        (ticket,) = office.tickets(ticketType="complaint/staff", externalId=draft.id)
        assert ticket["description"] == BEGUN
        desk.keys.press("F12")
        await desk.until(lambda: "Unfinished complaint" not in desk.words(), "for Home")


# Each kind of broken answer meets the sync engine in tests/contract; here the window has to live with one.
@pytest.mark.parametrize(
    "fault", ["drop-answer", *(pytest.param(one, marks=pytest.mark.whole) for one in ("cut", "html", "drop-request"))]
)
async def test_a_lost_answer_is_asked_for_and_never_sent_twice(
    qtbot: QtBot, qapp: QApplication, office: Office, line: Line, tmp_path: Path, fault: str
) -> None:
    async with counter(qapp, start_at(tmp_path / "desk", line.url)) as desk:
        await desk.sign_in()
        office.misbehave(fault, path="troubleTicket")
        await fill_in(desk)
        desk.keys.press("Ctrl+Return")
        await desk.sees("confirmed")
        assert_one_ticket(office)


@pytest.mark.whole  # so has this
async def test_a_form_submitted_twice_files_once(
    qtbot: QtBot, qapp: QApplication, office: Office, line: Line, tmp_path: Path
) -> None:
    async with counter(qapp, start_at(tmp_path / "desk", line.url)) as desk:
        await desk.sign_in()
        await fill_in(desk)
        assert isinstance(desk.page, ComplaintPage)
        desk.keys.press("Ctrl+Return", "Ctrl+Return")
        QTest.mouseClick(desk.page.primary, Qt.MouseButton.LeftButton)
        QTest.mouseDClick(desk.page.primary, Qt.MouseButton.LeftButton)
        await desk.sees("confirmed")
        desk.keys.press("Ctrl+Return")
        await desk.until(lambda: desk.workstation.status.waiting == 0, "for the outbox")
        assert_one_ticket(office)


@pytest.mark.whole  # the form has its test on a stand-in
async def test_a_held_ctrl_enter_files_once(
    qtbot: QtBot, qapp: QApplication, office: Office, line: Line, tmp_path: Path
) -> None:
    async with counter(qapp, start_at(tmp_path / "desk", line.url)) as desk:
        await desk.sign_in()
        await fill_in(desk)
        desk.keys.press("Ctrl+Return", repeats=30)
        await desk.sees("confirmed")
        desk.keys.press("Ctrl+Return", repeats=30)
        await desk.until(lambda: desk.workstation.status.waiting == 0, "for the outbox")
        assert_one_ticket(office)


async def test_a_script_typed_without_any_delay_lands_in_the_right_fields(
    qtbot: QtBot, qapp: QApplication, office: Office, line: Line, tmp_path: Path
) -> None:
    async with counter(qapp, start_at(tmp_path / "desk", line.url)) as desk:
        await desk.sign_in()
        desk.keys.type(f"{WHO}⏎")
        desk.keys.press("F7")
        desk.keys.type(f"{NO_SERVICE}{WORDS}")
        desk.keys.press("Ctrl+Return", "F12")
        await desk.until(lambda: bool(tickets_made(office)), "for the ticket")
        ticket = assert_one_ticket(office)
        assert ticket["ticketType"] == "complaint/no-service"
        await desk.until(lambda: desk.focus is desk.window.box, "for the box")


async def test_a_refused_complaint_is_mended_and_sent_again(
    qtbot: QtBot, qapp: QApplication, office: Office, line: Line, tmp_path: Path
) -> None:
    async with counter(qapp, start_at(tmp_path / "desk", line.url)) as desk:
        await desk.sign_in()
        office.misbehave("reject", path="troubleTicket")
        await fill_in(desk)
        desk.keys.press("Ctrl+Return")
        await desk.sees("refused", "Refused for a test")
        desk.keys.press("Ctrl+J")
        await desk.sees("What now?")
        desk.keys.press("Ctrl+Return", "Ctrl+Return")
        await desk.until(lambda: isinstance(desk.page, ComplaintPage), "for the form")
        await desk.sees("Mend and send the complaint again")
        desk.keys.press("Ctrl+Return")
        await desk.sees("confirmed")
        assert_one_ticket(office)
        await desk.until(lambda: desk.workstation.status.needs_you == 0, "for the old one to rest")


async def test_a_known_outage_makes_no_second_ticket(
    qtbot: QtBot, qapp: QApplication, office: Office, line: Line, tmp_path: Path
) -> None:
    async with counter(qapp, start_at(tmp_path / "desk", line.url)) as desk:
        await desk.sign_in()
        before = len(office.tickets())
        desk.keys.type("C-100002⏎")
        await desk.sees("P-1042")
        desk.keys.press("F7")
        await desk.until(lambda: isinstance(desk.page, ComplaintPage), "for the form")
        await desk.sees("Link to outage P-1042")
        desk.keys.press("Return")
        path = "serviceProblemManagement/v4/serviceProblem/P-1042"

        def is_linked() -> bool:
            return any(one["id"] == "C-100002" for one in office.get(path).get("relatedParty", []))

        await desk.until(is_linked, "for the link", desk.words)
        assert len(office.tickets()) == before


async def test_a_customer_counted_in_without_the_line_is_so_at_the_next_visit_and_counted_once(
    qtbot: QtBot, qapp: QApplication, office: Office, line: Line, tmp_path: Path
) -> None:
    async with counter(qapp, start_at(tmp_path / "desk", line.url)) as desk:
        await desk.sign_in()
        line.cut()
        await desk.sees("Line cut since")
        desk.keys.type("C-100002⏎")
        desk.keys.press("F7")
        desk.keys.type("⏎")
        await desk.sees("Saved here: linked to outage P-1042.")
        desk.keys.press("F12")
        await desk.until(lambda: desk.focus is desk.window.box, "for the box")
        desk.keys.type("C-100002⏎")
        await desk.sees("Counted in", " · since ")
        assert "told when it ends" not in desk.words()
        desk.keys.press("F7")
        await desk.sees("Already counted in since", "Next: choose what it is about")
        line.mend()
        await desk.until(lambda: desk.workstation.status.waiting == 0, "for the outbox")
        desk.keys.press("Esc")
        await desk.sees("Counted in", "told when it ends")
        parties = office.get("serviceProblemManagement/v4/serviceProblem/P-1042")["relatedParty"]
        assert [one["id"] for one in parties].count("C-100002") == 1


@pytest.mark.whole  # the form has its test on a stand-in
async def test_a_second_contact_is_added_to_the_open_ticket(
    qtbot: QtBot, qapp: QApplication, office: Office, line: Line, tmp_path: Path
) -> None:
    async with counter(qapp, start_at(tmp_path / "desk", line.url)) as desk:
        await desk.sign_in()
        before = len(office.tickets())
        await fill_in(desk)
        desk.keys.press("Ctrl+Return")
        await desk.sees("confirmed")
        ticket = assert_one_ticket(office)
        desk.keys.press("F12")
        await desk.until(lambda: desk.focus is desk.window.box, "for the box")
        await open_form(desk)
        await desk.sees(str(ticket["id"]))
        desk.keys.press("Shift+Tab")
        desk.keys.type("1")
        await desk.sees("Add to ticket")
        desk.keys.press("Ctrl+Return")
        path = f"troubleTicket/v4/troubleTicket/{ticket['id']}"
        await desk.until(lambda: bool(office.get(path).get("note")), "for the note", desk.words)
        assert len(office.tickets()) == before + 1
