"""Two copies of the program on one profile: the second says so and goes, also where the first was killed before."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.stories.real_office import ROOT

pytestmark = pytest.mark.story

NOBODY = "http://127.0.0.1:9"  # the files are never opened: their key is not known


def command(profile: Path) -> list[str]:
    return [sys.executable, str(ROOT / "main.py"), "--profile", str(profile), "--server", NOBODY]


@contextmanager
def window(profile: Path) -> Iterator[subprocess.Popen[str]]:
    """A window that has painted."""
    variables = {**os.environ, "TRUNKLINE_ANNOUNCE_PAINT": "1", "QT_QPA_PLATFORM": "offscreen"}
    with subprocess.Popen(command(profile), env=variables, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline()
            yield process
        finally:
            process.kill()


def test_the_second_copy_says_so_and_goes_and_a_killed_one_is_in_nobodys_way(tmp_path: Path) -> None:
    with window(tmp_path) as first:
        second = subprocess.run(command(tmp_path), capture_output=True, text=True, timeout=60, check=False)
        assert (second.returncode, second.stdout) == (2, "")
        assert second.stderr.startswith("Trunkline: Trunkline is already open on this profile.")
        assert first.poll() is None
        first.send_signal(signal.SIGKILL)
        first.wait(10)
    with window(tmp_path) as again:
        assert again.poll() is None


def test_a_full_disk_is_not_taken_for_a_second_copy(tmp_path: Path) -> None:
    """Nothing can be written: no file may grow beyond nothing."""
    variables = {**os.environ, "TRUNKLINE_DEMONSTRATION_KEY": "0" * 64, "QT_QPA_PLATFORM": "offscreen"}
    ended = subprocess.run(
        [sys.executable, str(ROOT / "main.py"), "--profile", str(tmp_path)],
        env=variables, capture_output=True, text=True, timeout=60, check=False, preexec_fn=_no_room,
    )  # fmt: skip
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == (
        "Trunkline: The folder for this desk's data takes no file. Nothing was changed. Free some space, or call IT.\n"
    )


def _no_room() -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
