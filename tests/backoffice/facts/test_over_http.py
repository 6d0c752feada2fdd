"""Facts over a real connection: who may ask, what is answered, and what is written down of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from backoffice import schema
from backoffice.people import Person
from backoffice.scopes import EVERYTHING, Scope
from backoffice.verifying import verified
from backoffice.web.context import Options
from tests.backoffice.helpers import RunningServer
from tests.fakes.clock import FakeClock

FACTS = "/desk/v1/facts"
DOCUMENT = "33010219900101001X"


@pytest.fixture
def telling(database: str, clock: FakeClock) -> Iterator[RunningServer]:
    """A server whose sources are those of the demonstration."""
    running = RunningServer(database, Options(demonstration_facts=True), clock)
    running.start()
    yield running
    running.stop()


def entries(server: RunningServer) -> list[tuple[Any, ...]]:
    audit = schema.audit.c
    with server.store.reading(EVERYTHING) as reader:
        found = select(audit.author, audit.act, audit.subject).where(audit.act == "ask").order_by(audit.number)
        return [tuple(row) for row in reader.connection.execute(found)]


@pytest.mark.parametrize(
    ("question", "attributes"),
    [
        (f"identity?document={DOCUMENT}", {"valid", "kind", "expires"}),
        ("portability?number=13800138000", {"operator", "originalOperator", "transferUnderWay"}),
        ("power?place=site-1", {"cut", "since", "expectedUntil"}),
    ],
)
def test_a_clerk_is_told_what_is_known(telling: RunningServer, question: str, attributes: set[str]) -> None:
    told = telling.client("clerk").get(f"{FACTS}/{question}")
    assert told.status_code == 200
    assert set(told.json()) == {"known", "source", "demonstration", "asOf", *attributes}


def test_who_asked_for_what_kind_is_written_down_and_not_of_whom(telling: RunningServer) -> None:
    with capture_logs() as lines:
        telling.client("clerk").get(f"{FACTS}/identity", params={"document": DOCUMENT})
        telling.client("clerk").get(f"{FACTS}/identity", params={"document": "123"})
    assert entries(telling) == [
        ("some-clerk", "ask", "fact/identity/known"),
        ("some-clerk", "ask", "fact/identity/notFound"),
    ]
    said = [line for line in lines if line["event"] == "fact"]
    assert [(line["kind"], line["outcome"]) for line in said] == [("identity", "known"), ("identity", "notFound")]
    assert DOCUMENT not in str(lines)
    assert verified(telling.store).problems == ()


def test_without_an_adapter_nothing_is_made_up(server: RunningServer) -> None:
    told = server.client("clerk").get(f"{FACTS}/power", params={"place": "x"})
    assert (told.status_code, told.json()) == (200, {"known": False, "reason": "notConnected"})
    assert entries(server) == [("some-clerk", "ask", "fact/power/notConnected")]


@pytest.mark.parametrize("question", ["identity", "identity?document=", "power?number=1", f"power?place={'x' * 201}"])
def test_a_question_says_of_what(telling: RunningServer, question: str) -> None:
    assert telling.client("clerk").get(f"{FACTS}/{question}").status_code == 400


def test_other_kinds_are_not_there(telling: RunningServer) -> None:
    assert telling.client("clerk").get(f"{FACTS}/weather?place=x").status_code == 404


def test_who_sees_no_papers_asks_for_none(telling: RunningServer) -> None:
    assert telling.client("viewer").get(f"{FACTS}/identity?document={DOCUMENT}").status_code == 403
    assert telling.client("viewer").get(f"{FACTS}/power?place=x").status_code == 200
    assert telling.client("admin").get(f"{FACTS}/power?place=x").status_code == 403
    assert telling.client().get(f"{FACTS}/power?place=x").status_code == 401


def test_a_customers_own_system_asks_for_nothing(telling: RunningServer) -> None:
    system = Person("api", "API", "own-system")
    telling.people.put(system, None, Scope(party="C1"))
    own = telling.client()
    own.headers["Authorization"] = f"Bearer {telling.people.grant(system, None).token}"
    assert own.get(f"{FACTS}/power?place=x").status_code == 403
