"""No listener is told beyond what its owner's token could see, and its owner may still see: on both engines."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from functools import partial
from typing import Any

import httpx
import pytest
from sqlalchemy import delete, select

from backoffice import schema
from backoffice.documents import Document
from backoffice.hub.callbacks import AllowedHost
from backoffice.hub.ledger import HubSettings
from backoffice.issuing import Issuing
from backoffice.people import Person, token_id
from backoffice.scopes import EVERYTHING, Scope
from backoffice.web.context import Options
from tests.backoffice.helpers import TICKETS, RunningServer, ticket
from tests.backoffice.listener import Listener, hangs, wait_until
from tests.fakes.clock import FakeClock

pytestmark = pytest.mark.one_engine

HUB = "/tmf-api/troubleTicket/v4/hub"
PARTIES = "/tmf-api/party/v4/hub"
XIHU = Scope(frozenset({"xihu"}))


@pytest.fixture
def listener() -> Iterator[Listener]:
    """Somebody who wants to be told."""
    with closing(Listener()) as listening:
        yield listening


@pytest.fixture
def server(database: str, clock: FakeClock, listener: Listener) -> Iterator[RunningServer]:
    """A server that may call the listener, with a customer in Xihu and one in Binjiang."""
    settings = HubSettings(frozenset({AllowedHost.read(listener.host)}), first_rest_s=0.02, looks_every_s=0.2)
    running = RunningServer(database, Options(hub=settings), clock)
    running.store.load([lives("C1", "xihu"), lives("C2", "binjiang"), lives("C3", "xihu")])
    running.start()
    yield running
    running.stop()


@pytest.fixture
def writer(server: RunningServer) -> httpx.Client:
    """Somebody who may read and write everything."""
    return server.client("supervisor")


def lives(customer: str, territory: str) -> Document:
    marks = [{"name": "territory", "value": territory}]
    body = {"name": "N", "engagedParty": {"id": f"P-{customer}"}, "characteristic": marks}
    return Document("customer", customer, body)


def file(writer: httpx.Client, customer: str, **more: Any) -> str:
    """A complaint of a customer; where it lies."""
    body = ticket(name=customer, relatedParty=[{"id": customer, "role": "customer"}], **more)
    place: str = writer.post(TICKETS, json=body).json()["href"]
    return place


def subscribe(
    server: RunningServer, listener: Listener, scope: Scope, role: str = "viewer", hub: str = HUB
) -> httpx.Response:
    """Listen as somebody of that scope and role."""
    server.people.put(Person("listens", "Listens", role), None, scope)
    token = server.people.grant(Person("listens", "Listens", role), None).token
    with httpx.Client(base_url=server.url, headers={"Authorization": f"Bearer {token}"}, timeout=30) as client:
        return client.post(hub, json={"callback": listener.url})


def told(listener: Listener, count: int) -> list[str]:
    """Whose complaints it was told of."""
    listener.wait(lambda asked: len(asked.taken) >= count)
    return [message["event"]["troubleTicket"]["name"] for _, message, _ in listener.asked]


def write_down(writer: httpx.Client, number: str) -> None:
    """A person with the number of a passport."""
    papers = [{"identificationId": number, "identificationType": "passport"}]
    body = {"givenName": "Li", "familyName": "Na", "individualIdentification": papers}
    assert writer.post("/tmf-api/party/v4/individual", json=body).status_code == 201


def numbers(listener: Listener, count: int) -> list[str]:
    """The numbers of papers it was told."""
    listener.wait(lambda asked: len(asked.taken) >= count)
    persons = [message["event"]["individual"] for _, message, _ in listener.asked]
    return [one["identificationId"] for person in persons for one in person["individualIdentification"]]


def has_nobody(server: RunningServer) -> bool:
    """Whether all subscriptions have ended."""
    with server.store.reading(EVERYTHING) as reader:
        return not (reader.connection.execute(schema.subscription.select()).all())


def test_what_happens_in_other_territories_is_not_told(
    server: RunningServer, writer: httpx.Client, listener: Listener
) -> None:
    assert subscribe(server, listener, XIHU).status_code == 201
    for customer in ("C2", "nobody", "C1", "C2"):
        writer.delete(file(writer, customer))
    file(writer, "C3")
    assert told(listener, 3) == ["C1", "C1", "C3"]


def test_a_customers_own_system_is_told_of_that_customer_only(
    server: RunningServer, writer: httpx.Client, listener: Listener
) -> None:
    assert subscribe(server, listener, Scope(party="C1")).status_code == 201
    for customer in ("C2", "C3", "C1", "C2"):
        writer.delete(file(writer, customer))
    file(writer, "C1")
    assert told(listener, 3) == ["C1"] * 3


@pytest.mark.parametrize(("role", "number"), [("viewer", "••••6789"), ("clerk", "123456789")])
def test_a_listener_sees_no_more_of_a_person_than_its_owners_role(
    server: RunningServer, writer: httpx.Client, listener: Listener, role: str, number: str
) -> None:
    assert subscribe(server, listener, EVERYTHING, role, PARTIES).status_code == 201
    write_down(writer, "123456789")
    assert numbers(listener, 1) == [number]


@pytest.mark.parametrize("roles", [("viewer", "supervisor"), ("supervisor", "viewer")], ids=["risen", "fallen"])
def test_a_listener_sees_no_more_of_a_person_than_both_roles_its_owner_had(
    server: RunningServer, writer: httpx.Client, listener: Listener, roles: tuple[str, str]
) -> None:
    assert subscribe(server, listener, EVERYTHING, roles[0], PARTIES).status_code == 201
    server.people.put(Person("listens", "Listens", roles[1]), None)
    write_down(writer, "123456789")
    assert numbers(listener, 1) == ["••••6789"]


def test_what_has_left_the_territory_before_it_could_be_told_is_not_told(
    server: RunningServer, writer: httpx.Client, listener: Listener
) -> None:
    assert subscribe(server, listener, XIHU).status_code == 201
    gate = threading.Event()
    listener.misbehave(hangs(gate))
    file(writer, "C3")
    listener.wait(lambda asked: len(asked.asked) == 1)
    file(writer, "C1")
    gone = file(writer, "C1")
    server.store.load([lives("C1", "binjiang")])
    writer.delete(gone)
    writer.delete(file(writer, "C3"))
    gate.set()
    file(writer, "C3")
    assert told(listener, 4) == ["C3"] * 5


@pytest.mark.parametrize("now", [Scope(frozenset({"xihu", "binjiang"})), EVERYTHING, XIHU])
def test_whoever_may_see_more_later_is_told_no_more_than_then(
    server: RunningServer, writer: httpx.Client, listener: Listener, now: Scope
) -> None:
    assert subscribe(server, listener, XIHU).status_code == 201
    server.people.put(Person("listens", "Listens", "viewer"), None, now)
    file(writer, "C2")
    file(writer, "C1")
    assert told(listener, 1) == ["C1"]


def test_whoever_may_see_less_later_is_told_less(
    server: RunningServer, writer: httpx.Client, listener: Listener
) -> None:
    assert subscribe(server, listener, EVERYTHING).status_code == 201
    server.people.put(Person("listens", "Listens", "viewer"), None, XIHU)
    file(writer, "C2")
    file(writer, "C1")
    assert told(listener, 1) == ["C1"]


@pytest.mark.parametrize("becomes", ["admin", "of another customer", "gone"])
def test_a_subscription_ends_with_the_right_to_read(
    server: RunningServer, writer: httpx.Client, listener: Listener, becomes: str
) -> None:
    assert subscribe(server, listener, Scope(party="C1")).status_code == 201
    person = Person("listens", "Listens", "admin" if becomes == "admin" else "viewer")
    server.people.put(person, None, Scope(party="C2" if becomes == "of another customer" else "C1"))
    if becomes == "gone":
        with server.store.writing() as transaction:
            transaction.connection.execute(delete(schema.staff).where(schema.staff.c.id == "listens"))
    file(writer, "C1")
    wait_until(partial(has_nobody, server))
    assert listener.asked == []


def test_whoever_may_reveal_more_later_is_told_no_more_than_then(
    server: RunningServer, writer: httpx.Client, listener: Listener
) -> None:
    assert subscribe(server, listener, EVERYTHING, hub="/tmf-api/party/v4/hub").status_code == 201
    server.people.put(Person("listens", "Listens", "supervisor"), None)
    papers = [{"identificationId": "123456789", "identificationType": "passport"}]
    body = {"givenName": "Li", "familyName": "Na", "individualIdentification": papers}
    writer.post("/tmf-api/party/v4/individual", json=body)
    listener.wait(lambda asked: len(asked.taken) >= 1)
    told_of = listener.asked[0][1]["event"]["individual"]["individualIdentification"]
    assert [one["identificationId"] for one in told_of] == ["••••6789"]


def test_what_was_registered_with_a_token_ends_when_the_token_is_revoked(
    server: RunningServer, writer: httpx.Client, listener: Listener
) -> None:
    issuing = Issuing(server.store, server.clock)
    tokens = [issuing.for_party("C1", timedelta(days=1)).token for _ in range(2)]
    queries = ["event.troubleTicket.severity=major", "event.troubleTicket.severity.regex=major"]
    for token, query in zip(tokens, queries, strict=True):
        with httpx.Client(base_url=server.url, headers={"Authorization": f"Bearer {token}"}, timeout=30) as client:
            assert client.post(HUB, json={"callback": listener.url, "query": query}).status_code == 201
    assert issuing.revoke(tokens[0])
    file(writer, "C1")
    assert told(listener, 1) == ["C1"]
    with server.store.reading(EVERYTHING) as reader:
        assert reader.connection.scalars(select(schema.subscription.c.query)).all() == queries[1:]
    assert issuing.revoke(token_id(tokens[1]))
    file(writer, "C1")
    wait_until(partial(has_nobody, server))
    assert told(listener, 1) == ["C1"]


def test_who_may_not_read_cannot_listen(server: RunningServer, listener: Listener) -> None:
    assert subscribe(server, listener, EVERYTHING, "admin").status_code == 403
    assert server.client().post(HUB, json={"callback": listener.url}).status_code == 401


def test_what_was_listened_to_without_a_sign_in_ends_where_one_is_asked_for(
    database: str, clock: FakeClock, listener: Listener
) -> None:
    hub = HubSettings(frozenset({AllowedHost.read(listener.host)}), looks_every_s=0.2)
    for options in (Options(no_auth=True, hub=hub), Options(hub=hub)):
        server = RunningServer(database, options, clock)
        server.start()
        if options.no_auth:
            client = server.client()
            assert client.post(HUB, json={"callback": listener.url}).status_code == 201
            file(client, "C1")
            assert told(listener, 1) == ["C1"]
        else:
            file(server.client("supervisor"), "C2")
            wait_until(partial(has_nobody, server))
        server.stop()
    assert told(listener, 1) == ["C1"]
