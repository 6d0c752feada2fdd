"""Single questions go to the driver at once, and are as safe as any other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, select

from backoffice import dialect, records, schema
from backoffice.documents import Document
from backoffice.reading import tagged
from backoffice.scopes import EVERYTHING, Scope
from backoffice.store import Store
from backoffice.web.app import build
from backoffice.web.context import Context, Options
from backoffice.writing import Transaction
from tests.backoffice.helpers import CUSTOMERS, customer, ticket
from tests.backoffice.office import Office

XIHU = Scope(frozenset({"xihu"}))
only_postgresql = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


@pytest.fixture
def full(store: Store) -> Store:
    """One customer, nowhere."""
    store.load([Document("customer", "C1", customer())])
    return store


def ask(store: Store, scope: Scope = EVERYTHING) -> tuple[Any, ...] | None:
    return store.look_up(tagged(scope), collection="customer", id="C1")


def write_and_fail(store: Store) -> None:
    with store.writing() as transaction:
        transaction.put("customer", "C2", {"id": "C2", **customer()})
        transaction.flush()
        raise RuntimeError


def test_a_look_up_finds_what_was_committed_within_its_scope(full: Store) -> None:
    found = ask(full)
    with full.reading(EVERYTHING) as reader:
        position = reader.position()
    assert found is not None
    assert (found[1], found[2], found[-1]) == ("C1", 1, position.epoch)
    assert ask(full, XIHU) is None
    with full.writing() as transaction:
        transaction.put("customer", "C1", {"id": "C1", **customer(name="N")})
        assert ask(full) == found
    assert ask(full) != found


def test_a_look_up_leaves_the_transactions_after_it_as_they_are(full: Store) -> None:
    for _ in range(20):  # all connections of the pool
        ask(full)
    with pytest.raises(RuntimeError):
        write_and_fail(full)
    with full.reading(EVERYTHING) as reader:
        assert reader.get("customer", "C2") is None
        full.load([Document("customer", "C2", customer())])
        assert reader.get("customer", "C2") is None  # still the instant of its first question


async def test_a_look_up_that_fails_is_a_reason_to_try_later(full: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    context = Context(full, Options(no_auth=True))

    def fail(_engine: Engine) -> None:
        raise full.engine.dialect.loaded_dbapi.OperationalError("the disk is gone")

    monkeypatch.setattr(Engine, "raw_connection", fail)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(build(context)), base_url="http://localhost") as client:
        answer = await client.get(f"{CUSTOMERS}/C1")
    context.close()
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")


@only_postgresql
def test_a_connection_that_was_closed_at_the_other_end_is_replaced(
    full: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialect, "_TRUSTED_SECONDS", 0.0)
    _hang_up_on(full)
    assert ask(full) is not None
    full.load([Document("customer", "C2", customer())])


def test_look_ups_of_threads_that_have_ended_hold_nothing(full: Store) -> None:
    for _ in range(40):  # more than there are connections
        with ThreadPoolExecutor(1) as thread:
            assert thread.submit(ask, full).result(10) is not None


@only_postgresql
def test_look_ups_go_on_at_once_after_the_other_end_was_away(full: Store) -> None:
    assert ask(full) is not None  # a moment ago: the connection is not asked first whether it lives
    _hang_up_on(full)
    assert ask(full) is not None
    assert ask(full) is not None


def _hang_up_on(store: Store) -> None:
    other = Store.open(store.engine.url.render_as_string(hide_password=False))
    with other.writing() as transaction:
        others = "pid <> pg_backend_pid() AND datname = current_database()"
        transaction.connection.exec_driver_sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")
    other.close()


@only_postgresql
def test_an_id_that_was_taken_meanwhile_is_drawn_again(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn, write = iter(["T1", "T2"]), Transaction.flush
    monkeypatch.setattr(records, "_new_id", lambda *_: next(drawn))

    def flush(self: Transaction) -> Any:
        monkeypatch.setattr(Transaction, "flush", write)
        office.has("troubleTicket", "T1", description="somebody else's")
        return write(self)

    monkeypatch.setattr(Transaction, "flush", flush)
    assert office.ask("troubleTicket", **ticket())["id"] == "T2"
    with office.store.reading(EVERYTHING) as reader:
        bodies = reader.connection.scalars(select(schema.document.c.body).where(schema.document.c.id == "T1")).all()
    assert ["somebody else's" in (body or "") for body in bodies] == [True]


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_nobody_waits_without_end_for_a_postgresql_that_does_not_answer(store: Store) -> None:
    assert store.engine.url.query["connect_timeout"] == "10"


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_whoever_names_another_time_has_it(database: str) -> None:
    with closing(Store.open(f"{database}&connect_timeout=3")) as store:
        assert store.engine.url.query["connect_timeout"] == "3"
