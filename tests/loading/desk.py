"""A desk without its window, as a process that can be killed: it says how far its copy has come, a JSON object a line."""

from __future__ import annotations

import asyncio
import json
import resource
import sys
from pathlib import Path

from app.sync.status import LineState
from tests.contract.desks import RealDesk, opened

USER, PASSWORD = "mei", "eight hours a day"
_LOOK_S = 0.02


async def _run(folder: Path, server: str) -> None:
    async with opened(folder, server) as desk:
        desk.engine.start()
        await desk.sign_in(USER, PASSWORD)
        told = ""
        while True:
            if (news := await _news(desk)) != told:
                print(news, flush=True)  # noqa: T201
                told = news
            await asyncio.sleep(_LOOK_S)


async def _news(desk: RealDesk) -> str:
    status = desk.status
    is_in_step = status.line is LineState.ONLINE and status.as_of is not None and not status.is_building
    state = await desk.engine.thread.run(desk.mirror.state) if is_in_step else None
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    cursor = state.cursor if state and state.is_complete else ""
    told = {"loaded": status.loaded, "total": status.total, "cursor": cursor, "trouble": status.trouble}
    return json.dumps({**told, "peak_mb": peak_mb} if cursor else told)


if __name__ == "__main__":
    asyncio.run(_run(Path(sys.argv[1]), sys.argv[2]))
