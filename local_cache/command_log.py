"""The journal as the window uses it: acts are recorded durably, and what is not at rest is listed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from sqlalchemy import select

from app.core.certainty import Certainty
from app.core.clock import from_wire
from app.core.commands import Command, Method, Pending
from app.sync.model import SHOWN, CommandState
from app.sync.overlay import Seen
from local_cache import overlay
from local_cache.effects import command_from, there_from
from local_cache.journal import Journal
from local_cache.journal_schema import command
from local_cache.reader import Reader

P = ParamSpec("P")
T = TypeVar("T")


class JournalLog:
    """Implements `app.core.commands.CommandLog` and `app.sync.status.Outstanding`. Writes on one thread of its own."""

    def __init__(self, journal: Journal, reader: Reader, on_recorded: Callable[[str], None]) -> None:
        self._journal = journal
        self._reader = reader
        self._on_recorded = on_recorded
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="journal")

    async def record(self, act: Command) -> None:
        """Store command, effect and audit entry; returns once a power cut cannot undo it."""
        seen, epoch = None, ""
        if act.method is not Method.CREATE:
            seen, epoch = await self._reader.run(
                lambda one: (overlay.record(one, act.collection, act.entity_id), overlay.epoch(one))
            )
        await self.write(lambda: self._record(act, seen, epoch))

    async def pending(self) -> list[Pending]:
        """Return what waits, is being sent, differs or was refused; oldest first."""
        return await self.run(self._pending)

    async def set_aside(self, command_id: str, by: str) -> None:
        """Put a refused or differing act to rest on somebody's word."""
        await self.write(lambda: self._journal.set_aside(command_id, by))

    async def adopt(self, command_id: str, by: str) -> None:
        """Let somebody stand for an act that waits for its author's sign-in. Raises NotAllowedError."""
        await self.write(lambda: self._journal.adopt(command_id, by))

    async def send_on_top(self, command_id: str, by: str, tag: str) -> None:
        """Let a differing act go out again on somebody's word."""
        await self.write(lambda: self._journal.send_on_top(command_id, by, tag))

    async def run(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Await `call(*args)` on the journal's thread."""
        return await asyncio.get_running_loop().run_in_executor(self._writer, lambda: call(*args, **kwargs))

    async def write(self, write: Callable[[], str]) -> None:
        """Write to the end, and tell what changed, empty for nothing, even where nobody waits for it any more."""
        writing = asyncio.get_running_loop().run_in_executor(self._writer, write)
        writing.add_done_callback(self._written)
        await asyncio.shield(writing)

    def close(self) -> None:
        """Finish what is being written and end the thread."""
        self._writer.shutdown(wait=True)

    def _written(self, writing: asyncio.Future[str]) -> None:
        if not writing.cancelled() and writing.exception() is None and writing.result():
            self._on_recorded(writing.result())

    def _record(self, act: Command, seen: Seen | None, epoch: str) -> str:
        self._journal.record(act, seen.body if seen else None, seen.revision if seen else 0, epoch)
        return act.collection

    async def certainty_of(self, command_id: str) -> Certainty | None:
        """Return what is known of one act, also of one at rest; None where this desk knows nothing of it."""
        return await self.run(self._certainty_of, command_id)

    def _certainty_of(self, command_id: str) -> Certainty | None:
        with self._journal.reading() as connection:
            state = connection.execute(select(command.c.state).where(command.c.id == command_id)).scalar()
            return CommandState(state).certainty if state else None

    def _pending(self) -> list[Pending]:
        with self._journal.reading() as connection:
            rows = connection.execute(select(command).where(command.c.state.in_(SHOWN)).order_by(command.c.sequence))
            return [
                Pending(
                    command_from(row), CommandState(row.state).certainty, row.sequence, row.reason,
                    from_wire(row.changed_at), there_from(row),
                )
                for row in rows
            ]  # fmt: skip
