"""Whether the line is up: decided from what requests met, without any I/O."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.sync.status import LineState


@dataclass(slots=True)
class Line:
    """The state of the line and since when it is so."""

    state: LineState = LineState.STARTING
    since: datetime | None = None

    def answered(self, now: datetime) -> bool:
        """A request got an answer. Returns whether the line has just come up."""
        return self._become(LineState.ONLINE, now)

    def silent(self, now: datetime) -> bool:
        """A request met no answer. Returns whether the line has just gone."""
        return self._become(LineState.CUT, now)

    def locked_out(self, now: datetime) -> bool:
        """Head office answers, but accepts no grant of ours."""
        return self._become(LineState.SIGN_IN_NEEDED, now)

    def stop(self, now: datetime) -> None:
        """An invariant broke: nothing is sent or pulled any more."""
        self._become(LineState.STOPPED, now)

    def _become(self, state: LineState, now: datetime) -> bool:
        if self.state in (state, LineState.STOPPED):
            return False
        self.state, self.since = state, now
        return True
