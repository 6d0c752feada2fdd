"""Pages that are generated stay up to date."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.architecture.files import ROOT


def test_the_architecture_page_says_what_the_packages_say() -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "upkeep.architecture", "--check"],
        env={**os.environ, "PYTHONPATH": str(ROOT / "script")},
        check=False,
        capture_output=True,
        text=True,
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr
