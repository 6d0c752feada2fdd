"""Lists: filters, pages and chosen attributes."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from backoffice.documents import Document
from backoffice.web.listing import MAX_ROWS
from tests.backoffice.helpers import CUSTOMERS, TICKETS, RunningServer, customer, ticket


@pytest.fixture
def client(server: RunningServer) -> httpx.Client:
    """Somebody who may read and write everything."""
    return server.client("supervisor")


def created(client: httpx.Client, **attributes: Any) -> dict[str, Any]:
    answer = client.post(TICKETS, json=ticket(**attributes))
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


def ids(answer: httpx.Response) -> list[str]:
    return sorted(body["id"] for body in answer.json())


def test_filters_take_one_of_several_values_and_all_of_several_filters(client: httpx.Client) -> None:
    one = created(client, severity="major", externalId="E1", relatedParty=[{"id": "C1"}, {"id": "C2"}])["id"]
    two = created(client, severity="minor", externalId="E,2", relatedParty=[{"id": "C2"}])["id"]
    assert ids(client.get(TICKETS, params={"relatedParty.id": "C2"})) == sorted([one, two])
    assert ids(client.get(TICKETS, params={"severity": "minor,critical"})) == [two]
    assert ids(client.get(TICKETS, params={"relatedParty.id": "C2", "severity": "major"})) == [one]
    assert ids(client.get(TICKETS, params={"externalId": "E,2"})) == [two]
    assert ids(client.get(TICKETS, params={"externalId": "E3"})) == []


def test_what_cannot_be_filtered_by_is_said_not_ignored(client: httpx.Client) -> None:
    answer = client.get(TICKETS, params={"colour": "green"})
    assert answer.status_code == 400
    assert "severity" in answer.json()["reason"]


def test_pages_are_partial_answers_that_add_up(client: httpx.Client) -> None:
    every = sorted(created(client)["id"] for _ in range(5))
    pages = [client.get(TICKETS, params={"offset": offset, "limit": 2}) for offset in (0, 2, 4)]
    assert [id_ for page in pages for id_ in ids(page)] == every
    assert [page.status_code for page in pages] == [206, 206, 206]
    assert {page.headers["X-Total-Count"] for page in pages} == {"5"}
    assert [page.headers["X-Result-Count"] for page in pages] == ["2", "2", "1"]
    assert client.get(TICKETS).status_code == 200


def test_paging_by_what_is_no_number_is_refused(client: httpx.Client) -> None:
    for query in ("limit=-1", "limit=many", "offset=1.5", "offset=²", f"limit={10**30}"):
        assert client.get(f"{TICKETS}?{query}").status_code == 400


def test_no_list_is_without_an_end(server: RunningServer, client: httpx.Client) -> None:
    server.store.load(Document("customer", str(number), customer()) for number in range(MAX_ROWS + 1))
    answer = client.get(CUSTOMERS, params={"limit": 10**9, "fields": "id"})
    assert (answer.status_code, len(answer.json())) == (206, MAX_ROWS)


def test_fields_answers_what_is_named_and_where_it_is(client: httpx.Client) -> None:
    body = created(client)
    expected = {name: body[name] for name in ("id", "href", "severity", "status")}
    assert client.get(TICKETS, params={"fields": "severity,status,missing"}).json() == [expected]
    assert client.get(body["href"], params={"fields": "severity,status"}).json() == expected
    assert set(client.get(body["href"], params={"fields": "none"}).json()) == {"id", "href"}
