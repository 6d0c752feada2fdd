"""Looks after something beside sending and pulling: now and then, and when it is woken."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from contextlib import suppress

from app.core.errors import DeskError


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
            with suppress(DeskError):
                await self._look()
            try:
                async with asyncio.timeout(self._every_s):
                    await self._wake.wait()
            except TimeoutError:
                continue

    @abstractmethod
    async def _look(self) -> None:
        """Do what there is to do. Raises DeskError where that has to wait."""
