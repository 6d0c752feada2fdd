"""The sync process: all HTTP, all writing to the mirror, one line of JSON in and out for each message.

Started by the window with `python -m app.bootstrap.worker`; ends when its standard input does, so it never outlives it.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from app.bootstrap.logs import log_bug, log_fact, note_unhandled, start_log
from app.bootstrap.reducers import REDUCERS
from app.core.clock import SystemClock
from app.core.errors import DeskError
from app.sync.engine import SyncEngine
from app.sync.events import Answered, Event, written
from app.sync.retry import Backoff
from app.tmf.head_office import HttpHeadOffice
from app.tmf.transport import Transport
from local_cache.journal import Journal
from local_cache.mirror_store import MirrorFiles
from local_cache.outbox_store import JournalOutbox
from local_cache.pins import DeskClerks
from local_cache.profile import Profile

BELOW_NORMAL = 10
Message = Mapping[str, Any]


class Worker:
    """The sync engine with its stores, driven by the window's messages."""

    def __init__(self, first: Message, emit: Callable[[Event], None]) -> None:
        self._emit = emit
        clock = SystemClock()
        profile, key = Profile(Path(first["profile"])), bytes.fromhex(first["key"])
        self._journal = Journal(profile, key, REDUCERS, clock)
        self._journal.open()
        self._mirror = MirrorFiles(profile, key, self._journal, first["region"])
        self._clerks = DeskClerks(self._journal, clock)
        self._transport = Transport(first["server"])
        self._head_office = HttpHeadOffice(self._transport)
        outbox = JournalOutbox(self._journal, clock)
        self.engine = SyncEngine(outbox, self._mirror, self._head_office, clock, Backoff(), emit, self._bug)

    async def handle(self, message: Message) -> None:
        """Do what the window asks."""
        match message["do"]:
            case "poke":
                self.engine.poke()
            case "refresh":
                self.engine.refresh()
            case "rebuild":
                self.engine.rebuild()
            case "sign-in":
                await self._answer(message, self._sign_in)
            case "sign-in-embedded":
                await self._answer(message, self._sign_in_embedded)

    async def close(self) -> None:
        """Stop everything; nothing is lost by it."""
        await self.engine.close()
        await self._transport.close()
        self._mirror.close()
        self._journal.close()

    async def _sign_in(self, message: Message) -> dict[str, Any]:
        device = await self.engine.thread.run(self._journal.device)
        answer = await self._head_office.sign_in(message["user"], message["password"], device)
        return await self._signed_in(answer)

    async def _sign_in_embedded(self, message: Message) -> dict[str, Any]:
        device = await self.engine.thread.run(self._journal.device)
        return await self._signed_in(await self._head_office.sign_in_embedded(message["secret"], device))

    async def _signed_in(self, answer: Mapping[str, Any]) -> dict[str, Any]:
        clerk = await self.engine.thread.run(self._clerks.signed_in, answer)
        self.engine.signed_in(clerk.id)
        return {"id": clerk.id}

    async def _answer(self, message: Message, work: Callable[[Message], Any]) -> None:
        try:
            self._emit(Answered(message["call"], await work(message)))
        except DeskError as error:
            self._emit(Answered(message["call"], error=type(error).__name__, params=error.params))

    @staticmethod
    def _bug(error: BaseException) -> None:
        log_bug(error)


def main() -> None:
    """Run until standard input ends."""
    note_unhandled()
    if hasattr(os, "nice"):
        os.nice(BELOW_NORMAL)
    first = json.loads(sys.stdin.readline())
    start_log(Path(first["log"]), "sync")
    log_fact("sync process starts, Python %s", sys.version.split()[0])
    asyncio.run(_serve(first))


async def _serve(first: Message) -> None:
    worker = Worker(first, _print)
    messages: asyncio.Queue[Message | None] = asyncio.Queue()
    loop = asyncio.get_running_loop()
    threading.Thread(target=_read, args=(loop, messages), name="window", daemon=True).start()
    worker.engine.start()
    running: set[asyncio.Task[None]] = set()
    while (message := await messages.get()) is not None:
        task = asyncio.create_task(worker.handle(message))
        running.add(task)
        task.add_done_callback(running.discard)
    await worker.close()


def _read(loop: asyncio.AbstractEventLoop, messages: asyncio.Queue[Message | None]) -> None:
    for line in sys.stdin:
        loop.call_soon_threadsafe(messages.put_nowait, json.loads(line))
    loop.call_soon_threadsafe(messages.put_nowait, None)


def _print(event: Event) -> None:
    try:
        sys.stdout.write(written(event) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        os._exit(0)  # the window is gone; everything that matters is on disk


if __name__ == "__main__":
    main()
