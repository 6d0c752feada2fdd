"""The processes beside the servers, and the lines they write."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from threading import Condition, Thread
from typing import Final

import msgspec

from tests.stress.records import FollowerOrder, Held, Pulled, Told, WriterOrder, line_of
from tests.stress.servers import ROOT, end

_WAIT_SECONDS: Final = 120
_told = msgspec.json.Decoder(Told)
_seen: msgspec.json.Decoder[Pulled | Held] = msgspec.json.Decoder(Pulled | Held)


class Writes:
    """All writers of a run. Their answers are counted as they come, so that somebody can wait for some of them."""

    def __init__(self, orders: Sequence[WriterOrder], folder: Path) -> None:
        self._log = folder / "told.jsonl"
        self._expected = sum(one.writes for one in orders)
        self._lines: list[bytes] = []
        self._running = len(orders)
        self._changed = Condition()
        self._processes = [_start("writer", one, folder / "writers.log") for one in orders]
        self._readers = [Thread(target=self._read, args=(one,)) for one in self._processes]
        for reader in self._readers:
            reader.start()

    @property
    def left(self) -> int:
        """About how many answers are still to come."""
        return max(0, self._expected - len(self._lines))

    def wait_for(self, answers: int) -> bool:
        """Wait for so many more; False if they never come, because all writers have ended."""
        with self._changed:
            wanted = len(self._lines) + answers
            self._changed.wait_for(lambda: len(self._lines) >= wanted or not self._running)
            return self._running > 0

    def end(self) -> list[Told]:
        """Wait for all writers; everything they were told."""
        for reader in self._readers:
            reader.join()
        self._log.write_bytes(b"".join(self._lines))
        return [_told.decode(line) for line in self._lines]

    def problems(self) -> list[str]:
        """Writers that gave up."""
        codes = [process.wait(_WAIT_SECONDS) for process in self._processes]
        return [f"writer {number} gave up ({code})" for number, code in enumerate(codes) if code]

    def close(self) -> None:
        """End whatever still runs."""
        for process in self._processes:
            process.kill()
        for reader in self._readers:
            reader.join()
        for process in self._processes:
            end(process)

    def _read(self, process: subprocess.Popen[bytes]) -> None:
        for line in process.stdout or ():
            with self._changed:
                self._lines.append(line)
                self._changed.notify_all()
        with self._changed:
            self._running -= 1
            self._changed.notify_all()


class Follows:
    """One follower; what it tells goes into a file."""

    def __init__(self, order: FollowerOrder, log: Path) -> None:
        self._told = log.with_suffix(".jsonl")
        with self._told.open("wb") as told:
            self._process = _start("follower", order, log.with_suffix(".log"), told.fileno())

    def end(self) -> tuple[list[Pulled], Held]:
        """Let it catch up; all pages it took, and what it holds. Raises RuntimeError if it gave up."""
        if self._process.stdin:
            self._process.stdin.close()
        self._process.wait(_WAIT_SECONDS)
        seen = [_seen.decode(line) for line in self._told.read_bytes().splitlines()]
        if self._process.returncode or not seen or not isinstance(held := seen[-1], Held):
            raise RuntimeError(f"a follower gave up ({self._process.returncode})")
        return [one for one in seen if isinstance(one, Pulled)], held

    def close(self) -> None:
        """End it if it still runs."""
        end(self._process)


def _start(module: str, order: msgspec.Struct, log: Path, output: int = subprocess.PIPE) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", f"tests.stress.{module}", line_of(order)]
    with log.open("ab") as errors:
        return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=output, stderr=errors)
