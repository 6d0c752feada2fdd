"""Snapshot and feed together give a desk the server's exact state."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backoffice.documents import Document
from backoffice.people import Person
from backoffice.querying import Query, find
from backoffice.resources import RESOURCES
from backoffice.scopes import EVERYTHING, Scope
from backoffice.store import Store
from backoffice.verifying import verified
from backoffice.web.snapshot import PAGE_ROWS, accepts_gzip
from tests.backoffice.helpers import CUSTOMERS, FAULTS, TICKETS, RunningServer, customer, ticket

Mirror = dict[tuple[str, str], tuple[int, dict[str, Any] | None]]


@pytest.fixture
def client(server: RunningServer) -> httpx.Client:
    """Somebody who may read and write everything, and takes answers uncompressed."""
    client = server.client("supervisor")
    client.headers["Accept-Encoding"] = "identity"
    return client


def lines_of(client: httpx.Client, **params: str) -> list[dict[str, Any]]:
    answer = client.get("/desk/v1/snapshot", params=params)
    assert answer.headers["Content-Type"] == "application/x-ndjson"
    return [json.loads(line) for line in answer.text.splitlines()]


def apply_rows(mirror: Mirror, rows: list[dict[str, Any]]) -> None:
    """As a desk does: the higher revision wins, no body is a tombstone."""
    for row in rows:
        place = (row["collection"], row["id"])
        if row["revision"] >= mirror.get(place, (0, {}))[0]:
            mirror[place] = (row["revision"], row["body"])


def pull(client: httpx.Client, mirror: Mirror, cursor: str, limit: int = 1000) -> str:
    """Follow the feed to its end."""
    more = True
    while more:
        answer = client.get("/desk/v1/feed", params={"after": cursor, "limit": limit}).json()
        assert len(answer["changes"]) <= limit
        apply_rows(mirror, answer["changes"])
        cursor, more = answer["cursor"], answer["more"]
    return cursor


def living(mirror: Mirror) -> dict[tuple[str, str], dict[str, Any]]:
    return {place: body for place, (_, body) in mirror.items() if body is not None}


def state_of(store: Store) -> dict[tuple[str, str], dict[str, Any]]:
    with store.reading(EVERYTHING) as reader:
        found = [each for collection in RESOURCES for each in find(reader, Query(collection, limit=10**6))[0]]
    return {(each.collection, each.id): each.body for each in found}


def test_a_snapshot_of_nothing_is_a_start_and_an_end(client: httpx.Client) -> None:
    start, end = lines_of(client)
    assert (start["kind"], start["total"], end) == ("start", 0, {"kind": "end"})
    assert start["cursor"].partition(".")[0] == start["epoch"]
    assert start["cursor"].endswith(".0")


def test_a_snapshot_has_every_living_row_once_in_pages(server: RunningServer, client: httpx.Client) -> None:
    server.store.load(Document("customer", f"C/{number}", customer()) for number in range(PAGE_ROWS + 10))
    gone = client.post(TICKETS, json=ticket()).headers["Location"]
    client.delete(gone)
    start, *lines, end = lines_of(client)
    rows = [line for line in lines if line["kind"] == "row"]
    assert (start["total"], end["kind"]) == (PAGE_ROWS + 10, "end")
    assert [line["kind"] for line in lines].index("page") == PAGE_ROWS
    assert lines[-1] == {"kind": "page", "after": f"customer/{rows[-1]['id']}"}
    assert {(row["collection"], row["id"]): row["body"] for row in rows} == state_of(server.store)
    assert len(rows) == PAGE_ROWS + 10


def test_a_cut_snapshot_goes_on_and_the_feed_makes_it_exact(server: RunningServer, client: httpx.Client) -> None:
    server.store.load(Document("customer", f"C{number:05}", customer()) for number in range(2 * PAGE_ROWS + 10))
    client.post(FAULTS, json={"method": "GET", "path_contains": "snapshot", "fault": "cut"})
    mirror: Mirror = {}
    lines: list[dict[str, Any]] = []
    with client.stream("GET", "/desk/v1/snapshot") as answer, pytest.raises(httpx.RemoteProtocolError):
        lines.extend(json.loads(line) for line in answer.iter_lines())
    last_page = max(place for place, line in enumerate(lines) if line["kind"] == "page")
    assert last_page == PAGE_ROWS + 1
    apply_rows(mirror, [line for line in lines[:last_page] if line["kind"] == "row"])

    server.store.load(
        [Document("customer", "C00000", customer(status="inactive")), Document("customer", "A", customer())]
    )
    client.delete("/tmf-api/customerManagement/v4/customer/C00001")
    client.delete(f"/tmf-api/customerManagement/v4/customer/C{2 * PAGE_ROWS:05}")
    client.post(TICKETS, json=ticket())

    apply_rows(mirror, [line for line in lines_of(client, after=lines[last_page]["after"]) if line["kind"] == "row"])
    pull(client, mirror, lines[0]["cursor"])
    assert living(mirror) == state_of(server.store)


def test_a_snapshot_is_compressed_for_who_accepts_it(server: RunningServer, client: httpx.Client) -> None:
    server.store.load(Document("customer", str(number), customer()) for number in range(100))
    with client.stream("GET", "/desk/v1/snapshot", headers={"Accept-Encoding": "br, gzip;q=0.5"}) as answer:
        packed = b"".join(answer.iter_raw())
    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed).decode() == client.get("/desk/v1/snapshot").text
    assert "Content-Encoding" not in client.get("/desk/v1/snapshot").headers


@pytest.mark.parametrize(
    ("header", "accepted"),
    [("gzip", True), ("br, GZIP;q=0.1", True), ("gzip;q=0", False), ("gzip; q=0.0", False), ("", False), ("*", False)],
)
def test_gzip_is_used_only_where_it_is_named(header: str, *, accepted: bool) -> None:
    assert accepts_gzip(header) is accepted


def test_an_unreadable_page_token_is_refused(client: httpx.Client) -> None:
    assert client.get("/desk/v1/snapshot", params={"after": "nonsense"}).status_code == 400


def test_the_feed_tells_changes_in_order_and_deletions_as_tombstones(client: httpx.Client) -> None:
    cursor = lines_of(client)[0]["cursor"]
    one, two = (client.post(TICKETS, json=ticket()).json() for _ in range(2))
    client.patch(one["href"], json={"name": "x"})
    client.delete(two["href"])
    answer = client.get("/desk/v1/feed", params={"after": cursor}).json()
    told = [
        (change["id"], change["revision"], change["body"] and change["body"]["name"]) for change in answer["changes"]
    ]
    assert told == [(one["id"], 3, "x"), (two["id"], 4, None)]
    assert (answer["cursor"].rpartition(".")[2], answer["more"]) == ("4", False)


def test_a_feed_page_ends_where_the_next_begins(client: httpx.Client) -> None:
    cursor = lines_of(client)[0]["cursor"]
    made = [client.post(TICKETS, json=ticket()).json()["id"] for _ in range(5)]
    seen: list[str] = []
    more = True
    while more:
        answer = client.get("/desk/v1/feed", params={"after": cursor, "limit": 2}).json()
        seen += [change["id"] for change in answer["changes"]]
        cursor, more = answer["cursor"], answer["more"]
    assert seen == made
    end = client.get("/desk/v1/feed", params={"after": cursor}).json()
    assert (end["changes"], end["cursor"], end["more"]) == ([], cursor, False)
    assert end["checksum"]["count"] == len(made)


def test_a_cursor_that_is_not_of_this_history_means_a_new_snapshot(client: httpx.Client) -> None:
    here = lines_of(client)[0]["cursor"].removesuffix(".0")
    wrong = [
        f"{here}.1",
        f"{here}.",
        here,
        f"{here}.-1",
        f"{here}.{10**30}",
        f"{here}.²",
        f"{here.partition('.')[0]}.0",
    ]
    for cursor in ("other.0", "", f"other.{here.partition('.')[2]}.0", *wrong):
        answer = client.get("/desk/v1/feed", params={"after": cursor})
        assert (answer.status_code, answer.json()["code"], cursor) == (410, "cursorExpired", cursor)


def test_a_cursor_is_good_only_for_who_sees_the_same(server: RunningServer) -> None:
    def client_of(role: str, *territories: str) -> httpx.Client:
        server.people.put(Person("li", "Li", role), None, Scope(frozenset(territories)))
        return server.client_with(server.people.grant(Person("li", "Li", role), None).token)

    viewer = client_of("viewer", "A", "B")
    cursor = lines_of(viewer)[0]["cursor"]
    asked = {"after": cursor}
    assert viewer.get("/desk/v1/feed", params=asked).status_code == 200
    assert client_of("viewer", "B", "A").get("/desk/v1/feed", params=asked).status_code == 200
    for role, territory in (("viewer", "A"), ("clerk", "AB")):  # sees less; sees more of each
        answer = client_of(role, *territory).get("/desk/v1/feed", params=asked)
        assert (answer.status_code, answer.json()["code"]) == (410, "cursorExpired")


def test_a_feed_without_a_cursor_or_with_a_wrong_limit_is_refused(client: httpx.Client) -> None:
    cursor = lines_of(client)[0]["cursor"]
    assert client.get("/desk/v1/feed").status_code == 400
    assert client.get("/desk/v1/feed", params={"after": cursor, "limit": 0}).status_code == 400
    assert client.get("/desk/v1/feed", params={"after": cursor, "limit": 10**6}).status_code == 200


CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["customer", "troubleTicket"]),
        st.sampled_from(["a", "b/c", "王"]),
        st.none() | st.dictionaries(st.sampled_from(["status", "severity", "name"]), st.sampled_from(["x", "y", ""])),
    ),
    max_size=12,
)


@settings(max_examples=40, deadline=None)
@given(batches=st.lists(CHANGES, max_size=4), limit=st.integers(1, 5))
def test_the_feed_rebuilds_the_exact_state(
    tmp_path_factory: pytest.TempPathFactory, batches: list[Any], limit: int
) -> None:
    folder: Path = tmp_path_factory.mktemp("feed")
    store = Store.open(str(folder / "feed.db"))
    mirror: Mirror = {}
    cursor = 0
    for batch in batches:
        with store.writing() as transaction:
            for collection, document_id, body in batch:
                transaction.put(collection, document_id, None if body is None else {"id": document_id, **body})
        for _ in range(2):  # the desk may stop in the middle, and goes on later
            cursor = _follow(store, mirror, cursor, limit)
    while (further := _follow(store, mirror, cursor, limit)) != cursor:
        cursor = further
    state, problems = state_of(store), verified(store).problems
    store.close()
    assert living(mirror) == state
    assert problems == ()


def _follow(store: Store, mirror: Mirror, cursor: int, limit: int) -> int:
    with store.reading(EVERYTHING) as reader:
        page = reader.changes_after(cursor, limit)
    for change in page:
        mirror[change.collection, change.id] = (change.revision, None if change.text is None else change.body)
    return page[-1].revision if page else cursor


def test_a_copy_of_some_collections_is_filled_kept_in_step_and_summed_up_alone(client: httpx.Client) -> None:
    people = {"collections": "customer,individual,oneOfTomorrow"}
    client.post(CUSTOMERS, json=customer())
    client.post(TICKETS, json=ticket())
    start, *rows = lines_of(client, **people)
    assert start["total"] == 1
    assert [one["collection"] for one in rows if one["kind"] == "row"] == ["customer"]
    client.post(TICKETS, json=ticket())
    client.post(CUSTOMERS, json=customer())
    answer = client.get("/desk/v1/feed", params={"after": start["cursor"], **people}).json()
    assert [one["collection"] for one in answer["changes"]] == ["customer"]
    assert answer["checksum"]["count"] == 2
    assert client.get("/desk/v1/feed", params={"after": start["cursor"]}).status_code == 410
    assert client.get("/desk/v1/feed", params={"after": lines_of(client)[0]["cursor"], **people}).status_code == 410


@pytest.mark.parametrize("named", ["", "customer,", "customer/1", "\0", "x" * 101, ",".join(["customer"] * 101)])
def test_names_that_no_collection_can_have_are_refused(client: httpx.Client, named: str) -> None:
    for path in ("/desk/v1/snapshot", "/desk/v1/feed", "/desk/v1/events"):
        assert client.get(path, params={"after": "", "collections": named}).status_code == 400
