"""A desk without a window: fills its copy from a back office, then pulls the feed or searches each time it is told to.

A program of its own, so that its time and memory are those of nothing else. One JSON object for each on standard output.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from app.bootstrap.reducers import REDUCERS
from app.core.clock import SystemClock
from app.sync.model import Opened
from app.sync.ports import Grant
from app.sync.snapshot import SnapshotTaker
from app.sync.store_thread import StoreThread
from app.tmf.head_office import HttpHeadOffice
from app.tmf.transport import Transport
from benchmarks.desk_search import measured
from local_cache.journal import Journal
from local_cache.mirror_schema import COLLECTIONS
from local_cache.mirror_store import MirrorFiles
from local_cache.profile import Profile

KEY = bytes(range(32))
REGION = "CN"


async def _work(server: str, token: str, folder: Path) -> None:
    clock, profile = SystemClock(), Profile(folder)
    profile.prepare()
    thread, transport, grant = StoreThread(), Transport(server), Grant("bench", token)
    office = HttpHeadOffice(transport, COLLECTIONS, clock)
    with closing(Journal(profile, KEY, REDUCERS, clock)) as journal:
        journal.open()
        with closing(MirrorFiles(profile, KEY, journal, REGION)) as mirror:
            taker = SnapshotTaker(mirror, thread, office, clock, lambda _: None)
            began, used = time.perf_counter(), time.process_time()
            await taker.take(grant)
            _say(seconds=time.perf_counter() - began, cpu_s=time.process_time() - used, rows=mirror.state().rows)
            for word in sys.stdin:
                began = time.perf_counter()
                if word.strip() == "search":
                    _say(kinds=await measured(profile, KEY, journal, REGION))
                else:
                    _say(changes=await _pull(office, grant, mirror, clock), seconds=time.perf_counter() - began)
    await transport.close()
    await thread.close()


async def _pull(office: HttpHeadOffice, grant: Grant, mirror: MirrorFiles, clock: SystemClock) -> int:
    """Take in what changed; returns how much that was."""
    count = 0
    while True:
        page = await office.feed(grant, mirror.state().cursor, Opened())
        mirror.apply(page.changes, page.cursor, clock.now())
        count += len(page.changes)
        if not page.more:
            return count


def _say(**told: Any) -> None:
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({**told, "peak_mb": peak_mb}), flush=True)


def main() -> None:
    """Work until standard input ends."""
    parser = argparse.ArgumentParser()
    for name in ("--server", "--token", "--profile"):
        parser.add_argument(name, required=True)
    given = parser.parse_args()
    asyncio.run(_work(given.server, given.token, Path(given.profile)))


if __name__ == "__main__":
    main()
