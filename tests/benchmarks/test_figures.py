"""Bounded runs yield figures that can be read by a program, and count what they say they count."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.__main__ import BENCHMARKS, arguments
from benchmarks.driving import summary
from benchmarks.durable import commit_vs_raw
from benchmarks.figures import Asked
from benchmarks.footprint import processes_of

ACTS = 10


def test_an_act_saved_for_good_is_compared_with_two_bare_inserts() -> None:
    [figure] = commit_vs_raw(Asked(size=ACTS))
    said = json.loads(figure.as_json())
    assert (said["name"], said["better"]) == ("commit_vs_raw", "lower")
    ours, bare = said["context"]["command_ms"], said["context"]["two_inserts_ms"]
    assert said["value"] == pytest.approx(ours["median"] / bare["median"], abs=0.01)
    assert ours["n"] == bare["n"] == ACTS


def test_a_summary_names_the_worst_of_a_hundred() -> None:
    assert summary([float(number) for number in range(1, 101)]) == {
        "n": 100, "median": 51.0, "p95": 96.0, "p99": 100.0, "longest": 100.0,
    }  # fmt: skip


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="processes are looked at in Linux' /proc")
def test_every_process_of_a_desk_is_counted_by_what_it_does() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "timeit", "-n", "1", "-r", "1", "input()"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        parts = {one.part: one for one in processes_of(os.getpid())}
        memory, processor = parts["timeit"].pss_mb(), parts["window"].cpu_s()
        child.communicate(b"\n")
    assert parts["timeit"].pid == child.pid
    assert parts["window"].pid == os.getpid()
    assert memory > 1
    assert processor > 0


def test_every_figure_that_is_asked_for_by_name_is_there() -> None:
    wanted = [
        "snapshot_vs_limit", "snapshot_peak_mb", "changes_1000_s", "search_ms", "key_to_paint_ms", "open_customer_ms",
        "commit_vs_raw", "usable_search_s", "first_paint_vs_bare", "idle_cpu_percent", "desk_pss_mb",
    ]  # fmt: skip
    assert arguments(wanted).names == wanted
    assert set(wanted) <= set(BENCHMARKS)
