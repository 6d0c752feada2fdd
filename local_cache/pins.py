"""Who may sign in here without the line: a desk PIN, hashed inside the encrypted file, throttled, until the grant ends."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NoReturn

from sqlalchemy import select, update
from sqlalchemy.dialects.sqlite import insert

from app.core import wire
from app.core.clock import Clock, from_wire, to_wire
from app.core.errors import BackOfficeAnswerError
from app.core.permissions import Clerk
from app.session.model import OfflineGrantEndedError, PinRemovedError, TooManyTriesError, WrongPinError
from local_cache import audit
from local_cache.adoptions import take_back
from local_cache.desk_time import SIGNED_IN, DeskTime, begin_anew
from local_cache.journal import Journal
from local_cache.journal_schema import LAST_USER, clerk
from local_cache.meta import write_meta
from local_cache.offices import work_for

FREE_TRIES = 3
MOST_TRIES = 10  # in a row; waiting alone could be shortened by whoever may set the clock
_FIRST_WAIT_S, _LONGEST_WAIT_S = 5, 900


class DeskClerks:
    """The desk's memory of its clerks. Blocking: call it on the journal's thread."""

    def __init__(self, journal: Journal, clock: Clock) -> None:
        self._journal = journal
        self._clock = clock
        self._time = DeskTime(journal, clock)

    def signed_in(self, answer: Mapping[str, Any]) -> Clerk:
        """Keep the grant that head office's sign-in answer holds. Raises BackOfficeAnswerError or OtherOfficeError."""
        try:
            until = from_wire(wire.text(answer, "offlineUntil"))
        except ValueError as error:
            raise BackOfficeAnswerError from error
        user = wire.child(answer, "user")
        key, name, role = (wire.text(user, part) for part in ("id", "name", "role"))
        if not key or not (token := wire.text(answer, "token")):
            raise BackOfficeAnswerError
        news = {
            "name": name, "role": role, "offline_until": to_wire(until), "token": token, "failures": 0,
            "signed_in_at": to_wire(self._clock.now()),
        }  # fmt: skip
        office, address, kind = (wire.text(answer, name) for name in ("office", "address", "kind"))
        with self._journal.writing() as connection:
            if work_for(connection, office, address, kind):
                audit.append(connection, to_wire(self._clock.now()), key, "joined another back office", office, "")
            row = insert(clerk).values(id=key, pin_hash="", tried_at="", **news)
            connection.execute(row.on_conflict_do_update(index_elements=["id"], set_=news))
            take_back(connection, key, to_wire(self._clock.now()))
            write_meta(connection, LAST_USER, key)
            audit.append(connection, to_wire(self._clock.now()), key, SIGNED_IN, "", "")
            begin_anew(connection)
            has_pin = bool(connection.execute(select(clerk.c.pin_hash).where(clerk.c.id == key)).scalar())
        return Clerk(key, name, role, until, has_pin)

    def find(self, user: str) -> Clerk | None:
        """The clerk as the desk remembers them."""
        with self._journal.reading() as connection:
            row = connection.execute(select(clerk).where(clerk.c.id == user)).first()
        if row is None:
            return None
        return Clerk(row.id, row.name, row.role, from_wire(row.offline_until), bool(row.pin_hash))

    def set_pin(self, user: str, pin: str) -> None:
        """Keep only a hash of the PIN."""
        from argon2 import PasswordHasher  # noqa: PLC0415 - not before the first paint

        hashed = PasswordHasher().hash(pin)
        with self._journal.writing() as connection:
            connection.execute(update(clerk).where(clerk.c.id == user).values(pin_hash=hashed, failures=0, tried_at=""))
            audit.append(connection, to_wire(self._clock.now()), user, "set a desk PIN", "", "")

    def check(self, user: str, pin: str) -> Clerk:
        """Return the clerk whose PIN this is. Raises what `app.session.ports.DeskPins` says."""
        with self._journal.reading() as connection:
            row = connection.execute(select(clerk).where(clerk.c.id == user)).first()
        if row is None or not row.pin_hash:
            raise WrongPinError
        if row.failures >= MOST_TRIES:
            self._remove_pin(user)  # the last try was cut short
        now = self._clock.now()
        self._throttle(row.failures, row.tried_at, now)
        self._note(user, row.failures + 1, "tried a desk PIN")  # first, so that no kill makes a try free
        if not _fits(row.pin_hash, pin):
            if row.failures + 1 >= MOST_TRIES:
                self._remove_pin(user)
            raise WrongPinError
        self._note(user, 0, "signed in by desk PIN")
        until = from_wire(row.offline_until)
        self._time.keep()
        if self._time.at_least() >= until:
            raise OfflineGrantEndedError(until=until.astimezone().strftime("%Y-%m-%d %H:%M"))
        return Clerk(row.id, row.name, row.role, until, has_pin=True)

    def keep_time(self) -> None:
        """Write down how late it is; a clock that is put back later does not make it earlier."""
        self._time.keep()

    def _remove_pin(self, user: str) -> NoReturn:
        with self._journal.writing() as connection:
            connection.execute(update(clerk).where(clerk.c.id == user).values(pin_hash="", failures=0, tried_at=""))
            audit.append(connection, to_wire(self._clock.now()), user, "lost the desk PIN", "", "")
        raise PinRemovedError(tries=str(MOST_TRIES))

    def _throttle(self, failures: int, tried_at: str, now: datetime) -> None:
        if failures < FREE_TRIES or not tried_at:
            return
        wait = min(_LONGEST_WAIT_S, _FIRST_WAIT_S * 2 ** (failures - FREE_TRIES))
        left = from_wire(tried_at) + timedelta(seconds=wait) - now
        if left > timedelta():
            raise TooManyTriesError(seconds=str(min(wait, int(left.total_seconds()) + 1)))

    def _note(self, user: str, failures: int, act: str) -> None:
        now = to_wire(self._clock.now())
        with self._journal.writing() as connection:
            news = {"failures": failures, "tried_at": now}
            connection.execute(update(clerk).where(clerk.c.id == user).values(news))
            audit.append(connection, now, user, act, "", "")


def _fits(hashed: str, pin: str) -> bool:
    from argon2 import PasswordHasher  # noqa: PLC0415
    from argon2.exceptions import Argon2Error, InvalidHashError  # noqa: PLC0415

    try:
        return PasswordHasher().verify(hashed, pin)
    except (Argon2Error, InvalidHashError):
        return False
