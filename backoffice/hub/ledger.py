"""What the hub reads and writes of the database: who has news, what is next for whom, up to where it was taken."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from app.core.clock import Clock
from backoffice.auditing import Signature
from backoffice.documents import to_json
from backoffice.hub.callbacks import AllowedHost
from backoffice.hub.happenings import Happening, after
from backoffice.hub.queries import asked_for, is_asked_for
from backoffice.hub.subscriptions import (
    Subscription,
    end,
    move_on,
    news,
    scope_now,
    subscriptions_of,
    take_turn,
    tidy,
)
from backoffice.reading import Reader
from backoffice.resources import RESOURCES
from backoffice.scopes import EVERYTHING, OWNER, Scope
from backoffice.store import Store
from backoffice.writing import Transaction

_PAGE = 16  # happenings; each may be half a megabyte, and rights are looked at anew for each page


@dataclass(frozen=True, slots=True)
class HubSettings:
    """Which hosts may be called, and how patient the hub is with them."""

    callback_hosts: frozenset[AllowedHost] = frozenset()
    time_limit_s: float = 10.0
    first_rest_s: float = 1.0
    longest_rest_s: float = 300.0
    looks_every_s: float = 1.0
    keeps: timedelta = field(default=timedelta(days=7))
    keeps_most: int = 100_000


@dataclass(frozen=True, slots=True)
class Letter:
    """All that one happening has to say to one listener."""

    revision: int
    messages: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """What comes next for a listener, up to the revision `end`; what is not for it is passed over."""

    subscription: Subscription
    letters: tuple[Letter, ...]
    end: int
    is_last: bool


class Ledger:
    """All calls block. `anybody` is who asks without a token, where the server allows that."""

    def __init__(self, store: Store, clock: Clock, settings: HubSettings, anybody: str | None) -> None:
        self._store = store
        self._clock = clock
        self._settings = settings
        self._anybody = anybody
        self._log = structlog.get_logger()

    def news(self) -> dict[str, bool]:
        """Every subscription, and whether there is anything new for it."""
        with self._store.reading(EVERYTHING) as reader:
            return news(reader.connection)

    def next_page(self, subscription_id: str) -> Page | None:
        """What comes next for a listener; None if it is none any more. Ends a subscription whose owner may read no more."""
        with self._store.reading(EVERYTHING) as reader:
            one = next((one for one in subscriptions_of(reader.connection) if one.id == subscription_id), None)
            scope = None if one is None else scope_now(reader.connection, one, self._anybody)
            if one is not None and scope is not None:
                return self._page(reader, one, scope)
        if one is not None:
            self._end(one)
        return None

    def taken(self, subscription_id: str, revision: int) -> None:
        """The listener has everything up to this revision."""
        self._store.run(lambda transaction: move_on(transaction.connection, subscription_id, revision))

    def tidy(self) -> None:
        """Keep the table of events small; what is given up is said."""
        too_old, most = self._clock.now() - self._settings.keeps, self._settings.keeps_most
        lost = self._store.run(lambda transaction: tidy(transaction.connection, too_old, most))
        for subscription_id, count in lost.items():
            self._log.warning("hub gave events up", subscription=subscription_id, events=count)

    def _page(self, reader: Reader, one: Subscription, scope: Scope) -> Page:
        found = after(reader.connection, one.api, one.position, _PAGE)
        conditions, epoch = asked_for(one.query), reader.position().epoch
        view = Reader(reader.connection, scope, reader.columns)
        letters = []
        for happening in found:
            if _is_for(happening, scope) and (scope.is_everything or _is_still_seen(happening, view, reader)):
                asked = [event for event in happening.messages(epoch, scope.reveals) if is_asked_for(event, conditions)]
                letters.append(Letter(happening.revision, tuple(to_json(event).encode() for event in asked)))
        end_at = found[-1].revision if found else one.position
        return Page(one, tuple(letters), end_at, len(found) < _PAGE)

    def _end(self, one: Subscription) -> None:
        def work(transaction: Transaction) -> None:
            take_turn(transaction.connection)
            end(transaction, one.id, Signature())

        self._store.run(work)
        self._log.warning("hub ended a subscription: its owner may not read any more", subscription=one.id)


def _is_for(happening: Happening, scope: Scope) -> bool:
    """Whether it could be seen when it happened."""
    is_theirs = OWNER + scope.party in happening.owners or RESOURCES[happening.collection].is_public
    return scope.covers(happening.territory) and (not scope.party or is_theirs)


def _is_still_seen(happening: Happening, view: Reader, everything: Reader) -> bool:
    """Whether what it happened to is in view now; what is gone is nobody's any more, but was somewhere last."""
    if view.get(happening.collection, happening.id) is not None:
        return True
    there = everything.get(happening.collection, happening.id)
    return there is not None and there.text is None and view.scope.covers(there.territory)
