"""Acts that wait for a writer share a commit, and still stand each for itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError

from backoffice import schema
from backoffice.documents import from_json
from backoffice.errors import NotFoundError, TooLargeError
from backoffice.operations import Act, Answer, Operations
from backoffice.resources import RESOURCES
from backoffice.scopes import EVERYTHING
from backoffice.store import Store
from backoffice.verifying import verified
from backoffice.web.gathering import Gathering
from backoffice.writing import Transaction
from tests.backoffice.helpers import all_at_once, ticket
from tests.fakes.clock import FakeClock

only_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
TICKET = RESOURCES["troubleTicket"]


class Counter:
    """Acts that come at the same time, and the revisions that were told after commits."""

    def __init__(self, store: Store, clock: FakeClock) -> None:
        self.told: list[int] = []
        self._forget = store.on_commit(self.told.append)
        self._gathering = Gathering(Operations(store, clock).perform_together, ThreadPoolExecutor(1))

    def outcomes(self, *acts: Act) -> list[Answer | BaseException]:
        """What becomes of acts that all wait when the writer comes by."""
        return all_at_once(self._gathering, [(act, EVERYTHING) for act in acts])

    def close(self) -> None:
        """End the writer."""
        self._gathering.close()
        self._forget()


@pytest.fixture
def counter(store: Store, clock: FakeClock) -> Iterator[Counter]:
    """An empty back office with one writer."""
    counter = Counter(store, clock)
    yield counter
    counter.close()


def filed(key: str, **more: Any) -> Act:
    return Act("POST", TICKET, "", "tests", content=ticket(externalId=key, **more), key=key)


def revisions(outcomes: list[Answer | BaseException]) -> list[int | None]:
    return [one.document.revision if isinstance(one, Answer) else None for one in outcomes]


def kept(store: Store) -> dict[str, int]:
    with store.reading(EVERYTHING) as reader:
        return {one.body["externalId"]: one.revision for one in reader.changes_after(0, 100)}


def test_acts_that_wait_share_a_commit(store: Store, counter: Counter) -> None:
    assert revisions(counter.outcomes(*(filed(f"k{number}") for number in range(5)))) == [1, 2, 3, 4, 5]
    assert counter.told == [5]
    assert kept(store) == {f"k{number}": number + 1 for number in range(5)}
    assert verified(store).problems == ()


def test_one_that_is_refused_leaves_nothing_and_the_others_go_on(store: Store, counter: Counter) -> None:
    missing = Act("PATCH", TICKET, "T0", "tests", content={"name": "n"}, key="k2")
    outcomes = counter.outcomes(filed("k1"), missing, filed("k3"))
    assert isinstance(outcomes[1], NotFoundError)
    assert revisions(outcomes) == [1, None, 2]
    assert (kept(store), counter.told) == ({"k1": 1, "k3": 2}, [2])
    assert verified(store).problems == ()


def test_of_what_was_changed_and_deleted_with_one_commit_no_answer_is_kept(store: Store, clock: FakeClock) -> None:
    operations = Operations(store, clock)
    made = operations.perform(filed("k1"), EVERYTHING).document.id
    change = Act("PATCH", TICKET, made, "tests", content={"name": "n"}, key="k2")
    outcomes = operations.perform_together(
        [(change, EVERYTHING), (Act("DELETE", TICKET, made, "tests", key="k3"), EVERYTHING)]
    )
    assert [one.status for one in outcomes if isinstance(one, Answer)] == [200, 204]
    with store.reading(EVERYTHING) as reader:
        kept = reader.connection.scalars(select(schema.command.c.answer)).all()
    assert [sorted(from_json(answer)) for answer in kept if answer] == [["href", "id"]] * 2


def test_one_that_is_refused_once_it_is_written_takes_nothing_from_the_others(store: Store, counter: Counter) -> None:
    outcomes = counter.outcomes(filed("k1"), filed("k2", description="x" * 1_000_000), filed("k3"))
    assert isinstance(outcomes[1], TooLargeError)
    assert revisions(outcomes) == [1, None, 2]
    assert kept(store) == {"k1": 1, "k3": 2}
    assert verified(store).problems == ()


def test_the_same_key_twice_in_one_commit_has_one_effect(store: Store, counter: Counter) -> None:
    first, second = counter.outcomes(filed("k1"), filed("k1"))
    assert isinstance(first, Answer)
    assert isinstance(second, Answer)
    assert (first.document.id, second.is_replay) == (second.document.id, True)
    assert kept(store) == {"k1": 1}


def test_after_a_bug_in_one_each_is_done_alone_and_once(
    store: Store, counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    flush = Transaction.flush

    def fail_at_two(self: Transaction) -> Any:
        if any(body and body.get("externalId") == "k2" for body in self.puts.values()):
            raise RuntimeError("a bug")
        return flush(self)

    monkeypatch.setattr(Transaction, "flush", fail_at_two)
    outcomes = counter.outcomes(filed("k1"), filed("k2"), filed("k3"))
    assert isinstance(outcomes[1], RuntimeError)
    assert kept(store) == {"k1": 1, "k3": 2}
    assert counter.told == [1, 2]


@only_sqlite
def test_a_full_disk_takes_nothing_from_the_others(store: Store, counter: Counter) -> None:
    with store.writing() as transaction:
        pages = transaction.connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        transaction.connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 40}")
    outcomes = counter.outcomes(filed("k1"), filed("k2", description="x" * 400_000), filed("k3"))
    assert "full" in str(outcomes[1])
    assert revisions(outcomes) == [1, None, 2]
    assert kept(store) == {"k1": 1, "k3": 2}
    assert verified(store).problems == ()


@only_sqlite
def test_while_another_process_has_the_turn_all_wait_once(store: Store, counter: Counter) -> None:
    path = str(store.engine.url.database)
    begun: list[sqlite3.Connection] = []

    def hurry(connection: sqlite3.Connection, *_: object) -> None:
        connection.execute("PRAGMA busy_timeout = 50")
        begun.append(connection)

    event.listen(store.engine.pool, "checkout", hurry)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        outcomes = counter.outcomes(filed("k1"), filed("k2"), filed("k3"))
    assert [type(one) for one in outcomes] == [OperationalError] * 3
    assert len(begun) == 1
    assert kept(store) == {}
