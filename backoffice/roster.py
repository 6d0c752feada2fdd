"""The staff as whoever runs the back office keeps it: who is on it, and how somebody is added, changed and removed.

Records of what was done name people by their user names, not by their row here: who is removed stays named in them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from app.core.clock import Clock
from backoffice import schema
from backoffice.auditing import Signature, sign, wait_for_turn
from backoffice.hub.subscriptions import end, subscriptions_of, take_turn
from backoffice.people import mark_change
from backoffice.scopes import EVERYTHING, read
from backoffice.store import Store
from backoffice.writing import Transaction

_staff = schema.staff.c
_token = schema.token.c


class UnknownUserError(Exception):
    """There is no such user; the text is meant for the operator."""

    def __init__(self, user: str) -> None:
        super().__init__(f"There is no user {user}.")


class KnownUserError(Exception):
    """There is such a user already; the text is meant for the operator."""

    def __init__(self, user: str) -> None:
        super().__init__(f"There is a user {user} already. Nothing was changed: that is what staff change is for.")


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who may come in. `territories` None: all of them; `customer`: the one whose own system this is."""

    user: str
    name: str
    role: str
    department: str
    territories: frozenset[str] | None
    customer: str
    has_password: bool


class Roster:
    """Everybody who may come in. Each change is audited, and ends what was signed in before it."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def every(self) -> list[Member]:
        """Everybody, by user name."""
        with self._store.reading(EVERYTHING) as reader:
            rows = reader.connection.execute(select(schema.staff).order_by(_staff.id)).all()
        return [
            Member(
                row.id, row.name, row.role, row.department,
                None if row.territories is None else read(row.territories), row.party, row.password is not None,
            )
            for row in rows
        ]  # fmt: skip

    def check(self, user: str, *, is_known: bool) -> None:
        """Raise UnknownUserError or KnownUserError before a password is asked for in vain."""
        with self._store.reading(EVERYTHING) as reader:
            _check(reader.connection, user, is_known=is_known)

    def nobodys(self, territories: Iterable[str]) -> list[str]:
        """Those of the territories that no record is in."""
        with self._store.reading(EVERYTHING) as reader:
            kept = reader.connection.scalars(select(schema.checksum.c.territory))
            return sorted(set(territories).difference(*(read(one) for one in kept)))

    def add(self, user: str, values: Mapping[str, object]) -> None:
        """Let somebody in from now on. Raises KnownUserError."""
        with self._changing(user, "staff") as transaction:
            connection = transaction.connection
            _check(connection, user, is_known=False)
            connection.execute(insert(schema.staff).values(id=user, **values))

    def change(self, user: str, values: Mapping[str, object]) -> int:
        """Change what `values` names and nothing else; how many sign-ins that ended. Raises UnknownUserError."""
        with self._changing(user, "staff") as transaction:
            connection = transaction.connection
            _check(connection, user, is_known=True)
            connection.execute(update(schema.staff).where(_staff.id == user).values(values))
            return self._end_sign_ins(connection, user)

    def remove(self, user: str) -> int:
        """Let somebody in no more; how many sign-ins that ended. Raises UnknownUserError."""
        with self._changing(user, "staff-removed") as transaction:
            connection = transaction.connection
            _check(connection, user, is_known=True)
            ended = self._end_sign_ins(connection, user)
            take_turn(connection)
            for subscription in subscriptions_of(connection, user):  # the next one of that name must not inherit them
                end(transaction, subscription.id, Signature())
            connection.execute(delete(schema.staff).where(_staff.id == user))
            return ended

    @contextmanager
    def _changing(self, user: str, act: str) -> Iterator[Transaction]:
        with self._store.writing() as transaction:
            wait_for_turn(transaction.connection)
            yield transaction
            mark_change(transaction.connection)
            sign(transaction.connection, Signature(act=act, subject=f"staff/{user}"), self._clock.now())

    def _end_sign_ins(self, connection: Connection, user: str) -> int:
        connection.execute(delete(schema.token).where(_token.expires <= int(self._clock.now().timestamp())))
        return connection.execute(delete(schema.token).where(_token.staff == user)).rowcount


def _check(connection: Connection, user: str, *, is_known: bool) -> None:
    found = connection.scalar(select(_staff.id).where(_staff.id == user)) is not None
    if found and not is_known:
        raise KnownUserError(user)
    if is_known and not found:
        raise UnknownUserError(user)
