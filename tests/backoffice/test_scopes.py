"""Territories: who sees what, follows it by the feed, and is told when it leaves. The same on both engines."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.rules.checksums import Checksum, digest
from backoffice.documents import Document
from backoffice.querying import Compare, Condition, Query, find
from backoffice.scopes import EVERYTHING, INDEX, Scope
from backoffice.store import Store
from backoffice.verifying import verified

XIHU, BINJIANG, BOTH = (Scope(frozenset(one)) for one in (["xihu"], ["binjiang"], ["xihu", "binjiang"]))
AT_HOME = EVERYTHING.for_mirrors(home=XIHU.territories)
CUSTOMERS = ("C1", "C2", "C3")
PLACES = ("xihu", "binjiang", "gongshu", "")
Body = dict[str, Any]


def customer(territory: str, party: str = "P1") -> Body:
    """A customer who lives there."""
    marks = [{"name": "territory", "value": territory}] if territory else []
    return {"name": "N", "engagedParty": {"id": party}, "characteristic": marks}


def of(owner: str, **more: Any) -> Body:
    """Something that belongs to a customer."""
    return {"relatedParty": [{"id": owner, "role": "customer"}], **more}


def put(store: Store, collection: str, document_id: str, body: Body | None) -> None:
    with store.writing() as transaction:
        transaction.put(collection, document_id, None if body is None else {"id": document_id, **body})


def ids(store: Store, scope: Scope) -> set[str]:
    with store.reading(scope) as reader:
        return {one.id for one in reader.page_after(("", ""), 1000)}


@pytest.fixture
def two(store: Store) -> Store:
    """A customer in Xihu and one in Binjiang, each with everything."""
    for owner, territory, party in (("C1", "xihu", "P1"), ("C2", "binjiang", "P2")):
        put(store, "individual", party, {"givenName": "G", "familyName": "F"})
        put(store, "product", f"{owner}-product", of(owner, status="active"))  # before its customer is known
        put(store, "customer", owner, customer(territory, party))
        put(store, "billingAccount", f"{owner}-account", of(owner, name="A"))
        put(store, "troubleTicket", f"{owner}-ticket", of(owner, description="d"))
    put(store, "serviceProblem", "outage", {"name": "O"})
    return store


def test_everybody_sees_what_is_common_and_what_is_in_their_territory(two: Store) -> None:
    theirs = {"P1", "C1", "C1-product", "C1-account", "C1-ticket", "outage"}
    assert ids(two, XIHU) == theirs
    assert ids(two, BOTH) == ids(two, EVERYTHING)
    assert verified(two).problems == ()


def test_territories_that_differ_by_case_are_two(two: Store) -> None:
    capital = Scope(frozenset({"XIHU"}))
    assert ids(two, capital) == {"outage"}
    put(two, "customer", "C1", customer("XIHU"))
    assert "C1" in ids(two, capital)
    with two.reading(capital) as reader:
        assert len(reader.page_after(("", ""), 1000)) == reader.count() == reader.checksum().count
    with two.reading(XIHU) as reader:
        assert "C1" in {one.id for one in reader.changes_after(0, 1000) if one.has_left}


def test_no_question_reaches_out_of_the_scope(two: Store) -> None:
    with two.reading(XIHU) as reader:
        assert reader.get("customer", "C2") is None
        assert reader.get_many("customer", ["C1", "C2"])[0].id == "C1"
        named = Condition("relatedParty.id", Compare.EQ, ("C1", "C2"))
        assert [one.id for one in find(reader, Query("troubleTicket", (named,)))[0]] == ["C1-ticket"]
        assert find(reader, Query("customer", ids=("C2",))) == ([], 0)
        assert {one.id for one in reader.changes_after(0, 1000)} == ids(two, XIHU)
        assert reader.count() == reader.checksum().count == len(ids(two, XIHU))


def test_a_customers_own_system_sees_that_customer_only(two: Store) -> None:
    assert ids(two, Scope(party="C2")) == {"P2", "C2", "C2-product", "C2-account", "C2-ticket"}


def test_a_customer_who_moves_takes_everything_along(two: Store) -> None:
    before = len(ids(two, BINJIANG))
    with two.reading(XIHU) as reader:
        cursor = reader.position().sequence
    put(two, "customer", "C1", customer("binjiang"))
    assert ids(two, XIHU) == {"outage"}
    assert len(ids(two, BINJIANG)) == before + 5
    with two.reading(XIHU) as reader:
        left = reader.changes_after(cursor, 1000)
    assert {one.id for one in left} == {"P1", "C1", "C1-product", "C1-account", "C1-ticket"}
    assert all(one.has_left and one.text is None for one in left)
    assert verified(two).problems == ()


def test_a_party_of_two_customers_is_seen_by_both_until_one_has_another(two: Store) -> None:
    put(two, "customer", "C2", customer("binjiang", "P1"))
    assert "P1" in ids(two, XIHU) & ids(two, BINJIANG)
    assert "P2" not in ids(two, BOTH)
    put(two, "customer", "C2", customer("binjiang", "P2"))
    assert "P1" not in ids(two, BINJIANG)
    assert verified(two).problems == ()


def test_what_belongs_to_nobody_known_is_seen_by_nobody_but_those_who_see_all(store: Store) -> None:
    put(store, "troubleTicket", "T1", of("nobody", description="d"))
    put(store, "troubleTicket", "T2", {"description": "without an account"})
    assert ids(store, BOTH) == set()
    assert ids(store, EVERYTHING) == {"T1", "T2"}


def test_a_question_that_names_nobody_is_everybodys_until_it_names_somebody(two: Store) -> None:
    put(two, "checkServiceQualification", "Q1", {})
    put(two, "checkServiceQualification", "Q2", of("C2"))
    assert "Q1" in ids(two, XIHU) & ids(two, BINJIANG)
    assert "Q2" in ids(two, BINJIANG) - ids(two, XIHU)
    with two.reading(XIHU) as reader:
        cursor = reader.position().sequence
    put(two, "checkServiceQualification", "Q1", of("C2"))
    for scope, told in ((XIHU, [("Q1", True)]), (BINJIANG, [("Q1", False)]), (Scope(party="C1"), [])):
        with two.reading(scope) as reader:
            assert [(one.id, one.has_left) for one in reader.changes_after(cursor, 10)] == told
    assert verified(two).problems == ()


ACTS = st.lists(
    st.one_of(
        st.tuples(
            st.just("customer"), st.sampled_from(CUSTOMERS), st.sampled_from(PLACES), st.sampled_from(["P1", "P2"])
        ),
        st.tuples(st.just("ticket"), st.sampled_from(["T1", "T2", "T3"]), st.sampled_from(CUSTOMERS), st.just("")),
        st.tuples(
            st.just("line"), st.sampled_from(["S1", "S2"]), st.sampled_from(CUSTOMERS), st.sampled_from(["1", "2"])
        ),
        st.tuples(st.just("account"), st.sampled_from(["A1", "A2"]), st.sampled_from(CUSTOMERS), st.just("")),
        st.tuples(st.just("question"), st.sampled_from(["Q1", "Q2"]), st.sampled_from([*CUSTOMERS, ""]), st.just("")),
        st.tuples(st.just("party"), st.sampled_from(["P1", "P2"]), st.just(""), st.just("")),
        st.tuples(
            st.just("gone"), st.sampled_from([*CUSTOMERS, "T1", "T2", "P1", "Q1", "S1", "A1"]), st.just(""), st.just("")
        ),
    ),
    max_size=10,
)
COLLECTION = {
    "C": "customer", "T": "troubleTicket", "P": "individual", "Q": "checkServiceQualification", "S": "service",
    "A": "billingAccount",
}  # fmt: skip


def do(store: Store, act: tuple[str, str, str, str]) -> None:
    kind, name, where, party = act
    if kind == "customer":
        put(store, "customer", name, customer(where, party))
    elif kind == "ticket":
        put(store, "troubleTicket", name, of(where, description="d"))
    elif kind == "line":
        put(store, "service", name, of(where, serviceCharacteristic=[{"name": "number", "value": party}]))
    elif kind == "account":
        put(store, "billingAccount", name, of(where, name="A"))
    elif kind == "question":
        put(store, "checkServiceQualification", name, of(where) if where else {})
    elif kind == "party":
        put(store, "individual", name, {"givenName": "G", "familyName": "F"})
    else:
        with store.reading(EVERYTHING) as reader:
            known = reader.get(COLLECTION[name[0]], name)
        if known is not None:
            put(store, COLLECTION[name[0]], name, None)


class Follower:
    """A desk that follows the feed of a scope and believes nothing else."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.cursor = 0
        self.held: dict[tuple[str, str], int] = {}

    def pull(self, store: Store, limit: int) -> None:
        """Take everything there is, a page at a time."""
        while True:
            with store.reading(self.scope) as reader:
                page = reader.changes_after(self.cursor, limit)
                end = reader.position().sequence
            for one in page:
                self.held.pop((one.collection, one.id), None)
                if one.text is not None:
                    self.held[one.collection, one.id] = one.revision
            self.cursor = page[-1].revision if page.has_more else end
            if not page.has_more:
                return

    def checksum(self) -> Checksum:
        """The sum of what it holds."""
        digests = (Checksum(1, digest(*key, revision)) for key, revision in self.held.items())
        return sum(digests, Checksum())


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(ACTS, max_size=4), limit=st.integers(1, 5))
def test_whoever_follows_the_feed_holds_exactly_what_is_in_scope(
    tmp_path_factory: pytest.TempPathFactory, batches: list[list[tuple[str, str, str, str]]], limit: int
) -> None:
    database: Path = tmp_path_factory.mktemp("feed") / "office.db"
    own = Scope(party="C1")  # whose sums nobody keeps
    at_home = (
        replace(AT_HOME, opened=frozenset({"C1", "C2"})),
        BOTH.for_mirrors(home=BINJIANG.territories, opened=frozenset({"C2", "C3"})),
        XIHU.for_mirrors(home=BINJIANG.territories),
    )
    followers = [Follower(scope) for scope in (XIHU, BINJIANG, BOTH, EVERYTHING, own, *at_home)]
    with closing(Store.open(str(database))) as store:
        for batch in batches:
            for act in batch:
                do(store, act)
            for follower in followers:
                follower.pull(store, limit)
                with store.reading(follower.scope) as reader:
                    living = [*reader.page_after(("", ""), 1000), *reader.page_of_after(INDEX, "", 1000)]
                    there = {(one.collection, one.id): one.revision for one in living}
                    assert follower.held == there
                    assert follower.scope is own or follower.checksum() == reader.checksum()
        assert verified(store).problems == ()


def test_loading_in_bulk_ends_as_putting_one_by_one(store: Store) -> None:
    documents = [
        Document("individual", "P1", {"givenName": "G", "familyName": "F"}),
        Document("customer", "C1", customer("xihu")),
        Document("troubleTicket", "T1", of("C1", description="d")),
    ]
    store.load(documents)
    store.load([Document("customer", "C1", customer("binjiang")), *documents[2:]])
    assert ids(store, BINJIANG) == {"P1", "C1", "T1"}
    assert verified(store).problems == ()
