"""No token reads, counts, writes or tells apart anything outside its role, territory or party: every combination is asked.

That the matrix can fail is shown by asking for more than the back office was told to hide.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace

import httpx
import pytest

from app.core.permissions import Permission
from backoffice.resources import RESOURCES
from backoffice.scopes import EVERYTHING, Scope
from tests.backoffice.helpers import TICKETS, RunningServer, ticket
from tests.backoffice.matrix.answers import Asker
from tests.backoffice.matrix.nested import ask_elsewhere
from tests.backoffice.matrix.people import COMBINATIONS, OWN, XIHU, Who, everybody, in_role
from tests.backoffice.matrix.planted import LEAKS, stricter_than_it_is
from tests.backoffice.matrix.reads import ask_to_read
from tests.backoffice.matrix.world import Record, Table, documents, world
from tests.backoffice.matrix.writes import ask_to_write

BINJIANG = Scope(frozenset({"binjiang"}))
ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@contextmanager
def asking(server: RunningServer, who: Who, records: list[Record], wider: Scope | None = None) -> Iterator[Asker]:
    with closing(Asker(who, server.url, who.token(server, wider), records)) as asker:
        yield asker


def tags(server: RunningServer, scope: Scope = EVERYTHING) -> dict[str, str]:
    """The entity tag of every record by its path; of a territory's own records, where the scope is one."""
    with server.store.reading(scope) as reader:
        epoch = reader.position().epoch
        found = [one for one in reader.page_after(("", ""), 10_000) if one.territory or scope.is_everything]
    return {one.body["href"]: f'"{epoch}-{one.revision}"' for one in found if one.text}


def readers(server: RunningServer, table: Table, people: list[Who], wider: Scope | None = None) -> list[str]:
    """What is wrong with what these people can read."""
    records = world(table)
    server.store.load(documents(records))
    wrong = []
    for who in people:
        with asking(server, who, records, wider) as asker:
            ask_to_read(asker, table)
        wrong += asker.wrong
    return wrong


@pytest.mark.parametrize(("database", "role"), COMBINATIONS, indirect=["database"])
def test_nobody_reads_beyond_role_territory_or_party(server: RunningServer, role: str) -> None:
    assert readers(server, RESOURCES, in_role(role)) == []


@pytest.mark.parametrize(("database", "role"), COMBINATIONS, indirect=["database"])
def test_nobody_writes_beyond_role_territory_or_party(server: RunningServer, role: str) -> None:
    records = world(RESOURCES)
    server.store.load(documents(records))
    before, tags_there, wrong = tags(server), tags(server, BINJIANG), list[str]()
    for who in in_role(role):
        if who.is_restricted or role != "supervisor":
            with asking(server, who, records) as asker:
                ask_to_write(asker, RESOURCES, before)
            wrong += asker.wrong
    assert wrong == []
    assert tags(server, BINJIANG) == tags_there


def test_a_key_answers_only_who_used_it(server: RunningServer) -> None:
    records = world(RESOURCES)
    server.store.load(documents(records))
    body = ticket(relatedParty=[{"id": "C2", "role": "customer"}], canary="CANARY troubleTicket of C2.")
    headers = {"Idempotency-Key": "k1"}
    first = server.client("supervisor", "desk-1").post(TICKETS, json=body, headers=headers)
    assert first.status_code == 201
    for who in everybody():
        with asking(server, who, records) as asker:
            if who.is_restricted or who.role == "viewer":
                answer = asker.ask("POST", TICKETS, body, headers)
                assert (answer.status, "idempotency-replayed" in answer.headers) == (403, False)
            assert asker.ask("GET", "/desk/v1/commands/k1").status == 404
        assert asker.wrong == []


def test_a_replay_at_the_same_desk_shows_no_record_that_is_out_of_view(server: RunningServer) -> None:
    server.store.load(documents(world(RESOURCES)))
    body = ticket(relatedParty=[{"id": "C2", "role": "customer"}])
    headers = {"Idempotency-Key": "k1"}
    first = server.client("supervisor", "desk-1").post(TICKETS, json=body, headers=headers)
    client = httpx.Client(base_url=server.url, headers=headers)
    client.headers["Authorization"] = f"Bearer {XIHU.token(server, device='desk-1')}"
    with client:
        again = client.post(TICKETS, json=body)
    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (201, "true")
    assert again.json() == {name: first.json()[name] for name in ("id", "href")}


def test_a_customers_own_system_hears_that_its_records_are_gone(server: RunningServer) -> None:
    records = world(RESOURCES)
    server.store.load(documents(records))
    supervisor = server.client("supervisor")
    with asking(server, OWN, records) as own:
        cursor = json.loads(own.ask("GET", "/desk/v1/snapshot").text.splitlines()[0])["cursor"]
        services = RESOURCES["service"].path
        supervisor.delete(f"{TICKETS}/C1-troubleTicket")
        supervisor.patch(f"{services}/C1-service", json={"relatedParty": [{"id": "C2", "role": "customer"}]})
        supervisor.delete(f"{TICKETS}/C2-troubleTicket")
        feed = own.ask("GET", f"/desk/v1/feed?after={cursor}").json()
    gone = [(one["id"], one["body"], one["left"]) for one in feed["changes"]]
    assert gone == [("C1-troubleTicket", None, True), ("C1-service", None, True)]


@ON_SQLITE
@pytest.mark.parametrize("leak", LEAKS)
def test_the_matrix_finds_a_leak_in_the_table(server: RunningServer, leak: str) -> None:
    collection, stricter, who = LEAKS[leak]
    wrong = readers(server, stricter_than_it_is(collection, **stricter), [who])
    assert wrong
    assert all(collection in one or "snapshot" in one or "feed" in one for one in wrong), wrong


@ON_SQLITE
def test_the_matrix_finds_a_token_that_sees_too_much(server: RunningServer) -> None:
    wrong = "\n".join(readers(server, RESOURCES, [XIHU], wider=EVERYTHING))
    for way in ("troubleTicket/C2-troubleTicket", "the snapshot holds", "the feed tells", "counts"):
        assert way in wrong


def writers(server: RunningServer, table: Table, who: Who, token: str) -> str:
    """What is wrong with what a token lets somebody write."""
    records = world(table)
    server.store.load(documents(records))
    before = tags(server)
    with closing(Asker(who, server.url, token, records)) as asker:
        ask_to_write(asker, table, before)
    return "\n".join(asker.wrong)


FLOWS, FLOW, TASK = "/tmf-api/processFlowManagement/v4", RESOURCES["processFlow"], RESOURCES["taskFlow"]
TOPICS = {name: RESOURCES[name] for name in ("event", "hub", "topic")}


@ON_SQLITE
def test_the_matrix_finds_a_token_that_writes_too_far(server: RunningServer) -> None:
    table = {"customer": RESOURCES["customer"], "processFlow": FLOW, "taskFlow": TASK}
    wrong = writers(server, table, XIHU, XIHU.token(server, EVERYTHING))
    one = f"{FLOWS}/processFlow/C2-processFlow/taskFlow/C2-taskFlow"
    for way in (
        f"PATCH {one}",
        f"POST {FLOWS}/processFlow of",
        f"POST {FLOWS}/processFlow {{'relatedParty': [{{'id': 'C1'",
    ):
        assert way in wrong
    assert "'taskFlow'" in wrong


@ON_SQLITE
def test_the_matrix_finds_a_role_that_writes_too_much(server: RunningServer) -> None:
    wrong = writers(server, TOPICS, Who("viewer"), Who("supervisor").token(server))
    nested = "/tmf-api/event/v4/topic/common-topic"
    for way in (f"POST {nested}/event", f"POST {nested}/hub", f"DELETE {nested}/hub/common-hub"):
        assert f"viewer in every territory: {way} 20" in wrong
    stricter = stricter_than_it_is("taskFlow", write=Permission.ADOPT_COMMANDS)
    wrong = writers(
        server, {name: stricter[name] for name in ("customer", "processFlow", "taskFlow")}, XIHU, XIHU.token(server)
    )
    assert f"PATCH {FLOWS}/processFlow/C1-processFlow/taskFlow/C1-taskFlow" in wrong


@ON_SQLITE
def test_the_matrix_finds_what_is_reached_past_its_parent(server: RunningServer) -> None:
    """The true parent is taken for another's."""
    records = world(TOPICS)
    server.store.load(documents(records))
    who = Who("supervisor")
    with asking(server, who, records) as asker:
        for one in records:
            for method in ("GET", "DELETE") if one.resource.parent else ():
                elsewhere = replace(one, body={**one.body, "topic": {"id": "elsewhere"}})
                ask_elsewhere(asker, TOPICS, elsewhere, method)
    wrong = "\n".join(asker.wrong)
    for way in ("GET /tmf-api/event/v4/topic/common-topic/event/", "DELETE /tmf-api/event/v4/topic/common-topic/hub/"):
        assert way in wrong
