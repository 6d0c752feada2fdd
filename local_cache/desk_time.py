"""The time that it is at least: a clock that was put back gives nobody more time without the line.

What this desk wrote down since somebody last signed in with the line, and the time that has passed since it was opened,
say how late it must be. A sign-in with the line begins anew, so that a clock that once ran ahead does no harm for long.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from app.core.clock import Clock, from_wire, to_wire
from local_cache.journal import Journal
from local_cache.journal_schema import audit, meta
from local_cache.meta import write_meta

SIGNED_IN = "signed in"
_LATEST = "latest_time"
_A_MOMENT = timedelta(minutes=1)


class DeskTime:
    """Counts on from what is known. Blocking: call it on the journal's thread. Raises DeskError."""

    def __init__(self, journal: Journal, clock: Clock) -> None:
        self._journal = journal
        self._clock = clock
        self._known, self._counted_from = clock.now(), clock.monotonic()
        self._sign_in, _ = self._read()

    def at_least(self) -> datetime:
        """The time, or a later one where the clock says less than must have passed."""
        sign_in, written = self._read()
        now, passed = self._clock.now(), timedelta(seconds=self._clock.monotonic() - self._counted_from)
        known = [now, written or now, *([self._known + passed] if sign_in == self._sign_in else [])]
        self._known, self._counted_from, self._sign_in = max(known), self._clock.monotonic(), sign_in
        return self._known

    def keep(self) -> None:
        """Write it down, unless what was done just now says so already."""
        at_least = self.at_least()
        _, written = self._read()
        if written is None or at_least - written > _A_MOMENT:
            self._journal.set_meta(_LATEST, to_wire(at_least))

    def _read(self) -> tuple[int, datetime | None]:
        with self._journal.reading() as connection:
            return _written(connection)


def begin_anew(connection: Connection) -> None:
    """Somebody signs in with the line, in the caller's transaction: what was known before counts no more."""
    write_meta(connection, _LATEST, "")


def _written(connection: Connection) -> tuple[int, datetime | None]:
    """Which entry is the last sign-in with the line, and the latest time that was written down since."""
    sign_in = connection.execute(select(func.max(audit.c.sequence)).where(audit.c.act == SIGNED_IN)).scalar() or 0
    latest = connection.execute(select(func.max(audit.c.at)).where(audit.c.sequence >= sign_in)).scalar() or ""
    kept = connection.execute(select(meta.c.value).where(meta.c.name == _LATEST)).scalar() or ""
    newest = max(latest, kept)  # written alike, so that the later one is the greater text
    return sign_in, from_wire(newest) if newest else None
