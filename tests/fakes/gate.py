"""Lets a test hold an answer back and choose when it comes, so that no test has to wait for time."""

from __future__ import annotations

import asyncio
from collections import Counter


class Gate:
    """Every awaitable of a fake passes through one: counted, held while shut, failed on request."""

    def __init__(self) -> None:
        self.passed: Counter[str] = Counter()
        self._shut: dict[str, asyncio.Event] = {}
        self._errors: dict[str, Exception] = {}

    def shut(self, name: str) -> None:
        """Hold every further call of `name` until it is opened."""
        self._shut.setdefault(name, asyncio.Event())

    def open(self, name: str) -> None:
        """Let the held calls of `name` go on, and those to come pass."""
        if (event := self._shut.pop(name, None)) is not None:
            event.set()

    def fail(self, name: str, error: Exception) -> None:
        """Make every further call of `name` raise `error`."""
        self._errors[name] = error

    def mend(self, name: str) -> None:
        """Make calls of `name` succeed again."""
        self._errors.pop(name, None)

    async def go(self, name: str) -> None:
        """Pass, or wait, or fail; always gives other work a turn, as real I/O does."""
        await asyncio.sleep(0)
        if (event := self._shut.get(name)) is not None:
            await event.wait()
        if (error := self._errors.get(name)) is not None:
            raise error
        self.passed[name] += 1
