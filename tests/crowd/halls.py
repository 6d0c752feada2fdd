"""All halls of a run: what one is told, all are told, and all have to answer."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TypeVar

import msgspec

from tests.crowd.grounds import ROOT
from tests.crowd.records import HallOrder

T = TypeVar("T", bound=msgspec.Struct)


class Halls:
    """So many desks in so many processes."""

    def __init__(self, url: str, folder: Path, desks: int, halls: int, seed: int) -> None:
        orders = [HallOrder(url, str(folder), list(range(first, desks, halls)), seed) for first in range(halls)]
        with (folder / "halls.log").open("ab") as errors:
            self._processes = [
                subprocess.Popen(
                    [sys.executable, "-m", "tests.crowd.hall", msgspec.json.encode(order).decode()],
                    cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors,
                )
                for order in orders if order.desks
            ]  # fmt: skip

    def do(self, phase: str, answer: type[T]) -> list[T]:
        """Let all do it at once; what each answers. Raises RuntimeError if one ends instead."""
        for process in self._processes:
            assert process.stdin is not None
            process.stdin.write(f"{phase}\n".encode())
            process.stdin.flush()
        return [_answer(process, phase, answer) for process in self._processes]

    def close(self) -> None:
        """End all."""
        for process in self._processes:
            process.kill()
        for process in self._processes:
            with process:
                continue


def _answer(process: subprocess.Popen[bytes], phase: str, answer: type[T]) -> T:
    line = process.stdout.readline() if process.stdout else b""
    if not line:
        raise RuntimeError(f"a hall gave up at {phase!r}; see halls.log")
    return msgspec.json.decode(line, type=answer)
