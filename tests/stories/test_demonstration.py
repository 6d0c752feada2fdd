"""The demonstration: a desk that brings its own back office."""

from __future__ import annotations

import os
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.sync.status import LineState, SyncStatus
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


def end_every_grant(database: Path) -> None:
    """What twelve hours do."""
    with closing(sqlite3.connect(database)) as connection, connection:
        ended = connection.execute("DELETE FROM token").rowcount
    assert ended


@pytest.mark.whole  # tests/contract/test_ended_grants has it without the window
async def test_the_next_day_the_demonstration_works_on_without_a_word_about_signing_in(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    begin = start_at(tmp_path / "desk", "", demonstration_customers=CUSTOMERS)
    async with counter(qapp, begin) as desk:
        await desk.in_step()
    end_every_grant(begin.office_folder / "office.db")
    async with counter(qapp, begin) as desk:
        told: list[SyncStatus] = [desk.workstation.status]
        desk.workstation.on_status(told.append)
        desk.keys.type("C-100007⏎")
        desk.keys.press("F7")
        desk.keys.type("slow⏎Every evening")
        desk.keys.press("Ctrl+Return")
        await desk.sees("confirmed")
        end_every_grant(begin.office_folder / "office.db")
        desk.keys.press("F12")
        desk.keys.type("C-100008⏎")
        desk.keys.press("F7")
        desk.keys.type("slow⏎Every morning")
        desk.keys.press("Ctrl+Return")
        await desk.sees("confirmed")
        assert not [status for status in told if status.held or status.line is LineState.SIGN_IN_NEEDED]
