"""The two runs: everybody back at once after a week without the line, and everybody starting at once."""

from __future__ import annotations

import json
import statistics
import time
from collections import Counter
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.backoffice.processes import serving
from tests.crowd.check import faults_in
from tests.crowd.grounds import end_grants, meanwhile, prepare
from tests.crowd.halls import Halls
from tests.crowd.records import Back, Copied, Morning, Started, Week
from tests.stress.history import end_of

_DESKS_A_HALL = 5  # until there are so many processes that they only get in each other's way
_MOST_HALLS = 4


@dataclass(slots=True)
class Outcome:
    """What a run found."""

    run: str
    seed: int
    desks: int
    figures: dict[str, Any] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def as_json(self) -> str:
        """One line; the faults are counted only."""
        about = {"run": self.run, "seed": self.seed, "desks": self.desks}
        return json.dumps({**about, **self.figures, "faults": len(self.faults)})


def back_at_once(folder: Path, seed: int, desks: int, commands: int, customers: int) -> Outcome:
    """Seven days offline, so many acts in all, then all desks return at once."""
    outcome, database = Outcome("back", seed, desks), folder / "office.db"
    prepare(database, desks, customers)
    with ExitStack() as stack:
        _, url = stack.enter_context(serving(database))
        halls = stack.enter_context(closing(Halls(url, folder, desks, _halls(desks), seed)))
        halls.do("copy", Copied)
        began = time.monotonic()
        done = [one for week in halls.do(f"work {commands // desks}", Week) for one in week.done]
        outcome.figures["recorded_s"] = round(time.monotonic() - began, 1)
        meanwhile(url, desks)
        end_grants(database, desks)
        began = time.monotonic()
        returned = halls.do("return", Copied)
        outcome.figures["drained_s"] = round(time.monotonic() - began, 1)
        outcome.figures["sign_ins_typed_again"] = sum(one.typed_again for one in returned)
        sequence = httpx.get(f"{url}/health", timeout=60).json()["sequence"]
        back = [one for each in halls.do(f"settle {sequence}", Back) for one in each.desks]
    end = end_of(str(database))
    outcome.faults = faults_in(done, back, end)
    outcome.figures |= {
        "acts": len(done), "kinds": Counter(one.kind for one in done), "effects": len(end.effects),
        "states": Counter(state for one in back for state in one.states.values()),
        "desk_drained_s": _spread([one.seconds for one in back]),
    }  # fmt: skip
    return outcome


def starting_at_once(folder: Path, seed: int, desks: int, customers: int) -> Outcome:
    """All desks start in the same moment, with the copy of the day before."""
    outcome, database = Outcome("start", seed, desks), folder / "office.db"
    prepare(database, desks, customers)
    with ExitStack() as stack:
        _, url = stack.enter_context(serving(database))
        halls = stack.enter_context(closing(Halls(url, folder, desks, _halls(desks), seed)))
        began = time.monotonic()
        halls.do("copy", Copied)
        outcome.figures["first_copies_s"] = round(time.monotonic() - began, 1)
        meanwhile(url, desks)
        started = [one for each in halls.do("start", Morning) for one in each.desks]
    outcome.faults = [fault for one in started for fault in _faults_of(one)]
    outcome.figures["customers"] = customers
    outcome.figures["searched_s"] = _spread([one.searched for one in started])
    outcome.figures["in_step_s"] = _spread([one.in_step for one in started])
    return outcome


def _halls(desks: int) -> int:
    return min(_MOST_HALLS, -(-desks // _DESKS_A_HALL))


def _faults_of(one: Started) -> list[str]:
    faults = [f"desk {one.desk}: {problem}" for problem in one.problems]
    return faults if one.hits else [*faults, f"desk {one.desk} found nobody"]


def _spread(seconds: list[float]) -> dict[str, float]:
    return {"median": round(statistics.median(seconds), 3), "most": max(seconds)}
