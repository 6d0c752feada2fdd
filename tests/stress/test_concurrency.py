"""Many writers, lost answers and killed servers leave one effect for each key, and a feed that misses nothing.

`script/concurrency` is the long form.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.stress.planted import FAULTS
from tests.stress.run import Size, run

SEED = 7
SIZE = Size(writes=700, kills=3, writers=8)
SMALL = Size(writes=160, kills=0, writers=2)


@pytest.mark.timeout(240)
def test_every_key_has_one_effect_and_the_feed_tells_of_all(database: str, tmp_path: Path) -> None:
    outcome = run(database, tmp_path, SEED, SIZE)
    assert outcome.faults == []
    assert outcome.kills == SIZE.kills
    assert outcome.answers >= SIZE.writes
    assert min(outcome.replays, outcome.resent, outcome.tombstones, outcome.pages) > 30


@pytest.mark.parametrize(
    "fault",
    [
        "key-forgotten",
        *(
            pytest.param(one, marks=pytest.mark.whole)
            for one in sorted(FAULTS.keys() - {"late-commit", "key-forgotten"})
        ),
    ],
)
def test_a_planted_fault_is_found(tmp_path: Path, fault: str) -> None:
    program = [sys.executable, "-m", "tests.stress.planted", fault]
    assert run(str(tmp_path / "office.db"), tmp_path, SEED, SMALL, program).faults


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_commit_that_comes_late_is_found(database: str, tmp_path: Path) -> None:
    program = [sys.executable, "-m", "tests.stress.planted", "late-commit"]
    outcome = run(database, tmp_path, SEED, SMALL, program)
    assert any("was missed" in fault for fault in outcome.faults)
