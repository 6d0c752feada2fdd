"""Events survive the server: killed in the middle of things it loses none, and of several servers one sends."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Semaphore

import httpx
import pytest
from structlog.testing import capture_logs

from backoffice.holding import Hold
from backoffice.hub.callbacks import AllowedHost
from backoffice.hub.ledger import HubSettings
from backoffice.scopes import EVERYTHING
from backoffice.store import Store
from backoffice.web.context import Options
from tests.backoffice.helpers import TICKETS, RunningServer, ticket
from tests.backoffice.listener import Listener, cuts, refuses, wait_until
from tests.backoffice.processes import WAIT_SECONDS, run, serving

HUB = "/tmf-api/troubleTicket/v4/hub"
ROUNDS = 4
_SESSIONS = """
SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
AND position('advisory' in query) > 0 ORDER BY backend_start
"""


@pytest.fixture
def listener() -> Iterator[Listener]:
    """Somebody who wants to be told."""
    with closing(Listener()) as listening:
        yield listening


def file_until_it_breaks(url: str, filed: Semaphore) -> None:
    with httpx.Client(base_url=url, timeout=30) as client:
        try:
            while client.post(TICKETS, json=ticket()).status_code == 201:
                filed.release()
        except httpx.TransportError:
            return


def test_a_server_that_is_killed_loses_no_event(tmp_path: Path, listener: Listener) -> None:
    database, options = tmp_path / "office.db", ["--no-auth", "--callback-host", listener.host]
    with serving(database, *options) as (_, url):
        assert httpx.post(f"{url}{HUB}", json={"callback": listener.url}).status_code == 201
    for _ in range(ROUNDS):
        with serving(database, *options) as (process, url), ThreadPoolExecutor() as pool:
            listener.misbehave(refuses(500), cuts)
            filed = Semaphore(0)
            desk = pool.submit(file_until_it_breaks, url, filed)
            assert all(filed.acquire(timeout=WAIT_SECONDS) for _ in range(20))
            process.kill()
            desk.result()
    with serving(database, *options) as (_, url):
        there = [ticket["id"] for ticket in httpx.get(f"{url}{TICKETS}?limit=1000").json()]
        listener.wait(lambda told: set(there) <= {one["event"]["troubleTicket"]["id"] for one in told.taken})
    revisions = [int(event.split("-")[1]) for event in dict.fromkeys(one["eventId"] for one in listener.taken)]
    assert revisions == sorted(revisions)
    assert len(revisions) == len(there) >= ROUNDS * 20
    assert run("verify", "--database", str(database)).returncode == 0


def test_of_several_servers_one_sends_and_another_goes_on_when_it_stops(database: str, listener: Listener) -> None:
    hub = HubSettings(frozenset({AllowedHost.read(listener.host)}), looks_every_s=0.1)
    first, second = (RunningServer(database, Options(no_auth=True, hub=hub)) for _ in range(2))
    first.start()
    second.start()
    assert second.client().post(HUB, json={"callback": listener.url}).status_code == 201
    for step in range(20):
        (first, second)[step % 2].client().post(TICKETS, json=ticket(name=str(step)))
    listener.types(20)
    first.stop()
    second.client().post(TICKETS, json=ticket(name="20"))
    listener.types(21)
    second.stop()
    assert [message["event"]["troubleTicket"]["name"] for message in listener.taken] == [str(n) for n in range(21)]


def test_what_happens_while_a_host_is_not_allowed_is_told_when_it_is_again(database: str, listener: Listener) -> None:
    allowed, forbidden = HubSettings(frozenset({AllowedHost.read(listener.host)})), HubSettings()
    with capture_logs() as logs:
        for step, hub in enumerate((allowed, forbidden, allowed)):
            server = RunningServer(database, Options(no_auth=True, hub=hub))
            server.start()
            try:
                if step == 0:
                    assert server.client().post(HUB, json={"callback": listener.url}).status_code == 201
                if step == 1:
                    assert server.client().post(TICKETS, json=ticket()).status_code == 201
                    wait_until(lambda: any("not allowed" in line.get("why", "") for line in logs))
                    assert listener.asked == []
                if step == 2:
                    listener.types(1)
            finally:
                server.stop()
    assert len(listener.asked) == 1


def test_what_one_process_holds_no_other_gets_until_it_lets_go(database: str) -> None:
    with closing(Store.open(database)) as store, closing(Store.open(database)) as other:
        held, waiting, another = Hold(store.engine, "hub"), Hold(other.engine, "hub"), Hold(other.engine, "else")
        assert [one.is_ours() for one in (held, waiting, another, held)] == [True, False, True, True]
        held.let_go()
        assert [one.is_ours() for one in (waiting, held)] == [True, False]
        for one in (held, waiting, another):
            one.let_go()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_who_waits_for_the_hub_opens_no_connection_each_time_and_notices_when_it_is_lost(database: str) -> None:
    with closing(Store.open(database)) as store:
        held, waiting = Hold(store.engine, "hub"), Hold(store.engine, "hub")
        assert held.is_ours()
        assert not waiting.is_ours()
        sessions = sessions_beside(store)
        assert not any(waiting.is_ours() for _ in range(5))
        assert len(sessions) == 2
        assert sessions_beside(store) == sessions
        with store.writing() as transaction:
            transaction.connection.exec_driver_sql(f"SELECT pg_terminate_backend({sessions[0]})")
        wait_until(waiting.is_ours)
        assert not held.is_ours()
        for one in (held, waiting):
            one.let_go()


def sessions_beside(store: Store) -> list[int]:
    """The sessions of others on this database, the oldest first."""
    with store.reading(EVERYTHING) as reader:
        return list(reader.connection.exec_driver_sql(_SESSIONS).scalars())


@pytest.mark.parametrize("host", ["", "a b", "https://a", "a:0", "a:99999", "user@a", "::g", "0177.0.0.1"])
def test_a_server_is_not_started_with_a_callback_host_that_is_none(tmp_path: Path, host: str) -> None:
    ended = run("serve", "--database", str(tmp_path / "office.db"), "--callback-host", host)
    assert ended.returncode == 2
    assert "--callback-host" in ended.stderr
    assert "Traceback" not in ended.stderr
