"""A back office is restored under connected desks: they notice, copy it anew, and know which of their acts were lost."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest

from backoffice.scopes import EVERYTHING
from backoffice.store import Store
from tests.backoffice.follower import Follower, Row
from tests.backoffice.helpers import TICKETS, ticket
from tests.backoffice.processes import WAIT_SECONDS, create, run, serving
from tests.backoffice.test_events import listening, next_event

WHO = {"user": "li", "password": "correct horse", "device": "desk-1"}


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.whole)])
def elsewhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database to restore into."""
    if request.param == "sqlite":
        yield str(tmp_path / "restored.db")
        return
    cluster = request.getfixturevalue("cluster")
    url = cluster.database()
    yield url
    cluster.drop(url)


@contextmanager
def desk_at(url: str) -> Iterator[httpx.Client]:
    """A registered desk, signed in."""
    with httpx.Client(base_url=url, timeout=WAIT_SECONDS) as client:
        sign_in(client)
        yield client


def sign_in(client: httpx.Client) -> None:
    client.headers["Authorization"] = f"Bearer {client.post('/desk/v1/sign-in', json=WHO).json()['token']}"


def file(client: httpx.Client, sequence: int) -> httpx.Response:
    """Take a complaint, as the desk's command of that number."""
    headers = {"Idempotency-Key": f"key-{sequence}", "Desk-Sequence": str(sequence)}
    return client.post(TICKETS, json=ticket(externalId=f"key-{sequence}"), headers=headers)


def held_by(database: str) -> dict[tuple[str, str], Row]:
    with closing(Store.open(database)) as store, store.reading(EVERYTHING) as reader:
        return {(one.collection, one.id): (one.revision, one.body) for one in reader.page_after(("", ""), 1000)}


@pytest.mark.one_engine
def test_desks_notice_that_a_back_office_was_restored(database: str, elsewhere: str, tmp_path: Path) -> None:
    saved, log = tmp_path / "office.backup", tmp_path / "log"
    added = ["staff", "add", "--database", database, "--user", "li", "--name", "李娜", "--role", "clerk"]
    create(database)
    assert run(*added, sent="correct horse\n").returncode == 0
    with serving(database, "--workers", "2", log=log) as (process, url), desk_at(url) as client:
        desk = Follower(client)
        with listening(client) as events:
            assert file(client, 1).status_code == 201
            assert next_event(events).endswith(".1")
            assert desk.catch_up() == 410  # it had nothing yet
            told = run("backup", "--database", database, str(saved))
            assert (told.returncode, json.loads(told.stdout)["sequence"]) == (0, 1)
            for sequence in (2, 3):
                assert file(client, sequence).status_code == 201
                next_event(events)
            assert desk.catch_up() == 200
            assert len(desk.rows) == 3
            process.send_signal(signal.SIGTERM)
            assert set(events) <= {": alive"}
        assert process.wait(WAIT_SECONDS) == 0
        told = run("restore", "--database", elsewhere, str(saved))
        assert told.returncode == 0, told.stderr
        with serving(elsewhere, "--workers", "2", "--port", url.rpartition(":")[2], log=log):
            assert client.get("/desk/v1/feed", params={"after": desk.cursor}).status_code == 401
            sign_in(client)
            with listening(client, desk.cursor) as events:
                epoch, _, number = next_event(events).split(".")
                assert (epoch, number) == (json.loads(told.stdout)["epoch"], "1")
            assert desk.catch_up() == 410
            assert desk.snapshots == 2
            assert desk.rows == held_by(elsewhere)
            assert len(desk.rows) == 1
            asked = [client.get(f"/desk/v1/commands/key-{sequence}").status_code for sequence in (1, 2, 3)]
            assert asked == [200, 404, 404]
            assert [file(client, sequence).headers.get("Idempotency-Replayed") for sequence in (1, 2, 2)] == [
                "true",
                None,
                "true",
            ]
            assert desk.catch_up() == 200
            assert {body["externalId"] for _, body in desk.rows.values()} == {"key-1", "key-2"}
            assert desk.rows == held_by(elsewhere)
    assert run("verify", "--database", elsewhere).returncode == 0


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_cannot_be_done_with_a_backup_is_said_in_words(database: str, tmp_path: Path) -> None:
    missing, saved = str(tmp_path / "none.db"), tmp_path / "office.backup"
    Store.open(database).close()
    assert run("backup", "--database", database, str(saved)).returncode == 0
    assert json.loads(run("backup", "--check", str(saved)).stdout)["sequence"] == 0
    for arguments, said in (
        (["backup", "--database", database, str(saved)], "exists already"),
        (["backup", "--database", database, str(tmp_path / "nowhere" / "b")], "cannot be written: No such file"),
        (["restore", "--database", database, str(saved)], "not empty"),
        (["restore", "--database", missing, str(tmp_path / "none")], "cannot be read: No such file"),
        (["restore", "--database", missing, database], "no backup, or a damaged one"),
        (["backup", "--check", database], "no backup, or a damaged one"),
    ):
        refused = run(*arguments)
        assert (refused.returncode, refused.stdout) == (1, "")
        assert said in refused.stderr
        assert "Traceback" not in refused.stderr
