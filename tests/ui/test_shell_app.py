"""The program from its first frame to its last breath, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
HEAVY = (
    "asyncio", "qasync", "sqlalchemy", "httpx", "keyring", "pypinyin", "phonenumbers", "PySide6.QtSvg", "ui.page",
    "app.complaints", "app.core.commands", "app.sync.model",
)  # fmt: skip

FIRST_FRAME = f"""
import sys
import app.bootstrap.window
import ui.app
print([name for name in {HEAVY!r} if name in sys.modules])
"""
ONE_DAY = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from tests.fakes.workstation import FakeWorkstation
from ui.app import run

class Day(FakeWorkstation):
    async def sign_in_demonstration(self):
        desk = await super().sign_in_demonstration()
        QTimer.singleShot(0, lambda: [window.close() for window in QApplication.topLevelWidgets()])
        return desk

day = Day(is_demonstration=True)
code = run(day, announce_paint=True)
print("closed" if day.is_closed and not day.bugs else f"left open, {day.bugs}")
sys.exit(code)
"""
A_BUG = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from tests.fakes.workstation import FakeWorkstation
from ui.app import run

class Day(FakeWorkstation):
    async def sign_in_demonstration(self):
        QTimer.singleShot(0, lambda: 1 / 0)
        return await super().sign_in_demonstration()

    def report_bug(self, error):
        QTimer.singleShot(0, lambda: [window.close() for window in QApplication.topLevelWidgets()])
        return super().report_bug(error)

day = Day(is_demonstration=True)
run(day, announce_paint=False)
print([type(bug).__name__ for bug in day.bugs])
"""


def outcome(program: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )


def test_the_first_frame_waits_for_nothing_heavy() -> None:
    assert outcome(FIRST_FRAME).stdout.strip() == "[]"


def test_a_day_starts_with_an_announced_frame_and_ends_with_everything_closed() -> None:
    started = time.time_ns()
    painted, *rest = outcome(ONE_DAY).stdout.splitlines()
    assert painted.startswith("first-paint ")
    assert started < int(painted.removeprefix("first-paint ")) < time.time_ns()
    assert rest == ["closed"]


def test_an_exception_in_a_slot_is_reported_and_the_window_stays() -> None:
    assert outcome(A_BUG).stdout.strip() == "['ZeroDivisionError']"
