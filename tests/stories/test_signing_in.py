"""Signing in with the line, and without it by desk PIN after the first time."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.fakes.line import Line
from tests.stories.counter import counter, start_at
from tests.stories.real_office import PASSWORD, USER, Office

pytestmark = pytest.mark.story

PIN = "271828"


async def test_a_clerk_who_set_a_pin_signs_in_without_the_line(
    qtbot: QtBot, qapp: QApplication, office: Office, line: Line, tmp_path: Path
) -> None:
    async with counter(qapp, start_at(tmp_path / "desk", line.url)) as desk:
        await desk.until(lambda: desk.shell.pages.current is not None, "for the sign-in page")
        desk.keys.type(f"{USER}⏎{PASSWORD}⏎")
        await desk.sees("Choose a desk PIN")
        desk.keys.type(f"{PIN}⏎{PIN}⏎")
        await desk.sees("Due at this desk")
        await desk.in_step()
    line.cut()
    async with counter(qapp, start_at(tmp_path / "desk", line.url)) as desk:
        await desk.until(lambda: desk.shell.pages.current is not None, "for the sign-in page")
        desk.keys.type("111111⏎")
        await desk.sees("not the desk PIN")
        desk.keys.type(f"{PIN}⏎")
        await desk.sees("Due at this desk")
        desk.keys.type("张伟")
        await desk.sees("8000")


async def test_a_wrong_password_says_so_and_locks_nothing(
    qtbot: QtBot, qapp: QApplication, office: Office, line: Line, tmp_path: Path
) -> None:
    async with counter(qapp, start_at(tmp_path / "desk", line.url)) as desk:
        await desk.until(lambda: desk.shell.pages.current is not None, "for the sign-in page")
        desk.keys.type(f"{USER}⏎wrong⏎")
        await desk.sees("User or password is wrong")
        desk.keys.type(f"{PASSWORD}⏎")
        await desk.sees("Choose a desk PIN")
