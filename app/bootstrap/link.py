"""The window's end of the pipe to the sync process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from app.bootstrap.logs import log_fact
from app.bootstrap.processes import Helper
from app.core.errors import BackOfficeUnreachableError, DeskError
from app.core.ids import new_id
from app.sync.events import Answered, DataChanged, StatusChanged, read
from app.sync.status import SyncStatus

RESTART_S = 1.0


class SyncLink:
    """Keeps a sync process running and speaks with it."""

    def __init__(
        self,
        first: Mapping[str, Any],
        log: Path,
        on_status: Callable[[SyncStatus], None],
        on_data: Callable[[DataChanged], None],
    ) -> None:
        self._first = first
        self._log = log
        self._on_status = on_status
        self._on_data = on_data
        self._calls: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._helper: Helper | None = None
        self._restart: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Start the process; one that dies is started again."""
        self._helper = Helper("sync", "app.bootstrap.worker", [], self._first, self._log)
        self._helper.listen(self._heard, self._ended)

    def tell(self, what: str, **more: str) -> None:
        """Send a message that needs no answer."""
        if self._helper is not None:
            self._helper.tell({"do": what, **more})

    async def call(self, what: str, **more: str) -> dict[str, Any]:
        """Send a message and await its answer. Raises the DeskError that the process answered."""
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
        if self._restart is not None:
            self._restart.cancel()
        helper, self._helper = self._helper, None
        if helper is not None:
            await helper.end()

    def _heard(self, line: str) -> None:
        event = read(line)
        if isinstance(event, StatusChanged):
            self._on_status(event.status)
        elif isinstance(event, DataChanged):
            self._on_data(event)
        else:
            self._answered(event)

    def _answered(self, answer: Answered) -> None:
        future = self._calls.get(answer.call)
        if future is None or future.done():
            return
        if answer.error:
            future.set_exception(error_named(answer.error, answer.params))
        else:
            future.set_result(answer.value)

    def _ended(self) -> None:
        for future in self._calls.values():
            if not future.done():
                future.set_exception(BackOfficeUnreachableError())
        if self._helper is not None:
            log_fact("the sync process ended by itself and is started again")
            self._restart = asyncio.get_running_loop().call_later(RESTART_S, self.start)


def error_named(name: str, params: Mapping[str, str]) -> DeskError:
    """The DeskError of that class name, as the other process raised it."""
    kinds = {kind.__name__: kind for kind in _kinds(DeskError)}
    return kinds.get(name, DeskError)(**params)


def _kinds(kind: type[DeskError]) -> Iterator[type[DeskError]]:
    yield kind
    for narrower in kind.__subclasses__():
        yield from _kinds(narrower)
