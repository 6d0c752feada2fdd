"""A complaint is begun at one desk, parked at the hall and finished at another desk. Always exactly one ticket."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.fakes.line import Line
from tests.stories.counter import Counter, counter, start_at
from tests.stories.real_office import Office
from ui.complaints.page import ComplaintPage

pytestmark = pytest.mark.story

WHO, WORDS = "陈静", "Has to come back with the contract"


async def parked_by(desk: Counter) -> None:
    """Begin a complaint, and let it go to the hall."""
    desk.keys.type(f"{WHO}⏎")
    desk.keys.press("F7")
    desk.keys.type(f"wrong b⏎{WORDS}")
    await desk.sees("Save complaint", "Park at the hall")
    assert isinstance(desk.page, ComplaintPage)
    desk.page.park.setFocus()
    desk.keys.press("Return")
    desk.keys.press("Esc", "Esc")


@pytest.mark.whole  # three desks one after the other; each step of it is looked at in tests/contract/parking
async def test_a_complaint_begun_at_one_desk_is_finished_at_another(
    qtbot: QtBot, qapp: QApplication, office: Office, line: Line, tmp_path: Path
) -> None:
    one, other = start_at(tmp_path / "one", line.url), start_at(tmp_path / "other", office.url)
    async with counter(qapp, other) as desk:
        await desk.sign_in()
        await desk.shell.routes.desk.begun.parked()  # the hall knows of this desk by now
    async with counter(qapp, one) as desk:
        await desk.sign_in()
        line.cut()
        await desk.sees("Line cut since")
        await parked_by(desk)
        await desk.sees("goes to the hall once the line allows")
        (draft,) = await desk.shell.routes.desk.begun.all()
        line.mend()
        await desk.until(lambda: "goes to the hall" not in desk.words(), "for the hall", desk.words)
        desk.keys.press("F5")
        await desk.sees("Parked complaint: Wrong bill")
        assert await desk.shell.routes.desk.begun.all() == ()
    async with counter(qapp, other) as desk:
        await desk.sign_in()
        await desk.sees("Parked complaint: Wrong bill")
        desk.keys.press("F6")
        desk.keys.type("⏎")
        await desk.sees(f"Unfinished complaint for {WHO}")
        desk.keys.type("⏎")
        await desk.sees("Taken up again", WORDS)
        desk.keys.press("Ctrl+Return")
        await desk.sees("confirmed")
        (ticket,) = [one for one in office.tickets(ticketType="complaint/wrong-bill") if one["description"] == WORDS]
        assert ticket["externalId"] == draft.id
