"""Wakes the event streams of this process after each commit, whoever made it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from backoffice.reading import Position
from backoffice.watching import State


class Broker:
    """A bell for every open event stream. All calls on the event loop's thread."""

    def __init__(self) -> None:
        self._bells: set[asyncio.Event] = set()
        self._known = State(-1)
        self.is_closed = False

    @property
    def position(self) -> Position | None:
        """Where the sequence stood a moment ago; None before anything is known."""
        known = self._known
        return None if known.epoch is None else Position(known.epoch, known.sequence)

    @property
    def staff(self) -> str | None:
        """A mark that is another one after each change of the staff: whoever listens may be gone since."""
        return self._known.staff

    @contextmanager
    def bell(self) -> Iterator[asyncio.Event]:
        """An event that is set after each commit; the listener clears it."""
        bell = asyncio.Event()
        self._bells.add(bell)
        try:
            yield bell
        finally:
            self._bells.discard(bell)

    def committed(self, sequence: int) -> None:
        """This process has committed."""
        self.notice(replace(self._known, sequence=sequence))

    def notice(self, state: State) -> None:
        """This is how things stood a moment ago: wake everybody, if that is news."""
        if state.epoch == self._known.epoch:
            state = replace(state, sequence=max(state.sequence, self._known.sequence))
        if state != self._known:
            self._known = state
            self.ring()

    def ring(self) -> None:
        """Wake everybody."""
        for bell in self._bells:
            bell.set()

    def close(self) -> None:
        """Let the streams end, so that the server can stop."""
        self.is_closed = True
        self.ring()
