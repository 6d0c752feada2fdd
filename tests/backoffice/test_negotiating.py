"""What is answered to who takes no JSON, sends something else, or sends it where it is not taken: in TM Forum's words."""

from __future__ import annotations

import httpx
import pytest

from backoffice.resources import RESOURCES, Operation
from backoffice.web.negotiating import takes_json
from tests.backoffice.helpers import CUSTOMERS, TICKETS, RunningServer, ticket

pytestmark = pytest.mark.one_engine


@pytest.fixture
def client(server: RunningServer) -> httpx.Client:
    """Somebody who may read and write everything."""
    return server.client("supervisor")


def refusal(answer: httpx.Response) -> tuple[int, str]:
    """Status and code; a refusal is JSON and says why."""
    assert answer.headers["Content-Type"] == "application/json"
    assert set(answer.json()) >= {"code", "reason"}
    return answer.status_code, answer.json()["code"]


@pytest.mark.parametrize(
    ("header", "taken"),
    [
        ("", True),
        ("*/*", True),
        ("application/*", True),
        ("application/json;charset=utf-8", True),
        ("Application/JSON ; charset=UTF-8; q=0.1", True),
        ("text/html,application/xhtml+xml,*/*;q=0.8", True),
        ("application/xml, application/json;q=0.5", True),
        ("application/json;q=oddly", True),
        ("text/html", False),
        ("application/xml;q=1", False),
        ("application/merge-patch+json", False),
        ("application/json;q=0", False),
        ("*/*, application/json;q=0", False),
        ("application/*;q=0.000, */*", False),
        ("application/json, */*;q=0", True),
    ],
)
def test_json_is_taken_where_the_narrowest_range_that_means_it_says_so(header: str, *, taken: bool) -> None:
    assert takes_json(header) is taken


def test_who_takes_no_json_is_told_so_and_nothing_is_done(client: httpx.Client) -> None:
    made = client.post(TICKETS, json=ticket()).json()
    for method, path in (("GET", TICKETS), ("GET", made["href"]), ("DELETE", made["href"])):
        assert refusal(client.request(method, path, headers={"Accept": "text/html"})) == (406, "notAcceptable")
    assert refusal(client.post(TICKETS, json=ticket(), headers={"Accept": "application/xml"})) == (406, "notAcceptable")
    assert refusal(client.get(f"{TICKETS.rpartition('/')[0]}/hub/x", headers={"Accept": "text/html"})) == (
        406,
        "notAcceptable",
    )
    assert [one["id"] for one in client.get(TICKETS, headers={"Accept": "application/*"}).json()] == [made["id"]]


def test_every_collection_names_the_methods_it_takes(client: httpx.Client) -> None:
    for resource in RESOURCES.values():
        wanted = {"GET", "HEAD"} if Operation.LIST in resource.operations else set()
        wanted |= {"POST"} if Operation.CREATE in resource.operations else set()
        answer = client.put(resource.path, json={})
        assert (resource.path, refusal(answer)) == (resource.path, (405, "methodNotAllowed"))
        assert set(answer.headers["Allow"].split(", ")) == wanted


def test_every_collection_is_served_with_a_slash_at_its_end(client: httpx.Client) -> None:
    for resource in RESOURCES.values():
        if Operation.LIST in resource.operations and not resource.parent:
            assert (resource.path, client.get(f"{resource.path}/").status_code) == (resource.path, 200)


@pytest.mark.parametrize("sent_as", ["text/plain", "application/xml", "application/x-www-form-urlencoded", ""])
def test_another_media_type_than_json_is_refused_for_every_method(client: httpx.Client, sent_as: str) -> None:
    made = client.post(TICKETS, json=ticket()).json()
    for method, path in (("POST", TICKETS), ("PATCH", made["href"])):
        answer = client.request(method, path, content=b"{}", headers={"Content-Type": sent_as})
        assert refusal(answer) == (415, "unsupportedMediaType")
    patch = {"Content-Type": "application/merge-patch+json"}
    assert refusal(client.post(CUSTOMERS, content=b"{}", headers=patch)) == (415, "unsupportedMediaType")


def test_a_registered_desk_that_says_not_what_it_saw_is_told_to(server: RunningServer) -> None:
    desk = server.client("supervisor", "desk-1")
    for method in ("PATCH", "DELETE"):
        answer = desk.request(method, f"{TICKETS}/T1", json={}, headers={"Idempotency-Key": method})
        assert refusal(answer) == (428, "preconditionRequired")
