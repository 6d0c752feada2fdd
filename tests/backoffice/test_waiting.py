"""Writers who wait for each other on PostgreSQL: whoever has the turn waits for nobody who wants it, and no wait is endless."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial

import pytest
from sqlalchemy.exc import DBAPIError, OperationalError

from backoffice import dialect
from backoffice.auditing import wait_for_turn
from backoffice.dialect import is_outage
from backoffice.documents import Document
from backoffice.parties import books
from backoffice.parties.merging import Wanted, merge, unmerge
from backoffice.scopes import EVERYTHING
from backoffice.store import Store
from backoffice.web.context import Options
from backoffice.writing import Transaction
from tests.backoffice.helpers import TICKETS, RunningServer, ticket
from tests.backoffice.listener import wait_until
from tests.backoffice.parties.books import customer, two
from tests.fakes.clock import FakeClock

pytestmark = pytest.mark.parametrize("database", ["postgresql"], indirect=True)
_WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"
Work = Callable[[Transaction], object]


def merged(transaction: Transaction) -> object:
    return merge(transaction, Wanted("customer", "C1", "C2", "boss"), transaction.now)


def parted(transaction: Transaction) -> object:
    return unmerge(transaction, books.entries(transaction, "", 1)[0].id, transaction.now)


def moved(transaction: Transaction) -> object:
    known = transaction.get("customer", "C2")
    transaction.put("customer", "C2", {**(known.body if known else {}), **customer("C2", "P2", "N", "binjiang").body})
    return transaction.flush()


def is_anybody_waiting(store: Store) -> bool:
    with store.reading(EVERYTHING) as reader:
        return bool(reader.connection.exec_driver_sql(_WAITING).scalar_one())


def do(store: Store, work: Work) -> None:
    """Once: a deadlock is an error."""
    with store.writing() as transaction:
        work(transaction)


@pytest.mark.parametrize("work", [merged, parted, moved])
def test_who_changes_many_documents_waits_for_a_writer_of_one_before_its_turn(store: Store, work: Work) -> None:
    store.load(two())
    if work is parted:
        do(store, merged)
    with ThreadPoolExecutor() as pool, store.writing() as transaction:
        known = transaction.get("troubleTicket", "C2-ticket")
        assert known is not None
        many = pool.submit(do, store, work)
        wait_until(partial(is_anybody_waiting, store))
        transaction.put("troubleTicket", "C2-ticket", {**known.body, "name": "N"})
        transaction.flush()
        assert not many.done()
    many.result()


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits, or does nothing, for long."""
    monkeypatch.setattr(dialect, "_LONGEST_WAITS", dict.fromkeys(dialect._LONGEST_WAITS, "200ms"))


@pytest.mark.usefixtures("hasty")
def test_who_waits_for_too_long_is_told_to_try_again(database: str, clock: FakeClock) -> None:
    server = RunningServer(database, Options(no_auth=True), clock)
    server.start()
    with closing(Store.open(database)) as other, other.writing() as transaction:
        transaction.connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
        wait_for_turn(transaction.connection)
        answer = server.client().post(TICKETS, json=ticket())
    assert (answer.status_code, answer.json()["code"], answer.headers["Retry-After"]) == (503, "unavailable", "5")
    assert server.client().post(TICKETS, json=ticket()).status_code == 201
    server.stop()


@pytest.mark.usefixtures("hasty")
def test_who_does_nothing_for_too_long_holds_nobody_up(database: str) -> None:
    with closing(Store.open(database)) as store, closing(Store.open(database)) as other:
        with pytest.raises(DBAPIError) as raised:
            do(store, partial(hold_until, lambda: could_write(other)))
        assert is_outage(raised.value)
        assert could_write(store)


def hold_until(holds: Callable[[], bool], transaction: Transaction) -> None:
    """Have the turn, do nothing, then go on."""
    wait_for_turn(transaction.connection)
    wait_until(holds)
    wait_for_turn(transaction.connection)


def could_write(store: Store) -> bool:
    try:
        store.load([Document("customer", "C1", {"name": "N"})])
    except OperationalError:
        return False
    return True
