"""A back office with a fault in it, to prove that a run finds it: `python -m tests.stress.planted FAULT serve …`."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from typing import Final
from unittest.mock import patch

from sqlalchemy import update

from app.core.clock import Clock
from backoffice import schema
from backoffice.__main__ import main
from backoffice.documents import StoredDocument
from backoffice.operations import Act, Answer, Operations
from backoffice.pages import Page
from backoffice.reading import CommandResult, Reader
from backoffice.scopes import Scope
from backoffice.store import Store
from backoffice.writing import Transaction

_SEEN_MS: Final = 3


def key_forgotten() -> None:
    """One result in twenty is not kept under its key."""
    remember = Transaction.remember

    def forgetting(self: Transaction, result: CommandResult) -> None:
        if result.revision % 20:
            remember(self, result)

    patch.object(Transaction, "remember", forgetting).start()


def key_beside_effect() -> None:
    """Keys are kept in a transaction of their own, after that of the effect."""
    remember, here = Transaction.remember, threading.local()

    class Beside(Operations):
        def __init__(self, store: Store, clock: Clock) -> None:
            super().__init__(store, clock)
            self._beside = store

        def perform(self, act: Act, scope: Scope) -> Answer:
            here.results = []
            answer = super().perform(act, scope)
            for result in here.results:
                with self._beside.writing() as transaction:
                    remember(transaction, result)
            return answer

    patch.object(Transaction, "remember", lambda _self, result: here.results.append(result)).start()
    patch("backoffice.web.context.Operations", Beside).start()


def change_skipped() -> None:
    """The feed leaves out one change in fifty."""
    _feed_without(lambda one: one.revision % 50 == 0)


def tombstone_lost() -> None:
    """The feed tells of no deletion."""
    _feed_without(lambda one: one.text is None and not one.has_left)


def late_commit() -> None:
    """A revision is given out, for others to see, before the transaction that takes it has its turn. PostgreSQL only."""

    def take(self: Transaction, count: int) -> int:
        advance = update(schema.sequence).values(value=schema.sequence.c.value + count)
        with self.connection.engine.begin() as other:
            self.last_revision = other.scalars(advance.returning(schema.sequence.c.value)).one()
        time.sleep(_SEEN_MS / 1000)
        return self.last_revision - count + 1

    patch.object(Transaction, "take_revisions", take).start()


def _feed_without(is_lost: Callable[[StoredDocument], bool]) -> None:
    changes_after = Reader.changes_after

    def losing(self: Reader, sequence: int, limit: int) -> Page:
        page = changes_after(self, sequence, limit)
        return Page([one for one in page if not is_lost(one)], has_more=page.has_more)

    patch.object(Reader, "changes_after", losing).start()


FAULTS: Final[dict[str, Callable[[], None]]] = {
    "key-forgotten": key_forgotten,
    "key-beside-effect": key_beside_effect,
    "change-skipped": change_skipped,
    "tombstone-lost": tombstone_lost,
    "late-commit": late_commit,
}

if __name__ == "__main__":
    FAULTS[sys.argv[1]]()
    sys.exit(main(sys.argv[2:]))
