"""Two parties become one and two again; the same on both engines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backoffice.documents import Document
from backoffice.errors import BadRequestError, ConflictError, ForbiddenError, NotFoundError
from backoffice.parties.merging import Wanted, merge, unmerge
from backoffice.parties.references import _BY_NAME
from backoffice.people import People, Person
from backoffice.resources import RESOURCES
from backoffice.scopes import Scope
from backoffice.store import Store
from backoffice.verifying import verified
from tests.backoffice.parties.books import (
    bodies,
    customer,
    holdings,
    merged,
    person,
    reference,
    two,
    unchanged,
    unmerged,
)
from tests.backoffice.postgresql import Cluster
from tests.fakes.clock import FakeClock

Act = tuple[str, str, str]
NewStore = Callable[[], AbstractContextManager[Store]]

XIHU, BOTH = Scope(frozenset({"xihu"})), Scope(frozenset({"xihu", "binjiang"}))
SURVIVOR = {"id": "C1", "href": "/tmf-api/customerManagement/v4/customer/C1", "name": "王小明"}


@pytest.fixture
def books(store: Store) -> Store:
    """C1 and C2, the same person twice."""
    store.load(two())
    return store


def test_every_reference_follows_to_the_one_that_is_kept(books: Store, clock: FakeClock) -> None:
    told = merged(books, clock, "C1", "C2")
    after = bodies(books)
    for collection, record in (("billingAccount", "account"), ("productOrder", "order"), ("troubleTicket", "ticket")):
        assert after[collection, f"C2-{record}"]["relatedParty"] == [{**SURVIVOR, "role": "customer"}]
    assert after["payment", "pay"]["payer"] == {"id": "C1", "name": "王小明"}
    assert [one["id"] for one in after["serviceProblem", "outage"]["relatedParty"]] == ["C1", "C1", "C3"]
    assert told["along"] == [{"collection": "individual", "keep": "P1", "merge": "P2"}]
    assert told["documents"] == 6
    assert verified(books).problems == ()


def test_all_that_was_the_merged_ones_belongs_to_the_survivor(books: Store, clock: FakeClock) -> None:
    merged(books, clock, "C1", "C2")
    theirs = bodies(books, Scope(party="C1"))
    assert {record for _, record in theirs if record.startswith("C2-")} == {
        f"C2-{one}" for one in ("account", "order", "bill", "product", "ticket")
    }


def test_the_merged_record_is_at_rest_and_leads_to_the_survivor(books: Store, clock: FakeClock) -> None:
    with books.reading(XIHU) as reader:
        cursor = reader.position().sequence
    merged(books, clock, "C1", "C2")
    with books.reading(XIHU) as reader:
        news = {(one.collection, one.id): one.body for one in reader.changes_after(cursor, 100)}
    rest = news["customer", "C2"]
    assert (rest["status"], rest["statusReason"]) == ("inactive", "merged")
    assert rest["relatedParty"] == [{**SURVIVOR, "role": "mergedInto", "@referredType": "Customer"}]
    assert news["individual", "P2"]["relatedParty"][0]["id"] == "P1"
    assert rest["engagedParty"]["id"] == "P2"


def test_what_has_the_same_id_but_is_no_party_stays(books: Store, clock: FakeClock) -> None:
    books.load(
        [
            Document(
                "troubleTicket",
                "T",
                {"relatedEntity": [{"id": "C2", "@referredType": "Service"}], **{"relatedParty": [reference("C2")]}},
            )
        ]
    )
    merged(books, clock, "C1", "C2")
    ticket = bodies(books)["troubleTicket", "T"]
    assert (ticket["relatedEntity"][0]["id"], ticket["relatedParty"][0]["id"]) == ("C2", "C1")
    assert bodies(books)["service", "C2"]["relatedParty"][0]["id"] == "C3"


@pytest.mark.parametrize("territory", ["xihu", "binjiang"])
def test_unmerging_restores_both_exactly(store: Store, clock: FakeClock, territory: str) -> None:
    store.load(two(territory))
    before = bodies(store)
    seen = bodies(store, XIHU).keys()
    merge_id = merged(store, clock, "C1", "C2")["id"]
    assert bodies(store) != before
    told = unmerged(store, clock, merge_id)
    assert bodies(store) == before
    assert bodies(store, XIHU).keys() == seen
    assert told["unmergedAt"]
    assert verified(store).problems == ()


def test_a_party_merges_without_its_customers_becoming_one(books: Store, clock: FakeClock) -> None:
    before = bodies(books)
    merge_id = merged(books, clock, "P1", "P2", "individual")["id"]
    after = bodies(books)
    assert after["customer", "C2"]["engagedParty"]["id"] == "P1"
    assert after["troubleTicket", "C2-ticket"] == before["troubleTicket", "C2-ticket"]
    unmerged(books, clock, merge_id)
    assert bodies(books) == before
    assert verified(books).problems == ()


def test_what_came_since_stays_with_the_survivor_and_what_was_changed_keeps_its_change(
    books: Store, clock: FakeClock
) -> None:
    before = bodies(books)
    merge_id = merged(books, clock, "C1", "C2")["id"]
    ticket = bodies(books)["troubleTicket", "C2-ticket"]
    moved = [reference("C3", "witness"), *ticket["relatedParty"]]
    changed = Document("troubleTicket", "C2-ticket", {**ticket, "description": "worse", "relatedParty": moved})
    books.load([changed, Document("troubleTicket", "new", {"description": "n", "relatedParty": [reference("C1")]})])
    unmerged(books, clock, merge_id)
    after = bodies(books)
    assert after["troubleTicket", "new"]["relatedParty"] == [reference("C1")]
    assert after["troubleTicket", "C2-ticket"]["description"] == "worse"
    assert after["troubleTicket", "C2-ticket"]["relatedParty"] == [reference("C3", "witness"), reference("C2")]
    assert after["troubleTicket", "C1-ticket"] == before["troubleTicket", "C1-ticket"]


def test_where_both_stood_and_one_was_taken_away_both_stand_again(books: Store, clock: FakeClock) -> None:
    def set_parties(*parties: dict[str, Any]) -> None:
        with books.writing() as transaction:
            transaction.put("troubleTicket", "both", {"id": "both", "relatedParty": list(parties)})

    def parties() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = bodies(books)["troubleTicket", "both"]["relatedParty"]
        return found

    named = {"id": "C1", "name": SURVIVOR["name"], "role": "customer"}
    set_parties(named, {**named, "id": "C2"})
    for taken in (0, 1):
        merge_id = merged(books, clock, "C1", "C2")["id"]
        set_parties(parties()[taken])
        unmerged(books, clock, merge_id)
        assert parties() == [named, {**named, "id": "C2"}]
    merge_id = merged(books, clock, "C1", "C2")["id"]
    set_parties(reference("C3"))
    unmerged(books, clock, merge_id)
    assert parties() == [reference("C3")]


def test_what_was_written_of_the_survivor_meanwhile_is_not_said_of_the_other(books: Store, clock: FakeClock) -> None:
    bare = {"id": "C2", "role": "customer"}
    books.load([Document("troubleTicket", "bare", {"relatedParty": [bare]})])
    before = bodies(books)
    merge_id = merged(books, clock, "C1", "C2")["id"]
    for name in ("C2-ticket", "bare"):
        ticket = bodies(books)["troubleTicket", name]
        renamed = [{**ticket["relatedParty"][0], "name": "Kong", "href": "/c/1"}]
        books.load([Document("troubleTicket", name, {**ticket, "relatedParty": renamed})])
    unmerged(books, clock, merge_id)
    assert bodies(books) == before


def test_every_reference_to_a_party_is_found_by_a_column() -> None:
    assert [
        (name, attribute)
        for name, resource in RESOURCES.items()
        for attribute in resource.attributes
        if attribute in _BY_NAME
        and not any(one.path.startswith(f"{attribute}.") and one.path.endswith(".id") for one in resource.filters)
    ] == []


def test_merges_on_top_of_each_other_are_undone_from_the_top(books: Store, clock: FakeClock) -> None:
    books.load([person("P4", "王小明"), customer("C4", "P4", "王小明"), *holdings("C4")])
    before = bodies(books)
    first = merged(books, clock, "C1", "C2")["id"]
    second = merged(books, clock, "C4", "C1")["id"]
    assert bodies(books)["customer", "C2"]["relatedParty"][0]["id"] == "C4"
    with unchanged(books), pytest.raises(ConflictError, match="undo that first"):
        unmerged(books, clock, first)
    unmerged(books, clock, second)
    unmerged(books, clock, first)
    assert bodies(books) == before
    with pytest.raises(ConflictError, match="already"):
        unmerged(books, clock, first)


@pytest.mark.parametrize(
    ("documents", "why"),
    [
        ([person("P2", "王小明", "110101199001010011")], "identity documents differ"),
        (
            [person("P1", "王小明", birthDate="1990-01-01"), person("P2", "王小明", birthDate="1991-01-01")],
            "birth dates",
        ),
        (holdings("C1", "acknowledged"), "order under way"),
        ([Document("organization", "P2", {"tradingName": "T"}), customer("C2", "P2", "王小明")], "an organization"),
    ],
    ids=["documents", "birth", "orders", "kind"],
)
def test_what_speaks_against_it_is_said_and_nothing_happens(
    books: Store, clock: FakeClock, documents: list[Document], why: str
) -> None:
    if documents[0].collection == "organization":
        with books.writing() as transaction:
            transaction.put("individual", "P2", None)
    books.load(documents)
    with unchanged(books), pytest.raises(ConflictError, match=why):
        merged(books, clock, "C1", "C2")


def test_whoever_signs_in_as_a_customers_own_system_stands_in_the_way(books: Store, clock: FakeClock) -> None:
    People(books, clock).put(Person("api", "API", "viewer"), None, Scope(party="C2"))
    with unchanged(books), pytest.raises(ConflictError, match="signs in here"):
        merged(books, clock, "C1", "C2")


def test_one_that_was_merged_is_merged_no_second_time(books: Store, clock: FakeClock) -> None:
    merged(books, clock, "C1", "C2")
    for keep, other in (("C3", "C2"), ("C2", "C3")):
        with unchanged(books), pytest.raises(ConflictError, match="merged already"):
            merged(books, clock, keep, other)


@pytest.mark.parametrize(
    ("keep", "other", "collection", "error"),
    [
        ("C1", "C1", "customer", BadRequestError),
        ("C1-ticket", "C2-ticket", "troubleTicket", BadRequestError),
        ("C1", "nobody", "customer", NotFoundError),
    ],
)
def test_only_two_that_are_there_are_merged(
    books: Store, clock: FakeClock, keep: str, other: str, collection: str, error: type[Exception]
) -> None:
    with unchanged(books), pytest.raises(error):
        merged(books, clock, keep, other, collection)


def test_nobody_merges_or_parts_what_lies_outside_their_territory(store: Store, clock: FakeClock) -> None:
    store.load(two("binjiang"))
    with unchanged(store), pytest.raises(NotFoundError), store.writing(XIHU) as transaction:
        merge(transaction, Wanted("customer", "C1", "C2", "boss"), clock.now())
    with store.writing(BOTH) as transaction:
        merge_id = merge(transaction, Wanted("customer", "C1", "C2", "boss"), clock.now()).body["id"]
    with unchanged(store), pytest.raises(NotFoundError), store.writing(XIHU) as transaction:
        unmerge(transaction, merge_id, clock.now())
    with store.writing(BOTH) as transaction:
        unmerge(transaction, merge_id, clock.now())


def test_something_elsewhere_that_names_the_one_stands_in_the_way(store: Store, clock: FakeClock) -> None:
    elsewhere = {"relatedParty": [reference("C4"), reference("C2", "witness")]}
    store.load([*two(), person("P4", "张三"), customer("C4", "P4", "张三", "binjiang")])
    store.load([Document("product", "elsewhere", {"status": "active", **elsewhere})])
    with unchanged(store), pytest.raises(ForbiddenError), store.writing(XIHU) as transaction:
        merge(transaction, Wanted("customer", "C1", "C2", "boss"), clock.now())
    merged(store, clock, "C1", "C2")


RECORDS = ["C1-ticket", "C2-ticket", "C1-order", "C2-order", "C2-bill", "C2-product", "C1-account", "C2-account"]
COLLECTIONS = {
    "ticket": "troubleTicket", "order": "productOrder", "bill": "customerBill", "product": "product",
    "account": "billingAccount",
}  # fmt: skip
ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("describe"), st.sampled_from(RECORDS), st.text(max_size=5)),
        st.tuples(st.just("append"), st.sampled_from(RECORDS), st.sampled_from(["front", "back"])),
        st.tuples(st.just("remove"), st.sampled_from(RECORDS), st.just("")),
        st.tuples(st.just("add"), st.sampled_from(["N1", "N2"]), st.sampled_from(["C1", "C3"])),
        st.tuples(st.just("rename"), st.sampled_from(["C1", "C2", "C3"]), st.sampled_from(["王晓明", "Wang"])),
    ),
    max_size=8,
)


def do(store: Store, act: Act) -> None:
    """An act that means the same before and after a merge."""
    kind, record, what = act
    if kind == "add":
        store.load([Document("troubleTicket", record, {"description": "n", "relatedParty": [reference(what)]})])
        return
    collection = COLLECTIONS.get(record.partition("-")[2], "customer")
    with store.writing() as transaction:
        found = transaction.get(collection, record)
        if found is not None and found.text is not None:
            transaction.put(collection, record, None if kind == "remove" else after(found.body, kind, what))


def after(body: dict[str, Any], kind: str, what: str) -> dict[str, Any]:
    if kind == "append":
        more, held = [reference("C3", "witness")], body.get("relatedParty", [])
        return {**body, "relatedParty": [*more, *held] if what == "front" else [*held, *more]}
    return {**body, "name" if kind == "rename" else "description": what}


@pytest.fixture
def new_store(request: pytest.FixtureRequest, database: str, tmp_path: Path) -> NewStore:
    """Makes new databases of the same engine, one for each example."""
    cluster: Cluster | None = request.getfixturevalue("cluster") if "://" in database else None

    @contextmanager
    def opened() -> Iterator[Store]:
        url = str(tmp_path / f"{uuid4()}.db") if cluster is None else cluster.database()
        with closing(Store.open(url)) as store:
            yield store
        if cluster is not None:
            cluster.drop(url)

    return opened


@pytest.mark.one_engine
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS, territory=st.sampled_from(["xihu", "binjiang"]), ways=st.sampled_from([("C1", "C2"), ("C2", "C1")]))
def test_whatever_happened_meanwhile_all_is_as_if_they_had_never_been_merged(
    new_store: NewStore, tmp_path: Path, acts: list[Act], territory: str, ways: tuple[str, str]
) -> None:
    clock = FakeClock()
    with new_store() as one, closing(Store.open(str(tmp_path / f"{uuid4()}.db"))) as twin:
        for store in (one, twin):
            store.load(two(territory))
        merge_id = merged(one, clock, *ways)["id"]
        for act in acts:
            do(one, act)
            do(twin, act)
        unmerged(one, clock, merge_id)
        assert bodies(one) == bodies(twin)
        assert bodies(one, XIHU).keys() == bodies(twin, XIHU).keys()
        assert verified(one).problems == ()
