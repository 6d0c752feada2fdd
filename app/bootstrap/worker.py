"""The sync process: all HTTP, all writing to the mirror, one line of JSON in and out for each message.

Started by the window with `python -m app.bootstrap.worker`; ends when its standard input does, so it never outlives it.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import sys
import threading
from collections.abc import Awaitable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from app.bootstrap.any_office import DeskMemory, any_head_office
from app.bootstrap.grants import keep_grants_for
from app.bootstrap.hall import written
from app.bootstrap.logs import log_bug, log_fact, note_unhandled, start_log
from app.bootstrap.mirror_check import check_beside
from app.bootstrap.pipes import Outlet, claimed_output, lines_from
from app.bootstrap.reducers import REDUCERS
from app.complaints.drafts import is_known
from app.core.clock import SystemClock
from app.core.errors import DeskError
from app.core.tasks import TaskScope
from app.session.model import OtherOfficeError, SignInRefusedError
from app.settings import names_in
from app.sync.engine import SyncEngine
from app.sync.errors import GrantEndedError, OfficeReplacedError
from app.sync.events import Answered, DataChanged, StatusChanged
from app.sync.leases import Leasing
from app.sync.parking import Parking
from app.sync.retry import Backoff
from app.sync.status import LineState, SyncStatus
from app.sync.store_thread import StoreThread
from app.tmf.drafts import HttpHall
from app.tmf.foreign.signing_in import BASIC
from app.tmf.leases import HttpLeases
from app.tmf.sealing import new_secret, public_of
from app.tmf.transport import Transport
from local_cache.journal import Journal
from local_cache.journal_schema import OFFICE
from local_cache.leases import JournalLeases
from local_cache.mirror_store import POINTER, MirrorFiles
from local_cache.outbox_store import JournalOutbox
from local_cache.parking import JournalParking
from local_cache.pins import DeskClerks
from local_cache.profile import Profile

_STDIN = 0
_FAREWELL_S = 2.0
Message = Mapping[str, Any]


class Worker:
    """The sync engine with its stores, driven by the window's messages. Raises DeskError if they cannot be opened."""

    def __init__(self, first: Message, outlet: Outlet) -> None:
        clock = SystemClock()
        self._outlet = outlet
        self._profile, self._key, self._region = (
            Profile(Path(first["profile"])),
            bytes.fromhex(first["key"]),
            first["region"],
        )
        self._journal = Journal(self._profile, self._key, REDUCERS, clock)
        self._journal.open()
        keep_grants_for(first["server"], self._journal)
        home = names_in(first.get("home", ""))
        self._mirror = MirrorFiles(self._profile, self._key, self._journal, self._region, home)
        self._clerks = DeskClerks(self._journal, clock)
        self._transport = Transport(first["server"])
        outbox, thread = JournalOutbox(self._journal, clock), StoreThread()
        memory = DeskMemory(self._journal, outbox, self._mirror, thread, self._found_twice)
        scheme = first.get("foreign_sign_in", BASIC)
        self._head_office = any_head_office(self._transport, memory, clock, scheme, home=home)
        self._tasks = TaskScope(_bug)
        self._secret = first.get("secret", "")
        self._embedded = asyncio.Lock()
        self._engine = SyncEngine(
            outbox, self._mirror, self._head_office, clock, Backoff(), outlet.emit, _bug,
            self._sign_in_again if self._secret else None, thread,
            Leasing(JournalLeases(self._journal, clock), HttpLeases(self._transport)),
            Parking(JournalParking(self._journal, new_secret), HttpHall(self._transport), public_of, is_known),
        )  # fmt: skip

    def start(self) -> None:
        """Begin to sync, and to check the copy beside that."""
        loop = asyncio.get_running_loop()

        def on_damage(number: int) -> None:
            with suppress(RuntimeError):  # the loop has ended meanwhile
                loop.call_soon_threadsafe(lambda: self._tasks.start(self._rebuild(number)))

        number = int(self._journal.meta(POINTER, "0"))
        self._engine.start()
        check_beside(self._profile, number, self._key, self._region, on_damage)

    def hear(self, message: Message) -> None:
        """Do what the window asks."""
        match message["do"]:
            case "poke":
                self._engine.poke()
            case "refresh":
                self._head_office.sweep_soon()
                self._engine.refresh()
            case "rebuild":
                self._engine.rebuild()
            case "fetch":
                self._tasks.start(self._answer(message["call"], self._fetch(message["customer"])))
            case "looked-at":
                self._engine.looked_at(message["customer"])
            case "sign-in":
                self._tasks.start(self._answer(message["call"], self._sign_in(message["user"], message["password"])))
            case "sign-in-embedded":
                self._tasks.start(self._answer(message["call"], self._sign_in_embedded(message["secret"])))

            case "hall":
                self._tasks.start(self._answer(message["call"], self._parked(message["person"])))
            case "resume":
                self._tasks.start(self._answer(message["call"], self._resume(message["draft"], message["author"])))
            case "discard-parked":
                self._tasks.start(self._answer(message["call"], self._discard(message["draft"], message["person"])))

    async def close(self) -> None:
        """Stop everything; nothing is lost by it."""
        await self._tasks.close()
        await self._engine.close()
        await self._transport.close()
        self._mirror.close()
        self._journal.close()

    def _found_twice(self) -> None:
        self._engine.found_twice()  # made after the head office that finds it

    async def _rebuild(self, number: int) -> None:
        """The check found damage; a file that was replaced meanwhile is nobody's worry."""
        if await self._engine.thread.run(self._journal.meta, POINTER, "0") == str(number):
            self._engine.rebuild()

    async def _fetch(self, customer: str) -> dict[str, Any]:
        await self._engine.fetch(customer)
        return {}

    async def _parked(self, person: str) -> dict[str, Any]:
        return {"drafts": [written(one) for one in await self._engine.hall.parked(person)]}

    async def _resume(self, draft_id: str, author: str) -> dict[str, Any]:
        await self._engine.hall.resume(draft_id, author)
        return {}

    async def _discard(self, draft_id: str, person: str) -> dict[str, Any]:
        await self._engine.hall.discard_parked(draft_id, person)
        return {}

    async def _sign_in(self, user: str, password: str) -> dict[str, Any]:
        device = await self._engine.thread.run(self._journal.device)
        return self._signed_in(await self._kept(await self._head_office.sign_in(user, password, device)))

    async def _sign_in_embedded(self, secret: str) -> dict[str, Any]:
        return self._signed_in(await self._embedded_grant(secret))

    async def _sign_in_again(self) -> str:
        """The embedded back office ended its clerk's grant: its secret is good for another."""
        try:
            return await self._embedded_grant(self._secret)
        except OtherOfficeError as error:
            raise OfficeReplacedError from error
        except SignInRefusedError as error:
            raise GrantEndedError from error

    async def _embedded_grant(self, secret: str) -> str:
        async with self._embedded:
            device = await self._engine.thread.run(self._journal.device)
            return await self._kept(await self._head_office.sign_in_embedded(secret, device))

    def _signed_in(self, author: str) -> dict[str, Any]:
        self._engine.signed_in(author)
        return {"id": author}

    async def _kept(self, answer: Mapping[str, Any]) -> str:
        """Keep the grant; where another back office gave it, what the window shows is not of this one."""
        run = self._engine.thread.run
        before = await run(self._journal.meta, OFFICE)
        clerk = await run(self._clerks.signed_in, answer)
        if before not in ("", await run(self._journal.meta, OFFICE)):
            self._outlet.emit(DataChanged(frozenset(), is_new_mirror=True))
        return clerk.id

    async def _answer(self, call: str, work: Awaitable[dict[str, Any]]) -> None:
        try:
            self._outlet.emit(Answered(call, await work))
        except DeskError as error:
            self._outlet.emit(Answered(call, error=type(error).__name__, params=error.params))
        except BaseException:  # whatever it was: the window must not wait for ever
            self._outlet.emit(Answered(call, error=DeskError.__name__))
            raise


def main() -> None:
    """Run until standard input ends."""
    outlet = Outlet(claimed_output(), on_gone=lambda: os._exit(0))  # what matters is on disk, and nobody listens
    _log_only()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in a terminal reaches us too, but the window decides
    lines = lines_from(_STDIN)
    if (line := next(lines, None)) is None:
        return
    first = json.loads(line)
    start_log(Path(first["log"]), "sync")
    log_fact("sync process starts, Python %s", sys.version.split()[0])
    asyncio.run(_serve(first, lines, outlet))


async def _serve(first: Message, lines: Iterator[bytes], outlet: Outlet) -> None:
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: _bug(context.get("exception") or RuntimeError()))
    try:
        worker = Worker(first, outlet)
    except DeskError as error:
        _bug(error)
        outlet.emit(StatusChanged(SyncStatus(LineState.STOPPED, trouble=type(error).text)))
        outlet.close()
        sys.exit(1)
    messages: asyncio.Queue[Message | None] = asyncio.Queue()
    threading.Thread(target=_read, args=(lines, loop, messages), name="window", daemon=True).start()
    worker.start()
    while (message := await messages.get()) is not None:
        worker.hear(message)
    with suppress(TimeoutError):
        async with asyncio.timeout(_FAREWELL_S):
            await worker.close()
    outlet.close()
    os._exit(0)  # a name lookup or a check under way must not hold the end up


def _read(lines: Iterator[bytes], loop: asyncio.AbstractEventLoop, messages: asyncio.Queue[Message | None]) -> None:
    for line in lines:
        loop.call_soon_threadsafe(messages.put_nowait, json.loads(line))
    loop.call_soon_threadsafe(messages.put_nowait, None)


def _log_only() -> None:
    """What nobody caught goes to our log without its values; nothing goes to standard error with them."""
    note_unhandled()
    logging.lastResort = None
    threading.excepthook = lambda failed: _bug(failed.exc_value or RuntimeError())
    sys.unraisablehook = lambda failed: _bug(failed.exc_value or RuntimeError())


def _bug(error: BaseException) -> None:
    log_bug(error)


if __name__ == "__main__":
    main()
