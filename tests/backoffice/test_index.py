"""The index of customers: what desks outside whose home they live are told of them, and when. The same on both engines."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection

from backoffice import indexing, schema
from backoffice.documents import Document
from backoffice.parking.books import count_at
from backoffice.parties import books
from backoffice.parties.merging import Wanted, merge, unmerge
from backoffice.people import Person
from backoffice.scopes import EVERYTHING, INDEX, Scope
from backoffice.store import Store
from backoffice.verifying import verified
from tests.backoffice.helpers import RunningServer

XIHU = EVERYTHING.for_mirrors(home=frozenset({"xihu"}))
Body = dict[str, Any]
CHANGES: list[tuple[str, str, Body | None]] = [
    ("customer", "C1", {"name": "李娜"}),
    ("customer", "C1", {"status": "inactive"}),
    ("customer", "C1", {"contactMedium": [{"characteristic": {"phoneNumber": "13900000009"}}]}),
    ("service", "S1", {"serviceCharacteristic": [{"name": "number", "value": "13900000002"}]}),
    ("service", "S1", {"relatedParty": []}),
    ("service", "S1", {"relatedParty": [{"id": "C1", "role": "customer"}]}),
    ("service", "S1", None),
    ("billingAccount", "A1", {"relatedParty": []}),
    ("billingAccount", "A1", {"relatedParty": [{"id": "C1", "role": "customer"}]}),
    ("billingAccount", "A1", None),
]
KEPT: list[tuple[str, str, Body]] = [
    ("customer", "C1", {"tier": "gold"}),
    ("service", "S1", {"state": "suspended"}),
    ("billingAccount", "A1", {"name": "Another name"}),
]


def lives_in(territory: str) -> list[Body]:
    return [{"name": "territory", "value": territory}]


def of(owner: str) -> list[Body]:
    return [{"id": owner, "role": "customer"}]


def documents() -> list[Document]:
    """A customer in Binjiang with a line and an account."""
    phone = {"mediumType": "phone", "characteristic": {"phoneNumber": "13900000001"}}
    number = {"name": "number", "value": "0571-88880001"}
    known = {"name": "王小明", "status": "active", "characteristic": lives_in("binjiang"), "contactMedium": [phone]}
    return [
        Document("customer", "C1", known),
        Document("service", "S1", {"relatedParty": of("C1"), "serviceCharacteristic": [number]}),
        Document("billingAccount", "A1", {"relatedParty": of("C1"), "name": "A"}),
    ]


def entries(store: Store, scope: Scope = XIHU) -> dict[str, Body]:
    with store.reading(scope) as reader:
        return {one.id: one.body for one in reader.page_of_after(INDEX, "", 100)}


def change(store: Store, collection: str, name: str, body: Body | None) -> None:
    """Change attributes of a record, or let it go."""
    with store.writing() as transaction:
        known = transaction.get(collection, name)
        before = known.body if known else {"id": name}
        transaction.put(collection, name, None if body is None else {**before, **body})


def told_after(store: Store, sequence: int, scope: Scope = XIHU) -> list[tuple[str, str, bool]]:
    with store.reading(scope) as reader:
        return [(one.collection, one.id, one.text is None) for one in reader.changes_after(sequence, 100)]


def now_at(store: Store) -> int:
    with store.reading(EVERYTHING) as reader:
        return reader.position().sequence


@pytest.fixture
def told(store: Store) -> Store:
    """A back office with that customer."""
    store.load(documents())
    return store


def test_an_entry_names_numbers_accounts_and_place_and_only_the_beginning_of_the_name(told: Store) -> None:
    assert entries(told) == {
        "C1": {
            "id": "C1", "name": "王••••", "status": "active", "territory": "binjiang",
            "phones": ["0571-88880001", "13900000001"], "accounts": ["A1"],
        }
    }  # fmt: skip


def test_the_entry_changes_with_what_it_is_made_of_and_with_nothing_else(told: Store) -> None:
    sequence = now_at(told)
    for collection, name, attributes in KEPT:
        change(told, collection, name, attributes)
    assert told_after(told, sequence) == []
    for collection, name, body in CHANGES:
        before, sequence = entries(told), now_at(told)
        change(told, collection, name, body)
        assert entries(told) != before, (collection, body)
        assert told_after(told, sequence) == [(INDEX, "C1", False)]
    assert verified(told).problems == ()


def test_an_account_that_goes_to_another_customer_changes_both_entries(told: Store) -> None:
    told.load([Document("customer", "C2", {"name": "Maria Lopez", "characteristic": lives_in("binjiang")})])
    sequence = now_at(told)
    change(told, "billingAccount", "A1", {"relatedParty": of("C2")})
    assert [one[1] for one in told_after(told, sequence)] == ["C1", "C2"]
    assert entries(told)["C2"]["name"] == "M•••• L••••"
    assert entries(told)["C2"]["accounts"] == ["A1"]


def test_who_moves_into_the_home_leaves_the_index_and_who_moves_out_comes_into_it(told: Store) -> None:
    sequence = now_at(told)
    change(told, "customer", "C1", {"characteristic": lives_in("xihu")})
    assert entries(told) == {}
    assert set(told_after(told, sequence)) == {
        (INDEX, "C1", True), ("customer", "C1", False), ("service", "S1", False), ("billingAccount", "A1", False)
    }  # fmt: skip
    sequence = now_at(told)
    change(told, "customer", "C1", {"characteristic": lives_in("gongshu")})
    assert entries(told)["C1"]["territory"] == "gongshu"
    assert set(told_after(told, sequence)) == {
        (INDEX, "C1", False), ("customer", "C1", True), ("service", "S1", True), ("billingAccount", "A1", True)
    }  # fmt: skip


def test_who_is_deleted_leaves_the_index(told: Store) -> None:
    sequence = now_at(told)
    change(told, "customer", "C1", None)
    assert entries(told) == {}
    assert told_after(told, sequence) == [(INDEX, "C1", True)]


def test_who_was_merged_is_found_under_the_other_until_that_is_undone(told: Store) -> None:
    told.load([Document("customer", "C2", {"name": "王小明", "characteristic": lives_in("binjiang")})])
    before = entries(told)
    with told.writing() as transaction:
        merge(transaction, Wanted("customer", "C2", "C1", "boss"), transaction.now)
    assert list(entries(told)) == ["C2"]
    assert entries(told)["C2"]["accounts"] == ["A1"]
    assert verified(told).problems == ()
    with told.writing() as transaction:
        unmerge(transaction, books.entries(transaction, "", 1)[0].id, transaction.now)
    assert entries(told) == before


def test_the_index_is_of_the_askers_own_territories_outside_their_home(told: Store) -> None:
    theirs = Scope(frozenset({"xihu", "gongshu"}))
    assert entries(told, theirs.for_mirrors(home=frozenset({"xihu"}))) == {}
    assert entries(told, theirs.for_mirrors(home=frozenset({"binjiang"}))) == {}
    assert entries(told, Scope(frozenset({"binjiang"})).for_mirrors(home=frozenset({"xihu"}))).keys() == {"C1"}
    assert entries(told, EVERYTHING.for_mirrors(home=frozenset({"binjiang"}))) == {}
    assert entries(told, EVERYTHING.for_mirrors()) == entries(told, EVERYTHING) == {}


def test_a_company_with_very_many_lines_has_an_entry_of_bounded_size(store: Store) -> None:
    numbers = [{"characteristic": {"phoneNumber": f"1390{number:07}"}} for number in range(2_000)]
    accounts = (Document("billingAccount", f"A{number:05}", {"relatedParty": of("C1")}) for number in range(1_100))
    store.load([Document("customer", "C1", {"name": "X " * 100, "contactMedium": numbers}), *accounts])
    assert len(json.dumps(entries(store)["C1"])) < 40_000


def departed_in(store: Store) -> list[tuple[str, int, int]]:
    """Whose documents departed when, and which."""
    with store.reading(EVERYTHING) as reader:
        rows = reader.connection.execute(
            schema.departed_owner.select().order_by(schema.departed_owner.c.revision, schema.departed_owner.c.owner)
        )
        return [(one.owner, one.revision, one.row) for one in rows]


def test_a_database_of_an_earlier_version_gets_what_came_after_when_it_is_opened(told: Store, database: str) -> None:
    change(told, "troubleTicket", "T", {"relatedParty": of("C%7C|")})
    change(told, "troubleTicket", "T", {"relatedParty": [*of("C1"), *of("C2")]})
    change(told, "troubleTicket", "T", None)
    before, sequence, departed = entries(told), now_at(told), departed_in(told)
    assert [one[0] for one in departed] == ["customer/C%7C|", "customer/C1", "customer/C2"]
    with told.writing() as transaction:
        for newer in (schema.customer_index, schema.hall_desk, schema.parked_draft, schema.departed_owner):
            newer.drop(transaction.connection)
        transaction.connection.execute(schema.checksum.delete().where(schema.checksum.c.collection == INDEX))
    told.set_meta("schema_version", "6")
    for _ in range(2):
        again = Store.open(database)
        assert (entries(again), departed_in(again)) == (before, departed)
        assert now_at(again) == sequence
        assert verified(again).problems == ()
        with again.reading(EVERYTHING) as reader:
            assert count_at(reader, "xihu", 0) == 0
        again.close()


def version_6(path: Path, damage: str = "") -> Store:
    """A database that was made by that version, opened by this one."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(Path(__file__).with_name("version_6.sql").read_text() + damage)
    return Store.open(str(path))


def test_a_database_that_version_6_made_is_told_of_as_one_of_today(tmp_path: Path) -> None:
    with closing(version_6(tmp_path / "office.db")) as store:
        assert verified(store).problems == ()
        assert {name: one["phones"] for name, one in entries(store).items()} == {"C1": ["0571-88880001", "13900000001"]}
        assert departed_in(store) == [("customer/C1", 8, 6), ("customer/C3|%", 9, 7), ("customer/C3|%", 10, 3)]
        change(store, "service", "S1", None)
        assert entries(store)["C1"]["phones"] == ["13900000001"]


def test_a_record_that_cannot_be_read_keeps_no_database_of_an_earlier_version_from_being_opened(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    damage = "UPDATE document SET body = '{half' WHERE id IN ('C2', 'S1');"
    with closing(version_6(tmp_path / "office.db", damage)) as store:
        assert {name: one["phones"] for name, one in entries(store).items()} == {"C1": ["13900000001"]}
        assert "service/S1 cannot be read" in caplog.text
        assert not any("index" in problem for problem in verified(store).problems)


def test_a_company_that_has_its_thousand_numbers_is_not_read_for_one_that_sorts_behind_them(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [service_of("C1", f"S{number:04}", f"1380000{number:04}") for number in range(1_002)]
    store.load([Document("customer", "C1", {"name": "大公司"}), *lines])
    read: list[Sequence[str]] = []

    def entries_of(connection: Connection, customers: Sequence[str]) -> dict[str, indexing.Entry]:
        read.append(customers)
        return told_by(connection, customers)

    told_by = indexing.entries_of
    monkeypatch.setattr(indexing, "entries_of", entries_of)
    before = entries(store)
    for line in (service_of("C1", "new", "13900000000"), service_of("C1", "none", ""), service_of("C1", "S1001", "15")):
        change(store, line.collection, line.id, line.body)
    change(store, "service", "new", None)
    assert (entries(store), [one for one in read if one]) == (before, [])
    change(store, "service", "S0999", {"serviceCharacteristic": []})  # and the one behind it comes in
    assert entries(store)["C1"]["phones"][-2:] == ["13800000998", "13800001000"]
    change(store, "service", "none", service_of("C1", "none", "10086").body)
    assert entries(store)["C1"]["phones"][0] == "10086"
    assert verified(store).problems == ()


def service_of(owner: str, name: str, number: str) -> Document:
    """A line with that number."""
    told = [{"name": "number", "value": number}]
    return Document("service", name, {"relatedParty": of(owner), "serviceCharacteristic": told})


def test_who_is_deleted_at_home_is_no_news_of_the_index(store: Store) -> None:
    store.load([Document("customer", "C1", {"name": "X", "characteristic": lives_in("xihu")})])
    sequence = now_at(store)
    change(store, "customer", "C1", None)
    assert told_after(store, sequence) == [("customer", "C1", True)]


# ---- over HTTP, which is the same whatever is underneath

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def copy_of(client: httpx.Client, **params: str) -> tuple[dict[str, set[str]], str]:
    """What a snapshot holds, by collection, and its cursor."""
    held: dict[str, set[str]] = {}
    cursor = ""
    for line in map(json.loads, client.get("/desk/v1/snapshot", params=params).text.splitlines()):
        cursor = line["cursor"] if line["kind"] == "start" else cursor
        if line["kind"] == "row":
            held.setdefault(line["collection"], set()).add(line["id"])
    return held, cursor


@pytest.fixture
def client(server: RunningServer) -> httpx.Client:
    """A clerk in a back office with that customer."""
    server.store.load([*documents(), Document("serviceProblem", "outage", {"name": "O"})])
    return server.client("clerk")


@ON_SQLITE
def test_a_copy_with_a_home_has_what_is_there_what_is_nobodys_and_the_index_of_the_rest(client: httpx.Client) -> None:
    assert copy_of(client, home="xihu")[0] == {INDEX: {"C1"}, "serviceProblem": {"outage"}}
    assert copy_of(client, home="xihu", collections="customer,serviceProblem")[0] == {"serviceProblem": {"outage"}}
    at_home = {"customer": {"C1"}, "service": {"S1"}, "billingAccount": {"A1"}, "serviceProblem": {"outage"}}
    assert copy_of(client, home="binjiang, xihu")[0] == copy_of(client)[0] == at_home


@ON_SQLITE
def test_a_snapshot_of_the_index_goes_on_where_it_was_cut(client: httpx.Client) -> None:
    assert copy_of(client, home="xihu", after=f"{INDEX}/C0")[0] == copy_of(client, home="xihu")[0]
    assert copy_of(client, home="xihu", after=f"{INDEX}/C1")[0] == {"serviceProblem": {"outage"}}


@ON_SQLITE
def test_the_feed_says_what_a_copy_with_a_home_sums_up_to(server: RunningServer, client: httpx.Client) -> None:
    _, cursor = copy_of(client, home="xihu")
    change(server.store, "customer", "C1", {"name": "李娜"})
    answer = client.get("/desk/v1/feed", params={"after": cursor, "home": "xihu"}).json()
    assert [(one["collection"], one["body"]["name"]) for one in answer["changes"]] == [(INDEX, "李••••")]
    assert answer["checksum"]["count"] == 2


@ON_SQLITE
def test_a_cursor_is_good_for_its_own_home_only(client: httpx.Client) -> None:
    _, cursor = copy_of(client, home="xihu")
    for home in ({}, {"home": "binjiang"}, {"home": "xihu,binjiang"}):
        assert client.get("/desk/v1/feed", params={"after": cursor, **home}).status_code == 410
    assert client.get("/desk/v1/feed", params={"after": cursor, "home": "xihu"}).status_code == 200


@ON_SQLITE
def test_a_home_that_names_no_territories_is_refused(client: httpx.Client) -> None:
    for home in ("", "a,,b", "x" * 300, ",".join(["a"] * 101)):
        for path in ("snapshot", "feed", "events"):
            assert client.get(f"/desk/v1/{path}", params={"home": home, "after": "x.0"}).status_code == 400


@ON_SQLITE
def test_who_may_not_see_contacts_gets_the_numbers_masked(server: RunningServer, client: httpx.Client) -> None:
    def numbers(role: str) -> list[list[str]]:
        lines = server.client(role).get("/desk/v1/snapshot", params={"home": "xihu"}).text.splitlines()
        rows = [one for one in map(json.loads, lines) if one.get("collection") == INDEX]
        return [one["body"]["phones"] for one in rows]

    del client
    assert numbers("viewer") == [["••••0001", "••••0001"]]
    assert numbers("clerk") == [["0571-88880001", "13900000001"]]


@ON_SQLITE
def test_a_customers_own_system_has_no_home(server: RunningServer, client: httpx.Client) -> None:
    del client
    server.people.put(Person("own", "Own", "own-system"), None, Scope(party="C1"))
    own = server.client_with(server.people.grant(Person("own", "Own", "own-system"), None).token)
    assert own.get("/desk/v1/snapshot").status_code == 200
    assert own.get("/desk/v1/snapshot", params={"home": "xihu"}).status_code == 400
