"""Where a copy of a foreign server stands: the desk's own count of revisions, and how old the whole of it may be."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from app.core.clock import from_wire, to_wire
from app.sync.errors import CursorExpiredError

_WRITTEN = re.compile(
    r"foreign/(?P<epoch>[0-9a-f-]{1,64})/(?P<revision>\d{1,18})/(?P<turn>\d{1,18})/(?P<as_of>\S{1,40})", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Cursor:
    """`revision` is the newest one given out, `as_of` the beginning of the last whole sweep; each answer has another `turn`."""

    epoch: str
    revision: int
    as_of: datetime
    turn: int = 0

    def __str__(self) -> str:
        return f"foreign/{self.epoch}/{self.revision}/{self.turn}/{to_wire(self.as_of)}"

    @classmethod
    def read(cls, text: str) -> Cursor:
        """The cursor in a text. Raises CursorExpiredError for one that a foreign server's copy never had."""
        found = _WRITTEN.fullmatch(text)
        try:
            if found is not None:
                as_of = from_wire(found["as_of"])
                return cls(found["epoch"], int(found["revision"]), as_of, int(found["turn"]))
        except ValueError:
            pass
        raise CursorExpiredError
