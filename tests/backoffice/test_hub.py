"""Listeners are told what happens: every kind of event, in order, until they say that they heard it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy.exc import TimeoutError as NoConnectionError
from structlog.testing import capture_logs

from backoffice.hub.callbacks import AllowedHost
from backoffice.hub.ledger import HubSettings
from backoffice.web.context import Options
from tests.backoffice.helpers import CUSTOMERS, TICKETS, RunningServer, customer, ticket
from tests.backoffice.listener import Listener, cuts, drips, hangs, refuses, wait_until
from tests.fakes.clock import FakeClock

pytestmark = pytest.mark.one_engine

HUB = "/tmf-api/troubleTicket/v4/hub"


@pytest.fixture
def listener() -> Iterator[Listener]:
    """Somebody who wants to be told."""
    with closing(Listener()) as listening:
        yield listening


def calling(listener: Listener, time_limit_s: float = 10.0) -> HubSettings:
    """Call this listener only, and try again soon."""
    hosts = frozenset({AllowedHost.read(listener.host)})
    return HubSettings(hosts, time_limit_s, first_rest_s=0.02, longest_rest_s=0.2, looks_every_s=0.2)


@pytest.fixture
def server(database: str, clock: FakeClock, listener: Listener) -> Iterator[RunningServer]:
    """A server that may call the listener, and tries again soon."""
    running = RunningServer(database, Options(hub=calling(listener)), clock)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def client(server: RunningServer) -> httpx.Client:
    """Somebody who may read and write everything."""
    return server.client("supervisor")


@contextmanager
def closing_server(server: RunningServer) -> Iterator[RunningServer]:
    server.start()
    try:
        yield server
    finally:
        server.stop()


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


def test_only_what_is_asked_for_is_told(client: httpx.Client, listener: Listener) -> None:
    listen(
        client,
        listener,
        "eventType=TroubleTicketCreateEvent,TroubleTicketDeleteEvent&event.troubleTicket.severity=major",
    )
    for severity in ("minor", "major"):
        made = client.post(TICKETS, json=ticket(severity=severity)).json()
        client.patch(made["href"], json={"name": "N"})
        client.delete(made["href"])
    assert listener.types(2) == ["TroubleTicketCreateEvent", "TroubleTicketDeleteEvent"]


def test_order_is_kept_and_nothing_lost_however_a_listener_fails(client: httpx.Client, listener: Listener) -> None:
    listen(client, listener)
    listener.misbehave(
        refuses(500), cuts, refuses(503, {"Retry-After": "0"}), refuses(400), refuses(302, {"Location": "/else"})
    )
    made = client.post(TICKETS, json=ticket()).json()
    for step in range(40):
        client.patch(made["href"], json={"name": str(step)})
        if step % 7 == 0:
            listener.misbehave(refuses(500), cuts)
    listener.types(41)
    names = [message["event"]["troubleTicket"].get("name") for message in listener.taken]
    assert names == [None, *(str(step) for step in range(40))]
    assert {path for path, *_ in listener.asked} == {"/told?by=trunkline"}


def test_a_listener_that_answers_too_slowly_has_not_answered(tmp_path: Path, listener: Listener) -> None:
    hub = calling(listener, time_limit_s=0.5)
    with closing_server(RunningServer(str(tmp_path / "office.db"), Options(no_auth=True, hub=hub))) as server:
        client = server.client()
        listen(client, listener)
        listener.misbehave(drips)
        for name in "ab":
            client.post(TICKETS, json=ticket(name=name))
        listener.wait(lambda told: {"a", "b"} <= {one["event"]["troubleTicket"]["name"] for one in told.taken})
    assert [message["event"]["troubleTicket"]["name"] for _, message, _ in listener.asked][:2] == ["a", "a"]


def test_of_two_events_of_one_change_the_first_is_not_told_again(client: httpx.Client, listener: Listener) -> None:
    made = client.post(TICKETS, json=ticket()).json()
    listen(client, listener)
    listener.misbehave(None, refuses(500))
    client.patch(made["href"], json={"name": "N", "status": "inProgress"})
    assert listener.types(2) == ["TroubleTicketAttributeValueChangeEvent", "TroubleTicketStatusChangeEvent"]
    assert [message["eventType"] for _, message, _ in listener.asked[1:]] == ["TroubleTicketStatusChangeEvent"] * 2


def test_what_was_taken_before_a_failure_is_not_told_again(client: httpx.Client, listener: Listener) -> None:
    listen(client, listener)
    gate = threading.Event()
    listener.misbehave(hangs(gate), None, None, None, refuses(500))
    for name in "abcdefgh":
        client.post(TICKETS, json=ticket(name=name))
    gate.set()
    listener.types(8)
    assert [message["event"]["troubleTicket"]["name"] for _, message, _ in listener.asked] == list("aabcddefgh")


def test_a_listener_is_left_alone_for_as_long_as_it_asks(client: httpx.Client, listener: Listener) -> None:
    listen(client, listener)
    listener.misbehave(refuses(429, {"Retry-After": "1"}))
    client.post(TICKETS, json=ticket())
    listener.wait(lambda told: len(told.asked) == 1)
    asked = time.monotonic()
    listener.types(1)
    assert time.monotonic() - asked > 0.9


def test_a_listener_that_fails_delays_no_other(server: RunningServer, client: httpx.Client, listener: Listener) -> None:
    gate = threading.Event()
    listener.misbehave(hangs(gate))
    listen(client, listener, "eventType=TroubleTicketCreateEvent")
    client.post(TICKETS, json=ticket())
    listener.wait(lambda told: len(told.asked) == 1)
    listen(client, listener, "eventType=TroubleTicketDeleteEvent")
    for _ in range(3):
        client.delete(client.post(TICKETS, json=ticket()).json()["href"])
    assert listener.types(3) == ["TroubleTicketDeleteEvent"] * 3
    gate.set()


def test_what_happened_before_or_elsewhere_is_not_told(client: httpx.Client, listener: Listener) -> None:
    client.post(TICKETS, json=ticket())
    listen(client, listener)
    client.post(CUSTOMERS, json=customer())
    assert client.post(TICKETS, json=ticket(name="after")).status_code == 201
    listener.types(1)
    assert [message["event"]["troubleTicket"]["name"] for _, message, _ in listener.asked] == ["after"]


def test_who_unsubscribes_is_told_no_more(client: httpx.Client, listener: Listener) -> None:
    place = listen(client, listener, "eventType=TroubleTicketCreateEvent")
    client.post(TICKETS, json=ticket())
    listener.types(1)
    assert client.delete(place).status_code == 204
    assert client.delete(place).status_code == client.get(place).status_code == 404
    made = client.post(TICKETS, json=ticket()).json()
    listen(client, listener, "eventType=TroubleTicketDeleteEvent")
    client.delete(made["href"])
    assert listener.types(2) == ["TroubleTicketCreateEvent", "TroubleTicketDeleteEvent"]


def test_a_subscription_is_answered_and_kept_as_it_was_sent(
    server: RunningServer, client: httpx.Client, listener: Listener
) -> None:
    sent = {"callback": listener.url, "query": "eventType=TroubleTicketCreateEvent"}
    answer = client.post(f"{HUB}/", json=sent)
    assert answer.json() == {**sent, "id": answer.headers["Location"].rpartition("/")[2]}
    assert client.get(answer.headers["Location"]).json() == answer.json()
    again = client.post(HUB, json=sent)
    assert (again.status_code, again.headers["Location"]) == (409, answer.headers["Location"])
    assert server.client("clerk").get(answer.headers["Location"]).status_code == 404
    assert server.client("clerk").delete(answer.headers["Location"]).status_code == 404
    assert server.client("clerk").post(HUB, json=sent).status_code == 201
    assert client.post("/tmf-api/alarm/v4/hub", json={"callback": listener.url}).json()["query"] == ""
    assert client.delete(answer.headers["Location"].replace("troubleTicket", "alarm")).status_code == 404


URL = "{the listener's}"
NONSENSE: list[tuple[str, str, Any, int]] = [
    ("POST", HUB, [], 400),
    ("POST", HUB, {"query": "eventType=TroubleTicketCreateEvent"}, 400),
    ("POST", HUB, {"callback": 5}, 400),
    ("POST", HUB, {"callback": URL, "query": 5}, 400),
    ("POST", HUB, {"callback": URL, "query": "eventType=CustomerCreateEvent"}, 400),
    ("POST", HUB, {"callback": URL, "query": "severity=major"}, 400),
    ("POST", HUB, {"callback": URL, "query": "event.customer.id=C1"}, 400),
    ("POST", HUB, {"callback": URL, "query": "fields=id"}, 400),
    ("POST", HUB, {"callback": URL, "query": "nonsense"}, 400),
    ("POST", HUB, {"callback": URL, "query": "event.troubleTicket.name=\0"}, 400),
    ("POST", HUB, {"callback": URL, "query": "eventTime=a" + "&" * 2000}, 400),
    ("POST", HUB, {"callback": URL, "query": "event.troubleTicket.name.regex=("}, 400),
    ("POST", HUB, {"callback": URL, "query": "event.troubleTicket.creationDate.gt=soon"}, 400),
    ("POST", HUB, {"callback": "ftp://127.0.0.1/"}, 400),
    ("POST", HUB, {"callback": "https://elsewhere.example/told"}, 403),
    ("POST", "/tmf-api/nothing/v4/hub", {"callback": URL}, 404),
    ("GET", HUB, None, 405),
    ("PATCH", f"{HUB}/x", {}, 405),
]


def test_what_makes_no_sense_is_refused(client: httpx.Client, listener: Listener) -> None:
    for method, path, body, status in NONSENSE:
        sent = {**body, "callback": listener.url} if isinstance(body, dict) and body.get("callback") == URL else body
        answer = client.request(method, path, json=sent)
        assert (answer.status_code, answer.json().keys()) == (status, {"code", "reason"}), (method, path, body)


def test_without_allowed_hosts_nobody_is_called_and_the_answer_names_the_option(
    tmp_path: Path, listener: Listener
) -> None:
    with closing_server(RunningServer(str(tmp_path / "office.db"), Options())) as server:
        answer = server.client("supervisor").post(HUB, json={"callback": listener.url})
    assert answer.status_code == 403
    assert "--callback-host" in answer.json()["reason"]


def test_a_redirect_is_not_followed(client: httpx.Client, listener: Listener) -> None:
    with closing(Listener()) as elsewhere:
        listener.misbehave(refuses(307, {"Location": elsewhere.url}), refuses(301, {"Location": elsewhere.url}))
        listen(client, listener)
        client.post(TICKETS, json=ticket())
        listener.types(1)
        assert (len(listener.asked), elsewhere.asked) == (3, [])


def test_a_listener_gets_no_token_and_sets_no_cookie(client: httpx.Client, listener: Listener) -> None:
    listener.misbehave(refuses(500, {"Set-Cookie": "a=b"}))
    listen(client, listener)
    client.post(TICKETS, json=ticket())
    listener.types(1)
    for _, _, headers in listener.asked:
        assert not {"authorization", "cookie"} & {name.lower() for name in headers}


def test_a_listener_that_lags_long_is_said_to_and_kept(
    server: RunningServer, client: httpx.Client, clock: FakeClock, listener: Listener
) -> None:
    listen(client, listener)
    with capture_logs() as logs:
        listener.misbehave(*[refuses(500)] * 12)
        client.post(TICKETS, json=ticket())
        listener.wait(lambda told: len(told.asked) == 2)
        clock.move(timedelta(minutes=11))
        listener.types(1)
        listener.misbehave(refuses(500))
        client.post(TICKETS, json=ticket())
        listener.types(2)
    said = [line["event"] for line in logs if line["event"].startswith("hub") and line["log_level"] == "warning"]
    assert said == ["hub listener lags", "hub listener takes events again"]


def test_what_is_too_old_is_given_up_and_the_subscription_says_so(
    server: RunningServer, client: httpx.Client, clock: FakeClock, listener: Listener
) -> None:
    place = listen(client, listener, "event.troubleTicket.name=told")
    gate = threading.Event()
    listener.misbehave(hangs(gate))
    client.post(TICKETS, json=ticket(name="told", externalId="old"))
    listener.wait(lambda told: len(told.asked) == 1)
    with capture_logs() as logs:
        clock.move(timedelta(days=8))
        client = server.client("supervisor")  # the first token has expired
        client.post(TICKETS, json=ticket(name="told", externalId="new"))
        wait_until(lambda: "gap" in client.get(place).json())
    gate.set()
    listener.types(1)
    assert listener.taken[0]["event"]["troubleTicket"]["externalId"] == "new"
    assert client.get(place).json()["gap"] == "2026-03-25T04:00:00.000Z"
    assert [line["events"] for line in logs if line["event"] == "hub gave events up"] == [1]


def test_a_query_compares_as_a_list_does(client: httpx.Client, listener: Listener) -> None:
    listen(client, listener, "?eventTime>2026-03-25T03:00:00Z&event.troubleTicket.name.regex=^N[12]$")
    listen(client, listener, "eventTime.lt=2026-03-25T03:00:00Z")
    for name in ("N0", "N1", "N2", "N3", "N1"):
        client.post(TICKETS, json=ticket(name=name))
    listener.types(3)
    assert [message["event"]["troubleTicket"]["name"] for message in listener.taken] == ["N1", "N2", "N1"]


def test_after_all_connections_were_taken_for_a_while_the_hub_goes_on(
    server: RunningServer, client: httpx.Client, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    listen(client, listener)
    engine = server.store.engine
    monkeypatch.setattr(engine.pool, "_timeout", 0.05)
    with ExitStack() as taken, capture_logs() as logs:
        with suppress(NoConnectionError):
            while True:
                taken.enter_context(engine.connect())
        wait_until(lambda: any(line["event"] == "hub" for line in logs))
    monkeypatch.undo()
    client.post(TICKETS, json=ticket())
    assert listener.types(1) == ["TroubleTicketCreateEvent"]
