"""Staff and their tokens. Passwords are kept as Argon2id hashes, tokens as SHA-256."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, bindparam, delete, insert, select

from app.core.clock import Clock
from app.core.permissions import Permission, permissions_of
from backoffice import schema
from backoffice.auditing import Signature, sign, wait_for_turn
from backoffice.errors import ShutOutError, WipeError
from backoffice.scopes import EVERYTHING, Scope, read, written
from backoffice.store import Store
from backoffice.watching import STAFF

TOKEN_LASTS: Final = timedelta(hours=12)
OFFLINE_LASTS: Final = timedelta(days=7)
TOKEN_ID_LENGTH: Final = 12
DESK: Final = "desk/"  # before its id, in whose the keys are

_staff = schema.staff.c
_token = schema.token.c
_desk = schema.desk.c
_holder = (
    select(
        _staff.id, _staff.name, _staff.role, _staff.territories, _staff.party, _token.device,
        _desk.revoked, _desk.wipe_ordered,
    )
    .join_from(schema.token, schema.staff, _token.staff == _staff.id)
    .outerjoin(schema.desk, _desk.device == _token.device)
    .where(_token.hash == bindparam("hash"), _token.expires > bindparam("now"))
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Person:
    """One of the staff."""

    id: str
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a request comes from; `device` is set for a registered desk."""

    person: Person
    device: str | None = None
    scope: Scope = EVERYTHING

    def may(self, permission: Permission) -> bool:
        """Whether this person's role allows it."""
        return permission in permissions_of(self.person.role)

    @property
    def owner(self) -> str:
        """Whose the idempotency keys are: the desk's, or this person's where there is no desk."""
        return owner_of(self.person.id, self.device)


def owner_of(person_id: str, device: str | None) -> str:
    """Whose the idempotency keys are that somebody uses at a desk, or without one."""
    return f"person/{person_id}" if device is None else DESK + device


@dataclass(frozen=True, slots=True)
class Grant:
    """A new token, how long it is good for, and the back office that gave it."""

    token: str
    expires_at: datetime
    offline_until: datetime
    person: Person
    office: str


class People:
    """Who works here, and which tokens are out."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def put(self, person: Person, password_hash: str | None, scope: Scope = EVERYTHING, department: str = "") -> None:
        """Add a person, or change what is known of them; tokens that are out end, since they may say too much."""
        territories = None if scope.territories is None else written(scope.territories)
        values = {
            "name": person.name, "role": person.role, "password": password_hash, "territories": territories,
            "party": scope.party, "department": department,
        }  # fmt: skip
        with self._store.writing() as transaction:
            wait_for_turn(transaction.connection)
            transaction.connection.execute(delete(schema.token).where(_token.staff == person.id))
            transaction.connection.execute(delete(schema.staff).where(_staff.id == person.id))
            transaction.connection.execute(insert(schema.staff).values(id=person.id, **values))
            mark_change(transaction.connection)
            sign(transaction.connection, Signature(act="staff", subject=f"staff/{person.id}"), self._clock.now())

    def find(self, person_id: str) -> tuple[Person, str | None] | None:
        """The person and the hash of the password; None if there is no such person."""
        wanted = select(_staff.id, _staff.name, _staff.role, _staff.password).where(_staff.id == person_id)
        with self._store.reading(EVERYTHING) as reader:
            row = reader.connection.execute(wanted).one_or_none()
        return None if row is None else (Person(row.id, row.name, row.role), row.password)

    def grant(
        self, person: Person, device: str | None, lasts: timedelta = TOKEN_LASTS, by: Signature | None = None
    ) -> Grant:
        """Hand out a token; only its hash is kept. Tokens that have expired are forgotten on the way.

        `by` is who hands it out, where that is not the person who signs in.
        """
        now = self._clock.now()
        token = secrets.token_urlsafe(32).lstrip("-")  # a command line takes what begins so for an option
        expires_at = now + lasts
        values = {
            "hash": digest_of(token),
            "staff": person.id,
            "device": device,
            "expires": int(expires_at.timestamp()),
        }
        by = by or Signature(person.id, owner_of(person.id, device))
        with self._store.writing() as transaction:
            wait_for_turn(transaction.connection)
            transaction.connection.execute(delete(schema.token).where(_token.expires <= int(now.timestamp())))
            transaction.connection.execute(insert(schema.token).values(**values))
            subject = f"token/{token_id(token)}/{person.id}"
            sign(transaction.connection, replace(by, act="token", subject=subject), now)
            return Grant(token, expires_at, now + OFFLINE_LASTS, person, transaction.office())

    def identify(self, token: str) -> Identity | None:
        """Who the token belongs to; None if it is unknown or has expired. Raises ShutOutError, WipeError for their desk."""
        asked = {"hash": digest_of(token), "now": int(self._clock.now().timestamp())}
        row = self._store.look_up(_holder, **asked)
        if row is None:
            return None
        person_id, name, role, territories, party, device, revoked, wipe_ordered = row
        refuse_shut_out(device, revoked, wipe_ordered)
        scope = Scope(None if territories is None else read(territories), party, permissions_of(role))
        return Identity(Person(person_id, name, role), device, scope)

    def revoke(self, token: str) -> None:
        """End the token."""
        ended = delete(schema.token).where(_token.hash == digest_of(token)).returning(_token.staff, _token.device)
        with self._store.writing() as transaction:
            wait_for_turn(transaction.connection)
            row = transaction.connection.execute(ended).one_or_none()
            if row is not None:
                subject = f"token/{token_id(token)}/{row.staff}"
                sign(
                    transaction.connection,
                    Signature(row.staff, owner_of(row.staff, row.device), "sign-out", subject),
                    self._clock.now(),
                )


def mark_change(connection: Connection) -> None:
    """So that the event streams of those who may no longer listen end at once, whichever worker they are at."""
    connection.execute(delete(schema.meta).where(schema.meta.c.key == STAFF))
    connection.execute(insert(schema.meta).values(key=STAFF, value=secrets.token_hex(8)))


def refuse_shut_out(device: str, revoked: int | None, wipe_ordered: int | None) -> None:
    """Raise what a desk hears that is shut out."""
    if wipe_ordered is not None:
        raise WipeError(device)
    if revoked is not None:
        raise ShutOutError


def token_id(token: str) -> str:
    """The name by which a token can be spoken of."""
    return digest_of(token)[:TOKEN_ID_LENGTH]


def digest_of(token: str) -> str:
    """What is kept of a token or a secret that nobody could guess."""
    return hashlib.sha256(token.encode()).hexdigest()
