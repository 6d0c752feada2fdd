"""Servers on one database, each a process on a port of its own, that are killed and come back where they were."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import IO, Final

from backoffice.web.server import listen

ROOT: Final = Path(__file__).parents[2]
BACK_OFFICE: Final = (sys.executable, "-m", "backoffice")
_STOP_SECONDS: Final = 60


class Servers:
    """All servers of a run; what they log goes into the folder."""

    def __init__(self, database: str, count: int, folder: Path, program: Sequence[str] = BACK_OFFICE) -> None:
        self._serve = [*program, "serve", "--database", database, "--no-auth", "--test-faults", "--port"]
        self._ports = [_free_port() for _ in range(count)]
        self._log: IO[bytes] = (folder / "servers.log").open("ab")
        self._running: list[subprocess.Popen[bytes]] = []
        self._there: set[int] = set()  # who said that it listens
        try:
            self._running += [self._start(port) for port in self._ports]
            self.wait()
        except BaseException:
            self.close()
            raise

    @property
    def urls(self) -> list[str]:
        """Where they answer, for good."""
        return [f"http://127.0.0.1:{port}" for port in self._ports]

    def kill(self, which: Sequence[int]) -> None:
        """Kill some where they stand, be it at their start, and start them again; `wait` tells when they are there.

        Raises RuntimeError if one had ended by itself.
        """
        for one in which:
            if (code := self._running[one].poll()) is not None:
                raise RuntimeError(f"a server ended by itself ({code})")
            self._running[one].kill()
        for one in which:
            end(self._running[one])
            self._running[one] = self._start(self._ports[one])
        self._there -= set(which)

    def wait(self) -> None:
        """Until all listen. Raises RuntimeError if one ended instead."""
        for one, process in enumerate(self._running):
            if one not in self._there:
                _wait(process)
        self._there = set(range(len(self._running)))

    def stop(self) -> list[int]:
        """Ask all to end; their exit codes."""
        for process in self._running:
            process.send_signal(signal.SIGTERM)
        return [process.wait(_STOP_SECONDS) for process in self._running]

    def close(self) -> None:
        """End whatever still runs."""
        for process in self._running:
            end(process)
        self._log.close()

    def _start(self, port: int) -> subprocess.Popen[bytes]:
        command = [*self._serve, str(port)]
        return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=self._log)


def _wait(process: subprocess.Popen[bytes]) -> None:
    """Until it listens. Raises RuntimeError if it ends instead."""
    line = process.stdout.readline() if process.stdout else b""
    if not line:
        raise RuntimeError(f"a server did not start ({end(process)})")


def end(process: subprocess.Popen[bytes]) -> int:
    """Kill a process if it still runs and close its pipes; its exit code."""
    with process:
        process.kill()
    return process.returncode


def _free_port() -> int:
    with closing(listen("127.0.0.1", 0)) as bound:
        port: int = bound.getsockname()[1]
        return port
