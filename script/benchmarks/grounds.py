"""Databases made by `generate` for the benchmarks of the back office, and servers on them. Gone when the program ends."""

from __future__ import annotations

import atexit
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app.core.clock import SystemClock
from backoffice.people import People, Person
from backoffice.store import Store
from benchmarks.figures import SkippedError
from tests.backoffice.postgresql import DURABLE, Cluster, binaries

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Ground:
    """A database with so many customers, and a token for it."""

    kind: str
    database: str
    customers: int
    token: str

    @property
    def context(self) -> dict[str, object]:
        """What a figure on this ground says of it."""
        return {"database": self.kind, "customers": self.customers}


@cache
def ground(kind: str, customers: int) -> Ground:
    """Make it, once. Raises SkippedError where the database is not to be had."""
    database = f"{_folder()}/{customers}.db" if kind == "sqlite" else _cluster().database()
    command = [sys.executable, "-m", "backoffice", "generate", "--database", database]
    made = subprocess.run(
        [*command, "--customers", str(customers), "--seed", "1"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if made.returncode:
        raise RuntimeError(f"generate failed: {made.stderr}")
    return Ground(kind, database, customers, _token(database))


@contextmanager
def serving(ground: Ground) -> Iterator[int]:
    """A back office, as anybody would run it."""
    with _running("backoffice", "serve", "--database", ground.database) as port:
        yield port


@contextmanager
def serving_bare(ground: Ground) -> Iterator[int]:
    """The bare handler beside it."""
    with _running("benchmarks.bare_handler", "--database", ground.database) as port:
        yield port


@contextmanager
def _running(module: str, *arguments: str) -> Iterator[int]:
    command = [sys.executable, "-m", module, *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        try:
            line = process.stdout.readline() if process.stdout else b""
            if not line:
                raise RuntimeError(f"{module} did not start")
            yield int(json.loads(line)["port"])
        finally:
            process.terminate()


def _token(database: str) -> str:
    store = Store.open(database)
    try:
        people, person = People(store, SystemClock()), Person("bench", "Bench", "supervisor")
        people.put(person, None)
        return people.grant(person, None).token
    finally:
        store.close()


@cache
def _folder() -> str:
    folder = tempfile.mkdtemp(prefix="trunkline-bench-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def _cluster() -> Cluster:
    programs = binaries()
    if programs is None:
        raise SkippedError("no PostgreSQL server is installed")
    cluster = Cluster(programs, DURABLE)
    atexit.register(cluster.close)
    return cluster
