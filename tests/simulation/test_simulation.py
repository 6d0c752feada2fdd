"""Every invariant holds on every seed; where a bug is planted, it is found; and one seed is one history."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.simulation.planted import PLANTED
from tests.simulation.soak import soak
from tests.simulation.world import World

SECONDS = 60.0  # `script/soak` goes on for as long as it is told to, on seeds that nobody has seen
FIRST_SEEDS = 200
ROOT = Path(__file__).parents[2]


@pytest.mark.timeout(300)
def test_whatever_befalls_desks_and_head_office_every_invariant_holds() -> None:
    found = soak(SECONDS)
    assert found.faults == {}
    assert found.seeds > 0
    assert {
        "kill",
        "office_changes",
        "backup_is_restored",
        "disk_fails",
        "clock_jumps",
        "grant_ends",
    } <= found.happened.keys()


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_bug_is_found(name: str) -> None:
    found = next(fault for seed in range(FIRST_SEEDS) if (fault := PLANTED[name](seed).run().fault))
    assert not found.startswith("13"), "the plant itself is broken"


def test_the_same_seed_is_the_same_history() -> None:
    first, again, other = World(7).run(), World(7).run(), World(8).run()
    assert first == again
    assert first.trace != other.trace


def test_a_history_does_not_depend_on_the_process_it_runs_in() -> None:
    script = "from tests.simulation.world import World; print(World(7).run().trace)"
    traces = set()
    for salt in ("1", "2"):
        told = subprocess.run(
            [sys.executable, "-c", script], cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": salt}, capture_output=True,
            text=True, check=True,
        )  # fmt: skip
        traces.add(int(told.stdout))
    assert traces == {World(7).run().trace}
