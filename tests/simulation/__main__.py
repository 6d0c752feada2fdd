"""`python -m tests.simulation`: a soak on every processor, or a close look at one seed. Exit code 1 if anything broke."""

from __future__ import annotations

import argparse
import json
import os
import secrets
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor

from tests.simulation.planted import PLANTED
from tests.simulation.soak import Soak, soak
from tests.simulation.world import World


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=1.0, metavar="N")
    parser.add_argument("--first", type=int, metavar="SEED", help="the first seed (default: one that nobody has seen)")
    parser.add_argument("--seed", type=int, help="only this one, every step of it on standard output")
    parser.add_argument("--planted", choices=PLANTED, help="with this bug in it")
    asked = parser.parse_args()
    if asked.seed is not None:
        return _look(_kind(asked.planted), asked.seed)
    first = secrets.randbelow(1_000_000_000) if asked.first is None else asked.first
    found = _everywhere(asked.minutes * 60, first, asked.planted)
    print(json.dumps(_summary(found), indent=1))  # noqa: T201 - what it is for
    return 1 if any(one.faults for one in found) else 0


def _look(kind: type[World], seed: int) -> int:
    result = kind(seed, keeps_log=True).run()
    sys.stdout.write("\n".join([*result.log, result.fault or "Every invariant held.", ""]))
    return 1 if result.fault else 0


def _kind(planted: str | None) -> type[World]:
    return PLANTED[planted] if planted else World


def _soak(seconds: float, first: int, step: int, planted: str | None) -> Soak:
    return soak(seconds, first, step, _kind(planted))  # chosen in the process: a planted world cannot be sent to one


def _everywhere(seconds: float, first: int, planted: str | None) -> list[Soak]:
    processors = os.cpu_count() or 1
    with ProcessPoolExecutor(processors) as pool:
        running = [pool.submit(_soak, seconds, first + turn, processors, planted) for turn in range(processors)]
        return [one.result() for one in running]


def _summary(found: list[Soak]) -> dict[str, object]:
    seconds = sum(one.seconds for one in found)
    steps = sum(one.steps for one in found)
    happened = sum((one.happened for one in found), Counter[str]())
    return {
        "first_seed": min(one.first for one in found),
        "seeds": sum(one.seeds for one in found),
        "steps": steps,
        "processor_seconds": round(seconds),
        "steps_per_processor_second": round(steps / seconds) if seconds else 0,
        "simulated_hours": round(sum(one.simulated_hours for one in found)),
        "happened": dict(happened.most_common()),
        "faults": {seed: fault for one in found for seed, fault in one.faults.items()},
    }


if __name__ == "__main__":
    sys.exit(main())
