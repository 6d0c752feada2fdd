"""Which machines are desks: each enrols with a code that IT hands out, and may be shut out, or told to wipe what it holds.

A desk's id is its own; its secret, of which only the hash is kept, proves that it is the one that enrolled.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Row, Update, delete, insert, select, update

from app.core.clock import Clock
from backoffice import schema
from backoffice.auditing import Signature, sign, wait_for_turn
from backoffice.errors import ConflictError, NotEnrolledError, NotSignedInError
from backoffice.people import digest_of, mark_change, refuse_shut_out
from backoffice.scopes import EVERYTHING
from backoffice.store import Store
from backoffice.writing import Transaction

CODE_LASTS: Final = timedelta(hours=24)
_SPOKEN: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's alphabet
_MISREAD: Final = str.maketrans("OIL", "011")
_CODE_LENGTH: Final = 12
_NO_CODE: Final = {"code": None, "code_expires": None}
_NO_WIPE: Final = {"wipe_told": None, "wiped": None}
_desk = schema.desk.c


@dataclass(frozen=True, slots=True)
class Desk:
    """A desk as IT sees it; instants are Unix seconds, None where that has not happened."""

    name: str
    device: str | None
    code_expires: int | None
    enrolled: int | None
    revoked: int | None
    wipe_ordered: int | None
    wipe_told: int | None
    wiped: int | None


class UnknownDeskError(Exception):
    """There is no such desk; the text is meant for IT."""


class Desks:
    """The list of desks."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def add(self, name: str, lasts: timedelta = CODE_LASTS) -> str:
        """A code with which one machine becomes this desk, or becomes it anew; until then an earlier one stays what it is."""
        code = "".join(secrets.choice(_SPOKEN) for _ in range(_CODE_LENGTH))
        values = {"code": digest_of(code), "code_expires": self._now() + int(lasts.total_seconds())}
        with self._store.writing() as transaction:
            wait_for_turn(transaction.connection)
            if not _changed(transaction, name, values):
                transaction.connection.execute(insert(schema.desk).values(name=name, **values))
            self._sign(transaction, Signature(act="desk", subject=f"desk/{name}"))
        return "-".join(code[place : place + 4] for place in range(0, _CODE_LENGTH, 4))

    def enrol(self, code: str, device: str) -> str:
        """Make the machine the desk that the code is for; its secret. Raises NotSignedInError, ConflictError."""
        return self._store.run(lambda transaction: self._enrol(transaction, code, device))

    def check(self, device: str | None, secret: str | None, *, must_be_enrolled: bool) -> None:
        """Raise unless it may be used: a desk that is enrolled proves it, others may be let in unproven."""
        row = None if device is None else self._enrolled_as(device)
        if row is None and not must_be_enrolled:
            return
        if row is None or device is None or secret is None or not hmac.compare_digest(digest_of(secret), row.secret):
            raise NotEnrolledError
        refuse_shut_out(device, row.revoked, row.wipe_ordered)

    def told(self, device: str) -> None:
        """Keep when the desk first heard that it has to wipe."""
        first = update(schema.desk).where(_desk.device == device, _desk.wipe_told.is_(None))
        self._note(device, first.values(wipe_told=self._now()), "told to wipe")

    def wiped(self, device: str, secret: str) -> None:
        """The desk says that it has wiped what it held. Raises NotEnrolledError unless it is one that was told to."""
        theirs = update(schema.desk).where(_desk.device == device, _desk.secret == digest_of(secret))
        ordered = theirs.where(_desk.wipe_ordered.is_not(None))
        if not self._note(device, ordered.values(wiped=self._now()), "wiped"):
            raise NotEnrolledError

    def revoke(self, name: str) -> None:
        """Shut a desk out, and forget a code that it has not used. Raises UnknownDeskError."""
        self._mark(name, {"revoked": self._now(), **_NO_CODE})

    def wipe(self, name: str) -> None:
        """Shut it out and tell it, when it next comes, to wipe what it holds. Raises UnknownDeskError."""
        now = self._now()
        self._mark(name, {"revoked": now, "wipe_ordered": now, **_NO_CODE, **_NO_WIPE})

    def every(self) -> list[Desk]:
        """All desks, by name."""
        columns = [_desk[name] for name in Desk.__dataclass_fields__]
        with self._store.reading(EVERYTHING) as reader:
            return [Desk(*row) for row in reader.connection.execute(select(*columns).order_by(_desk.name))]

    def _enrolled_as(self, device: str) -> Row[Any] | None:
        with self._store.reading(EVERYTHING) as reader:
            return reader.connection.execute(select(schema.desk).where(_desk.device == device)).one_or_none()

    def _enrol(self, transaction: Transaction, code: str, device: str) -> str:
        wait_for_turn(transaction.connection)
        spoken = "".join(sign for sign in code.upper().translate(_MISREAD) if sign.isalnum())
        meant = select(_desk.name).where(_desk.code == digest_of(spoken), _desk.code_expires > self._now())
        name = transaction.connection.scalar(meant.with_for_update())
        if name is None:
            raise NotSignedInError("The code is wrong, or used, or too old. Ask for a new one.")
        other = select(_desk.name).where(_desk.device == device, _desk.name != name)
        if transaction.connection.scalar(other) is not None:
            raise ConflictError("This machine is enrolled under another name. Ask for a code for that one.")
        secret = secrets.token_urlsafe(32)
        before = transaction.connection.scalar(select(_desk.device).where(_desk.name == name))
        new = {"device": device, "secret": digest_of(secret), "enrolled": self._now()}
        _changed(transaction, name, {**new, "revoked": None, "wipe_ordered": None, **_NO_CODE, **_NO_WIPE})
        theirs = delete(schema.token).where(schema.token.c.device.in_([before, device]))
        mark_change(transaction.connection)
        transaction.connection.execute(theirs)  # who took a token in its name before has not proven anything
        self._sign(transaction, Signature(by=f"desk/{device}", act="enrol", subject=f"desk/{name}"))
        return secret

    def _mark(self, name: str, values: dict[str, Any]) -> None:
        with self._store.writing() as transaction:
            wait_for_turn(transaction.connection)
            if not _changed(transaction, name, values):
                raise UnknownDeskError(f"There is no desk {name}.")
            mark_change(transaction.connection)
            self._sign(transaction, Signature(act="desk", subject=f"desk/{name}"))

    def _note(self, device: str, change: Update, act: str) -> bool:
        """Keep what a desk heard or did; whether that is new."""
        with self._store.writing() as transaction:
            wait_for_turn(transaction.connection)
            name = transaction.connection.scalar(change.returning(_desk.name))
            if name is not None:
                self._sign(transaction, Signature(by=f"desk/{device}", act=act, subject=f"desk/{name}"))
        return name is not None

    def _sign(self, transaction: Transaction, signature: Signature) -> None:
        sign(transaction.connection, signature, self._clock.now())

    def _now(self) -> int:
        return int(self._clock.now().timestamp())


def _changed(transaction: Transaction, name: str, values: dict[str, Any]) -> bool:
    """Change the desk of that name; whether there is one."""
    return transaction.connection.execute(update(schema.desk).where(_desk.name == name).values(values)).rowcount > 0
