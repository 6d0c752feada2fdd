"""Declared filters are answered by indexes on both engines; the plans say so, whatever the machine's speed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event

from backoffice.documents import Document
from backoffice.querying import Compare, Condition, Order, Query, find
from backoffice.reading import Reader
from backoffice.scopes import EVERYTHING, INDEX, Scope
from backoffice.store import Store

MANY, GONE = 4_000, 300


@pytest.fixture(scope="module")
def full(lasting_store: Store) -> Store:
    """Enough customers that reading them all would be the wrong plan, and tickets that were deleted."""
    lasting_store.load(
        Document(
            "customer",
            f"C{number}",
            {
                "name": f"N{number}", "status": "active",
                "characteristic": [{"name": "territory", "value": f"t{number % 9}"}],
                "contactMedium": [{"characteristic": {"phoneNumber": f"138{number:08}"}}],
            },
        )
        for number in range(MANY)
    )  # fmt: skip
    lasting_store.load(
        Document("troubleTicket", f"T{number}", {"relatedParty": [{"id": f"C{number}", "role": "customer"}]})
        for number in range(GONE)
    )
    with lasting_store.writing() as transaction:
        for number in range(GONE):
            transaction.put("troubleTicket", f"T{number}", None)
    with lasting_store.engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")
    return lasting_store


def asked_by(store: Store, work: Callable[[], object]) -> list[tuple[str, Any]]:
    """The questions that some work puts to the engine."""
    asked: list[tuple[str, Any]] = []

    def hear(_c: object, _cursor: object, statement: str, parameters: Any, _context: object, _many: object) -> None:
        if statement.startswith("SELECT"):
            asked.append((statement, parameters))

    event.listen(store.engine, "before_cursor_execute", hear)
    work()
    event.remove(store.engine, "before_cursor_execute", hear)
    return asked


def plans_of(store: Store, scope: Scope, work: Callable[[Reader], object], *, is_patient: bool = False) -> str:
    """How the engine finds the rows that it is asked for. `is_patient`: so few rows as are here tempt PostgreSQL to read
    all of them, though it need not."""
    with store.reading(scope) as reader:
        asked = asked_by(store, lambda: work(reader))
        if is_patient and store.engine.dialect.name == "postgresql":
            reader.connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        explain = "EXPLAIN QUERY PLAN " if store.engine.dialect.name == "sqlite" else "EXPLAIN "
        return "\n".join(
            str(tuple(row))
            for statement, parameters in asked
            for row in reader.connection.exec_driver_sql(explain + statement, parameters)
        )


QUERIES = {
    "equal": Query("customer", (Condition("name", Compare.EQ, ("N77",)),)),
    "several": Query("customer", (Condition("name", Compare.EQ, ("N77", "N78", "N79")),)),
    "path": Query("customer", (Condition("contactMedium.characteristic.phoneNumber", Compare.EQ, ("13800000077",)),)),
    "beyond": Query("customer", (Condition("name", Compare.GT, ("N998",)),)),
    "below": Query("customer", (Condition("name", Compare.LTE, ("N1000",)),)),
    "two": Query(
        "customer", (Condition("status", Compare.EQ, ("active",)), Condition("name", Compare.EQ, ("N77",)))
    ),
    "ids": Query("customer", ids=("C5", "C6")),
    "sorted": Query("customer", (Condition("name", Compare.EQ, ("N77",)),), order=(Order("name"),)),
}  # fmt: skip


# A bound that many documents are within: PostgreSQL may read a small document table as a whole beside the index.
RANGES = ("beyond", "below")


@pytest.mark.parametrize(
    "scope", [EVERYTHING, Scope(frozenset(["t1", "t2"])), Scope(party="C5")], ids=["all", "some", "party"]
)
@pytest.mark.parametrize("name", QUERIES)
def test_no_declared_filter_reads_every_document(full: Store, name: str, scope: Scope) -> None:
    plans = plans_of(full, scope, lambda reader: find(reader, QUERIES[name]))
    assert plans
    tables = ["attribute"] if name in RANGES and full.engine.dialect.name == "postgresql" else ["attribute", "document"]
    for table in tables:
        assert f"SCAN {table}" not in plans, plans
        assert f"Seq Scan on {table}" not in plans, plans
    assert "document_1 (collection=?)" not in plans, plans  # SQLite would read the whole collection by its ids


OPENED = tuple(f"C{number}" for number in range(5, 5 + 9 * 200, 9))
COPIES: dict[str, Callable[[Reader], object]] = {
    "feed": lambda reader: reader.changes_after(reader.position().sequence - 3, 100),
    "sum": Reader.checksum,
    "leaving": lambda reader: reader.leaving(OPENED),
    "profile": lambda reader: reader.owned_after("C5", ("", ""), 100),
    "index": lambda reader: reader.page_of_after(INDEX, "C3990", 2),
}


@pytest.mark.parametrize("territories", [None, frozenset(["t1", "t5"])], ids=["all", "some"])
@pytest.mark.parametrize("name", COPIES)
def test_a_copy_with_a_home_is_kept_in_step_without_a_look_at_everything(
    full: Store, name: str, territories: frozenset[str] | None
) -> None:
    scope = Scope(territories).for_mirrors(home=frozenset(["t1"]), opened=frozenset(OPENED))
    plans = plans_of(full, scope, COPIES[name], is_patient=True)
    assert plans
    for table in ("document", "belongs", "customer_index", "departed_owner"):
        assert f"SCAN {table}" not in plans, plans
        assert f"Seq Scan on {table}" not in plans, plans


def test_what_left_with_two_hundred_opened_ones_is_found_by_them_and_not_by_all_that_left(full: Store) -> None:
    scope = EVERYTHING.for_mirrors(home=frozenset(["t1"]), opened=frozenset(OPENED))
    plans = plans_of(full, scope, lambda reader: reader.changes_after(0, 100), is_patient=True)
    assert "departed_owner" in plans
    assert "SCAN departed_owner" not in plans, plans
    assert "Seq Scan on departed_owner" not in plans, plans
    with full.reading(scope) as reader:
        gone = [one.id for one in reader.changes_after(0, 100_000) if one.has_left]
    assert gone == [f"T{name[1:]}" for name in OPENED if int(name[1:]) < GONE]


@pytest.mark.parametrize("is_first", [True, False])
def test_beside_a_handful_nothing_that_holds_for_many_is_counted(full: Store, *, is_first: bool) -> None:
    number = Condition("contactMedium.characteristic.phoneNumber", Compare.EQ, ("13800000077",))
    state = Condition("status", Compare.EQ, ("active",))
    query = Query("customer", (number, state) if is_first else (state, number))
    with full.reading(EVERYTHING) as reader:
        counts = [statement for statement, _ in asked_by(full, lambda: find(reader, query)) if "count(" in statement]
        found, total = find(reader, query)
        _, told = asked_by(full, lambda: find(reader, query))[-1]
    assert len(counts) == 1
    assert found[0].row in (told.values() if isinstance(told, dict) else told)  # which documents are to be looked at
    assert ([one.id for one in found], total) == (["C77"], 1)


def test_whose_a_document_was_is_found_without_a_look_at_all_others(full: Store) -> None:
    explain = "EXPLAIN QUERY PLAN " if full.engine.dialect.name == "sqlite" else "EXPLAIN "
    with full.engine.connect() as connection:
        plan = str(connection.exec_driver_sql(f'{explain}SELECT owner FROM belongs WHERE "row" = 7').all())
    assert "belongs_by_row" in plan, plan


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_feed_of_some_collections_is_read_from_its_cursor_on(store: Store) -> None:
    asked: list[tuple[str, Any]] = []

    def hear(_c: object, _cursor: object, statement: str, parameters: Any, _context: object, _many: object) -> None:
        if "revision > " in statement:
            asked.append((statement, parameters))

    event.listen(store.engine, "before_cursor_execute", hear)
    scope = EVERYTHING.for_mirrors(frozenset({"customer", "individual", "product", "service", "troubleTicket"}))
    with store.reading(scope) as reader:
        reader.changes_after(0, 1000)
    event.remove(store.engine, "before_cursor_execute", hear)
    ((statement, parameters),) = asked
    with store.engine.connect() as connection:  # without statistics, which nobody takes of SQLite
        plan = str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all())
    assert "revision>?" in plan, plan
    assert "TEMP B-TREE" not in plan, plan
