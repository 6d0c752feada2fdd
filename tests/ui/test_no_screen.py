"""Where no window can be opened the program says so in one line, and neither aborts nor leaves anything in the way."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QLockFile

ROOT = Path(__file__).parents[2]
NOBODY = ":4099"  # no X server has so high a number
REMEDY = "Start this in a desktop session, over 'ssh -X', or under 'xvfb-run'."


def start(profile: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Start the demonstration with these variables and no others that choose a screen."""
    kept = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    environment = {**kept, "TRUNKLINE_DEMONSTRATION_KEY": "0" * 64, **variables}
    command = [sys.executable, str(ROOT / "main.py"), "--profile", str(profile)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_a_display_that_does_not_answer_is_named_with_the_way_out(tmp_path: Path) -> None:
    ended = start(tmp_path, DISPLAY=NOBODY, QT_QPA_PLATFORM="xcb")
    words = f"Trunkline: No screen answers at QT_QPA_PLATFORM=xcb DISPLAY={NOBODY}. {REMEDY}\n"
    assert (ended.returncode, ended.stdout, ended.stderr) == (2, "", words)


@pytest.mark.skipif(sys.platform != "linux", reason="X11's libraries are Linux's")
def test_a_missing_library_is_named(tmp_path: Path) -> None:
    (tmp_path / "libxcb-cursor.so.0").touch()
    ended = start(tmp_path / "desk", DISPLAY=NOBODY, QT_QPA_PLATFORM="xcb", LD_LIBRARY_PATH=str(tmp_path))
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (2, "", 1)
    assert ended.stderr.startswith("Trunkline: A library of the window system cannot be loaded (")
    assert "libxcb-cursor.so.0" in ended.stderr


def test_an_unknown_platform_is_named(tmp_path: Path) -> None:
    ended = start(tmp_path, QT_QPA_PLATFORM="nonsense")
    words = f"Trunkline: No screen answers at QT_QPA_PLATFORM=nonsense. {REMEDY}\n"
    assert (ended.returncode, ended.stderr) == (2, words)


def test_a_desk_that_found_no_screen_can_be_opened_at_once(tmp_path: Path) -> None:
    start(tmp_path, DISPLAY=NOBODY, QT_QPA_PLATFORM="xcb")
    lock = QLockFile(str(tmp_path / "desk.lock"))
    lock.setStaleLockTime(0)
    assert lock.tryLock(0)
    lock.unlock()
