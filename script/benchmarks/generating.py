"""How many customers a second `backoffice generate` makes, beside the same documents inserted into one bare table."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from benchmarks.figures import Asked, Figure
from tests.backoffice.postgresql import Cluster, binaries

ROOT = Path(__file__).parents[2]
USUAL_CUSTOMERS = 10_000
_PAGE = 5000
_BARE = "CREATE TABLE bare (row INTEGER PRIMARY KEY, collection TEXT, id TEXT, body TEXT)"


def measure(asked: Asked) -> Iterator[Figure]:
    """Make an operator of that size on SQLite and, where a server is installed, on PostgreSQL."""
    customers = asked.size or USUAL_CUSTOMERS
    with tempfile.TemporaryDirectory(prefix="trunkline-bench-", ignore_cleanup_errors=True) as folder:
        made = _generate(f"{folder}/office.db", customers)
        bare = _copy_into_one_table(Path(folder))
        if "sqlite" in asked.databases:
            yield _figure("sqlite", customers, made, bare)
        if "postgresql" not in asked.databases:
            return
        (Path(folder) / "office.db").unlink()
        programs = binaries()
        if programs is None:
            print("generate_per_s skipped on PostgreSQL: no server is installed", file=sys.stderr)
            return
        with closing(Cluster(programs)) as cluster:
            yield _figure("postgresql without fsync", customers, _generate(cluster.database(), customers), bare)


def _generate(database: str, customers: int) -> tuple[int, float]:
    """How many documents were made, and the seconds that it took."""
    options = ["--database", database, "--customers", str(customers), "--seed", "1"]
    command = [sys.executable, "-m", "backoffice", "generate", *options]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr)
    summary = json.loads(done.stdout.splitlines()[-1])
    return summary["documents"]["inserted"], summary["seconds"]


def _copy_into_one_table(folder: Path) -> float:
    """The seconds that it takes the driver alone to insert the same documents, in one transaction."""
    seconds, last = 0.0, 0
    with closing(sqlite3.connect(folder / "office.db")) as source, closing(sqlite3.connect(folder / "bare.db")) as bare:
        bare.execute("PRAGMA journal_mode=WAL")
        bare.execute(_BARE)
        pages = "SELECT row, collection, id, body FROM document WHERE row > ? ORDER BY row LIMIT ?"
        while page := source.execute(pages, (last, _PAGE)).fetchall():
            last, began = page[-1][0], time.monotonic()
            bare.executemany("INSERT INTO bare VALUES (?, ?, ?, ?)", page)
            seconds += time.monotonic() - began
        began = time.monotonic()
        bare.commit()
        return seconds + time.monotonic() - began


def _figure(engine: str, customers: int, made: tuple[int, float], bare: float) -> Figure:
    documents, seconds = made
    context = {
        "database": engine,
        "customers": customers,
        "documents": documents,
        "seconds": seconds,
        "bare_per_s": round(customers / bare),
        "of_bare": round(bare / seconds, 3),
        "bare": "the same documents by executemany into one SQLite table without any index",
    }
    return Figure("generate_per_s", round(customers / seconds), "customers/s", "higher", context)
