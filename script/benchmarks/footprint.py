"""What a desk that nobody touches costs its machine: processor time and memory of all its processes."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.driving import CUSTOMERS, driven, prepared, questions
from benchmarks.figures import Asked, Figure, SkippedError

_IDLE_S: Final = 30.0
_SETTLING_S: Final = 10.0
_TEXTS, _PAGES = 9, 3
_PROC: Final = Path("/proc")
_TICKS: Final = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 0
_UTIME, _STIME = 11, 12  # places behind the name of the program


@dataclass(frozen=True, slots=True)
class Process:
    """One process of the desk, by what it does: `window`, `sync` or `backoffice`."""

    pid: int
    part: str

    def cpu_s(self) -> float:
        """Processor time so far."""
        fields = _stat(self.pid)
        return (int(fields[_UTIME]) + int(fields[_STIME])) / _TICKS

    def pss_mb(self) -> float:
        """Memory, what is shared counted in part."""
        lines = (_PROC / str(self.pid) / "smaps_rollup").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def idle_cpu_percent(asked: Asked) -> Iterator[Figure]:
    """Processor time over half a minute, in step and online, the window open and nobody typing."""
    customers = asked.size or CUSTOMERS
    with driven(_profile(customers)) as desk:
        desk.wait_in_step()
        time.sleep(_SETTLING_S)
        processes = processes_of(desk.pid)
        before = {one: one.cpu_s() for one in processes}
        time.sleep(_IDLE_S)
        percent = {one.part: (one.cpu_s() - before[one]) / _IDLE_S * 100 for one in processes}
    yield _figure("idle_cpu_percent", percent, "% of one processor", customers, digits=3)


def desk_pss_mb(asked: Asked) -> Iterator[Figure]:
    """Memory after some searches and pages, in step and online."""
    customers = asked.size or CUSTOMERS
    texts = questions(customers, _TEXTS)
    with driven(_profile(customers)) as desk:
        desk.wait_in_step()
        desk.ask("keys", texts=texts)
        desk.ask("open", ids=[text.upper() for text in texts if text.startswith("c-")][:_PAGES])
        time.sleep(_SETTLING_S)
        held = {one.part: one.pss_mb() for one in processes_of(desk.pid)}
    yield _figure("desk_pss_mb", held, "MB", customers, digits=1)


def processes_of(window: int) -> list[Process]:
    """The window's process and all below it."""
    found, parents = [Process(window, "window")], {window}
    for pid in sorted(int(one.name) for one in _PROC.iterdir() if one.name.isdigit()):
        try:
            parent, words = int(_stat(pid)[1]), (_PROC / str(pid) / "cmdline").read_bytes().split(b"\0")
        except OSError:  # it has ended meanwhile
            continue
        if parent in parents:
            parents.add(pid)
            found.append(Process(pid, "sync" if b"app.bootstrap.worker" in words else words[2].decode()))
    return found


def _figure(name: str, parts: dict[str, float], unit: str, customers: int, *, digits: int) -> Figure:
    """The embedded back office stands beside the desk: a desk at work has none."""
    value = round(sum(value for part, value in parts.items() if part != "backoffice"), digits)
    shown = {part: round(value, digits) for part, value in parts.items()}
    return Figure(name, value, unit, "lower", {"customers": customers, "by_part": shown, "counted": "window and sync"})


def _profile(customers: int) -> Path:
    if not (_PROC / "self" / "smaps_rollup").exists():
        raise SkippedError("processes are looked at in Linux' /proc")
    return prepared(customers)


def _stat(pid: int) -> list[str]:
    """The numbers of /proc/PID/stat behind the program's name, which may hold anything."""
    return (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
