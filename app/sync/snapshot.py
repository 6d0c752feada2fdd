"""Takes a snapshot into a new copy: resumable, bounded, and never believed further than it makes sense."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from app.core.clock import Clock
from app.core.errors import BackOfficeAnswerError, BackOfficeUnreachableError, StorageError
from app.sync.errors import CursorExpiredError, MirrorDamagedError
from app.sync.model import MirrorState, SnapshotPage, SnapshotStart
from app.sync.ports import Grant, HeadOffice, MirrorStore
from app.sync.store_thread import StoreThread

PAGE_S = 120.0  # within which a page has to come, however slow the line
SPARE_ROWS = 10_000  # rows that may be made at head office while the snapshot runs

Part = SnapshotStart | SnapshotPage


class SnapshotTaker:
    """Downloads everything in scope, going on where an earlier attempt was cut."""

    def __init__(
        self,
        mirror: MirrorStore,
        thread: StoreThread,
        head_office: HeadOffice,
        clock: Clock,
        on_progress: Callable[[MirrorState], None],
    ) -> None:
        self._mirror = mirror
        self._thread = thread
        self._head_office = head_office
        self._clock = clock
        self._on_progress = on_progress
        self._is_spoilt = False

    async def take(self, grant: Grant) -> None:
        """Build a complete copy and put it in use. Raises DeskError; what was loaded by then is kept."""
        building = None if self._is_spoilt else await self._thread.run(self._mirror.building)
        try:
            await self._download(grant, building)
        except CursorExpiredError:  # head office was restored meanwhile: nothing of the old build is worth keeping
            await self._download(grant, None)
        await self._finish()

    async def _download(self, grant: Grant, building: MirrorState | None) -> None:
        if building and building.rows and not building.after:
            return  # all of it is here, only the last step was cut short
        async with aclosing(self._head_office.snapshot(grant, building.after if building else "")) as parts:
            await self._begin(await _next(parts), building)
            while await self._add(await _next(parts)):
                continue

    async def _begin(self, start: Part, building: MirrorState | None) -> None:
        if not isinstance(start, SnapshotStart):
            raise BackOfficeAnswerError
        if building is None:
            await self._thread.run(self._mirror.begin, start)
            self._is_spoilt = False
        elif building.epoch != start.epoch:
            raise CursorExpiredError

    async def _add(self, page: Part) -> bool:
        """Store a page; returns whether more is to come."""
        if not isinstance(page, SnapshotPage):
            raise BackOfficeAnswerError
        await self._thread.run(self._mirror.add, page)
        state = await self._thread.run(self._mirror.building)
        if state is None:
            raise MirrorDamagedError
        if state.rows > 2 * state.total + SPARE_ROWS:
            self._is_spoilt = True  # it never ends
            raise BackOfficeAnswerError
        self._on_progress(state)
        return bool(page.after)

    async def _finish(self) -> None:
        try:
            await self._thread.run(self._mirror.finish, self._clock.now())
        except (StorageError, MirrorDamagedError, BackOfficeAnswerError):
            self._is_spoilt = True  # such as one record twice: going on would end here again
            raise


async def _next(parts: AsyncGenerator[Part, None]) -> Part:
    try:
        async with asyncio.timeout(PAGE_S):
            return await anext(parts)
    except (StopAsyncIteration, TimeoutError) as error:
        raise BackOfficeUnreachableError from error
