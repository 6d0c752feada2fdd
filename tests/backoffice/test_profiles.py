"""Customers outside the home who were opened: all of them is told, kept in step, and gone again in their turn."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.rules.checksums import Checksum, digest
from backoffice import schema
from backoffice.documents import StoredDocument
from backoffice.people import Person
from backoffice.profiles import without
from backoffice.scopes import EVERYTHING, INDEX, Scope
from backoffice.store import Store
from tests.backoffice.helpers import RunningServer
from tests.backoffice.test_scopes import ACTS, BINJIANG, BOTH, CUSTOMERS, XIHU, customer, do, of, put

HOME = {"home": "xihu"}
ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # the same whatever is underneath
Held = dict[tuple[str, str], int]


class Desk:
    """A copy with a home that opens customers and lets go of them."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.cursor = 0
        self.held: Held = {}
        self.left: Held = {}

    def open(self, store: Store, name: str) -> None:
        """Take all records of one customer as they are now."""
        with store.reading(replace(self.scope, home=None, opened=frozenset())) as reader:
            for one in reader.owned_after(name, ("", ""), 1000):
                if one.revision >= self.left.get((one.collection, one.id), 0):
                    self.held[one.collection, one.id] = one.revision
        self.scope = replace(self.scope, opened=self.scope.opened | {name})

    def pull(self, store: Store, limit: int, letting_go: frozenset[str] = frozenset()) -> Checksum:
        """Take everything there is; returns what the copy should sum up to."""
        while True:
            with store.reading(self.scope) as reader:
                page = reader.changes_after(self.cursor, limit)
                self.cursor = page[-1].revision if page.has_more else reader.position().sequence
                self._take(page)
                if not page.has_more:
                    for key in reader.leaving(letting_go):
                        del self.held[key]
                    self.scope = without(self.scope, letting_go)
                    return reader.checksum(letting_go)

    def _take(self, page: list[StoredDocument]) -> None:
        for one in page:
            key = (one.collection, one.id)
            self.held.pop(key, None)
            if one.text is not None:
                self.held[key] = one.revision
            else:
                self.left[key] = one.revision

    def sum(self) -> Checksum:
        """The sum of what it holds."""
        return sum((Checksum(1, digest(*key, revision)) for key, revision in self.held.items()), Checksum())


STEP = st.one_of(
    ACTS.map(lambda acts: ("acts", acts)),
    st.sampled_from(CUSTOMERS).map(lambda name: ("open", name)),
    st.sampled_from(CUSTOMERS).map(lambda name: ("close", name)),
)
Steps = list[tuple[str, Any]]
SLOW = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]


@settings(max_examples=8, deadline=None, suppress_health_check=SLOW)
@given(steps=st.lists(STEP, max_size=8), limit=st.integers(1, 5))
def test_whoever_opens_and_lets_go_holds_exactly_what_is_in_scope(
    tmp_path_factory: pytest.TempPathFactory, steps: Steps, limit: int
) -> None:
    follow(tmp_path_factory.mktemp("profiles") / "office.db", steps, limit)


@pytest.mark.whole
@settings(max_examples=25, deadline=None, suppress_health_check=SLOW)
@given(steps=st.lists(STEP, min_size=10, max_size=30), limit=st.integers(1, 5))
def test_whoever_opens_and_lets_go_for_long_holds_exactly_what_is_in_scope(
    tmp_path_factory: pytest.TempPathFactory, steps: Steps, limit: int
) -> None:
    follow(tmp_path_factory.mktemp("profiles") / "office.db", steps, limit)


def follow(database: Path, steps: Steps, limit: int) -> None:
    """Take these steps; after each one, every desk holds what is in scope and no more."""
    desks = [Desk(scope.for_mirrors(home=XIHU.territories)) for scope in (EVERYTHING, BOTH, BINJIANG)]
    with closing(Store.open(str(database))) as store:
        for kind, what in steps:
            if kind == "acts":
                for act in what:
                    do(store, act)
            for desk in desks:
                if kind == "open":
                    desk.open(store, what)
                letting_go = desk.scope.opened & {what} if kind == "close" else frozenset()
                assert desk.pull(store, limit, letting_go) == desk.sum()
                with store.reading(desk.scope) as reader:
                    living = [*reader.page_after(("", ""), 1000), *reader.page_of_after(INDEX, "", 1000)]
                assert desk.held == {(one.collection, one.id): one.revision for one in living}


# ---- over HTTP, on both engines


@pytest.fixture
def client(server: RunningServer) -> httpx.Client:
    """A clerk at a back office with a customer in Xihu and one in Binjiang, who share a product."""
    shared = {"relatedParty": [*of("C1")["relatedParty"], *of("C2")["relatedParty"]]}
    for name, territory, party in (("C1", "xihu", "P1"), ("C2", "binjiang", "P2")):
        put(
            server.store,
            "individual",
            party,
            {"givenName": "G", "familyName": "F", "birthDate": "1990-01-01T00:00:00Z"},
        )
        put(server.store, "customer", name, customer(territory, party))
        put(server.store, "billingAccount", f"{name}-account", of(name, name="A"))
        put(server.store, "troubleTicket", f"{name}-ticket", of(name, description="d"))
    put(server.store, "product", "shared", shared)
    return server.client("clerk")


def rows_of(answer: httpx.Response) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert [lines[0]["kind"], lines[-1]["kind"]] == ["start", "end"]
    assert lines[0]["total"] == len([line for line in lines if line["kind"] == "row"])
    return [line for line in lines if line["kind"] == "row"]


def ids_of(answer: httpx.Response) -> set[str]:
    return {row["id"] for row in rows_of(answer)}


def cursor_of(client: httpx.Client, **params: str) -> str:
    return str(json.loads(client.get("/desk/v1/snapshot", params=params).text.splitlines()[0])["cursor"])


def test_a_profile_is_all_that_belongs_to_one_customer(client: httpx.Client) -> None:
    theirs = {"C2", "P2", "C2-account", "C2-ticket", "shared"}
    answer = client.get("/desk/v1/profiles/C2", params=HOME)
    assert ids_of(answer) == theirs
    assert json.loads(answer.text.splitlines()[0])["cursor"] == cursor_of(client, **HOME)
    assert ids_of(client.get("/desk/v1/profiles/C2")) == theirs
    assert ids_of(client.get("/desk/v1/profiles/C2", params={"collections": "customer,product"})) == {"C2", "shared"}


def test_who_opens_somebody_outside_their_home_stands_in_the_audit(server: RunningServer, client: httpx.Client) -> None:
    def audited() -> list[tuple[str, str, str]]:
        with server.store.reading(EVERYTHING) as reader:
            rows = reader.connection.execute(schema.audit.select().order_by(schema.audit.c.number)).all()
        return [(one.author, one.act, one.subject) for one in rows]

    before = len(audited())
    asked: tuple[tuple[str, dict[str, str], int], ...] = (
        ("C1", HOME, 200), ("C2", {}, 200), ("nobody", HOME, 404), ("C2", HOME, 200)
    )  # fmt: skip
    for name, params, status in asked:
        assert client.get(f"/desk/v1/profiles/{name}", params=params).status_code == status
    ((author, *opened),) = audited()[before:]
    assert (author, opened) == ("some-clerk", ["open", "customer/C2"])


@ON_SQLITE
def test_who_is_opened_is_heard_of_by_the_feed_only(server: RunningServer, client: httpx.Client) -> None:
    put(server.store, "troubleTicket", "C2-ticket", of("C2", description="again"))
    for more in ({}, {"opened": "C2"}):
        answer = client.get("/desk/v1/snapshot", params={**HOME, **more})
        assert "C2-ticket" not in ids_of(answer)


@ON_SQLITE
def test_a_home_in_which_the_asker_sees_nobody_is_named_at_the_start(
    server: RunningServer, client: httpx.Client
) -> None:
    server.people.put(Person("west", "West", "clerk"), None, Scope(frozenset({"xihu"})))
    theirs = server.client_with(server.people.grant(Person("west", "West", "clerk"), None).token)

    def unknown(asker: httpx.Client, **params: str) -> object:
        return json.loads(asker.get("/desk/v1/snapshot", params=params).text.splitlines()[0]).get("unknownHome")

    assert unknown(client) is unknown(client, home="xihu,binjiang") is unknown(theirs, home="xihu") is None
    assert unknown(client, home="Xihu,binjiang,b") == ["Xihu", "b"]
    assert unknown(theirs, home="xihu,binjiang") == ["binjiang"]


def test_who_is_not_there_or_lives_where_the_asker_sees_nothing_has_no_profile(
    server: RunningServer, client: httpx.Client
) -> None:
    put(server.store, "customer", "C3", customer("xihu"))
    put(server.store, "customer", "C3", None)
    for name in ("nobody", "C3", "C2-account"):
        assert client.get(f"/desk/v1/profiles/{name}").status_code == 404
    server.people.put(Person("west", "West", "clerk"), None, Scope(frozenset({"xihu"})))
    theirs = server.client_with(server.people.grant(Person("west", "West", "clerk"), None).token)
    assert theirs.get("/desk/v1/profiles/C2", params=HOME).status_code == 404
    assert theirs.get("/desk/v1/profiles/C1", params=HOME).status_code == 200


def test_a_profile_is_masked_as_everything_is(server: RunningServer, client: httpx.Client) -> None:
    def born(role: str) -> str:
        rows = rows_of(server.client(role).get("/desk/v1/profiles/C2", params=HOME))
        return next(str(row["body"]["birthDate"]) for row in rows if row["id"] == "P2")

    del client
    assert born("viewer") == "1900-01-01T00:00:00.000Z"
    assert born("clerk") == "1990-01-01T00:00:00Z"


def test_whoever_was_opened_is_in_the_feed_until_they_are_let_go(server: RunningServer, client: httpx.Client) -> None:
    cursor = cursor_of(client, **HOME)
    put(server.store, "troubleTicket", "C2-ticket", of("C2", description="again"))

    def feed(**more: str) -> dict[str, Any]:
        found: dict[str, Any] = client.get("/desk/v1/feed", params={**HOME, **more, "after": cursor}).json()
        return found

    assert feed()["changes"] == []
    told = feed(opened="C2")
    assert [one["id"] for one in told["changes"]] == ["C2-ticket"]
    assert "closed" not in told
    last = feed(opened="C2", closing="C2")
    assert {one["id"] for one in last["closed"]} == {"C2", "P2", "C2-account", "C2-ticket"}  # C1 has the product, too
    assert "checksum" not in feed(opened="C2")  # it costs something, and was told just now
    assert last["checksum"] == feed()["checksum"]
    assert told["checksum"]["count"] == last["checksum"]["count"] + len(last["closed"])
    assert feed(closing="C2").keys() == feed().keys()


@ON_SQLITE
def test_the_sum_over_opened_customers_is_told_with_news_and_once_a_minute(
    server: RunningServer, client: httpx.Client
) -> None:
    cursor = cursor_of(client, **HOME)

    def sums(after: str) -> list[bool]:
        """Whether it is told to a copy with nobody opened, and to one with somebody."""
        asked: tuple[dict[str, str], ...] = ({}, {"opened": "C2"})
        answers = (client.get("/desk/v1/feed", params={**HOME, **one, "after": after}) for one in asked)
        return ["checksum" in answer.json() for answer in answers]

    assert sums(cursor) == [True, False]
    put(server.store, "troubleTicket", "C2-ticket", of("C2", description="again"))
    assert [sums(cursor), sums(cursor)] == [[True, True], [True, False]]


def test_who_is_at_home_anyway_is_not_closed(client: httpx.Client) -> None:
    for asked in ({}, {"home": "binjiang"}):
        cursor = cursor_of(client, **asked)
        answer = client.get("/desk/v1/feed", params={**asked, "after": cursor, "opened": "C2", "closing": "C2"}).json()
        assert answer.get("closed", []) == []


def test_what_is_closed_is_told_with_the_last_page_only(server: RunningServer, client: httpx.Client) -> None:
    cursor = cursor_of(client, **HOME)
    for number in range(3):
        put(server.store, "troubleTicket", f"T{number}", of("C2", description="d"))
    asked = {**HOME, "opened": "C2", "closing": "C2", "limit": "2"}
    first = client.get("/desk/v1/feed", params={**asked, "after": cursor}).json()
    assert (first["more"], "closed" in first) == (True, False)
    last = client.get("/desk/v1/feed", params={**asked, "after": first["cursor"]}).json()
    assert {"T0", "T1", "T2"} <= {one["id"] for one in last["closed"]}


def test_too_many_opened_ones_are_refused(client: httpx.Client) -> None:
    for opened in (["C"] * 251, ["x" * 300], [""]):
        for name in ("opened", "closing"):
            asked = {**HOME, "after": "x.0", name: opened}
            assert client.get("/desk/v1/feed", params=asked).status_code == 400
