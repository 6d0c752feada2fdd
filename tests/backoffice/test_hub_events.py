"""Events are kept with their change, exactly while somebody listens, and no longer than they are needed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, current_thread

import pytest
from sqlalchemy import Engine, event, func, select

from backoffice import schema
from backoffice.documents import Document
from backoffice.errors import ForbiddenError
from backoffice.hub.ledger import HubSettings, Ledger
from backoffice.hub.subscriptions import MOST, Asked, Subscription, subscribe, unsubscribe
from backoffice.people import Identity, People, Person
from backoffice.scopes import EVERYTHING
from backoffice.store import Store
from tests.fakes.clock import FakeClock

API = "troubleTicket/v4"
WRITERS, EACH = 4, 25
OWNER = Identity(Person("listens", "Listens", "viewer"))


@pytest.fixture
def ledger(store: Store, clock: FakeClock) -> Ledger:
    """What the hub knows; the owner of what is subscribed may read."""
    People(store, clock).put(OWNER.person, None)
    return Ledger(store, clock, HubSettings(keeps_most=5), None)


def listen(store: Store, api: str = API, query: str = "") -> Subscription:
    return store.run(lambda transaction: subscribe(transaction, OWNER, Asked(api, "https://hooks.example.org/", query)))


def file(store: Store, number: int) -> None:
    with store.writing() as transaction:
        transaction.put("troubleTicket", f"T{number}", {"id": f"T{number}", "name": "N"})


def kept(store: Store) -> list[int]:
    """The revisions of the events that are there."""
    with store.reading(EVERYTHING) as reader:
        return list(reader.connection.scalars(select(schema.event.c.revision).order_by(schema.event.c.revision)))


def test_an_event_is_kept_exactly_while_somebody_listens(store: Store) -> None:
    file(store, 1)
    assert kept(store) == []
    first, second = listen(store), listen(store, query="eventType=TroubleTicketDeleteEvent")
    store.load([Document("troubleTicket", "T2", {"name": "N"}), Document("alarm", "A1", {"state": "raised"})])
    store.run(lambda transaction: unsubscribe(transaction, OWNER, API, first.id))
    file(store, 3)
    assert kept(store) == [2, 4]
    store.run(lambda transaction: unsubscribe(transaction, OWNER, API, second.id))
    file(store, 4)
    assert kept(store) == []


def test_whoever_subscribes_amid_writers_misses_nothing_and_hears_nothing_older(store: Store) -> None:
    together = Barrier(WRITERS + 1)

    def write(writer: int) -> None:
        together.wait()
        for step in range(EACH):
            file(store, writer * EACH + step)

    with ThreadPoolExecutor(WRITERS) as pool:
        writing = [pool.submit(write, writer) for writer in range(WRITERS)]
        together.wait()
        position = listen(store).position
        for one in writing:
            one.result()
    assert kept(store) == list(range(position + 1, WRITERS * EACH + 1))


def test_what_everybody_has_heard_is_forgotten(store: Store, ledger: Ledger) -> None:
    first, second = listen(store), listen(store, query="eventType=TroubleTicketDeleteEvent")
    for number in range(3):
        file(store, number)
    ledger.taken(first.id, 3)
    ledger.taken(second.id, 2)
    ledger.taken(second.id, 1)  # never back
    ledger.tidy()
    assert kept(store) == [3]


def test_more_than_fit_are_given_up_and_only_who_missed_some_has_a_gap(store: Store, ledger: Ledger) -> None:
    lags, follows = listen(store), listen(store, query="eventType=TroubleTicketCreateEvent")
    for number in range(8):
        file(store, number)
    ledger.taken(follows.id, 3)
    ledger.tidy()
    assert kept(store) == [4, 5, 6, 7, 8]
    pages = [ledger.next_page(one.id) for one in (lags, follows)]
    assert [page and (page.subscription.gap is not None, page.subscription.position) for page in pages] == [
        (True, 3),
        (False, 3),
    ]


def test_a_clock_that_was_wrong_for_a_moment_gives_no_other_event_up(
    store: Store, clock: FakeClock, ledger: Ledger
) -> None:
    listen(store)
    file(store, 1)
    clock.move(timedelta(days=-9))
    file(store, 2)
    clock.move(timedelta(days=9))
    ledger.tidy()
    assert kept(store) == [1, 2]


@pytest.mark.parametrize("question", range(1, 9))
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)  # on SQLite a writer keeps all others out
def test_what_happens_while_the_table_is_tidied_is_not_given_up(store: Store, ledger: Ledger, question: int) -> None:
    """Whichever question it is that somebody commits behind."""
    listener = listen(store)
    asked = 0

    def commit_behind(*_: object) -> None:
        nonlocal asked
        if current_thread() is tidying:
            asked += 1
            if asked == question:
                with ThreadPoolExecutor(1) as elsewhere:
                    elsewhere.submit(file, store, 1).result()

    tidying = current_thread()
    event.listen(Engine, "after_cursor_execute", commit_behind)
    ledger.tidy()
    event.remove(Engine, "after_cursor_execute", commit_behind)
    assert asked, "nobody was heard"
    if asked < question:
        file(store, 1)
    page = ledger.next_page(listener.id)
    assert page is not None
    assert ([one.revision for one in page.letters], page.subscription.gap) == ([1], None)


def test_a_person_has_so_many_subscriptions_and_no_more(store: Store) -> None:
    for number in range(MOST):
        listen(store, query=f"event.troubleTicket.name={number}")
    with pytest.raises(ForbiddenError):
        listen(store)
    with store.reading(EVERYTHING) as reader:
        assert reader.connection.scalar(select(func.count()).select_from(schema.subscription)) == MOST
