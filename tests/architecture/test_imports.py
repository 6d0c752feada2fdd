"""The import contracts of pyproject.toml."""

from __future__ import annotations

import subprocess
import sys

from tests.architecture.files import ROOT

CHECK = "from importlinter.cli import lint_imports_command; lint_imports_command()"


def test_imports_point_one_way() -> None:
    answer = subprocess.run(
        [sys.executable, "-c", CHECK, "--no-cache", "--no-logo"], cwd=ROOT, check=False, capture_output=True, text=True
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr
