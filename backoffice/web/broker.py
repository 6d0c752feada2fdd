"""Wakes the event streams of this process after each commit."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class Broker:
    """A bell for every open event stream. All calls on the event loop's thread."""

    def __init__(self) -> None:
        self._bells: set[asyncio.Event] = set()
        self.is_closed = False

    @contextmanager
    def bell(self) -> Iterator[asyncio.Event]:
        """An event that is set after each commit; the listener clears it."""
        bell = asyncio.Event()
        self._bells.add(bell)
        try:
            yield bell
        finally:
            self._bells.discard(bell)

    def ring(self) -> None:
        """Wake everybody."""
        for bell in self._bells:
            bell.set()

    def close(self) -> None:
        """Let the streams end, so that the server can stop."""
        self.is_closed = True
        self.ring()
