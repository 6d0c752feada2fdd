"""`script/concurrency`: one run on each database; a line of JSON for each, what is wrong on standard error."""

from __future__ import annotations

import argparse
import json
import secrets
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.backoffice.postgresql import Cluster, binaries
from tests.stress.run import Outcome, Size, run
from tests.stress.servers import ROOT

_DATABASES: Final = ("sqlite", "postgresql")
_KEPT: Final = ROOT / "build" / "concurrency"
_TOLD: Final = 20  # faults; the rest is counted


def arguments(words: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="script/concurrency", description="Many writers against killed servers.")
    parser.add_argument("--writes", type=int, default=Size.writes, metavar="N", help="of all writers together")
    parser.add_argument("--kills", type=int, default=Size.kills, metavar="N", help="of servers, at random points")
    parser.add_argument("--writers", type=int, default=Size.writers, metavar="N", help="processes")
    parser.add_argument("--servers", type=int, default=Size.servers, metavar="N", help="processes on one database")
    parser.add_argument("--database", choices=[*_DATABASES, "both"], default="both")
    parser.add_argument("--seed", type=int, help="of an earlier run; without it a new one")
    return parser.parse_args(words)


def main(words: list[str]) -> int:
    """Run; 1 if anything was wrong or a database is not to be had."""
    asked = arguments(words)
    size = Size(asked.writes, asked.kills, asked.writers, asked.servers)
    seed = secrets.randbelow(1_000_000) if asked.seed is None else asked.seed
    chosen = _DATABASES if asked.database == "both" else (asked.database,)
    return max([_one(kind, seed, size) for kind in chosen])


def _one(kind: str, seed: int, size: Size) -> int:
    print(f"{kind}: seed {seed}", file=sys.stderr, flush=True)  # noqa: T201
    folder = Path(tempfile.mkdtemp(prefix=f"trunkline-concurrency-{kind}-"))
    try:
        with _database(kind, folder) as database:
            outcome = run(database, folder, seed, size)
    except (RuntimeError, OSError) as error:
        outcome = Outcome(seed, size, faults=[f"the run ended: {error}"])
    print(json.dumps({"database": kind, **json.loads(outcome.as_json())}), flush=True)  # noqa: T201
    if outcome.faults or outcome.kills < size.kills:
        return _failed(kind, outcome, folder)
    shutil.rmtree(folder)
    return 0


def _failed(kind: str, outcome: Outcome, folder: Path) -> int:
    """Keep the seed and all that was seen."""
    print(*outcome.faults[:_TOLD], sep="\n", file=sys.stderr)  # noqa: T201
    kept = _KEPT / f"{kind}-{outcome.seed}"
    shutil.rmtree(kept, ignore_errors=True)
    shutil.move(folder, kept)
    (kept / "faults.txt").write_text("\n".join(outcome.faults), encoding="utf-8")
    with (_KEPT / "failed-seeds.jsonl").open("a", encoding="utf-8") as seeds:
        seeds.write(json.dumps({"database": kind, **json.loads(outcome.as_json())}) + "\n")
    print(f"{kind}: seed {outcome.seed} failed ({len(outcome.faults)}); kept in {kept}", file=sys.stderr)  # noqa: T201
    return 1


@contextmanager
def _database(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield str(folder / "office.db")
        return
    programs = binaries()
    if programs is None:
        raise RuntimeError("no PostgreSQL server is installed")
    cluster = Cluster(programs)
    try:
        yield cluster.database()
    finally:
        cluster.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
