"""Tokens that the operator hands out by `backoffice token`: made, used, listed, ended."""

from __future__ import annotations

import json
from asyncio import Event
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from starlette.types import Message

from backoffice import schema
from backoffice.__main__ import main
from backoffice.documents import Document
from backoffice.issuing import Issuing, UnknownHolderError
from backoffice.people import People, Person
from backoffice.resources import RESOURCES
from backoffice.scopes import EVERYTHING
from backoffice.store import Store
from backoffice.web import snapshot
from backoffice.web.app import build
from backoffice.web.context import Context, Options
from tests.backoffice.helpers import CUSTOMERS, TICKETS, RunningServer, ticket
from tests.fakes.clock import FakeClock

Capture = pytest.CaptureFixture[str]
TEN_DAYS = timedelta(days=10)


@pytest.fixture
def office(server: RunningServer) -> RunningServer:
    """Two customers; the first is a company, which has a complaint."""
    server.store.load(
        [
            Document("organization", "O1", {"tradingName": "Harbour Freight"}),
            Document("customer", "C1", {"name": "Harbour Freight", "engagedParty": {"id": "O1"}}),
            Document("customer", "C2", {"name": "N", "engagedParty": {"id": "P2"}}),
            Document("troubleTicket", "T1", ticket(relatedParty=[{"id": "C1", "role": "customer"}])),
            Document("troubleTicket", "T2", ticket(relatedParty=[{"id": "C2", "role": "customer"}])),
        ]
    )
    return server


@pytest.fixture
def today(database: str) -> Iterator[RunningServer]:
    """A server whose clock is that of the commands, with one clerk."""
    running = RunningServer(database, Options())
    running.start()
    running.people.put(Person("li", "李娜", "clerk"), None)
    yield running
    running.stop()


def of(server: RunningServer, token: str) -> httpx.Client:
    client = server.client()
    client.headers["Authorization"] = f"Bearer {token}"
    return client


def told(capsys: Capture) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]


@pytest.mark.parametrize("party", ["C1", "O1"])
def test_a_customers_system_reads_what_is_theirs_and_writes_nothing(
    office: RunningServer, clock: FakeClock, party: str
) -> None:
    client = of(office, Issuing(office.store, clock).for_party(party, TEN_DAYS).token)
    assert [one["id"] for one in client.get(CUSTOMERS).json()] == ["C1"]
    assert [one["id"] for one in client.get(TICKETS).json()] == ["T1"]
    assert client.get(f"{TICKETS}/T2").status_code == 404
    assert client.post(TICKETS, json=ticket()).status_code == 403
    assert client.patch(f"{TICKETS}/T1", json={"name": "x"}).status_code == 403
    assert client.get("/desk/v1/me").json()["role"] == "own-system"


def test_a_customers_system_reads_what_is_sold_and_nobodys_address(office: RunningServer, clock: FakeClock) -> None:
    catalogue, addresses = RESOURCES["category"].path, RESOURCES["geographicAddress"].path
    home, flat = Document("geographicAddress", "G1", {"name": "8 Wener Road"}), {"geographicAddress": {"id": "G1"}}
    office.store.load(
        [
            Document("category", "K1", {"name": "Home"}),
            home,
            Document("geographicSubAddress", "F1", {"name": "1204", **flat}),
        ]
    )
    client = of(office, Issuing(office.store, clock).for_party("C1", TEN_DAYS).token)
    assert [one["id"] for one in client.get(catalogue).json()] == ["K1"]
    assert client.get(addresses).json() == []
    assert client.get(f"{addresses}/G1").status_code == 404
    assert client.get(f"{addresses}/G1/geographicSubAddress/F1").status_code == 404


def test_a_token_lasts_as_long_as_was_said(office: RunningServer, clock: FakeClock) -> None:
    client = of(office, Issuing(office.store, clock).for_party("C1", TEN_DAYS).token)
    clock.move(TEN_DAYS - timedelta(seconds=1))
    assert client.get(TICKETS).status_code == 200
    clock.move(timedelta(seconds=1))
    assert client.get(TICKETS).status_code == 401


def test_a_second_token_does_not_end_the_first(office: RunningServer, clock: FakeClock) -> None:
    issuing = Issuing(office.store, clock)
    clients = [of(office, issuing.for_party("C1", TEN_DAYS).token) for _ in range(2)]
    assert [client.get(TICKETS).status_code for client in clients] == [200, 200]


def test_nobody_gets_a_token_who_is_not_known_or_not_one(office: RunningServer, clock: FakeClock) -> None:
    office.store.load([Document("customer", "C3", {"name": "N", "engagedParty": {"id": "O1"}})])
    issuing = Issuing(office.store, clock)
    with pytest.raises(UnknownHolderError, match="C1, C3"):
        issuing.for_party("O1", TEN_DAYS)
    with pytest.raises(UnknownHolderError, match="not one customer"):
        issuing.for_party("nobody", TEN_DAYS)
    with pytest.raises(UnknownHolderError, match="no nobody"):
        issuing.for_person("nobody", TEN_DAYS)


def test_the_command_prints_a_token_once_and_keeps_its_hash(today: RunningServer, capsys: Capture) -> None:
    assert main(["token", "--database", today.database, "--person", "li", "--days", "1"]) == 0
    (made,) = told(capsys)
    assert (made["holder"], made["role"]) == ("li", "clerk")
    assert of(today, made["token"]).get("/desk/v1/me").json()["name"] == "李娜"
    with today.store.reading(EVERYTHING) as reader:
        assert made["token"] not in repr(reader.connection.execute(select(schema.token)).all())
    assert main(["token", "--database", today.database, "--list"]) == 0
    (listed,) = told(capsys)
    assert listed == {"id": made["id"], "holder": "li", "device": None, "expiresAt": made["expiresAt"]}


@pytest.mark.parametrize("named", ["id", "token"])
def test_a_token_is_ended_by_its_id_or_itself_and_no_other_with_it(
    today: RunningServer, capsys: Capture, named: str
) -> None:
    for _ in range(2):
        main(["token", "--database", today.database, "--person", "li"])
    ended, kept = told(capsys)
    assert main(["token", "--database", today.database, "--revoke", ended[named]]) == 0
    assert told(capsys) == [{"done": "revoked"}]
    assert [of(today, one["token"]).get("/desk/v1/me").status_code for one in (ended, kept)] == [401, 200]
    assert main(["token", "--database", today.database, "--revoke", ended[named]]) == 1
    assert main(["token", "--database", today.database, "--party", "nobody"]) == 1


async def test_a_snapshot_ends_without_an_end_when_the_token_is_ended_meanwhile(
    store: Store, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "PAGE_ROWS", 2)
    store.load([Document("customer", f"C{step}", {"name": "N"}) for step in range(6)])
    people = People(store, clock)
    people.put(Person("li", "李娜", "clerk"), None)
    token = people.grant(Person("li", "李娜", "clerk"), None).token
    told: list[bytes] = []

    async def send(message: Message) -> None:
        told.append(message.get("body", b""))
        if b'"page"' in told[-1]:
            people.revoke(token)

    async def receive() -> Message:
        await Event().wait()
        return {}

    headers = [(b"authorization", f"Bearer {token}".encode())]
    request = {"type": "http", "method": "GET", "path": "/desk/v1/snapshot", "query_string": b"", "headers": headers}
    context = Context(store, Options(), clock)
    await build(context)(request, receive, send)
    context.close()
    lines = b"".join(told).splitlines()
    assert [json.loads(line)["kind"] for line in lines] == ["start", "row", "row", "page"]


@pytest.mark.parametrize("days", ["0", "-1", "3661", "x"])
def test_a_token_is_not_made_for_ever(database: str, days: str) -> None:
    with pytest.raises(SystemExit):
        main(["token", "--database", database, "--party", "C1", "--days", days])
