"""Owns the asyncio work of a page or a session, so that none outlives it and none fails unseen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

OnBug = Callable[[BaseException], object]


class TaskScope:
    """A page's or the session's running work. `on_bug` hears every exception that nobody awaited."""

    def __init__(self, on_bug: OnBug) -> None:
        self._on_bug = on_bug
        self._tasks: set[asyncio.Task[Any]] = set()
        self._by_name: dict[str, asyncio.Task[Any]] = {}
        self._has_ended = False

    def start(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Run `work` until it ends or the scope does; in a scope that has ended it never begins."""
        task = asyncio.get_event_loop().create_task(work)
        if self._has_ended:
            task.cancel()
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def newest(self, name: str, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """For reads: a newer call under the same name cancels the older one."""
        older = self._by_name.get(name)
        if older is not None:
            older.cancel()
        task = self._by_name[name] = self.start(work)
        return task

    def first(self, name: str, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any] | None:
        """For writes: while one runs under this name, a second is dropped."""
        running = self._by_name.get(name)
        if running is not None and not running.done():
            work.close()
            return None
        task = self._by_name[name] = self.start(work)
        return task

    @property
    def busy(self) -> bool:
        """Whether anything still runs."""
        return not all(task.done() for task in self._tasks)

    async def idle(self) -> None:
        """Wait until nothing runs, also what running work starts, and every bug has been heard of."""
        while self._tasks:
            await asyncio.wait(self._tasks)  # whoever gives up waiting ends none of it

    async def close(self) -> None:
        """End, and wait until what ran has ended."""
        self.end()
        await self.idle()
        self._by_name.clear()

    def end(self) -> None:
        """Cancel what runs and take nothing more, for a page that is going away: news may still reach it."""
        self._has_ended = True
        self.cancel()

    def cancel(self) -> None:
        """Cancel what runs without waiting."""
        for task in tuple(self._tasks):
            task.cancel()

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._on_bug(error)
