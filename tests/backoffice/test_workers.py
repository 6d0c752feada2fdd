"""Several workers on one port and one database behave as one back office, whichever of them dies."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from subprocess import Popen

import httpx
import pytest

from tests.backoffice.helpers import TICKETS, ticket
from tests.backoffice.processes import WAIT_SECONDS, run, serving
from tests.backoffice.test_events import cursor_now, listening, next_event

TRIES = 200


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Where the workers write their log."""
    return tmp_path / "workers.log"


@pytest.fixture
def running(database: str, log: Path) -> Iterator[tuple[Popen[bytes], str]]:
    """Two workers, for whoever comes."""
    with serving(database, "--workers", "2", "--no-auth", log=log) as served:
        yield served


@pytest.fixture
def clients(running: tuple[Popen[bytes], str]) -> Iterator[dict[int, httpx.Client]]:
    """A client of each worker, by its number."""
    with ExitStack() as opened:
        yield clients_of(running[1], opened)


def clients_of(url: str, opened: ExitStack) -> dict[int, httpx.Client]:
    found: dict[int, httpx.Client] = {}
    for _ in range(TRIES):
        client = opened.enter_context(httpx.Client(base_url=url, timeout=WAIT_SECONDS))
        found.setdefault(client.get("/health").json()["workers"]["this"], client)
        if len(found) == 2:
            return found
    raise AssertionError(f"only worker {list(found)} answers")


def processes_of(supervisor: Popen[bytes]) -> list[int]:
    """The workers' process ids."""
    children = Path(f"/proc/{supervisor.pid}/task/{supervisor.pid}/children").read_text().split()
    return [int(one) for one in children if b"spawn_main" in Path(f"/proc/{one}/cmdline").read_bytes()]


def lines_of(log: Path, event: str) -> list[dict[str, object]]:
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    return [line for line in lines if line["event"] == event]


@pytest.mark.one_engine
def test_the_port_is_said_once_all_workers_answer(clients: dict[int, httpx.Client], log: Path) -> None:
    assert {one.get("/health").json()["workers"]["answering"] for one in clients.values()} == {2}
    assert {line["worker"] for line in lines_of(log, "request")} == {1, 2}


@pytest.mark.parametrize(("writes", "listens"), [(1, 2), (2, 1), (1, 1)])
def test_a_desk_hears_of_what_was_written_through_another_worker(
    clients: dict[int, httpx.Client], writes: int, listens: int
) -> None:
    writer = clients[writes]
    with listening(clients[listens]) as lines:
        for step in (1, 2, 3):
            assert writer.post(TICKETS, json=ticket()).status_code == 201
            first = next(lines)  # and not a heartbeat, with which it would be told anyway
            assert first.startswith("id: ")
            assert first.endswith(f".{step}")
            assert [next(lines), next(lines)] == ["event: changed", "data: {}"]


def test_a_desk_hears_of_what_another_program_wrote(clients: dict[int, httpx.Client], database: str) -> None:
    with listening(clients[1]) as one, listening(clients[2]) as two:
        assert run("generate", "--database", database, "--customers", "3", "--seed", "1").returncode == 0
        for client, lines in ((clients[1], one), (clients[2], two)):
            while next_event(lines) != cursor_now(client):
                continue


def test_one_key_has_one_effect_whichever_workers_it_reaches(clients: dict[int, httpx.Client]) -> None:
    def file(number: int) -> httpx.Response:
        headers = {"Idempotency-Key": f"key-{number // 4}"}
        return clients[number % 2 + 1].post(TICKETS, json=ticket(), headers=headers)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(file, range(40)))
    assert {answer.status_code for answer in answers} <= {201, 409}  # 409: the first under this key still runs
    assert len({answer.json()["id"] for answer in answers if answer.status_code == 201}) == 10
    assert clients[1].get(TICKETS).headers["X-Total-Count"] == "10"


def test_a_worker_that_dies_is_replaced_and_nothing_is_lost(
    running: tuple[Popen[bytes], str], clients: dict[int, httpx.Client], log: Path
) -> None:
    process, url = running
    made = clients[1].post(TICKETS, json=ticket()).json()["id"]
    dies = processes_of(process)[0]
    os.kill(dies, signal.SIGKILL)
    with ExitStack() as opened:
        again = clients_of(url, opened)
        assert {one.get(f"{TICKETS}/{made}").status_code for one in again.values()} == {200}
    ended = lines_of(log, "worker ended")
    assert [(line["code"], line["starts_again_in"]) for line in ended] == [(-9, 0.5)]
    assert dies not in processes_of(process)


@pytest.mark.one_engine
def test_workers_end_in_good_order(
    running: tuple[Popen[bytes], str], clients: dict[int, httpx.Client], log: Path
) -> None:
    process, _ = running
    workers = processes_of(process)
    with listening(clients[1]) as one, listening(clients[2]) as two:
        process.send_signal(signal.SIGTERM)
        assert {*one, *two} <= {": alive"}
    assert process.wait(WAIT_SECONDS) == 0
    assert not any(Path(f"/proc/{pid}").exists() for pid in workers)
    assert not lines_of(log, "worker killed")
    assert not lines_of(log, "worker ended")


@pytest.mark.one_engine
def test_a_request_that_has_begun_is_answered_before_its_worker_ends(
    running: tuple[Popen[bytes], str], clients: dict[int, httpx.Client]
) -> None:
    process, url = running
    body = json.dumps(ticket()).encode()
    head = f"POST {TICKETS} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    with (
        listening(clients[1]) as one,
        listening(clients[2]) as two,
        closing(socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])), WAIT_SECONDS)) as connection,
    ):
        connection.sendall(f"{head}Expect: 100-continue\r\n\r\n".encode())
        assert connection.recv(1000).startswith(b"HTTP/1.1 100 ")  # it waits for the body
        process.send_signal(signal.SIGTERM)
        assert {*one, *two} <= {": alive"}  # both workers are ending
        connection.sendall(body)
        assert connection.recv(1000).startswith(b"HTTP/1.1 201 ")
    assert process.wait(WAIT_SECONDS) == 0


@pytest.mark.one_engine
def test_workers_end_when_their_supervisor_is_killed(running: tuple[Popen[bytes], str]) -> None:
    process, url = running
    workers = [os.pidfd_open(pid) for pid in processes_of(process)]
    process.kill()
    for worker in workers:
        assert select.select([worker], [], [], WAIT_SECONDS)[0]  # readable once the process has ended
        os.close(worker)
    with pytest.raises(httpx.TransportError):
        httpx.get(f"{url}/health")
