"""The pipes between window and sync process: nothing is cut, nothing strays in, and nobody waits for the other."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Event as Signal

import pytest

from app.bootstrap.pipes import Outlet, lines_from
from app.sync.events import Answered, DataChanged, StatusChanged, read, written
from app.sync.status import Held, LineState, SyncStatus
from tests.fakes.clock import NOON

ROOT = Path(__file__).parents[2]
STRAY = """
import os
from app.bootstrap.pipes import claimed_output
own = claimed_output()
print("stray", flush=True)
os.write(1, b"stray")
os.system("echo stray")
os.write(own, b"meant")
"""


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    """A reading and a writing end."""
    ends = os.pipe()
    yield ends
    for end in ends:
        os.close(end)


def test_whatever_prints_goes_to_standard_error() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", STRAY], cwd=ROOT, capture_output=True, text=True, timeout=30, check=False
    )
    assert (ended.stdout, ended.stderr.split()) == ("meant", ["stray"] * 1 + ["straystray"])


def test_a_line_cut_short_by_the_end_is_no_message(pipe: tuple[int, int]) -> None:
    os.write(pipe[1], b"one\ntwo\nthr")
    lines = lines_from(pipe[0])
    assert [next(lines), next(lines)] == [b"one", b"two"]


@pytest.mark.parametrize(
    "event",
    [
        StatusChanged(SyncStatus(LineState.CUT, NOON, NOON, 1, 2, 3, 4, 5, "trouble", (Held("li", "李娜", 2),))),
        StatusChanged(SyncStatus()),
        DataChanged(frozenset({"outbox"}), is_new_mirror=True),
        Answered("call", {"id": "mei"}),
        Answered("call", error="TooManyTriesError", params={"seconds": "5"}),
    ],
)
def test_what_is_written_is_read_again(event: StatusChanged | DataChanged | Answered) -> None:
    assert read(written(event)) == event


def test_a_window_that_does_not_read_costs_no_memory_and_misses_nothing(pipe: tuple[int, int]) -> None:
    outlet = Outlet(pipe[1], on_gone=lambda: None)
    for number in range(50_000):
        outlet.emit(StatusChanged(SyncStatus(waiting=number)))
        outlet.emit(DataChanged(frozenset({f"collection-{number % 7}"}), is_new_mirror=number == 40_000))
    outlet.emit(Answered("call", {"id": "mei"}))
    lines, events = lines_from(pipe[0]), []
    while Answered("call", {"id": "mei"}) not in events or StatusChanged(SyncStatus(waiting=49_999)) not in events:
        events.append(read(next(lines).decode()))
    outlet.close()
    assert len(events) < 2_000
    assert any(isinstance(event, DataChanged) and event.is_new_mirror for event in events)


def test_a_window_that_is_gone_ends_the_process() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    gone = Signal()
    outlet = Outlet(writing, gone.set)
    outlet.emit(StatusChanged(SyncStatus()))
    assert gone.wait(10)
    outlet.close()
    os.close(writing)
