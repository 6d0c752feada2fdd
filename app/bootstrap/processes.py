"""The desk's two helpers, each a process of its own that ends when the window does: sync, and the embedded back office."""

from __future__ import annotations

import asyncio
import contextlib
import json
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
_LONGEST_FAREWELL_S = 5.0
OnLine = Callable[[str], None]
OnEnd = Callable[[], None]


class Helper:
    """A child that speaks JSON lines over its pipes. Secrets go in by pipe, never in arguments or environment."""

    def __init__(self, name: str, module: str, arguments: list[str], first: Mapping[str, Any], log: Path) -> None:
        log.mkdir(parents=True, exist_ok=True)
        with (log / f"{name}.err").open("ab") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True, encoding="utf-8",
            )  # fmt: skip
        self._name = name
        self.tell(first)

    def listen(self, on_line: OnLine, on_end: OnEnd) -> None:
        """Call `on_line` on this loop for each line, and `on_end` when the child is gone."""
        loop = asyncio.get_running_loop()
        reader = threading.Thread(target=self._read, args=(loop, on_line, on_end), name=self._name, daemon=True)
        reader.start()
        self._reader = reader

    def tell(self, message: Mapping[str, Any]) -> None:
        """Send a message; a child that is gone hears nothing, and `on_end` says so."""
        assert self._process.stdin is not None  # noqa: S101 - opened as a pipe above
        try:
            self._process.stdin.write(json.dumps(message) + "\n")
            self._process.stdin.flush()
        except (BrokenPipeError, OSError, ValueError):
            return

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
        if (reader := getattr(self, "_reader", None)) is not None:
            reader.join(_LONGEST_FAREWELL_S)
        self._process.stdout.close()

    def _read(self, loop: asyncio.AbstractEventLoop, on_line: OnLine, on_end: OnEnd) -> None:
        assert self._process.stdout is not None  # noqa: S101
        try:
            for line in self._process.stdout:
                loop.call_soon_threadsafe(on_line, line)
            loop.call_soon_threadsafe(on_end)
        except (RuntimeError, ValueError):
            return  # the loop or the pipe is closed: the window is going away
