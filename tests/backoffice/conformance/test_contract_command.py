"""`script/contract` says how every operation fared."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.architecture.files import ROOT
from tests.backoffice.contract import needs_swaggers


def contract(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "upkeep.contract", *arguments],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "script")])},
        check=False,
        capture_output=True,
        text=True,
    )


@needs_swaggers
def test_a_run_ends_with_one_line_for_each_api_and_one_for_all() -> None:
    answer = contract("TMF670", "TMF688", "--examples", "2", "--seed", "7")
    first, second, last = answer.stdout.splitlines()
    assert first.startswith("TMF670-PaymentMethod-v4.0.0: 0 of 5 operations fail; 10 requests in ")
    assert second.startswith("TMF688-Event-v4.0.0: 0 of ")
    assert (last, answer.returncode) == ("Every operation answers as its swagger says.", 0)


@needs_swaggers
def test_an_api_that_nobody_knows_is_named() -> None:
    answer = contract("TMF999")
    assert (answer.stdout, answer.returncode) == ("None of these is known: TMF999.\n", 1)
