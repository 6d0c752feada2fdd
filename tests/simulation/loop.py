"""An event loop without threads and sockets: nothing but the order of its callbacks and the time that they ask for."""

from __future__ import annotations

import asyncio
import selectors


class StandstillError(RuntimeError):
    """Everybody waits for somebody else."""


class _Jumping(selectors.SelectSelector):
    now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise StandstillError
        if timeout > 0:
            self.now += timeout
        return []


class SimulatedLoop(asyncio.SelectorEventLoop):
    """Time passes only where nothing can be done before."""

    def __init__(self) -> None:
        self._jumping = _Jumping()
        super().__init__(self._jumping)

    def time(self) -> float:
        """Seconds since the simulation began."""
        return self._jumping.now
