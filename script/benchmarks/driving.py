"""Desks with their window for the benchmarks: a profile whose copy exists, the window on it, and keys pressed in it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Final

from sqlalchemy import select

from app.rules.han import is_han, readings
from backoffice import schema
from backoffice.scopes import EVERYTHING
from backoffice.store import Store
from benchmarks.first_paint import KEY
from benchmarks.grounds import ROOT, ground
from benchmarks.screen import private_screen

CUSTOMERS: Final = 10_000
_FAREWELL_S: Final = 20.0
_KEPT: list[tempfile.TemporaryDirectory[str]] = []  # gone when the program ends


class DrivenDesk:
    """A running window that presses the keys it is asked for."""

    def __init__(self, process: subprocess.Popen[str], started: int) -> None:
        self._process = process
        self._started = started

    @property
    def pid(self) -> int:
        """The window's process."""
        return self._process.pid

    def ask(self, do: str, **more: object) -> dict[str, Any]:
        """Ask for something and hear what came of it. Raises RuntimeError where the window has ended."""
        assert self._process.stdin  # noqa: S101 - for the type checker
        with suppress(BrokenPipeError):
            self._process.stdin.write(json.dumps({"do": do, **more}) + "\n")
            self._process.stdin.flush()
        for line in self._process.stdout or ():
            if line.startswith("{"):
                said: dict[str, Any] = json.loads(line)
                return said
        raise RuntimeError("the window ended early")

    def wait_in_step(self) -> None:
        """Wait until the copy is complete and in step."""
        if not self.ask("wait")["is_in_step"]:
            raise RuntimeError("the desk did not come in step")

    def seconds_since_start(self, instant: int) -> float:
        """From the start of the process to an instant of Unix time in nanoseconds."""
        return (instant - self._started) / 1e9


@contextmanager
def driven(profile: Path, sync: str = "process") -> Iterator[DrivenDesk]:
    """Open the window on that profile, on a screen of its own; closed as a clerk closes it."""
    with _running("benchmarks.driven_desk", str(profile), sync) as desk:
        yield desk


@contextmanager
def driven_bare() -> Iterator[DrivenDesk]:
    """Open the bare window with a box, on another screen."""
    with _running("benchmarks.bare_finder") as bare:
        yield bare


@contextmanager
def _running(module: str, *arguments: str) -> Iterator[DrivenDesk]:
    with private_screen() as screen:
        command = [sys.executable, "-m", module, *arguments]
        environment = {**os.environ, **screen, **KEY}
        started = time.time_ns()
        with subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as process:
            try:
                yield DrivenDesk(process, started)
            finally:
                _end(process)


@cache
def prepared(customers: int) -> Path:
    """A demonstration's profile whose copy of so many customers is in step."""
    here = ground("sqlite", customers)
    folder = tempfile.TemporaryDirectory(prefix="trunkline-bench-", ignore_cleanup_errors=True)
    _KEPT.append(folder)
    profile, office = Path(folder.name) / "desk", Path(folder.name) / "desk-backoffice"
    office.mkdir()
    (office / "office.db").symlink_to(here.database)
    with driven(profile) as desk:
        desk.wait_in_step()
    return profile


def questions(customers: int, count: int) -> list[str]:
    """What clerks type: numbers, ids of customers, and names by their sounds, of as many customers as are asked for."""
    with closing(Store.open(ground("sqlite", customers).database)) as store, store.reading(EVERYTHING) as reader:
        document = schema.document.c
        ids = select(document.id).where(document.collection == "customer", document.deleted.is_(False))
        picked = Random(1).sample(sorted(reader.connection.scalars(ids)), min(count, customers))  # noqa: S311 - no secret
        held = reader.get_many("customer", picked)
    kinds = (_number_in, lambda body: str(body["id"]).lower(), lambda body: _sounds_of(body["name"]))
    return [kinds[place % len(kinds)](one.body) or one.id.lower() for place, one in enumerate(held)]


def in_turns(desks: Sequence[DrivenDesk], texts: Sequence[str]) -> list[list[dict[str, Any]]]:
    """The keys of the texts at each of the windows, a text here, a text there."""
    told: list[list[dict[str, Any]]] = [[] for _ in desks]
    for text in texts:
        for place, desk in enumerate(desks):
            told[place] += desk.ask("keys", texts=[text])["keys"]
    return told


def at_the_share(times: Sequence[float], share: float) -> float:
    """The value that this share of all did not exceed."""
    return sorted(times)[min(len(times) - 1, int(share * len(times)))]


def summary(times: Sequence[float]) -> dict[str, float]:
    """What a row of milliseconds comes to."""
    return {
        "n": len(times),
        "median": round(at_the_share(times, 0.5), 2),
        "p95": round(at_the_share(times, 0.95), 2),
        "p99": round(at_the_share(times, 0.99), 2),
        "longest": round(max(times), 2),
    }


def _number_in(body: Mapping[str, Any]) -> str:
    numbers = (one.get("characteristic", {}).get("phoneNumber", "") for one in body.get("contactMedium", ()))
    return next(("".join(sign for sign in one if sign.isdigit()) for one in numbers if one), "")


def _sounds_of(name: str) -> str:
    """How a name is typed without an input method: by its sounds, or as it is."""
    sounds = "".join(next(iter(readings(sign)), sign) if is_han(sign) else sign for sign in name)
    return "".join(sign for sign in sounds.lower() if sign.isascii() and sign.isalnum())


def _end(process: subprocess.Popen[str]) -> None:
    assert process.stdin  # noqa: S101 - for the type checker
    with suppress(BrokenPipeError):
        process.stdin.close()
    try:
        process.wait(_FAREWELL_S)
    except subprocess.TimeoutExpired:
        process.kill()
