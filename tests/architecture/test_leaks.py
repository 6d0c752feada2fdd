"""The checks in conftest.py can fail: each finds the kind of leak it is there for."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests import leaks


def test_a_running_thread_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaks, "GRACE_SECONDS", 0.0)
    before, end = leaks.lasting_threads(), threading.Event()
    thread = threading.Thread(target=end.wait, name="left behind")
    thread.start()
    assert leaks.still_running(leaks.lasting_threads() - before) == ["left behind"]
    end.set()
    thread.join()


def test_a_child_process_is_found() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        assert process.pid in leaks.child_processes()
        assert leaks.is_ours(process.pid)
        process.communicate(b"\n")
    assert process.pid not in leaks.child_processes()


def test_an_open_window_and_its_ticking_timer_are_found(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    timer = QTimer(window)
    timer.start(60_000)
    window.show()
    assert leaks.open_windows() == ["QWidget ''"]
    assert leaks.active_timers() == ["QTimer in QWidget ''"]
    timer.stop()
    window.close()
    assert leaks.open_windows() == leaks.active_timers() == []
