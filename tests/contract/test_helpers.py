"""The helpers beside the window leave it the processor: they weigh less than it does."""

from __future__ import annotations

import io
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from app.bootstrap.processes import BELOW_NORMAL, Helper

NO_CONSOLE, LESS_WEIGHT = 0x0800_0000, 0x4000  # what Windows knows them by
LEAST_WEIGHT = 19


class StartedOnWindows:
    """Stands for the process that Windows would start, and keeps what was asked of it."""

    flags = 0

    def __init__(self, _command: list[str], *, creationflags: int, **_: Any) -> None:
        self.stdin = io.StringIO()
        StartedOnWindows.flags = creationflags


@pytest.mark.parametrize("module", ["app.bootstrap.worker", "backoffice"])
def test_windows_starts_a_helper_without_a_console_and_below_normal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str
) -> None:
    monkeypatch.setattr(subprocess, "CREATE_NO_WINDOW", NO_CONSOLE, raising=False)
    monkeypatch.setattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", LESS_WEIGHT, raising=False)
    monkeypatch.setattr(subprocess, "Popen", StartedOnWindows)
    Helper("helper", module, [], {}, tmp_path)
    assert StartedOnWindows.flags == NO_CONSOLE | LESS_WEIGHT


@pytest.mark.skipif(not hasattr(os, "getpriority"), reason="Windows is told at the start")
@pytest.mark.parametrize("module", ["app.bootstrap.worker", "backoffice"])
async def test_elsewhere_a_helper_is_light_before_it_has_loaded_anything(tmp_path: Path, module: str) -> None:
    helper = Helper("helper", module, [], {}, tmp_path)
    try:
        weight = os.getpriority(os.PRIO_PROCESS, helper.pid)
    finally:
        await helper.end()
    assert weight == min(os.getpriority(os.PRIO_PROCESS, 0) + BELOW_NORMAL, LEAST_WEIGHT)
