"""Slows down who guesses passwords: after a few failures each further attempt has to wait twice as long.

The count is in the database, so that several workers give no more attempts than one, and a restart gives none.
"""

from __future__ import annotations

import hashlib
import math
from typing import Final

from sqlalchemy import delete, insert, select

from app.core.clock import Clock
from backoffice import schema
from backoffice.errors import TooManyAttemptsError
from backoffice.store import Store
from backoffice.writing import Transaction

FREE_ATTEMPTS: Final = 5
LONGEST_WAIT_SECONDS: Final = 300
_MOST_FAILURES: Final = 100  # the wait has long stopped growing
_FORGOTTEN_AFTER_MS: Final = 24 * 3600 * 1000
_attempt = schema.attempt.c


class Throttle:
    """Counts failures per name, also of names that do not exist."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def attempt(self, name: str) -> None:
        """Count an attempt as failed until `succeeded` says otherwise. Raises TooManyAttemptsError before its time."""
        self._store.run(lambda transaction: self._count(transaction, _key(name)))

    def succeeded(self, name: str) -> None:
        """Forget the failures of this name."""
        self._store.run(lambda transaction: _forget(transaction, _key(name)))

    def _count(self, transaction: Transaction, key: str) -> None:
        transaction.exclusive(f"attempt/{key}")
        now = int(self._clock.now().timestamp() * 1000)
        mine = select(_attempt.failures, _attempt.next_at).where(_attempt.name == key)
        failures, next_at = transaction.connection.execute(mine).one_or_none() or (0, now)
        left_s = math.ceil((next_at - now) / 1000)
        if 0 < left_s <= LONGEST_WAIT_SECONDS:  # more is no wait of ours: the clock was set back
            raise TooManyAttemptsError(left_s)
        wait_s = min(2 ** (failures + 1 - FREE_ATTEMPTS), LONGEST_WAIT_SECONDS) if failures + 1 >= FREE_ATTEMPTS else 0
        _forget(transaction, key)
        transaction.connection.execute(delete(schema.attempt).where(_attempt.next_at < now - _FORGOTTEN_AFTER_MS))
        values = {"name": key, "failures": min(failures + 1, _MOST_FAILURES), "next_at": now + wait_s * 1000}
        transaction.connection.execute(insert(schema.attempt).values(values))


def _forget(transaction: Transaction, key: str) -> None:
    transaction.connection.execute(delete(schema.attempt).where(_attempt.name == key))


def _key(name: str) -> str:
    """People type their password where the name belongs, so names are not kept as they were typed."""
    return hashlib.sha256(name.encode()).hexdigest()
