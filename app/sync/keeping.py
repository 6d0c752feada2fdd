"""Looks after something beside sending and pulling: now and then, and when it is woken."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from contextlib import suppress

from app.core.errors import DeskError
from app.sync.errors import BusyError


class Keeper(ABC):
    """Looks until it is closed. What is wrong with line, grant or disk is told by those who send and pull."""

    def __init__(self, every_s: float) -> None:
        self._every_s = every_s
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """Head office answers again, somebody has signed in, or there is something new to look after."""
        self._wake.set()

    async def run(self) -> None:
        """Look, for ever."""
        while True:
            self._wake.clear()
            try:
                await self._look()
            except BusyError as busy:
                await asyncio.sleep(busy.seconds or 0.0)  # head office asked for it, whoever wakes us
            except DeskError:
                pass
            with suppress(TimeoutError):
                async with asyncio.timeout(self._pause()):
                    await self._wake.wait()

    def _pause(self) -> float:
        """Seconds until it looks again by itself."""
        return self._every_s

    @abstractmethod
    async def _look(self) -> None:
        """Do what there is to do. Raises DeskError where that has to wait."""
