"""Every change leaves one entry that says who did what to what; concurrent ones make one chain."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from sqlalchemy import select

from app.core.clock import SystemClock
from app.core.permissions import PERMISSIONS_BY_ROLE
from backoffice import schema
from backoffice.desks import Desks
from backoffice.documents import Document
from backoffice.hub.subscriptions import Asked, subscribe, unsubscribe
from backoffice.issuing import Issuing
from backoffice.people import People, Person, token_id
from backoffice.scopes import EVERYTHING
from backoffice.store import Store
from backoffice.verifying import verified
from tests.backoffice.helpers import TICKETS, RunningServer, ticket

WRITERS = 4
Entry = tuple[Any, ...]


def entries_of(store: Store) -> list[Entry]:
    audit = schema.audit.c
    wanted = select(audit.author, audit.by, audit.act, audit.subject, audit.revision).order_by(audit.number)
    with store.reading(EVERYTHING) as reader:
        return [tuple(row) for row in reader.connection.execute(wanted)]


def test_an_act_is_signed_by_its_author_and_the_desk_it_came_from(server: RunningServer) -> None:
    desk = server.client("clerk", "desk-1")
    before = len(entries_of(server.store))
    headers = {"Idempotency-Key": "K1"}
    made = desk.post(TICKETS, json=ticket(), headers=headers).json()["id"]
    assert desk.post(TICKETS, json=ticket(), headers=headers).headers["Idempotency-Replayed"] == "true"
    assert desk.post(TICKETS, json={}, headers={"Idempotency-Key": "K2"}).status_code == 400
    changed = {"Idempotency-Key": "K3", "If-Match": "*"}
    assert desk.patch(f"{TICKETS}/{made}", json={"severity": "minor"}, headers=changed).status_code == 200
    again = {**changed, "Idempotency-Key": "K4"}
    assert desk.patch(f"{TICKETS}/{made}", json={"severity": "minor"}, headers=again).status_code == 200
    subject = f"troubleTicket/{made}"
    assert entries_of(server.store)[before:] == [
        ("some-clerk", "desk/desk-1", "POST", subject, 1),
        ("some-clerk", "desk/desk-1", "PATCH", subject, 2),
    ]


def test_an_adopted_act_is_signed_by_who_stands_for_it_with_the_name_of_who_decided_it(server: RunningServer) -> None:
    desk = server.client("supervisor", "desk-1")
    before = len(entries_of(server.store))
    headers = {"Idempotency-Key": "K1", "Desk-Author": quote("李娜")}
    made = desk.post(TICKETS, json=ticket(), headers=headers).json()["id"]
    own = {"Idempotency-Key": "K2", "Desk-Author": "some-supervisor", "If-Match": "*"}
    assert desk.patch(f"{TICKETS}/{made}", json={"severity": "minor"}, headers=own).status_code == 200
    assert [entry[:3] for entry in entries_of(server.store)[before:]] == [
        ("some-supervisor", "desk/desk-1", "POST, adopted from 李娜"), ("some-supervisor", "desk/desk-1", "PATCH"),
    ]  # fmt: skip


def test_nobody_adopts_who_may_not(server: RunningServer) -> None:
    for role in sorted(PERMISSIONS_BY_ROLE.keys() - {"supervisor"}):
        desk = server.client(role, "desk-1")
        before = len(entries_of(server.store))
        answer = desk.post(TICKETS, json=ticket(), headers={"Idempotency-Key": "K1", "Desk-Author": "li"})
        assert (answer.status_code, len(entries_of(server.store))) == (403, before), role


def test_whom_an_act_is_adopted_from_is_a_name(server: RunningServer) -> None:
    desk = server.client("supervisor", "desk-1")
    for name in (b"x" * 256, b"a%00b", b"a%0Ab", b"li,%20boss", b"%FF", b"l\xef"):
        headers = {b"Idempotency-Key": b"K1", b"Desk-Author": name}
        assert desk.post(TICKETS, json=ticket(), headers=headers).status_code == 400, name


def test_loads_and_changes_of_the_staff_are_signed_too(server: RunningServer) -> None:
    server.store.load([Document("customer", name, {"name": name}) for name in ("C1", "C2")])
    server.people.put(Person("li", "李娜", "clerk"), None)
    assert entries_of(server.store) == [
        ("program", "program", "load", "", 2),
        ("program", "program", "staff", "staff/li", 2),
    ]


def test_tokens_desks_and_subscriptions_are_signed(store: Store) -> None:
    clerk, clock = Person("li", "李娜", "clerk"), SystemClock()
    people, desks, issuing = People(store, clock), Desks(store, clock), Issuing(store, clock)
    people.put(clerk, None)
    token = people.grant(clerk, "m1").token
    asked = Asked("troubleTicket/v4", "https://hooks.example.org/", "")
    identity = people.identify(token)
    assert identity is not None
    new = store.run(lambda transaction: subscribe(transaction, identity, asked))
    store.run(lambda transaction: unsubscribe(transaction, identity, asked.api, new.id))
    people.revoke(token)
    issued = issuing.for_person("li", timedelta(days=1)).token
    issuing.revoke(issued)
    secret = desks.enrol(desks.add("hall-1"), "m1")
    desks.wipe("hall-1")
    desks.told("m1")
    desks.told("m1")
    desks.wiped("m1", secret)
    by = {"own": f"token/{token_id(token)}/li", "issued": f"token/{token_id(issued)}/li"}
    assert [entry[:4] for entry in entries_of(store)[1:]] == [
        ("li", "desk/m1", "token", by["own"]),
        ("li", "desk/m1", "subscribe", f"subscription/{new.id}"),
        ("li", "desk/m1", "unsubscribe", f"subscription/{new.id}"),
        ("li", "desk/m1", "sign-out", by["own"]),
        ("program", "program", "token", by["issued"]),
        ("program", "program", "revoke", f"token/{token_id(issued)}"),
        ("program", "program", "desk", "desk/hall-1"),
        ("program", "desk/m1", "enrol", "desk/hall-1"),
        ("program", "program", "desk", "desk/hall-1"),
        ("program", "desk/m1", "told to wipe", "desk/hall-1"),
        ("program", "desk/m1", "wiped", "desk/hall-1"),
    ]
    assert verified(store).problems == ()


def test_concurrent_writers_make_one_chain(server: RunningServer) -> None:
    def write(client: httpx.Client, number: int) -> None:
        for step in range(10):
            assert client.post(TICKETS, json=ticket()).status_code == 201
            server.people.put(Person(f"p{number}-{step}", "Somebody", "clerk"), None)

    clients = [server.client("clerk") for _ in range(WRITERS)]
    with ThreadPoolExecutor(WRITERS) as pool:
        for done in [pool.submit(write, client, number) for number, client in enumerate(clients)]:
            done.result()
    found = verified(server.store)
    assert (found.problems, found.audited) == ((), 2 * 10 * WRITERS + 1 + WRITERS)


def test_a_transaction_that_fails_leaves_no_entry(store: Store) -> None:
    def fail() -> None:
        with store.writing() as transaction:
            transaction.put("customer", "C1", {"id": "C1"})
            transaction.flush()
            raise ValueError

    with pytest.raises(ValueError, match=r"^$"):
        fail()
    assert entries_of(store) == []
