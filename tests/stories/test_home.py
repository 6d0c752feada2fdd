"""A desk whose home is another district: whoever is not here is found by number, and opens from head office."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.fakes.line import Line
from tests.stories.counter import Counter, counter, start_at
from tests.stories.real_office import Office
from ui.customer.page import CustomerPage

pytestmark = pytest.mark.story

ZHANG, LI = "15400138000", "15400138001"  # both live in Xihu


async def open_by(desk: Counter, number: str) -> None:
    """Find somebody who is not at this desk, and open them."""
    desk.keys.press("F2")
    desk.keys.type(number)
    await desk.sees("not at this desk · opens from head office", "Xihu")
    desk.keys.type("⏎")
    await desk.until(lambda: isinstance(desk.page, CustomerPage), "for the page: ", desk.words)


async def test_who_lives_elsewhere_opens_with_the_line_and_is_here_without_it_from_then_on(
    qtbot: QtBot, qapp: QApplication, office: Office, line: Line, tmp_path: Path
) -> None:
    async with counter(qapp, start_at(tmp_path / "desk", line.url, home="Binjiang")) as desk:
        await desk.sign_in()
        await open_by(desk, ZHANG)
        await desk.sees("张伟", "154 0013 8000", "FB30000001")
        desk.keys.press("F12")
        line.cut()
        await open_by(desk, LI)
        await desk.sees("Head office cannot be reached.", "(Xihu) is not at this desk. Known here: 154 0013 8001")
        desk.keys.press("F2")
        desk.keys.type("张伟⏎")
        await desk.sees("张伟", "154 0013 8000", "FB30000001")
        desk.keys.press("F7")
        await desk.sees("Doesn't work · 张伟")
