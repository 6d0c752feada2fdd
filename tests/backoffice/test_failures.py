"""When the server itself fails, the client hears so and the log tells where, but never what was in it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import insert
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionError
from structlog.testing import capture_logs

from backoffice import schema
from backoffice.dialect import LostCommitError
from backoffice.operations import Act, Operations
from backoffice.resources import RESOURCES
from backoffice.scopes import EVERYTHING
from backoffice.store import Store
from backoffice.web.app import build
from backoffice.web.context import Context, Options
from backoffice.web.server import listen
from tests.backoffice.helpers import TICKETS, ticket
from tests.fakes.clock import FakeClock

SECRET_WORDS = "王小明 13800138000"
Break = Callable[[Exception], None]


@pytest_asyncio.fixture
async def client(store: Store) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an application without a socket."""
    context = Context(store, Options(no_auth=True))
    transport = httpx.ASGITransport(build(context))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client
    context.close()


@pytest.fixture
def broken(store: Store, monkeypatch: pytest.MonkeyPatch) -> Break:
    """Makes every transaction raise an error."""

    def break_with(error: Exception) -> None:
        def raise_it(*_: Any) -> None:
            raise error

        monkeypatch.setattr(store, "reading", raise_it)
        monkeypatch.setattr(store, "writing", raise_it)

    return break_with


async def test_a_bug_is_named_by_the_id_of_its_request(client: httpx.AsyncClient, broken: Break) -> None:
    broken(RuntimeError(SECRET_WORDS))
    with capture_logs() as lines:
        answer = await client.post(TICKETS, json=ticket())
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    failed = next(line for line in lines if line["event"] == "failed")
    assert failed["request"] == answer.headers["X-Request-Id"]
    assert failed["error"] == "RuntimeError"
    assert any(place.startswith("perform:") for place in failed["at"])
    assert SECRET_WORDS not in str(lines) + answer.text


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("INSERT", {"body": SECRET_WORDS}, Exception("database or disk is full")),
        NoConnectionError("QueuePool limit reached"),
    ],
)
async def test_a_database_that_takes_nothing_is_a_reason_to_try_later(
    client: httpx.AsyncClient, broken: Break, error: Exception
) -> None:
    broken(error)
    with capture_logs() as lines:
        answer = await client.post(TICKETS, json=ticket())
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert [line["event"] for line in lines] == ["database", "request"]
    assert SECRET_WORDS not in str(lines) + answer.text


@pytest.fixture
def deaf(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next commit takes effect, and its answer is lost."""
    commit = store.engine.dialect.do_commit

    def lose(connection: Any) -> None:
        commit(connection)
        monkeypatch.setattr(store.engine.dialect, "do_commit", commit)
        raise store.engine.dialect.loaded_dbapi.OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(store.engine.dialect, "do_commit", lose)


@pytest.mark.usefixtures("deaf")
async def test_a_lost_answer_to_a_commit_is_not_told_as_nothing_done(client: httpx.AsyncClient) -> None:
    headers = {"Idempotency-Key": "k"}
    answer = await client.post(TICKETS, json=ticket(), headers=headers)
    assert (answer.status_code, "may or may not" in answer.json()["reason"]) == (503, True)
    again = await client.post(TICKETS, json=ticket(), headers=headers)
    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (201, "true")


@pytest.mark.usefixtures("deaf")
def test_acts_that_shared_a_lost_commit_are_not_done_again(store: Store, clock: FakeClock) -> None:
    act = Act("POST", RESOURCES["troubleTicket"], "", "person/li", content=ticket())
    outcomes = Operations(store, clock).perform_together([(act, EVERYTHING)] * 2)
    assert [type(one) for one in outcomes] == [LostCommitError] * 2
    with store.reading(EVERYTHING) as reader:
        assert len(reader.page_after(("", ""), 10)) == 2


async def test_errors_of_the_database_do_not_carry_what_was_written(store: Store) -> None:
    def write_twice() -> None:
        with store.writing() as transaction:
            for _ in range(2):
                transaction.connection.execute(insert(schema.meta).values(key="k", value=SECRET_WORDS))

    with pytest.raises(Exception, match=r"(?i)unique") as raised:
        write_twice()
    assert SECRET_WORDS not in str(raised.value)


def test_answers_leave_at_once() -> None:
    with listen("127.0.0.1", 0) as bound:
        assert bound.proto == 6  # TCP by name: asyncio leaves Nagle's delay of 40 ms on for sockets that only imply it
