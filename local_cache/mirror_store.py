"""The replica as the sync engine writes it: the file in use, the one being built beside it, and the pointer between."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from app.core.clock import to_wire
from app.sync.errors import MirrorDamagedError
from app.sync.model import Change, Closed, MirrorState, SnapshotPage, SnapshotStart
from local_cache import audit
from local_cache.effects import EffectTable, check_again, known_there
from local_cache.journal import Journal
from local_cache.journal_schema import EPOCH, PAST_EPOCHS
from local_cache.meta import read_meta, write_meta
from local_cache.mirror import MirrorFile
from local_cache.profile import Profile

POINTER, BUILDING = "mirror", "mirror_building"
_KNOWN_BEFORE = "known_before_build"
MOST_ASKED_FOR = 5_000  # acts of a desk, some months of them, that are asked for where head office was put back
MOST_EPOCHS = 50


class MirrorFiles:
    """Implements `app.sync.ports.MirrorStore`. The pointer in the journal says which file is in use.

    `home` is the territories that copies are asked for with: what was begun of others is not gone on with.
    """

    def __init__(self, profile: Profile, key: bytes, journal: Journal, region: str, home: Sequence[str] = ()) -> None:
        self._profile = profile
        self._key = key
        self._journal = journal
        self._region = region
        self._home = ",".join(sorted(home))
        self._used: MirrorFile | None = None
        self._built: MirrorFile | None = None

    def close(self) -> None:
        """Close both files."""
        for one in (self._used, self._built):
            if one is not None:
                one.close()

    def state(self) -> MirrorState:
        """How far the copy in use has come; none yet is not an error. Raises MirrorDamagedError."""
        used = self._in_use()
        return used.state() if used else MirrorState()

    def building(self) -> MirrorState | None:
        """A build that was cut short and can go on, if there is one."""
        number = int(self._journal.meta(BUILDING, "0"))
        if self._built is not None and self._built.number != number:
            self._leave_build()
        if self._built is None:
            if not number or not self._profile.mirror(number).exists():
                return None
            self._built = self._file(number)
        with suppress(MirrorDamagedError):
            if (state := self._built.state()).home == self._home:
                return state
        self._drop_build()
        return None

    def begin(self, start: SnapshotStart) -> None:
        """Start a new copy beside the one in use."""
        self._drop_build()
        number = self._next_number()
        with self._journal.writing() as connection:
            write_meta(connection, BUILDING, str(number))
            write_meta(connection, _KNOWN_BEFORE, json.dumps(known_there(connection)))
            self._over(connection, EffectTable(connection).heard_of(), start.epoch)
        self._built = self._file(number)
        unknown = ", ".join(start.unknown_home)
        state = MirrorState(
            epoch=start.epoch, cursor=start.cursor, total=start.total, home=self._home, unknown_home=unknown
        )  # fmt: skip
        self._built.create(state)

    def add(self, page: SnapshotPage) -> None:
        """Store rows and token in one transaction."""
        built = self._under_construction()
        state = built.state()
        built.fill(page.rows, replace(state, after=page.after, rows=state.rows + len(page.rows)))

    def finish(self, as_of: datetime) -> None:
        """Index the new copy, put it in the place of the old one, remove what nobody reads."""
        built = self._under_construction()
        state = replace(built.state(), is_complete=True, after="", as_of=to_wire(as_of))
        built.index(state)
        vanished = self._vanished(built)
        with self._journal.writing() as connection:
            self._change_epochs(connection, read_meta(connection, EPOCH), state)
            write_meta(connection, POINTER, str(built.number))
            write_meta(connection, BUILDING, "0")
            write_meta(connection, EPOCH, state.epoch)
            effects = EffectTable(connection)
            self._journal.effects.new_epoch(effects)
            self._journal.effects.vanished(effects, vanished)
        if self._used is not None:
            self._used.close()
        self._used, self._built = built, None
        self._sweep()

    def rows(self, keys: Iterable[tuple[str, str]]) -> list[Change]:
        """The copy's rows of these collections and ids."""
        used = self._in_use()
        return used.rows(keys) if used else []

    def ids(self, collection: str, after: str, limit: int) -> list[str]:
        """The first ids behind `after` that the copy holds of a collection, in one order that never changes."""
        used = self._in_use()
        return used.ids(collection, after, limit) if used else []

    def apply(
        self, changes: Iterable[Change], cursor: str, as_of: datetime, closed: Closed | None = None
    ) -> frozenset[str]:
        """Apply changes and cursor, and let go of who is closed, in one transaction; returns the collections touched."""
        used = self._existing()
        return used.apply(changes, replace(used.state(), cursor=cursor, as_of=to_wire(as_of)), closed)

    def open(self, customer: str, rows: Iterable[Change]) -> frozenset[str]:
        """Take all records of a customer outside the home, and note that; returns the collections touched."""
        used = self._existing()
        return used.open(customer, rows, used.state())

    def look(self, customer: str) -> None:
        """Note that somebody looks at this customer, if they are from outside the home."""
        if used := self._in_use():
            used.look(customer)

    def opened(self) -> list[str]:
        """The customers outside the home whom the copy holds; who was looked at last is last."""
        used = self._in_use()
        return used.opened() if used else []

    def _change_epochs(self, connection: Connection, before: str, state: MirrorState) -> None:
        """Another epoch: head office was put back to a backup, and may have lost what it had confirmed.

        So it may have before the first copy was complete, which takes its time.
        """
        if before == state.epoch:
            return
        self._over(connection, [before], state.epoch)
        check_again(connection, MOST_ASKED_FOR)
        if before:
            audit.append(connection, state.as_of, "head office", "new epoch", state.epoch, "")

    def _over(self, connection: Connection, ended: Iterable[str], now: str) -> None:
        """What was heard of before head office said that it is `now` another epoch is over, also without a copy of it."""
        past = dict.fromkeys((*EffectTable(connection).past_epochs(), *ended))
        kept = [one for one in past if one not in ("", now)]
        write_meta(connection, PAST_EPOCHS, json.dumps(kept[-MOST_EPOCHS:]))

    def _vanished(self, built: MirrorFile) -> list[tuple[str, str]]:
        """What head office was known to have before the snapshot began, and what is not in it."""
        before = [(one[0], one[1]) for one in json.loads(self._journal.meta(_KNOWN_BEFORE, "[]"))]
        found = {(row.collection, row.id) for row in built.rows(before)}
        return [key for key in before if key not in found]

    def _existing(self) -> MirrorFile:
        if (used := self._in_use()) is None:
            raise MirrorDamagedError
        return used

    def _in_use(self) -> MirrorFile | None:
        number = int(self._journal.meta(POINTER, "0"))
        if not number or not self._profile.mirror(number).exists():
            return None
        if self._used is None or self._used.number != number:
            if self._used is not None:
                self._used.close()
            self._used = self._file(number)
        return self._used

    def _under_construction(self) -> MirrorFile:
        """The copy that is being built, unless it was forgotten meanwhile."""
        if self._built is None or self._built.number != int(self._journal.meta(BUILDING, "0")):
            raise MirrorDamagedError
        return self._built

    def _file(self, number: int) -> MirrorFile:
        return MirrorFile(self._profile, number, self._key, self._region)

    def _next_number(self) -> int:
        return max(*self._profile.mirrors(), int(self._journal.meta(POINTER, "0")), 0) + 1

    def _drop_build(self) -> None:
        self._leave_build()
        number = int(self._journal.meta(BUILDING, "0"))
        if number:
            self._journal.set_meta(BUILDING, "0")
            _remove(self._profile, number)

    def _leave_build(self) -> None:
        if self._built is not None:
            self._built.close()
            self._built = None

    def _sweep(self) -> None:
        """Old files go; one that a reader still holds open on Windows goes at the next sweep."""
        kept = self._used.number if self._used else 0
        for number in self._profile.mirrors():
            if number != kept:
                _remove(self._profile, number)


def forget_mirror(connection: Connection) -> None:
    """Read nothing more from the copy in use, and go on with none that was begun; the files go with the next build."""
    write_meta(connection, POINTER, "0")
    write_meta(connection, BUILDING, "0")
    write_meta(connection, EPOCH, "")


def _remove(profile: Profile, number: int) -> None:
    path = profile.mirror(number)
    for suffix in ("", "-wal", "-shm"):
        with suppress(OSError):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
