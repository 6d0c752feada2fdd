"""What a benchmark hands back, and what surrounds every figure."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Final, Literal

DATABASES: Final = ("sqlite", "postgresql")


class SkippedError(Exception):
    """This machine lacks what the benchmark compares with; the text names it."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value. `better` says which way is good; `context` holds what is needed to judge it."""

    name: str
    value: float
    unit: str
    better: Literal["lower", "higher"]
    context: Mapping[str, object] = field(default_factory=dict)

    def as_json(self) -> str:
        """Return the figure as one line."""
        return json.dumps({**asdict(self), "context": {**machine(), **self.context}}, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line asks for: how much of it (None: the benchmark's own measure), and on which databases."""

    size: int | None = None
    databases: tuple[str, ...] = DATABASES


Benchmark = Callable[[Asked], Iterable[Figure]]


def machine() -> dict[str, object]:
    """Return what any figure depends on."""
    return {"python": platform.python_version(), "system": platform.platform(), "cpus": os.cpu_count()}
