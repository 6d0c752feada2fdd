"""`script/load`: one run on each database that is asked for; a line of JSON for each, what is wrong on standard error."""

from __future__ import annotations

import argparse
import secrets
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.backoffice.postgresql import Cluster, binaries
from tests.loading.run import run


def arguments(words: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="script/load", description="A desk is filled, and killed while it is.")
    parser.add_argument("customers", type=int, help="that the operator has")
    parser.add_argument("--kills", type=int, default=10, metavar="N", help="of the desk, at random points of the load")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--seed", type=int, help="of an earlier run; without it a new one")
    return parser.parse_args(words)


def main(words: list[str]) -> int:
    """Run; 1 if anything was wrong."""
    asked = arguments(words)
    seed = secrets.randbelow(1_000_000) if asked.seed is None else asked.seed
    with tempfile.TemporaryDirectory(prefix="trunkline-load-") as folder, _database(asked.database, folder) as database:
        outcome = run(database, Path(folder), asked.customers, asked.kills, seed)
    print(outcome.as_json(), flush=True)  # noqa: T201
    if outcome.kills < asked.kills:
        outcome.faults.append(f"the desk was killed {outcome.kills} times while it loaded, not {asked.kills}")
    print(*outcome.faults, sep="\n", file=sys.stderr)  # noqa: T201
    return 1 if outcome.faults else 0


@contextmanager
def _database(kind: str, folder: str) -> Iterator[str]:
    if kind == "sqlite":
        yield f"{folder}/office.db"
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
