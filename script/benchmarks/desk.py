"""How fast a desk gets its copy and keeps it in step, beside the physical limit of Python on this machine."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from shutil import which
from typing import Any, Final

from sqlalchemy import select

from backoffice import schema
from backoffice.documents import Document
from backoffice.scopes import EVERYTHING
from backoffice.store import Store
from benchmarks.figures import Asked, Figure, SkippedError
from benchmarks.grounds import ROOT, Ground, ground, serving

CUSTOMERS: Final = 10_000
_CHANGED, _DELETED = 950, 50
_LIMIT: Final = ROOT.parent / "shared" / "bench" / "peers-sync"
_VARIANT: Final = "sqlcipher"


@dataclass(frozen=True, slots=True)
class _Copied:
    """What a desk did: how long it took to be ready to search, at what cost, and to take in a thousand changes."""

    seconds: float
    cpu_s: float
    rows: int
    peak_mb: int
    changes: int
    changes_s: float
    search_ms: dict[str, dict[str, float]]


def snapshot_vs_limit(asked: Asked) -> Iterator[Figure]:
    """Customers a second until a desk is ready to search, beside the limit for as many customers of its own."""
    customers = asked.size or CUSTOMERS
    limit, copied = _limit(customers), _copied(customers)
    ours = customers / copied.seconds
    context = {
        "customers": customers,
        "per_second": round(ours),
        "limit_per_second": limit["ready_docs_s"],
        "limit": f"bench/peers-sync/limit.py {_VARIANT}: one document a customer",
        "documents": copied.rows,
        "documents_per_second": round(copied.rows / copied.seconds),
        "desk_cpu_s": round(copied.cpu_s, 2),
        "limit_cpu_s": limit["client_cpu_s"],
    }
    yield Figure("snapshot_vs_limit", round(ours / limit["ready_docs_s"], 3), "× limit", "higher", context)


def snapshot_peak_mb(asked: Asked) -> Iterator[Figure]:
    """The most memory that the desk's side of a snapshot takes."""
    customers = asked.size or CUSTOMERS
    yield Figure("snapshot_peak_mb", _copied(customers).peak_mb, "MB", "lower", {"customers": customers})


def changes_1000_s(asked: Asked) -> Iterator[Figure]:
    """A thousand changed customers, fifty of them deleted, until they can be searched."""
    customers = asked.size or CUSTOMERS
    limit, copied = _limit(customers), _copied(customers)
    context = {"customers": customers, "changes": copied.changes, "limit_s": limit["incr1000_s"]}
    yield Figure("changes_1000_s", round(copied.changes_s, 3), "s", "lower", context)


def search_ms(asked: Asked) -> Iterator[Figure]:
    """The worst p99 of the box among all kinds of question, warm, from the call to the rows."""
    customers = asked.size or CUSTOMERS
    kinds = _copied(customers).search_ms
    worst = max(times["p99"] for kind, times in kinds.items() if not kind.startswith("bare"))
    yield Figure("search_ms", worst, "ms (p99)", "lower", {"customers": customers, "kinds": kinds})


@cache
def _copied(customers: int) -> _Copied:
    here = ground("sqlite", customers)
    with (
        serving(here) as port,
        tempfile.TemporaryDirectory(prefix="trunkline-bench-") as folder,
        _desk(here, port, folder) as desk,
    ):
        snapshot = _said(desk)
        _change(here)
        changes, searched = _told(desk, "pull"), _told(desk, "search")
    return _Copied(
        snapshot["seconds"], snapshot["cpu_s"], snapshot["rows"], snapshot["peak_mb"], changes["changes"],
        changes["seconds"], searched["kinds"],
    )  # fmt: skip


@contextmanager
def _desk(here: Ground, port: int, folder: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "benchmarks.desk_copy", "--server", f"http://127.0.0.1:{port}"]
    more = ["--token", here.token, "--profile", f"{folder}/desk"]
    with subprocess.Popen(
        [*command, *more], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process
        assert process.stdin  # noqa: S101 - for the type checker
        process.stdin.close()


def _told(desk: subprocess.Popen[str], word: str) -> dict[str, Any]:
    """Tell the desk to pull or to search, and hear what came of it."""
    assert desk.stdin  # noqa: S101 - for the type checker
    desk.stdin.write(f"{word}\n")
    desk.stdin.flush()
    return _said(desk)


def _said(desk: subprocess.Popen[str]) -> dict[str, Any]:
    line = desk.stdout.readline() if desk.stdout else ""
    if not line:
        raise RuntimeError("the desk ended early")
    said: dict[str, Any] = json.loads(line)
    return said


def _change(here: Ground) -> None:
    """Change some customers at the back office and delete some others."""
    with closing(Store.open(here.database)) as store:
        with store.reading(EVERYTHING) as reader:
            document = schema.document.c
            wanted = select(document.id).where(document.collection == "customer", document.deleted.is_(False))
            ids = list(reader.connection.scalars(wanted.order_by(document.id).limit(_CHANGED + _DELETED)))
            held = {one.id: one.body for one in reader.get_many("customer", ids[:_CHANGED])}
        store.load(Document("customer", id_, {**body, "name": f"{body['name']} II"}) for id_, body in held.items())
        with store.writing() as transaction:
            for one in ids[_CHANGED:]:
                transaction.put("customer", one, None)


@cache
def _limit(customers: int) -> dict[str, Any]:
    """What `limit.py` says of as many customers. Raises SkippedError."""
    if not (_LIMIT / "limit.py").exists() or which("node") is None:
        raise SkippedError("the limit needs ../shared/bench and node")
    with tempfile.TemporaryDirectory(prefix="trunkline-bench-") as folder:
        documents = f"{folder}/customers.ndjson"
        _ran([str(_LIMIT / "gen.py"), str(customers), documents])
        (Path(folder) / "store").mkdir()
        said = _ran([str(_LIMIT / "limit.py"), documents, str(customers), f"{folder}/store", _VARIANT])
    result: dict[str, Any] = json.loads(said.partition("RESULT ")[2])
    return result


def _ran(command: list[str]) -> str:
    done = subprocess.run([sys.executable, *command], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{command[0]}: {done.stderr}")
    return done.stdout
