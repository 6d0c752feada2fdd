"""Every change leaves one entry that says who did what to what; concurrent ones make one chain."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from backoffice import schema
from backoffice.documents import Document
from backoffice.people import Person
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


def test_loads_and_changes_of_the_staff_are_signed_too(server: RunningServer) -> None:
    server.store.load([Document("customer", name, {"name": name}) for name in ("C1", "C2")])
    server.people.put(Person("li", "李娜", "clerk"), None)
    assert entries_of(server.store) == [
        ("program", "program", "load", "", 2),
        ("program", "program", "staff", "staff/li", 2),
    ]


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
    assert (found.problems, found.audited) == ((), 2 * 10 * WRITERS + 1)


def test_a_transaction_that_fails_leaves_no_entry(store: Store) -> None:
    def fail() -> None:
        with store.writing() as transaction:
            transaction.put("customer", "C1", {"id": "C1"})
            transaction.flush()
            raise ValueError

    with pytest.raises(ValueError, match=r"^$"):
        fail()
    assert entries_of(store) == []
