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
from backoffice.store import Store
from backoffice.web.app import build
from backoffice.web.context import Context, Options
from backoffice.web.server import listen
from tests.backoffice.helpers import TICKETS, ticket

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
