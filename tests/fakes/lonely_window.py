"""A window that starts a sync process, says which, and waits to be killed."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from app.bootstrap.link import SyncLink


async def _run(first: dict[str, str]) -> None:
    link = SyncLink(first, Path(first["log"]), lambda _: None, lambda _: None)
    link.start()
    sys.stdout.write(f"{link.pid}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_run(json.loads(sys.stdin.readline())))
