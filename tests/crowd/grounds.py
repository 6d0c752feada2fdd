"""What is at head office before, what others do there meanwhile, and who works at the desks."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import httpx

from app.core.clock import SystemClock
from backoffice.documents import Document
from backoffice.passwords import hashed
from backoffice.people import People, Person
from backoffice.store import Store
from tests.crowd.records import user_of

ROOT: Final = Path(__file__).parents[2]
PASSWORD: Final = "correct horse battery"
BOSS: Final = "boss"
SHARED, OWN, OUTAGES = 12, 6, 4
GONE, CHANGED = 3, 4  # of each desk: tickets that are deleted meanwhile, and that are changed
TICKETS: Final = "/tmf-api/troubleTicket/v4/troubleTicket"


def prepare(database: Path, desks: int, customers: int) -> None:
    """An operator with so many customers, a clerk for each desk, and tickets and outages that their acts are about."""
    generate = ["generate", "--database", str(database), "--customers", str(customers), "--seed", "1"]
    subprocess.run([sys.executable, "-m", "backoffice", *generate], cwd=ROOT, check=True, capture_output=True)
    with closing(Store.open(str(database))) as store:
        store.load(_documents(desks))
        people, secret = People(store, SystemClock()), hashed(PASSWORD)
        for person, role in ((BOSS, "supervisor"), *((user_of(desk), "clerk") for desk in range(desks))):
            people.put(Person(person, person, role), secret)


def meanwhile(url: str, desks: int) -> None:
    """While the desks are away, tickets are deleted and changed at head office."""
    asked = {"user": BOSS, "password": PASSWORD}
    with httpx.Client(base_url=url, timeout=60) as client:
        token = client.post("/desk/v1/sign-in", json=asked).raise_for_status().json()["token"]
        client.headers["Authorization"] = f"Bearer {token}"
        for desk in range(desks):
            for number in range(GONE):
                client.delete(f"{TICKETS}/{gone(desk, number)}").raise_for_status()
            for number in range(CHANGED):
                change = {"severity": "minor"}
                client.patch(f"{TICKETS}/{changed(desk, number)}", json=change).raise_for_status()


def shared(number: int) -> str:
    """A ticket that all desks add to."""
    return f"T-shared-{number}"


def own(desk: int, number: int) -> str:
    """A ticket that one desk alone adds to."""
    return f"T-own-{desk}-{number}"


def gone(desk: int, number: int) -> str:
    """A ticket that is deleted meanwhile."""
    return f"T-gone-{desk}-{number}"


def changed(desk: int, number: int) -> str:
    """A ticket that somebody else changes meanwhile."""
    return f"T-changed-{desk}-{number}"


def kept(desk: int, number: int) -> str:
    """A ticket that nobody else changes."""
    return f"T-kept-{desk}-{number}"


def outage(number: int) -> str:
    """An open outage."""
    return f"P-crowd-{number}"


def _documents(desks: int) -> Iterator[Document]:
    for number in range(SHARED):
        yield _ticket(shared(number))
    for desk in range(desks):
        yield from (_ticket(own(desk, number)) for number in range(OWN))
        yield from (_ticket(gone(desk, number)) for number in range(GONE))
        yield from (_ticket(made(desk, number)) for number in range(CHANGED) for made in (changed, kept))
    for number in range(OUTAGES):
        about = {"category": "serviceProvider", "description": "No signal", "status": "inProgress"}
        yield Document("serviceProblem", outage(number), {**about, "priority": 1, "reason": "fault"})


def _ticket(ticket: str) -> Document:
    said: dict[str, Any] = {"name": "No service", "description": "No signal", "severity": "major"}
    return Document("troubleTicket", ticket, {**said, "ticketType": "complaint", "status": "acknowledged"})


def end_grants(database: Path, desks: int) -> None:
    """What everybody signed in with a week ago is accepted no more."""
    with closing(Store.open(str(database))) as store:
        people, secret = People(store, SystemClock()), hashed(PASSWORD)
        for desk in range(desks):
            people.put(Person(user_of(desk), user_of(desk), "clerk"), secret)
