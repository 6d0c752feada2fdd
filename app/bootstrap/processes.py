"""The desk's two helpers, each a process of its own that ends when the window does: sync, and the embedded back office."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from app.bootstrap.places import DEMONSTRATION_KEY

ROOT = Path(__file__).parents[2]
BELOW_NORMAL = 10
_LONGEST_FAREWELL_S = 5.0
OnLine = Callable[[str], None]
OnEnd = Callable[[], None]


class Helper:
    """A child that speaks JSON lines over its pipes. Secrets go in by pipe, never in arguments or environment."""

    def __init__(self, name: str, module: str, arguments: list[str], first: Mapping[str, Any], log: Path) -> None:
        log.mkdir(parents=True, exist_ok=True)
        flags = _in_the_background()
        with (log / f"{name}.err").open("ab") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True, encoding="utf-8",
                errors="replace", creationflags=flags,
                env={key: value for key, value in os.environ.items() if key != DEMONSTRATION_KEY},
            )  # fmt: skip
        if not flags:
            _give_way(self._process.pid)
        self._name = name
        self._reader: threading.Thread | None = None
        self.tell(first)

    @property
    def pid(self) -> int:
        """The child's process id."""
        return self._process.pid

    def listen(self, on_line: OnLine, on_end: OnEnd) -> None:
        """Call `on_line` on this loop for each whole line, and `on_end` when the child is gone."""
        loop = asyncio.get_running_loop()
        self._reader = threading.Thread(target=self._read, args=(loop, on_line, on_end), name=self._name, daemon=True)
        self._reader.start()

    def tell(self, message: Mapping[str, Any]) -> None:
        """Send a message; a child that is gone hears nothing, and `on_end` says so."""
        assert self._process.stdin is not None  # noqa: S101 - opened as a pipe above
        with contextlib.suppress(OSError, ValueError):
            self._process.stdin.write(json.dumps(message) + "\n")
            self._process.stdin.flush()

    async def end(self) -> None:
        """Let it finish, then make sure."""
        await asyncio.get_running_loop().run_in_executor(None, self._end)

    def _end(self) -> None:
        assert self._process.stdin is not None  # noqa: S101
        assert self._process.stdout is not None  # noqa: S101
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(_LONGEST_FAREWELL_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._reader is not None:
            self._reader.join(_LONGEST_FAREWELL_S)
        self._process.stdout.close()

    def _read(self, loop: asyncio.AbstractEventLoop, on_line: OnLine, on_end: OnEnd) -> None:
        assert self._process.stdout is not None  # noqa: S101
        with contextlib.suppress(RuntimeError):  # the loop is closed: the window is going away
            for line in self._process.stdout:
                if line.endswith("\n"):  # what a dying child leaves half written is nobody's message
                    loop.call_soon_threadsafe(on_line, line)
            loop.call_soon_threadsafe(on_end)


def _give_way(pid: int) -> None:
    """Elsewhere: less weight as well, from its first import on, for the clerk types already while it starts."""
    with contextlib.suppress(OSError):  # it has ended already, and whoever listens is told
        os.setpriority(os.PRIO_PROCESS, pid, os.getpriority(os.PRIO_PROCESS, 0) + BELOW_NORMAL)


def _in_the_background() -> int:
    """On Windows: no console, and less weight than the window has."""
    no_console: int = getattr(subprocess, "CREATE_NO_WINDOW", 0)
    below_normal: int = getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0)
    return no_console | below_normal
