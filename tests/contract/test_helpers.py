"""The helpers beside the window leave it the processor: they weigh less than it does."""

from __future__ import annotations

import io
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from app.bootstrap.processes import Helper
from app.bootstrap.worker import BELOW_NORMAL
from tests.contract.office_process import SECRET, OfficeProcess
from tests.contract.windows import window

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
async def test_elsewhere_the_sync_process_makes_itself_light(tmp_path: Path, office: OfficeProcess) -> None:
    async with window(tmp_path, office.url) as opened:
        await opened.link.call("sign-in-embedded", secret=SECRET)
        assert opened.link.pid is not None
        weight = os.getpriority(os.PRIO_PROCESS, opened.link.pid)
    assert weight == min(os.getpriority(os.PRIO_PROCESS, 0) + BELOW_NORMAL, LEAST_WEIGHT)
