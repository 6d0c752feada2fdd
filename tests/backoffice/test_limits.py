"""Whatever the back office takes, desks can take: one limit for every document, and pages that end by bytes."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any, TypeVar

import anyio
import pytest

from app.sync.model import Opened, SnapshotPage
from app.tmf.head_office import HttpHeadOffice
from app.tmf.transport import Transport
from backoffice.bulk import LoadCount
from backoffice.documents import Document, to_json
from backoffice.errors import BadRequestError, RefusedError, TooLargeError
from backoffice.limits import MOST_BYTES, MOST_DEPTH, refuse_unfit
from backoffice.resources import RESOURCES
from backoffice.scopes import EVERYTHING
from backoffice.store import Store
from tests.backoffice.helpers import CUSTOMERS, TICKETS, RunningServer, customer, ticket
from tests.fakes.clock import FakeClock

pytestmark = pytest.mark.one_engine

T = TypeVar("T")
JSON = {"Content-Type": "application/json"}
APPEND = {"Content-Type": "application/json-patch+json"}
CATALOGUE = "/tmf-api/productCatalogManagement/v4/importJob"
LARGE = 890 * 1024


def desk(server: RunningServer, ask: Callable[[HttpHeadOffice, Any], Awaitable[T]]) -> T:
    """What a desk gets."""
    grant = SimpleNamespace(token=server.token("viewer"))

    async def asked() -> T:
        transport = Transport(server.url)
        try:
            return await ask(HttpHeadOffice(transport, RESOURCES, FakeClock()), grant)
        finally:
            await transport.close()

    return anyio.run(asked)


def followed(server: RunningServer, cursor: str) -> list[tuple[str, ...]]:
    """The ids in each page of the feed, as a desk follows it to its end."""

    async def follow(office: HttpHeadOffice, grant: Any) -> list[tuple[str, ...]]:
        pages, at, more = [], cursor, True
        while more:
            page = await office.feed(grant, at, Opened())
            pages.append(tuple(one.id for one in page.changes))
            at, more = page.cursor, page.more
        return pages

    return desk(server, follow)


def copied(server: RunningServer) -> list[tuple[str, ...]]:
    """The ids in each page of a snapshot, as a desk takes it."""

    async def copy(office: HttpHeadOffice, grant: Any) -> list[tuple[str, ...]]:
        parts = [part async for part in office.snapshot(grant, "")]
        return [tuple(one.id for one in part.rows) for part in parts if isinstance(part, SnapshotPage)]

    return desk(server, copy)


def beginning(server: RunningServer) -> str:
    return str(
        json.loads(
            server.client("viewer")
            .get("/desk/v1/snapshot", params={"collections": ",".join(sorted(RESOURCES))})
            .text.splitlines()[0]
        )["cursor"]
    )


def nested(depth: int) -> Any:
    return json.loads("[" * depth + "]" * depth)


def test_the_largest_and_the_deepest_that_is_taken_is_taken_by_desks_too(server: RunningServer) -> None:
    cursor, clerk = beginning(server), server.client("clerk")
    deep = clerk.post(TICKETS, json=ticket(x=nested(MOST_DEPTH)))
    large = clerk.post(TICKETS, json=ticket(note=[{"text": "字" * 299_000}]))
    assert [deep.status_code, large.status_code] == [201, 201]
    made = {deep.json()["id"], large.json()["id"]}
    assert {one for page in followed(server, cursor) for one in page} == made
    assert {one for page in copied(server) for one in page} == made


def test_what_desks_do_not_take_is_refused_however_it_comes(server: RunningServer) -> None:
    cursor, clerk = beginning(server), server.client("clerk")
    made = clerk.post(TICKETS, json=ticket(note=[{"text": "字" * 200_000}])).json()
    note = [{"op": "add", "path": "/note/-", "value": {"text": "字" * 200_000}}]
    assert clerk.patch(made["href"], json=note, headers=APPEND).status_code == 413
    assert clerk.post(TICKETS, json=ticket(x=nested(MOST_DEPTH + 1))).status_code == 400
    assert clerk.patch(made["href"], json={"x": nested(900)}).status_code in (400, 403)
    row = f'data:,{{"id":"deep","name":"n","x":{"[" * 70}{"]" * 70}}}'
    job = server.client("supervisor").post(CATALOGUE, json={"path": "/category", "url": row})
    assert job.status_code == 400 or job.json()["status"] != "Succeeded"
    assert [page for page in followed(server, cursor) if made["id"] in page]
    assert made["id"] in {one for page in copied(server) for one in page}


def test_many_large_documents_come_in_pages_that_desks_take(server: RunningServer) -> None:
    cursor = beginning(server)
    server.store.load(Document("troubleTicket", f"T{number:02}", ticket(name="x" * LARGE)) for number in range(21))
    wanted = [f"T{number:02}" for number in range(21)]
    for pages in (followed(server, cursor), copied(server)):
        assert [one for page in pages for one in page] == wanted
        assert max(len(page) for page in pages) <= 10


def test_a_load_leaves_out_what_desks_do_not_take_and_goes_on(store: Store) -> None:
    told: list[tuple[str, str]] = []
    documents = [
        Document("customer", "C1", customer()),
        Document("customer", "deep", customer(x=nested(MOST_DEPTH + 1))),
        Document("customer", "large", customer(name="字" * 310_000)),
        Document("customer", "C2", customer()),
    ]
    count = store.load(documents, lambda document, reason: told.append((document.id, reason)))
    assert count == LoadCount(inserted=2, refused=2)
    assert [name for name, _ in told] == ["deep", "large"]
    with store.reading(EVERYTHING) as reader:
        assert [one.id for one in reader.page_after(("", ""), 10)] == ["C1", "C2"]


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"x": nested(MOST_DEPTH + 1)}, BadRequestError),
        ({"name": "x" * MOST_BYTES}, TooLargeError),
        ({"contactMedium": [{"characteristic": {"phoneNumber": "1"}}] * 21_000}, TooLargeError),  # masked, it is longer
    ],
)
def test_the_limit_counts_depth_and_bytes_as_whoever_sees_them(body: Any, error: type[RefusedError]) -> None:
    with pytest.raises(error):
        refuse_unfit("customer", to_json(body), body)


def test_a_customer_that_grows_by_masks_still_comes_to_desks(server: RunningServer) -> None:
    media = [{"mediumType": "phone", "characteristic": {"phoneNumber": "1"}}] * 11_000
    made = server.client("supervisor").post(CUSTOMERS, json=customer(contactMedium=media))
    assert made.status_code == 201
    assert [one for page in copied(server) for one in page] == [made.json()["id"]]
