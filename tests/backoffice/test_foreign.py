"""The back office as somebody else's: what is left of it is TM Forum."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from backoffice.web.context import Options
from tests.backoffice.helpers import CUSTOMERS, FAULTS, TICKETS, RunningServer, customer, ticket
from tests.backoffice.processes import create, run

ANYBODY = {"Authorization": "Basic bWVpOnNlY3JldA=="}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[httpx.Client]:
    """Somebody at a foreign server."""
    running = RunningServer(str(tmp_path / "foreign.db"), Options(no_auth=True, test_faults=True, foreign=True))
    running.start()
    client = running.client()
    client.headers.update(ANYBODY)
    yield client
    running.stop()


@pytest.mark.parametrize("path", ["sign-in", "me", "feed", "snapshot", "events", "commands/K1"])
def test_there_is_no_desk_extension(client: httpx.Client, path: str) -> None:
    assert client.get(f"/desk/v1/{path}").status_code == 404
    assert client.post(f"/desk/v1/{path}").status_code == 404


def test_nothing_is_tagged_and_no_condition_or_key_is_heard(client: httpx.Client) -> None:
    headers = {"Idempotency-Key": "K1", "Desk-Sequence": "nonsense", "Desk-Acknowledged": "nonsense"}
    made = client.post(TICKETS, json=ticket(), headers=headers)
    again = client.post(TICKETS, json=ticket(), headers=headers)
    assert (made.status_code, again.status_code) == (201, 201)
    assert made.json()["id"] != again.json()["id"]
    path = f"{TICKETS}/{made.json()['id']}"
    changed = client.patch(path, json={"severity": "minor"}, headers={"If-Match": '"another-1"'})
    assert (changed.status_code, changed.json()["severity"]) == (200, "minor")
    for answer in (made, again, changed, client.get(path), client.get(TICKETS)):
        assert "etag" not in answer.headers
        assert "idempotency-replayed" not in answer.headers


def test_lists_are_paged_and_counted(client: httpx.Client) -> None:
    for _ in range(3):
        client.post(CUSTOMERS, json=customer()).raise_for_status()
    page = client.get(CUSTOMERS, params={"offset": 1, "limit": 1})
    assert (page.status_code, page.headers["X-Total-Count"], len(page.json())) == (206, "3", 1)


def test_who_names_nobody_is_turned_away(client: httpx.Client) -> None:
    assert client.get(TICKETS, headers={"Authorization": ""}).status_code == 401


def test_a_late_request_arrives_when_it_is_let_in(client: httpx.Client) -> None:
    client.post(FAULTS, json={"method": "POST", "path_contains": "/troubleTicket", "fault": "late"})
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        client.post(TICKETS, json=ticket())
    assert client.get(TICKETS).json() == []
    client.delete(FAULTS)
    assert len(client.get(TICKETS).json()) == 1


def test_only_a_test_server_is_foreign(tmp_path: Path) -> None:
    create(tmp_path / "office.db")
    refused = run("serve", "--database", str(tmp_path / "office.db"), "--foreign")
    assert (refused.returncode, refused.stderr) == (2, "--foreign goes with --no-auth.\n")
