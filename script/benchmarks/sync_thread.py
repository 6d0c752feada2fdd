"""The product's own sync engine in a thread of the window's process: what the desk would be without a process for it.

For measuring alone; the product has no such way to run.
"""

from __future__ import annotations

import asyncio
import json
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from app.bootstrap import link
from app.bootstrap.logs import log_bug
from app.bootstrap.pipes import Outlet, lines_from
from app.bootstrap.worker import Worker


class SyncThread:
    """Stands where `app.bootstrap.processes.Helper` stands for the sync process."""

    def __init__(self, _name: str, _module: str, _arguments: list[str], first: Mapping[str, Any], _log: Path) -> None:
        self._first = first
        self._reading, writing = os.pipe()
        self._outlet = Outlet(writing, on_gone=lambda: None)
        self._loop = asyncio.new_event_loop()
        self._messages: asyncio.Queue[Mapping[str, Any] | None] = asyncio.Queue()
        self._thread = threading.Thread(target=self._run, name="sync", daemon=True)

    @property
    def pid(self) -> int:
        """The window's own process."""
        return os.getpid()

    def listen(self, on_line: Callable[[str], None], on_end: Callable[[], None]) -> None:
        """Start, and call `on_line` on this loop for each line."""
        del on_end
        window = asyncio.get_running_loop()

        def hear() -> None:
            for line in lines_from(self._reading):
                window.call_soon_threadsafe(on_line, line.decode())

        threading.Thread(target=hear, name="sync's words", daemon=True).start()
        self._thread.start()

    def tell(self, message: Mapping[str, Any]) -> None:
        """Send a message, a copy as by the pipe."""
        self._loop.call_soon_threadsafe(self._messages.put_nowait, json.loads(json.dumps(message)))

    async def end(self) -> None:
        """Let it finish."""
        self._loop.call_soon_threadsafe(self._messages.put_nowait, None)
        await asyncio.to_thread(self._thread.join)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.set_exception_handler(
            lambda _, context: log_bug(context.get("exception") or RuntimeError()) and None
        )
        self._loop.run_until_complete(self._serve())

    async def _serve(self) -> None:
        worker = Worker(self._first, self._outlet)
        worker.start()
        while (message := await self._messages.get()) is not None:
            worker.hear(message)
        await worker.close()
        self._outlet.close()


@contextmanager
def instead_of_a_process() -> Iterator[None]:
    """Let every sync process that is started within be such a thread."""
    with patch.object(link, "Helper", SyncThread):
        yield
