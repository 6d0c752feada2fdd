"""`script/crowd`: both runs, or one of them; a line of JSON for each, what is wrong on standard error."""

from __future__ import annotations

import argparse
import secrets
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tests.crowd.grounds import ROOT
from tests.crowd.run import Outcome, back_at_once, starting_at_once

_KEPT: Final = ROOT / "build" / "crowd"
_TOLD: Final = 20  # faults; the rest is counted


def arguments(words: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="script/crowd", description="Many desks and one back office.")
    parser.add_argument("--desks", type=int, default=20, metavar="N", help="that return at once after a week; 0: none")
    parser.add_argument("--commands", type=int, default=5_000, metavar="N", help="of all of them together")
    parser.add_argument("--starting", type=int, default=40, metavar="N", help="desks that start at once; 0: none")
    parser.add_argument("--customers", type=int, default=2_000, metavar="N", help="in the copy of each")
    parser.add_argument("--seed", type=int, help="of an earlier run; without it a new one")
    return parser.parse_args(words)


def main(words: list[str]) -> int:
    """Run; 1 if anything was wrong."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that everything that was started is ended too
    asked = arguments(words)
    seed = secrets.randbelow(1_000_000) if asked.seed is None else asked.seed
    code = 0
    if asked.desks:
        code |= _one("back", lambda at: back_at_once(at, seed, asked.desks, asked.commands, asked.customers))
    if asked.starting:
        code |= _one("start", lambda at: starting_at_once(at, seed, asked.starting, asked.customers))
    return code


def _one(name: str, run: Callable[[Path], Outcome]) -> int:
    folder = Path(tempfile.mkdtemp(prefix=f"trunkline-crowd-{name}-"))
    try:
        outcome = run(folder)
    except (RuntimeError, OSError) as error:
        print(f"{name}: the run ended: {error}; kept in {_keep(name, folder)}", file=sys.stderr)  # noqa: T201
        return 1
    print(outcome.as_json(), flush=True)  # noqa: T201
    if outcome.faults:
        print(*outcome.faults[:_TOLD], sep="\n", file=sys.stderr)  # noqa: T201
        (folder / "faults.txt").write_text("\n".join(outcome.faults), encoding="utf-8")
        print(f"{name}: seed {outcome.seed} failed; kept in {_keep(name, folder)}", file=sys.stderr)  # noqa: T201
        return 1
    shutil.rmtree(folder)
    return 0


def _keep(name: str, folder: Path) -> Path:
    kept = _KEPT / f"{name}-{folder.name.rpartition('-')[2]}"
    kept.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(folder, kept)
    return kept


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
