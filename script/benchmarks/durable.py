"""What it costs to save an act for good, beside two bare inserts into an encrypted file with a sync at each commit."""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from app.bootstrap.store import Store, open_store
from app.complaints.commands import file_complaint
from app.complaints.model import ComplaintForm
from app.core.clock import SystemClock
from app.core.commands import Command
from app.core.ids import new_id
from benchmarks.driving import summary
from benchmarks.figures import Asked, Figure
from local_cache import cipher
from local_cache.profile import Profile

_ACTS: Final = 1_000
_WARM_UP: Final = 50
_TABLES: Final = ("command", "effect")


def commit_vs_raw(asked: Asked) -> Iterator[Figure]:
    """Save complaints one after the other (the size says how many), each in turns with a bare transaction."""
    with tempfile.TemporaryDirectory(prefix="trunkline-bench-") as folder:
        saved, bare = asyncio.run(_in_turns(Path(folder), asked.size or _ACTS))
    ours, theirs = summary(saved[_WARM_UP:]), summary(bare[_WARM_UP:])
    context = {"acts": len(saved), "command_ms": ours, "two_inserts_ms": theirs}
    yield Figure("commit_vs_raw", round(ours["median"] / theirs["median"], 2), "× two bare inserts", "lower", context)


async def _in_turns(folder: Path, acts: int) -> tuple[list[float], list[float]]:
    key, profile = os.urandom(cipher.KEY_BYTES), Profile(folder / "desk")
    profile.prepare()
    saved, bare = [], []
    with (
        closing(open_store(profile, key, SystemClock(), lambda _: None, lambda: None, "CN")) as store,
        closing(cipher.connect(folder / "bare.db", key, full_sync=True)) as connection,
    ):
        for table in _TABLES:
            connection.execute(f"CREATE TABLE {table} (id TEXT PRIMARY KEY, body TEXT)")
        for _ in range(_WARM_UP + acts):
            act = _complaint()
            saved.append(await _ms_to_save(store, act))
            bare.append(_ms_to_insert(connection, act))
    return saved, bare


async def _ms_to_save(store: Store, act: Command) -> float:
    """Milliseconds until the clerk may be told so: command, effect, search and audit entries are on the disk."""
    began = time.perf_counter()
    await store.log.record(act)
    return (time.perf_counter() - began) * 1000


def _ms_to_insert(connection: Any, act: Command) -> float:
    body = str(act.body)
    began = time.perf_counter()
    connection.execute("BEGIN IMMEDIATE")
    for table in _TABLES:
        connection.execute(f"INSERT INTO {table} VALUES (?, ?)", (act.id, body))  # noqa: S608 - names of our own
    connection.execute("COMMIT")
    return (time.perf_counter() - began) * 1000


def _complaint() -> Command:
    now = SystemClock().now()
    form = ComplaintForm(
        new_id(), now, customer_id="C-100001", customer_name="张伟", category="slow-internet",
        description="Every evening from eight, on both telephones; asked twice already.",
    )  # fmt: skip
    return file_complaint(form, "bench", now)
