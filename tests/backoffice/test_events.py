"""The event stream says "pull now", and that the line is alive."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager

import httpx
import pytest

from app.core.clock import SystemClock
from backoffice.documents import Document
from backoffice.people import People, Person
from backoffice.store import Store
from backoffice.web.context import Options
from tests.backoffice.helpers import TICKETS, RunningServer, customer, ticket


@pytest.fixture
def client(server: RunningServer) -> httpx.Client:
    """A clerk's desk program."""
    return server.client("clerk")


@contextmanager
def listening(client: httpx.Client, cursor: str | None = None) -> Iterator[Iterator[str]]:
    headers = {"Accept": "text/event-stream"} | ({} if cursor is None else {"Last-Event-ID": cursor})
    with client.stream("GET", "/desk/v1/events", headers=headers) as answer:
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        assert "Content-Encoding" not in answer.headers
        lines = (line for line in answer.iter_lines() if line)
        assert next(lines) == ": alive"
        yield lines


def next_event(lines: Iterator[str]) -> str:
    """The cursor of the next event."""
    first = next(line for line in lines if not line.startswith(":"))
    assert [next(lines), next(lines)] == ["event: changed", "data: {}"]
    return first.removeprefix("id: ")


def cursor_now(client: httpx.Client) -> str:
    cursor = client.get("/desk/v1/snapshot").text.split('"cursor":"')[1].split('"')[0]
    assert "." in cursor
    return cursor


def test_what_was_missed_is_told_on_connecting(client: httpx.Client) -> None:
    before = cursor_now(client)
    client.post(TICKETS, json=ticket())
    with listening(client, before) as lines:
        assert next_event(lines) == cursor_now(client)


def test_a_cursor_of_another_epoch_is_news(client: httpx.Client) -> None:
    with listening(client, "other.7") as lines:
        assert next_event(lines) == cursor_now(client)


def test_a_cursor_of_who_sees_something_else_is_news(server: RunningServer, client: httpx.Client) -> None:
    with listening(server.client("viewer"), cursor_now(client)) as lines:
        assert next_event(lines) != cursor_now(client)


def test_a_quiet_line_carries_comments_only(client: httpx.Client) -> None:
    client.post(TICKETS, json=ticket())
    with listening(client, cursor_now(client)) as lines:
        assert [next(lines) for _ in range(3)] == [": alive"] * 3


@pytest.fixture
def unhurried(database: str) -> Iterator[RunningServer]:
    """A server whose heartbeat comes too late for any test."""
    running = RunningServer(database, Options(heartbeat_seconds=3600))
    running.start()
    yield running
    running.stop()


def test_a_change_is_told_to_many_without_a_question_for_each(
    unhurried: RunningServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    with ExitStack() as streams, closing(Store.open(unhurried.database)) as other:
        every = [streams.enter_context(listening(unhurried.client("clerk"))) for _ in range(3)]
        monkeypatch.setattr(unhurried.store, "reading", lambda _: asked.append("read"))
        other.load([Document("customer", "C1", customer())])
        assert len({next_event(lines) for lines in every}) == 1
    assert asked == []


def test_a_change_is_told_at_once(unhurried: RunningServer) -> None:
    client = unhurried.client("clerk")
    with listening(client) as lines:
        for _ in range(3):
            client.post(TICKETS, json=ticket())
            assert next_event(lines) == cursor_now(client)


def test_what_another_process_wrote_is_told_at_once(unhurried: RunningServer) -> None:
    with listening(unhurried.client("clerk")) as lines, closing(Store.open(unhurried.database)) as other:
        other.load([Document("customer", "C1", customer())])
        assert next_event(lines).endswith(".1")


def test_the_stream_of_whoever_may_no_longer_listen_ends_at_once(unhurried: RunningServer) -> None:
    with listening(unhurried.client("clerk")) as lines, closing(Store.open(unhurried.database)) as other:
        People(other, SystemClock()).put(Person("some-clerk", "Some clerk", "admin"), None)
        assert list(lines) == []


def test_the_stream_of_everybody_else_goes_on_when_the_staff_changes(unhurried: RunningServer) -> None:
    client = unhurried.client("clerk")
    with listening(client) as lines, closing(Store.open(unhurried.database)) as other:
        People(other, SystemClock()).put(Person("somebody", "Somebody else", "clerk"), None)
        client.post(TICKETS, json=ticket())
        assert next_event(lines).endswith(".1")


def test_the_stream_ends_with_its_token(client: httpx.Client) -> None:
    with listening(client) as lines:
        client.post("/desk/v1/sign-out")
        assert set(lines) <= {": alive"}


def test_a_server_stops_while_desks_listen(server: RunningServer, client: httpx.Client) -> None:
    with listening(client) as lines:
        server.stop_server()
        assert set(lines) <= {": alive"}
    with pytest.raises(httpx.TransportError):
        client.get("/health")
