"""How fast the back office answers: beside a bare handler on the same database, by declared filters, and over its feed."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from contextlib import closing
from statistics import median
from typing import Final
from urllib.parse import quote

import msgspec
from sqlalchemy import select

from app.core.clock import SystemClock
from app.core.ids import new_id
from backoffice import schema
from backoffice.people import People
from backoffice.reading import Position
from backoffice.resources import RESOURCES
from backoffice.scopes import EVERYTHING
from backoffice.store import Store
from backoffice.web.cursors import cursor_of
from benchmarks.figures import Asked, Figure
from benchmarks.grounds import Ground, ground, serving, serving_bare
from benchmarks.load import Load, each_of, put_under_load, request

CUSTOMERS: Final = 10_000
_TICKETS: Final = RESOURCES["troubleTicket"].path
_ROUNDS: Final = 5
_ROUND_SECONDS: Final = 2.0
_CONNECTIONS: Final = 8
_SAMPLE: Final = 2_000
_QUESTIONS: Final = 300
_MOST_HITS: Final = 1_000
_FEED_SECONDS: Final = 20.0
_PAGE: Final = 1_000
_COMPLAINT: Final = {
    "name": "No signal",
    "description": "No signal since noon in the whole of the street, also at the neighbours'.",
    "severity": "major",
    "ticketType": "complaint",
    "channel": {"id": "hall", "name": "hall"},
}


def read_vs_bare(asked: Asked) -> Iterator[Figure]:
    """One resource by its id."""
    for here in _grounds(asked):
        chosen = _some(here, "customer", _SAMPLE)
        ours = itertools.cycle([_get(here, RESOURCES["customer"].href(one)) for one in chosen])
        bare = itertools.cycle([request("GET", f"/customer/{quote(one)}") for one in chosen])
        yield _beside_bare("read_vs_bare", here, ours, bare)


def write_vs_bare(asked: Asked) -> Iterator[Figure]:
    """One complaint of a customer, under a key; the bare handler inserts the same body."""
    for here in _grounds(asked):
        bodies = [_complaint(one) for one in _some(here, "customer", _SAMPLE)]
        ours = (_post(here, body) for body in itertools.cycle(bodies))
        bare = (request("POST", "/", body) for body in itertools.cycle(bodies))
        yield _beside_bare("write_vs_bare", here, ours, bare)


def filter_ms(asked: Asked) -> Iterator[Figure]:
    """Lists by declared filters of at most 1,000 hits, one after the other; the worst p99 of all questions."""
    for here in _grounds(asked):
        with serving(here) as port:
            loads = {
                name: put_under_load(port, each_of(itertools.islice(questions, _QUESTIONS)), 600, 1)
                for name, questions in _questions(here).items()
            }
        p99 = {name: round(load.ms_at(0.99), 2) for name, load in loads.items()}
        told = {"p99_ms": p99, "median_ms": {name: round(one.ms_at(0.5), 2) for name, one in loads.items()}}
        hits = {name: len(msgspec.json.decode(load.body)) for name, load in loads.items()}
        if nothing := [name for name, count in hits.items() if not count]:
            raise RuntimeError(f"nothing was found: {', '.join(nothing)}")
        context = {**here.context, **told, "hits_of_the_last": hits, "questions_of_each": _QUESTIONS}
        yield Figure(_filter_name(here.customers), max(p99.values()), "ms (p99)", "lower", context)


def feed_events_per_s(asked: Asked) -> Iterator[Figure]:
    """The feed from zero, page by page, for 20 seconds or to its end."""
    for here in _grounds(asked):
        with serving(here) as port:
            pages = _Pages(here)
            load = put_under_load(port, pages.after, _FEED_SECONDS, 1)
        context = {**here.context, "changes": pages.changes, "pages": len(load.latencies), "page": _PAGE}
        yield Figure("feed_events_per_s", round(pages.changes / load.seconds), "changes/s", "higher", context)


class _Pages:
    """Asks for one page of the feed after the other, and counts what was in them."""

    def __init__(self, here: Ground) -> None:
        self._here = here
        self._cursor = _beginning(here)
        self.changes = 0

    def after(self, answer: bytes) -> bytes | None:
        """The request for the page that follows."""
        if answer:
            page = _page.decode(answer.partition(b"\r\n\r\n")[2])
            self._cursor, self.changes = page.cursor, self.changes + len(page.changes)
            if not page.more:
                return None
        return _get(self._here, f"/desk/v1/feed?after={self._cursor}&limit={_PAGE}")


class _Page(msgspec.Struct):
    changes: list[msgspec.Raw]
    cursor: str
    more: bool


_page = msgspec.json.Decoder(_Page)


def _beside_bare(name: str, here: Ground, ours: Iterator[bytes], bare: Iterator[bytes]) -> Figure:
    """Both in turns, a warm-up first; the value is how many of the bare handler's answers ours makes in the same time."""
    with serving(here) as port, serving_bare(here) as bare_port:
        pairs = [(_round(port, ours), _round(bare_port, bare)) for _ in range(_ROUNDS + 1)][1:]
    rates = [median(pair[side].per_second for pair in pairs) for side in (0, 1)]
    context = {
        **here.context,
        "per_second": round(rates[0]),
        "bare_per_second": round(rates[1]),
        "p99_ms": round(median(pair[0].ms_at(0.99) for pair in pairs), 2),
        "bare_p99_ms": round(median(pair[1].ms_at(0.99) for pair in pairs), 2),
        "connections": _CONNECTIONS,
        "rounds": _ROUNDS,
        "bare": "ASGI on uvicorn, the driver on threads; no token, no key, no log",
    }
    return Figure(name, round(rates[0] / rates[1], 2), "× bare handler", "higher", context)


def _round(port: int, requests: Iterator[bytes]) -> Load:
    return put_under_load(port, each_of(requests), _ROUND_SECONDS, _CONNECTIONS)


def _questions(here: Ground) -> dict[str, Iterator[bytes]]:
    """Questions of each kind without end, about what is there."""
    customers = itertools.cycle(_some(here, "customer", _QUESTIONS))
    backwards = _values(here, "customer", "contactMedium.characteristic.phoneNumber", _QUESTIONS)  # as they are kept
    numbers = itertools.cycle([one[::-1] for one in backwards])
    days = _ranges(here, "troubleTicket", "creationDate")
    products, customer = RESOURCES["product"].path, RESOURCES["customer"].path
    return {
        "by number": (_get(here, f"{customer}?contactMedium.characteristic.phoneNumber={quote(n)}") for n in numbers),
        "of a customer": (_get(here, f"{products}?relatedParty.id={quote(one)}") for one in customers),
        "open of a customer": (
            _get(here, f"{_TICKETS}?relatedParty.id={quote(one)}&status=acknowledged,inProgress") for one in customers
        ),
        "in a span of time": (
            _get(here, f"{_TICKETS}?creationDate.gte={quote(begin)}&creationDate.lt={quote(end)}&limit={_MOST_HITS}")
            for begin, end in itertools.cycle(days)
        ),
    }


def _ranges(here: Ground, collection: str, path: str) -> list[tuple[str, str]]:
    """Spans that hold up to 1,000 values each, all over them."""
    values = sorted(_values(here, collection, path, None))
    step = min(_MOST_HITS, len(values) // 2)
    begins = random.Random(1).sample(range(len(values) - step), min(_QUESTIONS, len(values) - step))  # noqa: S311
    return [(values[begin], values[begin + step]) for begin in begins]


def _some(here: Ground, collection: str, count: int) -> list[str]:
    """Ids from all over a collection."""
    with closing(Store.open(here.database)) as store, store.reading(EVERYTHING) as reader:
        document = schema.document.c
        wanted = select(document.id).where(document.collection == collection, document.deleted.is_(False))
        ids = list(reader.connection.scalars(wanted.order_by(document.id)))
    return random.Random(1).sample(ids, min(count, len(ids)))  # noqa: S311 - the same in each run


def _values(here: Ground, collection: str, path: str, count: int | None) -> list[str]:
    with closing(Store.open(here.database)) as store, store.reading(EVERYTHING) as reader:
        attribute = schema.attribute.c
        wanted = select(attribute.value).where(attribute.declared == reader.columns[collection, path])
        values = list(reader.connection.scalars(wanted.order_by(attribute.value)))
    return values if count is None else random.Random(1).sample(values, min(count, len(values)))  # noqa: S311


def _beginning(here: Ground) -> str:
    with closing(Store.open(here.database)) as store, store.reading(EVERYTHING) as reader:
        identity = People(store, SystemClock()).identify(here.token)
        scope = identity.scope if identity else EVERYTHING
        return cursor_of(Position(reader.position().epoch, 0), scope.for_mirrors())


def _complaint(customer: str) -> bytes:
    return msgspec.json.encode({**_COMPLAINT, "relatedParty": [{"id": customer, "role": "customer"}]})


def _get(here: Ground, target: str) -> bytes:
    return request("GET", target, Authorization=f"Bearer {here.token}")


def _post(here: Ground, body: bytes) -> bytes:
    headers = {"Authorization": f"Bearer {here.token}", "Content_Type": "application/json", "Idempotency_Key": new_id()}
    return request("POST", _TICKETS, body, **headers)


def _grounds(asked: Asked) -> Iterator[Ground]:
    return (ground(kind, asked.size or CUSTOMERS) for kind in asked.databases)


def _filter_name(customers: int) -> str:
    """`filter_1m_ms`, `filter_10k_ms`."""
    millions, thousands = divmod(customers, 1_000_000)
    return f"filter_{millions}m_ms" if millions and not thousands else f"filter_{customers // 1000}k_ms"
