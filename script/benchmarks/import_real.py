"""How long an operator waits until all the public files are in an empty back office, on each database engine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from benchmarks.figures import Asked, Figure, SkippedError
from tests.backoffice.postgresql import Cluster, binaries

ROOT = Path(__file__).parents[2]
FILES = ROOT.parent / "shared" / "data"


def measure(asked: Asked) -> Iterator[Figure]:
    """Import once into each engine; there is only one size of it."""
    if not FILES.is_dir():
        raise SkippedError(f"the public files are not at {FILES}")
    with tempfile.TemporaryDirectory(prefix="trunkline-bench-") as folder:
        if "sqlite" in asked.databases:
            yield _imported("sqlite", str(Path(folder) / "office.db"), Path(folder))
        if "postgresql" in asked.databases:
            with _postgresql() as url:
                yield _imported("postgresql, without fsync", url, Path(folder))


def _imported(engine: str, database: str, folder: Path) -> Figure:
    command = [sys.executable, "-m", "backoffice", "import", "--database", database, str(FILES)]
    began = time.monotonic()
    done = subprocess.run(
        [*command, "--report", str(folder / "report.csv")],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    seconds = time.monotonic() - began
    if done.returncode:
        raise RuntimeError(done.stderr.strip() or "the import failed")
    told = json.loads(done.stdout.splitlines()[-1])
    context = {"database": engine, "documents": told["documents"]["inserted"]}
    return Figure("import_real_s", round(seconds, 2), "s", "lower", context)


@contextmanager
def _postgresql() -> Iterator[str]:
    programs = binaries()
    if programs is None:
        raise SkippedError("no PostgreSQL server is installed")
    with closing(Cluster(programs)) as cluster:
        yield cluster.database()
