"""Simulates seed after seed, as long as it is told to, and counts what happened."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

from tests.simulation.world import Result, World


@dataclass
class Soak:
    """What many simulations came to. `seconds` are of processor time; what was simulated took `simulated_hours`."""

    first: int = 0
    seeds: int = 0
    steps: int = 0
    seconds: float = 0.0
    simulated_hours: float = 0.0
    happened: Counter[str] = field(default_factory=Counter)
    faults: dict[int, str] = field(default_factory=dict)  # by seed

    @property
    def steps_per_s(self) -> int:
        """Steps in a second of processor time."""
        return round(self.steps / self.seconds) if self.seconds else 0

    def take(self, result: Result) -> None:
        """Count one simulation."""
        self.seeds += 1
        self.steps += result.steps
        self.simulated_hours += result.seconds / 3_600
        self.happened.update(result.happened)
        if result.fault:
            self.faults[result.seed] = result.fault


def soak(seconds: float, first: int = 0, every: int = 1, kind: type[World] = World) -> Soak:
    """Simulate the seeds `first`, `first + every`, … for so many seconds."""
    found = Soak(first)
    began = time.process_time()
    for seed in _until(time.monotonic() + seconds, first, every):
        found.take(kind(seed).run())
        found.seconds = time.process_time() - began
    return found


def _until(end: float, first: int, every: int) -> Iterator[int]:
    for seed in count(first, every):
        if time.monotonic() >= end:
            return
        yield seed
