"""How long the clerk waits for the desk, beside a bare PySide6 window started in turns with it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median

import PySide6

from benchmarks.figures import Asked, Figure, SkippedError
from benchmarks.screen import private_screen

ROOT = Path(__file__).parents[2]
DESK = ROOT / "main.py"
BARE = Path(__file__).with_name("bare_window.py")
FEWEST_RUNS = 7
LIMIT_SECONDS = 60.0
# The key of made-up data, as in script/run.
KEY = {"TRUNKLINE_DEMONSTRATION_KEY": "0" * 64}


def measure(asked: Asked) -> Iterator[Figure]:
    """Start both so many times (at least seven) in turns; the value is how many bare windows one desk costs."""
    if not DESK.is_file():
        raise SkippedError("there is no main.py")
    runs = max(asked.size or FEWEST_RUNS, FEWEST_RUNS)
    with private_screen() as screen:
        seconds(BARE, [], screen)  # the first of all pays for reading the libraries from disk
        pairs = [(_desk(screen), seconds(BARE, [], screen)) for _ in range(runs)]
    desk, bare = median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
    context = {
        "desk_ms": round(desk * 1000, 1),
        "bare_ms": round(bare * 1000, 1),
        "runs": runs,
        "platform": screen["QT_QPA_PLATFORM"],
        "pyside6": PySide6.__version__,
        "profile": "demonstration, fresh for each run",
    }
    yield Figure("first_paint_vs_bare", round(desk / bare, 2), "× bare PySide6 window", "lower", context)


def seconds(program: Path, arguments: Sequence[str], variables: Mapping[str, str]) -> float:
    """Return the time from the start of a program to the first paint that it announces."""
    environment = {**os.environ, **variables, "TRUNKLINE_ANNOUNCE_PAINT": "1"}
    started = time.time_ns()
    with subprocess.Popen(
        [sys.executable, str(program), *arguments], env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        # A program that hangs before its first paint would keep the pipe open for ever.
        limit = threading.Timer(LIMIT_SECONDS, process.kill)
        limit.start()
        try:
            return (_painted_at(process) - started) / 1e9
        finally:
            process.terminate()
            process.wait()
            limit.cancel()


def _desk(screen: Mapping[str, str]) -> float:
    with tempfile.TemporaryDirectory(prefix="trunkline-bench-", ignore_cleanup_errors=True) as profile:
        return seconds(DESK, ["--profile", profile], {**screen, **KEY})


def _painted_at(process: subprocess.Popen[str]) -> int:
    """Return the announced instant in nanoseconds of Unix time."""
    if process.stdout is None:
        raise RuntimeError("the program has no output to read")
    for line in process.stdout:
        word, _, instant = line.partition(" ")
        if word == "first-paint":
            return int(instant)
    raise RuntimeError("the program ended before it painted")
