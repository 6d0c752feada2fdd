"""A clerk at the counter of a back office that knows nothing of desks: no act is lost, and none happens twice unseen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.fakes.line import Line
from tests.stories.counter import Counter, counter, start_at
from tests.stories.real_office import ForeignOffice
from tests.stories.test_complaint import fill_in, tickets_made

pytestmark = pytest.mark.story


@pytest.fixture
def foreign(operator_database: Path, tmp_path: Path) -> Iterator[ForeignOffice]:
    """The operator's data at somebody else's TM Forum server."""
    running = ForeignOffice.with_copy_of(operator_database, tmp_path)
    yield running
    running.close()


@pytest.fixture
def line(foreign: ForeignOffice) -> Iterator[Line]:
    """The line between desk and back office."""
    relay = Line(foreign.port)
    yield relay
    relay.close()


async def file(desk: Counter) -> None:
    """Find the customer, look at them, and save a complaint."""
    await fill_in(desk)
    desk.keys.press("Ctrl+Return")


async def test_a_complaint_whose_answer_is_lost_and_whose_line_is_cut_is_filed_once(
    qtbot: QtBot, qapp: QApplication, foreign: ForeignOffice, line: Line, tmp_path: Path
) -> None:
    async with counter(qapp, start_at(tmp_path / "desk", line.url)) as desk:
        await desk.sign_in()
        foreign.misbehave("drop-answer", path="troubleTicket")
        foreign.misbehave("drop-request", method="GET", path="troubleTicket", times=2)  # nor can it be asked at once
        await file(desk)
        await desk.until(lambda: not foreign.faults(), "for the faults")
        line.cut()
        desk.keys.press("F5")
        await desk.sees("Line cut since")
        line.mend()
        await desk.sees("confirmed", "Online")
        (ticket,) = tickets_made(foreign)
        assert str(ticket["id"]) in desk.words()
        desk.keys.press("F5")
        await desk.until(lambda: desk.workstation.status.waiting == 0, "for the outbox")
        assert desk.workstation.status.needs_you == 0
        assert len(tickets_made(foreign)) == 1


@pytest.mark.whole  # a minute passes before anything is sent again; tests/contract does not wait so long
async def test_a_first_attempt_that_arrives_late_is_found_and_shown(
    qtbot: QtBot, qapp: QApplication, foreign: ForeignOffice, line: Line, tmp_path: Path
) -> None:
    async with counter(qapp, start_at(tmp_path / "desk", line.url)) as desk:
        await desk.sign_in()
        foreign.misbehave("late", path="troubleTicket")
        await file(desk)
        await desk.until(lambda: bool(tickets_made(foreign)), "for the second attempt", patience_s=90)
        await desk.sees("confirmed")
        foreign.let_in()
        ids = sorted(str(ticket["id"]) for ticket in tickets_made(foreign))
        assert len(ids) == 2
        desk.keys.press("F5")
        await desk.until(lambda: desk.workstation.status.needs_you == 1, "for the double")
        desk.keys.press("Ctrl+J")
        await desk.sees("more than once", *ids)
