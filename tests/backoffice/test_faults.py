"""Faults on request break things the way real lines do."""

from __future__ import annotations

import socket
import time
from pathlib import Path

import httpx
import pytest

from backoffice.web.context import Options
from tests.backoffice.helpers import FAULTS, TICKETS, RunningServer, ticket

pytestmark = pytest.mark.one_engine

BROKEN = (httpx.RemoteProtocolError, httpx.ReadError)


@pytest.fixture
def client(server: RunningServer) -> httpx.Client:
    """Somebody who files tickets."""
    return server.client("clerk")


def order(client: httpx.Client, fault: str, **more: object) -> httpx.Response:
    meant = {"method": "POST", "path_contains": "/troubleTicket"}
    return client.post(FAULTS, json={**meant, "fault": fault, **more})


def file(client: httpx.Client) -> httpx.Response:
    return client.post(TICKETS, json=ticket())


def filed(client: httpx.Client) -> int:
    return len(client.get(TICKETS).json())


@pytest.mark.parametrize(("fault", "kept"), [("drop-answer", 1), ("drop-request", 0), ("cut", 1)])
def test_the_line_breaks_before_or_after_the_commit(client: httpx.Client, fault: str, kept: int) -> None:
    order(client, fault)
    with pytest.raises(BROKEN):
        file(client)
    assert filed(client) == kept
    assert file(client).status_code == 201


def test_a_cut_answer_begins_well(client: httpx.Client) -> None:
    order(client, "cut")
    got: list[bytes] = []
    with client.stream("POST", TICKETS, json=ticket()) as answer, pytest.raises(BROKEN):
        got.extend(answer.iter_raw())
    assert answer.status_code == 201
    assert got[0].startswith(b'{"id":"T')
    assert 0 < sum(map(len, got)) < int(answer.headers["Content-Length"])


def test_a_refusal_says_when_to_come_back(client: httpx.Client) -> None:
    order(client, "refuse")
    answer = file(client)
    assert (answer.status_code, answer.headers["Retry-After"], filed(client)) == (503, "1", 0)


def test_a_portal_answers_instead(client: httpx.Client) -> None:
    order(client, "html")
    answer = file(client)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert filed(client) == 0


def test_a_slow_answer_comes_after_all(client: httpx.Client) -> None:
    order(client, "slow", seconds=0.3)
    began = time.monotonic()
    assert file(client).status_code == 201
    assert time.monotonic() - began >= 0.3


def test_a_hanging_answer_never_comes(client: httpx.Client) -> None:
    order(client, "hang")
    with pytest.raises(httpx.ReadTimeout):
        client.post(TICKETS, json=ticket(), timeout=0.5)
    assert filed(client) == 1


def test_a_server_stops_although_a_client_hangs_on(server: RunningServer, client: httpx.Client) -> None:
    order(client, "hang", method="GET", path_contains="/health")
    with socket.create_connection((client.base_url.host, client.base_url.port or 0)) as hanging_on:
        hanging_on.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        while client.get(FAULTS).json():
            continue
        server.stop_server()
        while hanging_on.recv(1000):
            continue


def test_faults_hit_what_they_name_as_often_as_ordered(client: httpx.Client) -> None:
    left = order(client, "refuse", times=2).json()
    assert [(fault["fault"], fault["times"]) for fault in left] == [("refuse", 2)]
    assert client.get("/health").status_code == 200
    assert [file(client).status_code for _ in range(3)] == [503, 503, 201]
    assert client.get(FAULTS).json() == []


def test_faults_can_be_called_off(client: httpx.Client) -> None:
    order(client, "refuse", times=9)
    assert client.delete(FAULTS).json() == []
    assert file(client).status_code == 201


def test_an_unknown_fault_is_refused(client: httpx.Client) -> None:
    assert order(client, "earthquake").status_code == 400
    assert client.put(FAULTS).status_code == 405


def test_an_ordinary_server_takes_no_orders(tmp_path: Path) -> None:
    server = RunningServer(str(tmp_path / "server.db"), Options(no_auth=True))
    server.start()
    try:
        assert order(server.client(), "refuse").status_code == 404
        assert file(server.client()).status_code == 201
    finally:
        server.stop()
