"""TM Forum requests over a real connection."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import httpx
import pytest

from app.core.clock import to_wire
from backoffice.documents import Document, to_json
from backoffice.resources import RESOURCES
from backoffice.web.answers import MAX_BODY_BYTES
from tests.backoffice.contract import minimal
from tests.backoffice.helpers import CUSTOMERS, PROBLEMS, TICKETS, RunningServer, customer, ticket
from tests.fakes.clock import NOON, FakeClock

pytestmark = pytest.mark.one_engine

ODD_IDS = ["a/b", "a b", "王小明", "%2F", "a?b#c", "..;x", "a,b", "+86 138", "/", "x/", "q'\"\\"]


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


def test_what_is_created_can_be_fetched_where_location_says(client: httpx.Client) -> None:
    answer = client.post(TICKETS, json=ticket(colour="green", nested={"a": [1, None]}))
    fetched = client.get(answer.headers["Location"])
    assert fetched.json() == answer.json()
    assert fetched.headers["ETag"] == answer.headers["ETag"]
    assert fetched.json()["href"] == answer.headers["Location"]
    assert (fetched.json()["colour"], fetched.json()["nested"]) == ("green", {"a": [1, None]})


def test_the_server_fills_in_what_a_new_ticket_lacks(client: httpx.Client) -> None:
    body = created(client, id="mine", href="http://mine", lastUpdate="2001-01-01T00:00:00Z")
    assert body["status"] == "acknowledged"
    assert body["creationDate"] == body["lastUpdate"] == body["statusChangeDate"] == to_wire(NOON)
    assert body["id"] != "mine"
    assert body["href"] == f"{TICKETS}/{body['id']}"


def test_the_time_of_receipt_is_the_desks(client: httpx.Client) -> None:
    assert created(client, creationDate="2026-03-25T09:30:00+08:00")["creationDate"] == "2026-03-25T01:30:00.000Z"


def test_a_ticket_that_makes_no_sense_is_refused(client: httpx.Client) -> None:
    for wrong in (
        {"creationDate": "2026-03-25T04:10:01Z"},
        {"creationDate": "yesterday"},
        {"creationDate": 5},
        {"status": "lost"},
        {"severity": "   "},
        {"status": ["acknowledged"]},
        {"description": ""},
        {"description": None},
        {"severity": 5},
        {"note": "call back"},
        {"relatedParty": ["C1"]},
    ):
        answer = client.post(TICKETS, json=ticket(**wrong))
        assert (answer.status_code, set(answer.json()), wrong) == (400, {"code", "reason"}, wrong)
    assert client.get(TICKETS).json() == []


def test_a_little_ahead_is_a_wrong_clock_and_no_reason_to_refuse(client: httpx.Client) -> None:
    assert created(client, creationDate="2026-03-25T04:09:00Z")["creationDate"] == "2026-03-25T04:09:00.000Z"


def test_merge_patch_changes_what_it_names(client: httpx.Client, clock: FakeClock) -> None:
    before = created(client, colour="green", priority="low")
    clock.move(by=NOON - NOON.replace(hour=3))
    answer = client.patch(before["href"], json={"status": "inProgress", "priority": None, "creationDate": None})
    later = {"lastUpdate": "2026-03-25T05:00:00.000Z", "statusChangeDate": "2026-03-25T05:00:00.000Z"}
    del before["priority"]
    moved = {"status": "inProgress", "changeDate": "2026-03-25T05:00:00.000Z"}
    history = {"statusChange": [*before["statusChange"], moved]}
    assert answer.json() == {**before, "status": "inProgress", **later, **history}
    assert client.get(before["href"]).json() == answer.json()


def test_both_names_of_merge_patch_are_understood(client: httpx.Client) -> None:
    href = created(client)["href"]
    for media_type in ("application/json", "application/merge-patch+json; charset=utf-8"):
        content = to_json({"name": media_type}).encode()
        assert client.patch(href, content=content, headers={"Content-Type": media_type}).json()["name"] == media_type


def test_a_json_patch_appends_a_note(client: httpx.Client) -> None:
    href = created(client)["href"]
    for text in ("first", "second"):
        patch = [{"op": "add", "path": "/note/-", "value": {"text": text}}]
        answer = client.patch(href, json=patch, headers={"Content-Type": "application/json-patch+json"})
        assert answer.status_code == 200
    assert [note["text"] for note in client.get(href).json()["note"]] == ["first", "second"]


def test_a_patch_that_would_break_the_ticket_changes_nothing(client: httpx.Client) -> None:
    before = created(client)
    broken: list[Any] = [
        {"description": None},
        {"status": "closed"},
        {"status": None},
        {"status": "x"},
        {"note": {}},
        [],
    ]
    assert [client.patch(before["href"], json=patch).status_code for patch in broken] == [400] * len(broken)
    assert client.get(before["href"]).json() == before


def test_a_patch_cannot_move_a_resource(client: httpx.Client) -> None:
    before = created(client)
    assert client.patch(before["href"], json={"id": "other", "href": "/other"}).json() == before


def test_a_deleted_ticket_is_gone(client: httpx.Client) -> None:
    href = created(client)["href"]
    answer = client.delete(href)
    assert (answer.status_code, answer.content) == (204, b"")
    for method in ("GET", "DELETE"):
        assert client.request(method, href).status_code == 404
    assert client.patch(href, json={}).status_code == 404
    assert client.get(TICKETS).json() == []


def test_odd_ids_survive(server: RunningServer, client: httpx.Client) -> None:
    server.store.load(Document("customer", odd, customer()) for odd in ODD_IDS)
    for odd in ODD_IDS:
        fetched = client.get(f"{CUSTOMERS}/{quote(odd, safe='')}")
        assert fetched.json()["id"] == odd
        assert client.get(fetched.json()["href"]).json() == fetched.json()
        assert ids(client.get(CUSTOMERS, params={"id": odd})) == [odd]


@pytest.mark.parametrize(
    ("collection", "attribute"),
    [("payment", "account"), ("troubleTicket", "relatedParty"), ("customer", "engagedParty")],
)
def test_nobody_is_named_by_what_no_database_keeps(client: httpx.Client, collection: str, attribute: str) -> None:
    resource = RESOURCES[collection]
    for odd in ("a\x00b", "x" * 6_000):
        named = {"id": odd, "role": "customer", "@referredType": "Individual"}
        sent = {**minimal(collection), attribute: [named] if attribute in resource.lists else named}
        assert client.post(resource.path, json=sent).status_code == 400
    made = client.post(resource.path, json=minimal(collection)).json()
    assert client.patch(made["href"], json={attribute: sent[attribute]}).status_code in (400, 405)


def test_no_territory_has_a_zero_sign_or_thousands_of_signs(client: httpx.Client) -> None:
    for odd in ("a\x00b", "x" * 6_000):
        sent = customer(characteristic=[{"name": "territory", "value": odd}])
        assert client.post(CUSTOMERS, json=sent).status_code == 400


def test_a_zero_sign_is_refused_wherever_it_stands(server: RunningServer, client: httpx.Client) -> None:
    nobody, desk = server.client(), "/desk/v1"
    for body in ({"user": "a\x00", "password": "b"}, {"user": "a", "password": "b", "device": "\x00"}):
        assert nobody.post(f"{desk}/sign-in", json=body).status_code == 400
    assert nobody.post(f"{desk}/wiped", json={"device": "\x00", "deviceSecret": "x"}).status_code == 400
    for path in ("commands/a%00b", "parties/merges?after=%00", "snapshot?after=a/%00"):
        assert client.get(f"{desk}/{path}").status_code == 400
    assert client.delete(f"{desk}/parties/merges/a%00").status_code == 400
    assert client.get(f"{TICKETS}/a%00b").status_code == 400
    assert client.post(TICKETS, json=ticket(name="\\u0000")).status_code == 201  # spells it, and holds none


def test_null_says_that_an_attribute_is_not_set(client: httpx.Client) -> None:
    made = client.post(TICKETS, json=ticket(externalId=None, note=None, creationDate=None, unheardOf=None))
    assert made.status_code == 201, made.text
    assert {"externalId", "note"}.isdisjoint(made.json())
    assert made.json()["unheardOf"] is None
    assert client.post(TICKETS, json=ticket(severity=None)).json()["reason"] == "severity is required."


def test_what_lies_within_is_what_the_swagger_says_too(client: httpx.Client) -> None:
    orders, item = RESOURCES["productOrder"].path, {"id": "1", "action": "Add"}
    for wrong in ({}, {"id": "1"}, {**item, "action": "banana"}, {**item, "action": 5}):
        assert client.post(orders, json={"productOrderItem": [item, wrong]}).status_code == 400
    made = client.post(orders, json={"productOrderItem": [item]}).json()
    assert made["productOrderItem"] == [{"id": "1", "action": "add", "state": "acknowledged"}]
    for state, status in (("banana", 400), ("In Progress", 200)):
        answer = client.patch(made["href"], json={"productOrderItem": [{**item, "state": state}]})
        assert answer.status_code == status
    assert answer.json()["productOrderItem"] == [{"id": "1", "action": "add", "state": "inProgress"}]


def test_an_open_state_is_not_empty(client: httpx.Client) -> None:
    for odd in ("", "  "):
        assert client.post(CUSTOMERS, json=customer(status=odd)).status_code == 400
        href = client.post(CUSTOMERS, json=customer(status="odd")).json()["href"]
        assert client.patch(href, json={"status": odd}).status_code == 400


def test_a_whole_number_is_one(client: httpx.Client) -> None:
    problem = {"category": "x", "description": "x", "reason": "x", "originatorParty": {"id": "P"}}
    assert client.post(PROBLEMS, json={**problem, "priority": 1.5}).status_code == 400
    assert client.post(PROBLEMS, json={**problem, "priority": 2.0}).text.count('"priority":2,') == 1


def test_a_patch_that_says_nothing_new_changes_nothing(client: httpx.Client) -> None:
    href = created(client, severity="major")["href"]
    before = client.get(href)
    for patch in (
        {"id": "x"},
        {"href": "/x"},
        {"lastUpdate": "2020-01-01T00:00:00Z"},
        {"status": "Acknowledged"},
        before.json(),
    ):
        answer = client.patch(href, json=patch)
        assert (answer.status_code, answer.json(), answer.headers["ETag"]) == (
            200,
            before.json(),
            before.headers["ETag"],
        )


def test_instants_are_answered_in_utc_and_end_in_z(client: httpx.Client) -> None:
    spelled = {
        "2026-01-01T08:00:00+08:00": "2026-01-01T00:00:00.000Z",
        " 2026-01-01 ": "2026-01-01T00:00:00.000Z",
        "2026-W01-4T01:02:03.456789": "2026-01-01T01:02:03.456Z",
        "9999-12-31T23:59:59-05:00": "9999-12-31T23:59:59.000Z",
    }
    for sent, kept in spelled.items():
        note = [{"text": "x", "odd": {"startDateTime": sent, "endDateTime": None}}]
        made = client.post(TICKETS, json=ticket(expectedResolutionDate=sent, note=note)).json()
        assert (made["expectedResolutionDate"], made["note"][0]["odd"]["startDateTime"]) == (kept, kept)
        assert (
            client.patch(made["href"], json={"requestedResolutionDate": sent}).json()["requestedResolutionDate"] == kept
        )
    for wrong in ("x", 5):
        note = [{"text": "x", "validFor": {"endDateTime": wrong}}]
        assert client.post(TICKETS, json=ticket(note=note)).status_code == 400
        assert client.patch(made["href"], json={"note": note}).status_code == 400


def test_trailing_slashes_are_served(client: httpx.Client) -> None:
    href = created(client)["href"]
    assert client.get(f"{TICKETS}/").status_code == 200
    assert client.get(f"{href}/").status_code == 200
    assert client.post(f"{TICKETS}/", json=ticket()).status_code == 201


def test_what_a_client_has_is_not_sent_again(client: httpx.Client) -> None:
    href = created(client)["href"]
    tag = client.get(href).headers["ETag"]
    answer = client.get(href, headers={"If-None-Match": f'"other", W/{tag}'})
    assert (answer.status_code, answer.content, answer.headers["ETag"]) == (304, b"", tag)
    client.patch(href, json={"name": "x"})
    assert client.get(href, headers={"If-None-Match": tag}).status_code == 200


def test_a_change_that_saw_another_revision_changes_nothing(client: httpx.Client) -> None:
    href = created(client)["href"]
    seen = client.get(href).headers["ETag"]
    assert client.patch(href, json={"name": "first"}, headers={"If-Match": seen}).status_code == 200
    now = client.get(href)
    for refused in (
        client.patch(href, json={"name": "second"}, headers={"If-Match": seen}),
        client.delete(href, headers={"If-Match": seen}),
    ):
        assert (refused.status_code, refused.json()["code"]) == (412, "changed")
    assert client.get(href).headers["ETag"] == now.headers["ETag"]
    assert client.delete(href, headers={"If-Match": now.headers["ETag"]}).status_code == 204


def test_an_entity_tag_of_another_epoch_never_matches(client: httpx.Client) -> None:
    href = created(client)["href"]
    revision = client.get(href).headers["ETag"].strip('"').rpartition("-")[2]
    refused = client.patch(href, json={}, headers={"If-Match": f'"restored-{revision}"'})
    assert refused.status_code == 412
    assert client.patch(href, json={}, headers={"If-Match": "*"}).status_code == 200


def test_what_is_no_json_object_is_the_clients_mistake(client: httpx.Client) -> None:
    href = created(client)["href"]
    for content in (b"", b"{", b"[]", b"null", b'{"a": NaN}', b"\xff\xfe", b'{"a": "\\ud800"}', b"[" * 100_000, b'"a"'):
        for method, where in (("POST", TICKETS), ("PATCH", href)):
            answer = client.request(method, where, content=content, headers={"Content-Type": "application/json"})
            assert (answer.status_code, content) == (400, content)


@pytest.mark.parametrize("depth", [200, 900, 5_000])
def test_deep_nesting_is_kept_or_refused_but_never_a_bug(client: httpx.Client, depth: int) -> None:
    deep = b'{"a":' * depth + b"1" + b"}" * depth
    content = b'{"description":"x","severity":"major","ticketType":"x","deep":' + deep + b"}"
    answer = client.post(TICKETS, content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code in (201, 400)
    assert client.get(TICKETS).status_code == 200
    assert client.get("/desk/v1/snapshot").text.endswith('{"kind":"end"}\n')


def test_too_large_a_body_is_refused_in_words(client: httpx.Client) -> None:
    answer = client.post(TICKETS, json=ticket(description="x" * MAX_BODY_BYTES))
    assert (answer.status_code, answer.json()["code"]) == (413, "tooLarge")
    assert client.post(TICKETS, json=ticket(description="x" * (MAX_BODY_BYTES // 2 - 1000))).status_code == 201


def test_another_media_type_is_refused(client: httpx.Client) -> None:
    for media_type in ("text/plain", "application/xml", "application/json-patch+json"):
        answer = client.post(TICKETS, content=b"{}", headers={"Content-Type": media_type})
        assert (answer.status_code, answer.json()["code"]) == (415, "unsupportedMediaType")


def test_unknown_addresses_are_said_in_json(client: httpx.Client) -> None:
    for path in (
        "/",
        "/tmf-api",
        "/tmf-api/nothing/v4/unicorn",
        "/tmf-api/troubleTicket/v4",
        f"{TICKETS}/a/b",
        "/desk",
    ):
        answer = client.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "notFound")


def test_a_method_that_is_not_taken_is_named_with_those_that_are(client: httpx.Client) -> None:
    for method, path in (("PUT", TICKETS), ("DELETE", TICKETS), ("POST", f"{TICKETS}/T1"), ("POST", "/desk/v1/feed")):
        answer = client.request(method, path, json={})
        assert (answer.status_code, answer.json()["code"]) == (405, "methodNotAllowed")
        assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (CUSTOMERS, customer()),
        ("/tmf-api/party/v4/individual", {"givenName": "小明", "familyName": "王"}),
        ("/tmf-api/party/v4/organization", {"tradingName": "Acme"}),
        ("/tmf-api/accountManagement/v4/billingAccount", {"name": "A1", "relatedParty": [{"id": "C1"}]}),
        ("/tmf-api/productInventory/v4/product", {"status": "aborted "}),
        ("/tmf-api/serviceInventory/v4/service", {"state": "active", "serviceSpecification": {"id": "S"}}),
        (
            "/tmf-api/serviceProblemManagement/v4/serviceProblem",
            {"category": "x", "priority": 1, "description": "x", "reason": "x", "originatorParty": {"id": "P"}},
        ),
    ],
)
def test_every_resource_lives_through_create_change_and_delete(
    client: httpx.Client, path: str, body: dict[str, Any]
) -> None:
    made = client.post(path, json=body)
    assert made.status_code == 201, made.text
    assert client.patch(made.headers["Location"], json={"name": "renamed"}).json()["name"] == "renamed"
    assert ids(client.get(path)) == [made.json()["id"]]
    assert client.delete(made.headers["Location"]).status_code == 204
    for name in RESOURCES[path.rpartition("/")[2]].required:
        assert client.post(path, json={**body, name: None}).status_code == 400
