"""Listeners are told what happens: every kind of event, in order, until they say that they heard it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import httpx
import pytest

from backoffice.hub.callbacks import AllowedHost
from backoffice.hub.ledger import HubSettings
from backoffice.web.context import Options
from tests.backoffice.helpers import TICKETS, RunningServer, ticket
from tests.backoffice.listener import Listener
from tests.fakes.clock import FakeClock

HUB = "/tmf-api/troubleTicket/v4/hub"


@pytest.fixture
def listener() -> Iterator[Listener]:
    """Somebody who wants to be told."""
    with closing(Listener()) as listening:
        yield listening


@pytest.fixture
def server(database: str, clock: FakeClock, listener: Listener) -> Iterator[RunningServer]:
    """A server that may call the listener, and tries again soon."""
    hosts = frozenset({AllowedHost.read(listener.host)})
    settings = HubSettings(hosts, time_limit_s=1.0, first_rest_s=0.02, longest_rest_s=0.2, looks_every_s=0.2)
    running = RunningServer(database, Options(hub=settings), clock)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def client(server: RunningServer) -> httpx.Client:
    """Somebody who may read and write everything."""
    return server.client("supervisor")


def listen(client: httpx.Client, listener: Listener, query: str = "", hub: str = HUB) -> str:
    """Register; where the subscription lies."""
    answer = client.post(hub, json={"callback": listener.url, "query": query})
    assert answer.status_code == 201, answer.text
    return answer.headers["Location"]


def test_a_life_is_told_from_its_beginning_to_its_end(client: httpx.Client, listener: Listener) -> None:
    listen(client, listener)
    made = client.post(TICKETS, json=ticket()).json()
    client.patch(made["href"], json={"severity": "minor"})
    client.patch(made["href"], json={"status": "inProgress"})
    client.patch(made["href"], json={"status": "pending"})
    solved = client.patch(made["href"], json={"status": "resolved", "name": "Solved"}).json()
    client.delete(made["href"])
    assert [one.removeprefix("TroubleTicket") for one in listener.types(9)] == [
        "CreateEvent", "AttributeValueChangeEvent", "StatusChangeEvent", "StatusChangeEvent", "InformationRequiredEvent",
        "AttributeValueChangeEvent", "StatusChangeEvent", "ResolvedEvent", "DeleteEvent",
    ]  # fmt: skip
    first, last = listener.taken[0], listener.taken[-1]
    assert first["event"] == {"troubleTicket": made}
    assert last["event"] == {"troubleTicket": solved}
    assert first["eventTime"] == "2026-03-25T04:00:00.000Z"
    assert len({one["eventId"] for one in listener.taken}) == 9
    assert listener.asked[0][0] == "/told?by=trunkline"
