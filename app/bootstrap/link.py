"""The window's end of the pipe to the sync process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.bootstrap.logs import log_fact
from app.bootstrap.processes import Helper
from app.core.errors import BackOfficeUnreachableError, DeskError
from app.core.ids import new_id
from app.sync.events import Answered, DataChanged, StatusChanged, read
from app.sync.status import LineState, SyncStatus

MODULE = "app.bootstrap.worker"
_FIRST_RESTART_S, _LONGEST_RESTART_S = 1.0, 60.0
_STEADY_S = 60.0  # a process that lived this long did not die of its start
_DEATHS_TO_TELL = 3


class SyncLink:
    """Keeps a sync process running and speaks with it."""

    def __init__(
        self,
        first: Mapping[str, Any],
        log: Path,
        on_status: Callable[[SyncStatus], None],
        on_data: Callable[[DataChanged], None],
        module: str = MODULE,
    ) -> None:
        self._first = first
        self._log = log
        self._on_status = on_status
        self._on_data = on_data
        self._module = module
        self._calls: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._helper: Helper | None = None
        self._restart: asyncio.Task[None] | None = None
        self._closing = asyncio.Event()
        self._status = SyncStatus()
        self._started_at = 0.0
        self._deaths = 0

    @property
    def pid(self) -> int | None:
        """The process id of the sync process, None while there is none."""
        return self._helper.pid if self._helper else None

    def start(self) -> None:
        """Start the process; one that dies, or cannot be started, is started again, later each time if it does not live long."""
        try:
            self._begin()
        except OSError:
            self._deaths += 1
            self._restart = asyncio.get_running_loop().create_task(self._start_later())

    def _begin(self) -> None:
        self._started_at = asyncio.get_running_loop().time()
        self._helper = Helper("sync", self._module, [], self._first, self._log)
        self._helper.listen(self._heard, self._ended)

    def tell(self, what: str, **more: str) -> None:
        """Send a message that needs no answer. A process that is about to start looks at everything anyway."""
        if self._helper is not None:
            self._helper.tell({"do": what, **more})

    async def call(self, what: str, **more: str) -> dict[str, Any]:
        """Send a message and await its answer. Raises the DeskError that the process answered."""
        if self._helper is None:
            raise BackOfficeUnreachableError
        call = new_id()
        future = self._calls[call] = asyncio.get_running_loop().create_future()
        try:
            self.tell(what, call=call, **more)
            answer: dict[str, Any] = await future
            return answer
        finally:
            self._calls.pop(call, None)

    async def close(self) -> None:
        """End the process."""
        self._closing.set()
        if self._restart is not None:
            await self._restart
        helper, self._helper = self._helper, None
        if helper is not None:
            await helper.end()
        self._give_up_calls()

    def _heard(self, line: str) -> None:
        event = read(line)
        if isinstance(event, StatusChanged):
            self._tell_status(event.status)
        elif isinstance(event, DataChanged):
            self._on_data(event)
        else:
            self._answered(event)

    def _tell_status(self, status: SyncStatus) -> None:
        self._status = status
        self._on_status(status)

    def _answered(self, answer: Answered) -> None:
        future = self._calls.get(answer.call)
        if future is None or future.done():
            return
        if answer.error:
            future.set_exception(error_named(answer.error, answer.params))
        else:
            future.set_result(answer.value)

    def _ended(self) -> None:
        self._give_up_calls()
        helper = self._helper
        if helper is None or self._closing.is_set():
            return  # whoever closes ends it
        self._helper = None
        lived = asyncio.get_running_loop().time() - self._started_at
        self._deaths = 1 if lived >= _STEADY_S else self._deaths + 1
        log_fact("the sync process ended by itself and is started again")
        line = LineState.STOPPED if self._deaths >= _DEATHS_TO_TELL else LineState.STARTING
        self._tell_status(replace(self._status, line=line, since=None))
        self._restart = asyncio.get_running_loop().create_task(self._start_again(helper))

    async def _start_again(self, ended: Helper) -> None:
        await ended.end()
        await self._start_later()

    async def _start_later(self) -> None:
        while self._helper is None and not await self._closes_within(self._delay):
            try:
                self._begin()
            except OSError:  # the machine has no room at the moment, be it for a process or for what it logs
                self._deaths += 1

    @property
    def _delay(self) -> float:
        return min(_FIRST_RESTART_S * 2.0 ** min(self._deaths - 1, 10), _LONGEST_RESTART_S)

    async def _closes_within(self, seconds: float) -> bool:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._closing.wait()
        return self._closing.is_set()

    def _give_up_calls(self) -> None:
        for future in self._calls.values():
            if not future.done():
                future.set_exception(BackOfficeUnreachableError())


def error_named(name: str, params: Mapping[str, str]) -> DeskError:
    """The DeskError of that class name, as the other process raised it."""
    kinds = {kind.__name__: kind for kind in _kinds(DeskError)}
    return kinds.get(name, DeskError)(**params)


def _kinds(kind: type[DeskError]) -> Iterator[type[DeskError]]:
    yield kind
    for narrower in kind.__subclasses__():
        yield from _kinds(narrower)
