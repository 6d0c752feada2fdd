"""Duplicates and merges over a real connection."""

from __future__ import annotations

import base64
from functools import partial

import httpx
import pytest

from backoffice.parties.duplicates import duplicates
from backoffice.people import Person
from backoffice.scopes import Scope
from backoffice.web import parties
from tests.backoffice.helpers import CUSTOMERS, TICKETS, RunningServer, ticket
from tests.backoffice.parties.books import bodies, two

pytestmark = pytest.mark.one_engine

DUPLICATES, MERGES = "/desk/v1/parties/duplicates", "/desk/v1/parties/merges"
ASKED = {"keep": "C1", "merge": "C2"}


@pytest.fixture
def client(server: RunningServer) -> httpx.Client:
    """A supervisor at a desk, in a hall where C1 and C2 are one."""
    server.store.load(two())
    return server.client("supervisor", "desk-1")


def test_a_pair_is_found_merged_and_parted(server: RunningServer, client: httpx.Client) -> None:
    before = bodies(server.store)
    first = client.get(DUPLICATES, params={"limit": 1}).json()
    second = client.get(DUPLICATES, params={"limit": 1, "after": first["next"]}).json()
    assert [one["id"] for one in second["pairs"][0]["parties"]] == ["C1", "C2"]
    answer = client.post(MERGES, json=ASKED, headers={"Idempotency-Key": "k1"})
    assert answer.status_code == 201
    assert answer.json()["by"] == "some-supervisor"
    assert client.get(f"{CUSTOMERS}/C2").json()["status"] == "inactive"
    assert client.get(MERGES).json() == [answer.json()]
    parted = client.delete(answer.headers["location"], headers={"Idempotency-Key": "k2"})
    assert parted.status_code == 200
    assert parted.json() == {**answer.json(), "unmergedAt": parted.json()["unmergedAt"]}
    assert bodies(server.store) == before


def test_a_merge_takes_effect_once_under_its_key(client: httpx.Client) -> None:
    key = {"Idempotency-Key": "k1"}
    answers = [client.post(MERGES, json=ASKED, headers=key) for _ in range(2)]
    assert [one.status_code for one in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert answers[1].headers["idempotency-replayed"] == "true"
    assert client.post(MERGES, json={"keep": "C1", "merge": "C3"}, headers=key).status_code == 422
    told = client.get("/desk/v1/commands/k1").json()
    assert (told["collection"], told["id"]) == ("customer", "C2")
    for _ in range(2):
        undone = client.delete(answers[0].headers["location"], headers={"Idempotency-Key": "k2"})
        assert undone.status_code == 200
    assert len(client.get(MERGES).json()) == 1


def test_a_desk_sends_a_key(client: httpx.Client) -> None:
    assert client.post(MERGES, json=ASKED).status_code == 400
    assert client.delete(f"{MERGES}/x").status_code == 400


@pytest.mark.parametrize("role", ["clerk", "viewer", "admin"])
def test_only_a_supervisor_merges(server: RunningServer, client: httpx.Client, role: str) -> None:
    other = server.client(role)
    assert other.get(DUPLICATES).status_code == 403
    assert other.get(MERGES).status_code == 403
    assert other.post(MERGES, json=ASKED).status_code == 403
    assert other.delete(f"{MERGES}/x").status_code == 403


def test_a_supervisor_of_another_territory_finds_nothing_to_merge(server: RunningServer, client: httpx.Client) -> None:
    merged = client.post(MERGES, json=ASKED, headers={"Idempotency-Key": "k1"})
    server.people.put(Person("far", "Far", "supervisor"), None, Scope(frozenset({"binjiang"})))
    token = server.people.grant(Person("far", "Far", "supervisor"), None).token
    far = server.client()
    far.headers["Authorization"] = f"Bearer {token}"
    assert far.get(DUPLICATES).json() == {"pairs": [], "next": None}
    assert far.get(MERGES).json() == []
    assert far.post(MERGES, json=ASKED).status_code == 404
    assert far.delete(merged.headers["location"]).status_code == 404


@pytest.mark.parametrize(
    "body",
    [[], {}, {"keep": "C1"}, {"keep": "C1", "merge": 5}, {"keep": "C1", "merge": ""}, {**ASKED, "collection": "x"}],
)
def test_what_makes_no_sense_is_refused(client: httpx.Client, body: object) -> None:
    assert client.post(MERGES, json=body, headers={"Idempotency-Key": "k1"}).status_code == 400


@pytest.mark.parametrize("token", ["x", "bm8=", "Wy0xLCJ4Il0=", "WzAsIlx1MDAwMCJd"])
def test_a_token_of_nobody_is_refused(client: httpx.Client, token: str) -> None:
    assert client.get(DUPLICATES, params={"after": token}).status_code == 400


def test_a_token_says_nothing_of_whoever_is_out_of_view_and_cannot_be_made(
    server: RunningServer, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parties, "duplicates", partial(duplicates, seconds=-1))
    server.people.put(Person("far", "Far", "supervisor"), None, Scope(frozenset({"binjiang"})))
    client.headers["Authorization"] = f"Bearer {server.people.grant(Person('far', 'Far', 'supervisor'), None).token}"
    token, pages = client.get(DUPLICATES).json()["next"], 0
    while token is not None:
        said = base64.urlsafe_b64decode(token)
        assert not any(number in said or number[::-1] in said for number in (b"33010219900101001X", b"13800138000"))
        broken = base64.urlsafe_b64encode(said[:-2] + bytes([said[-2] ^ 1]) + said[-1:]).decode()
        assert client.get(DUPLICATES, params={"after": broken}).status_code == 400
        answer = client.get(DUPLICATES, params={"after": token}).json()
        assert answer["pairs"] == []
        token, pages = answer["next"], pages + 1
    assert pages > 1


def test_nothing_new_is_taken_for_who_was_merged(client: httpx.Client) -> None:
    merge = client.post(MERGES, json=ASKED, headers={"Idempotency-Key": "k1"})
    theirs = {"relatedParty": [{"id": "C2", "role": "customer"}]}
    refused = client.post(TICKETS, json=ticket(**theirs), headers={"Idempotency-Key": "k2"})
    assert (refused.status_code, refused.headers["Location"]) == (409, f"{CUSTOMERS}/C1")
    headers = {"Idempotency-Key": "k3", "If-Match": "*"}
    assert client.patch(f"{TICKETS}/C3-ticket", json=theirs, headers=headers).status_code == 409
    assert client.get(TICKETS, params={"relatedParty.id": "C2"}).json() == []
    client.delete(merge.headers["Location"], headers={"Idempotency-Key": "k4"})
    assert client.post(TICKETS, json=ticket(**theirs), headers={"Idempotency-Key": "k2"}).status_code == 201


def test_a_refusal_says_which_conflict_it_is(client: httpx.Client) -> None:
    client.post(MERGES, json=ASKED, headers={"Idempotency-Key": "k1"})
    answer = client.post(MERGES, json={"keep": "C3", "merge": "C2"}, headers={"Idempotency-Key": "k2"})
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert "merged already" in answer.json()["reason"]


def test_a_declared_filter_finds_a_telephone_number_in_any_spelling(client: httpx.Client) -> None:
    wanted = {"contactMedium.characteristic.phoneNumber": "138-0013-8000"}
    assert [one["id"] for one in client.get(CUSTOMERS, params=wanted).json()] == ["C1", "C2"]
