"""A server without sign-in, as contract tests use it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from backoffice.web.context import Options
from tests.backoffice.helpers import CUSTOMERS, RunningServer, customer


@pytest.fixture
def open_server(tmp_path: Path) -> Iterator[RunningServer]:
    """A server that asks nobody who they are."""
    running = RunningServer(str(tmp_path / "open.db"), Options(no_auth=True))
    running.start()
    yield running
    running.stop()


def test_without_a_token_one_acts_as_a_supervisor(open_server: RunningServer) -> None:
    client = open_server.client()
    assert client.get("/desk/v1/me").json()["role"] == "supervisor"
    assert client.post(CUSTOMERS, json=customer()).status_code == 201
    assert client.post("/desk/v1/sign-out").status_code == 204


def test_no_web_page_acts_through_the_browser_of_whoever_sits_here(open_server: RunningServer) -> None:
    client = open_server.client()
    for foreign in (
        {"Host": "evil.example"},
        {"Origin": "https://evil.example"},
        {"Host": "127.0.0.1.evil.example:80"},
    ):
        assert client.post(CUSTOMERS, json=customer(), headers=foreign).status_code == 403
        assert client.get(CUSTOMERS, headers=foreign).status_code == 403
    for own in ("localhost", "LOCALHOST:1", "[::1]:8080", "127.0.0.2"):
        assert client.get(CUSTOMERS, headers={"Host": own}).json() == []


def test_a_token_still_says_who_one_is(open_server: RunningServer) -> None:
    assert open_server.client("viewer").post(CUSTOMERS, json=customer()).status_code == 403
    assert open_server.client("supervisor", "desk-1").post(CUSTOMERS, json=customer()).status_code == 400
