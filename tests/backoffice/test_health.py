"""`/health` says whether the back office can work; the log names every request, and nothing of what was in it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy.exc import OperationalError

from backoffice import VERSION
from backoffice.documents import Document
from backoffice.web import health
from tests.backoffice.helpers import RunningServer, customer
from tests.backoffice.postgresql import Cluster, binaries
from tests.backoffice.processes import WAIT_SECONDS, serving

_UUID = uuid.UUID("4a083ba6-20d2-4751-93e4-e11707ad4814")


def test_health_says_version_database_epoch_sequence_and_workers(server: RunningServer) -> None:
    server.store.load([Document("customer", "C1", customer())])
    answer = server.client().get("/health")
    assert (answer.status_code, answer.json()) == (
        200,
        {
            "status": "ok",
            "version": VERSION,
            "database": "reachable",
            "epoch": server.store.get_meta("epoch"),
            "sequence": 1,
            "workers": {"this": 1, "answering": 1, "of": 1},
        },
    )


def test_a_database_that_is_away_is_503_with_the_reason(server: RunningServer, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OperationalError("SELECT", {}, Exception("disk I/O error"))

    monkeypatch.setattr(server.store, "reading", fail)
    answer = server.client().get("/health")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.json()["status"] == "unavailable"
    assert answer.json()["reason"] == "The database does not answer."


def test_a_database_that_hangs_is_503_too(server: RunningServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_PATIENCE_S", 0.0)
    assert server.client().get("/health").status_code == 503


@pytest.fixture
def own_cluster() -> Iterator[Cluster]:
    """A PostgreSQL server that may be stopped."""
    programs = binaries()
    if programs is None:
        pytest.skip("no PostgreSQL server is installed")
    running = Cluster(programs)
    yield running
    running.close()


def test_a_back_office_outlives_its_database(own_cluster: Cluster, tmp_path: Path) -> None:
    url = own_cluster.database()
    with (
        serving(url, "--no-auth", "--workers", "2", log=tmp_path / "log") as (_, address),
        httpx.Client(base_url=address, timeout=WAIT_SECONDS) as client,
    ):
        assert client.get("/health").status_code == 200
        own_cluster.stop()
        assert client.get("/health").json()["database"] == "unreachable"
        assert client.get("/desk/v1/feed?after=x.0").status_code == 503
        own_cluster.start()
        assert client.get("/health").status_code == 200
        assert client.get("/desk/v1/snapshot").status_code == 200


@pytest.mark.parametrize("sent", [str(_UUID), _UUID.hex, _UUID.hex.upper()])
def test_a_client_names_its_request_itself(server: RunningServer, sent: str) -> None:
    assert server.client().get("/health", headers={"X-Request-Id": sent}).headers["X-Request-Id"] == sent


@pytest.mark.parametrize("sent", ["13800138000", "王小明", "x" * 36, _UUID.hex + "0", ""])
def test_what_is_no_uuid_gets_into_no_log(server: RunningServer, sent: str) -> None:
    answered = server.client().get("/health", headers=[(b"X-Request-Id", sent.encode())]).headers["X-Request-Id"]
    assert uuid.UUID(answered).version == 7


def test_the_log_of_workers_says_which_of_them_wrote_each_line(tmp_path: Path) -> None:
    log, name = tmp_path / "log", str(uuid.uuid4())
    with serving(tmp_path / "a.db", "--workers", "2", log=log) as (process, url):
        this = httpx.get(f"{url}/health", headers={"X-Request-Id": name}).json()["workers"]["this"]
        process.terminate()
        assert process.wait(WAIT_SECONDS) == 0
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert [line["worker"] for line in lines if line.get("request") == name] == [this]
