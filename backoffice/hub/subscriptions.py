"""Who listens to which API, up to where they have heard, and what they may hear: what they were shown and are shown still."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, and_, delete, exists, func, insert, select, update

from app.core.clock import to_wire
from app.core.ids import new_id
from app.core.permissions import Permission, permissions_of
from backoffice import schema
from backoffice.auditing import Signature, sign
from backoffice.errors import ConflictError, ForbiddenError, NotFoundError
from backoffice.people import Identity
from backoffice.scopes import Scope, read, written
from backoffice.writing import Transaction

MOST: Final = 100  # of one person

_subscription = schema.subscription.c
_event = schema.event.c
_BEYOND: Final = 2**63 - 1  # any revision


@dataclass(frozen=True, slots=True)
class Subscription:
    """One listener. `role` and `scope` are those of the token when it was made; `gap`: up to then events were given up.

    `token` is the hash of that token; empty where nobody has to sign in.
    """

    id: str
    api: str
    callback: str
    query: str
    staff: str
    role: str
    scope: Scope
    position: int
    gap: str | None = None
    token: str = ""

    @property
    def place(self) -> str:
        """Where it is read and ended."""
        return f"/tmf-api/{self.api}/hub/{self.id}"

    def as_json(self) -> dict[str, str]:
        """As TM Forum has it; `gap` only where there is one."""
        told = {"id": self.id, "callback": self.callback, "query": self.query}
        return told if self.gap is None else {**told, "gap": self.gap}


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks to be told, and where; `token` is the hash of the token that they ask with."""

    api: str
    callback: str
    query: str
    token: str = ""


def subscribe(transaction: Transaction, identity: Identity, asked: Asked) -> Subscription:
    """Listen to what happens from now on. Raises ConflictError if this person listens so already."""
    connection = transaction.connection
    position = take_turn(connection)
    theirs = subscriptions_of(connection, identity.person.id)
    wanted = (asked.api, asked.callback, asked.query)
    if (known := next((one for one in theirs if (one.api, one.callback, one.query) == wanted), None)) is not None:
        raise ConflictError("There is such a subscription already.", {"Location": known.place})
    if len(theirs) >= MOST:
        raise ForbiddenError(f"One person may have {MOST} subscriptions. Delete one first.")
    person = identity.person
    new = Subscription(new_id(), *wanted, person.id, person.role, identity.scope, position, token=asked.token)
    connection.execute(insert(schema.subscription).values(_row_of(new)))
    _say_who_is_heard(connection)
    _sign(transaction, Signature(person.id, identity.owner, "subscribe"), new.id)
    return new


def unsubscribe(transaction: Transaction, identity: Identity, api: str, subscription_id: str) -> None:
    """Listen no more. Raises NotFoundError unless it is this person's."""
    take_turn(transaction.connection)
    if find(transaction.connection, identity.person.id, api, subscription_id) is None:
        raise NotFoundError("There is no such subscription.")
    end(transaction, subscription_id, Signature(identity.person.id, identity.owner))


def take_turn(connection: Connection) -> int:
    """Keep the sequence as it is until this transaction ends: whoever changes something after that knows of it."""
    stay = update(schema.sequence).values(value=schema.sequence.c.value)
    position: int = connection.scalars(stay.returning(schema.sequence.c.value)).one()
    return position


def end(transaction: Transaction, subscription_id: str, by: Signature) -> None:
    """Remove a subscription; what nobody listens to any more is no longer kept. In one's turn only."""
    transaction.connection.execute(delete(schema.subscription).where(_subscription.id == subscription_id))
    _say_who_is_heard(transaction.connection)
    _sign(transaction, replace(by, act="unsubscribe"), subscription_id)


def end_with_token(transaction: Transaction, short: str) -> int:
    """Remove what was registered with a token whose hash begins so; how many that were. In one's turn only."""
    theirs = select(_subscription.id).where(func.substr(_subscription.token, 1, len(short)) == short)
    found = transaction.connection.scalars(theirs).all()
    for subscription_id in found:
        end(transaction, subscription_id, Signature())
    return len(found)


def find(connection: Connection, person: str, api: str, subscription_id: str) -> Subscription | None:
    """A person's subscription."""
    theirs = subscriptions_of(connection, person)
    return next((one for one in theirs if (one.api, one.id) == (api, subscription_id)), None)


def subscriptions_of(connection: Connection, person: str | None = None) -> list[Subscription]:
    """A person's subscriptions, or everybody's."""
    every = select(schema.subscription).order_by(_subscription.id)
    wanted = every if person is None else every.where(_subscription.staff == person)
    return [_subscription_in(row) for row in connection.execute(wanted)]


def scope_now(connection: Connection, subscription: Subscription, anybody: str | None) -> Scope | None:
    """What may be told: what the token could see and the person still may; None if that is nothing any more.

    `anybody` is who asks without a token, where the server allows that.
    """
    if subscription.staff == anybody:
        return subscription.scope
    staff = schema.staff.c
    known = select(staff.role, staff.territories, staff.party).where(staff.id == subscription.staff)
    row = connection.execute(known).one_or_none()
    may = frozenset() if row is None else permissions_of(row.role) & permissions_of(subscription.role)
    if row is None or Permission.READ_CUSTOMERS not in may:
        return None
    parties = {subscription.scope.party, row.party} - {""}
    if len(parties) > 1:
        return None
    territories = [_territories(row.territories), subscription.scope.territories]
    bounds = [one for one in territories if one is not None]
    return Scope(frozenset.intersection(*bounds) if bounds else None, "".join(parties), may)


def move_on(connection: Connection, subscription_id: str, position: int) -> None:
    """Keep up to where it has heard; never back."""
    later = and_(_subscription.id == subscription_id, _subscription.position < position)
    connection.execute(update(schema.subscription).where(later).values(position=position))


def news(connection: Connection) -> dict[str, bool]:
    """Every subscription, and whether there is an event that it has not heard."""
    later = exists().where(_event.api == _subscription.api, _event.revision > _subscription.position)
    return {row.id: bool(row.is_new) for row in connection.execute(select(_subscription.id, later.label("is_new")))}


def tidy(connection: Connection, too_old: datetime, most: int) -> dict[str, int]:
    """Forget what everybody has heard; give up what is too old or too much. How many each subscription lost by that."""
    subscriptions = subscriptions_of(connection)
    heard = {one.api: min(each.position for each in subscriptions if each.api == one.api) for one in subscriptions}
    for api, position in heard.items():
        connection.execute(delete(schema.event).where(_event.api == api, _event.revision <= position))
    limit = _last_to_give_up(connection, too_old, most)
    lost = {one.id: _give_up(connection, one, limit) for one in subscriptions if one.position < limit}
    connection.execute(delete(schema.event).where(_event.revision <= limit))
    return {name: count for name, count in lost.items() if count}


def _last_to_give_up(connection: Connection, too_old: datetime, most: int) -> int:
    """The revision up to which events are too old, or too many; 0 if none.

    One question, and so one view: on PostgreSQL an event that is committed between two would be none of the young ones of the
    first, and the newest of the second.
    """
    young = select(func.min(_event.revision)).where(_event.at >= to_wire(too_old)).scalar_subquery()
    old = select(func.max(_event.revision)).where(_event.revision < func.coalesce(young, _BEYOND)).scalar_subquery()
    over = select(_event.revision).order_by(_event.revision.desc()).offset(most).limit(1).scalar_subquery()
    found = connection.execute(select(func.coalesce(old, 0), func.coalesce(over, 0))).one()
    return max(int(one) for one in found)


def _give_up(connection: Connection, subscription: Subscription, limit: int) -> int:
    theirs = and_(_event.api == subscription.api, _event.revision > subscription.position, _event.revision <= limit)
    count, last = connection.execute(select(func.count(), func.max(_event.at)).where(theirs)).one()
    if count:
        mine = and_(
            _subscription.id == subscription.id, _subscription.position < limit
        )  # it may have come further meanwhile
        moved = connection.execute(update(schema.subscription).where(mine).values(gap=last, position=limit))
        return int(count) if moved.rowcount else 0
    return 0


def _say_who_is_heard(connection: Connection) -> None:
    """Every writer passes the row of the sequence anyway: there it learns which APIs somebody listens to."""
    apis = connection.scalars(select(_subscription.api).distinct().order_by(_subscription.api)).all()
    connection.execute(update(schema.sequence).values(heard=" ".join(apis)))
    connection.execute(delete(schema.event).where(_event.api.not_in(apis)))


def _sign(transaction: Transaction, signature: Signature, subscription_id: str) -> None:
    sign(transaction.connection, replace(signature, subject=f"subscription/{subscription_id}"), transaction.now)


def _row_of(one: Subscription) -> dict[str, object]:
    territories = None if one.scope.territories is None else written(one.scope.territories)
    return {
        "id": one.id, "api": one.api, "callback": one.callback, "query": one.query, "staff": one.staff, "role": one.role,
        "territories": territories, "party": one.scope.party, "position": one.position,
        "token": one.token,
    }  # fmt: skip


def _subscription_in(row: Row[Any]) -> Subscription:
    scope = Scope(_territories(row.territories), row.party)
    what = (row.id, row.api, row.callback, row.query, row.staff, row.role)
    return Subscription(*what, scope, row.position, row.gap, row.token)


def _territories(kept: str | None) -> frozenset[str] | None:
    return None if kept is None else read(kept)
