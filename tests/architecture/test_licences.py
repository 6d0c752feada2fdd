"""The licence rules: what is refused must be refused."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.architecture.files import ROOT

ASK = "import sys; from upkeep.licences import load_rules; sys.exit(not load_rules().accept(sys.argv[1]))"


def accepted(licence: str) -> bool:
    """Ask the rules that script/licences uses."""
    paths = {**os.environ, "PYTHONPATH": str(ROOT / "script")}
    return subprocess.run([sys.executable, "-c", ASK, licence], env=paths, check=False).returncode == 0


@pytest.mark.parametrize("licence", ["MIT", "LGPL-3.0-only OR GPL-2.0-only", "MPL-2.0 AND MIT", "MIT License"])
def test_known_licences_are_accepted(licence: str) -> None:
    assert accepted(licence)


@pytest.mark.parametrize("licence", ["", "UNKNOWN", "GPL-3.0-only", "MIT AND AGPL-3.0-only"])
def test_unknown_or_forbidden_licences_are_refused(licence: str) -> None:
    assert not accepted(licence)
