"""The demonstration: a desk that brings its own back office."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.leaks import child_processes
from tests.stories.counter import Counter, counter, start_at

pytestmark = pytest.mark.story

CUSTOMERS = 40


def office_pid(desk: Counter) -> int:
    """The process id of the embedded back office."""
    return next(pid for pid in child_processes() if b"--embedded" in Path(f"/proc/{pid}/cmdline").read_bytes())


async def test_the_demonstration_starts_signed_in_and_says_what_it_is(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    async with counter(qapp, start_at(tmp_path / "desk", "", demonstration_customers=CUSTOMERS)) as desk:
        await desk.in_step()
        await desk.sees("Due at this desk", "Demonstration data")
        desk.keys.type("张伟")
        await desk.sees("8000")


async def test_a_back_office_that_dies_is_started_again_and_the_work_goes_on(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    async with counter(qapp, start_at(tmp_path / "desk", "", demonstration_customers=CUSTOMERS)) as desk:
        await desk.in_step()
        os.kill(office_pid(desk), signal.SIGKILL)
        desk.keys.type("C-100007⏎")
        desk.keys.press("F7")
        desk.keys.type("slow⏎Every evening")
        desk.keys.press("Ctrl+Return")
        await desk.sees("Saved")
        await desk.sees("confirmed")
