"""No listener is told of anything outside its owner's role, territory or party, nor touches another's subscription.

That this can fail is shown, as for the rest of the matrix, by asking for more than the back office was told to hide.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest

from backoffice.holding import Hold
from backoffice.hub.callbacks import AllowedHost
from backoffice.hub.ledger import HubSettings, Ledger
from backoffice.resources import RESOURCES
from backoffice.scopes import EVERYTHING, Scope
from backoffice.web.context import Options
from tests.backoffice.helpers import RunningServer
from tests.backoffice.matrix.answers import Asker
from tests.backoffice.matrix.hubs import Ear, ask_for_others, compare_told, live_and_die
from tests.backoffice.matrix.people import COMBINATIONS, XIHU, Who, in_role
from tests.backoffice.matrix.planted import LEAKS, stricter_than_it_is
from tests.backoffice.matrix.world import Table, world
from tests.fakes.clock import FakeClock

SETTINGS = HubSettings(frozenset({AllowedHost.read("127.0.0.1:9")}), looks_every_s=0.2)
NEIGHBOUR = Who("agent", "binjiang")
CALLBACK = "http://127.0.0.1:9/told"
ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def server(database: str, clock: FakeClock) -> Iterator[RunningServer]:
    """A server with a hub that sends nothing itself: what it would send is asked of its ledger."""
    running = RunningServer(database, Options(hub=SETTINGS), clock)
    sender = Hold(running.store.engine, "hub")
    assert sender.is_ours()
    running.start()
    yield running
    running.stop()
    sender.let_go()


def listeners(server: RunningServer, table: Table, people: list[Who], wider: Scope | None = None) -> list[str]:
    """What is wrong with what these people can have told."""
    records = world(table)
    ledger = Ledger(server.store, server.clock, SETTINGS, None)
    with ExitStack() as stack:
        askers = [Asker(who, server.url, who.token(server, wider), records) for who in (*people, NEIGHBOUR)]
        ears = [Ear(stack.enter_context(closing(asker))) for asker in askers]
        for ear in ears:
            ear.ask_to_listen(table, CALLBACK)
        for ear in ears[:-1]:
            ask_for_others(ear.asker, ears[-1].places)
        for _ in live_and_die(server.store, records):
            news = {name for name, is_new in ledger.news().items() if is_new}
            for ear in ears:
                ear.listen(ledger, news)
        for ear in ears:
            compare_told(ear, table)
        return [wrong for asker in askers for wrong in asker.wrong]


@pytest.mark.parametrize(("database", "role"), COMBINATIONS, indirect=["database"])
def test_nobody_is_told_beyond_role_territory_or_party(server: RunningServer, role: str) -> None:
    assert listeners(server, RESOURCES, in_role(role)) == []


@ON_SQLITE
@pytest.mark.parametrize("leak", LEAKS)
def test_the_matrix_finds_a_leak_in_the_table(server: RunningServer, leak: str) -> None:
    collection, stricter, who = LEAKS[leak]
    wrong = listeners(server, stricter_than_it_is(collection, **stricter), [who])
    assert any(f"{who}: the hub tells" in one for one in wrong)
    assert all(collection in one for one in wrong), wrong


@ON_SQLITE
def test_the_matrix_finds_a_listener_who_is_told_too_much(server: RunningServer) -> None:
    wrong = "\n".join(listeners(server, RESOURCES, [XIHU], wider=EVERYTHING))
    for way in ("TroubleTicketCreateEvent", "IndividualDeleteEvent", "BillingAccountAttributeValueChangeEvent"):
        assert f"{XIHU}: the hub tells by {way}" in wrong


@ON_SQLITE
def test_the_matrix_finds_who_reaches_the_subscription_of_another(server: RunningServer) -> None:
    with closing(Asker(XIHU, server.url, XIHU.token(server), [])) as asker:
        ear = Ear(asker)
        ear.ask_to_listen(RESOURCES, CALLBACK)
        assert asker.wrong == []
        ask_for_others(asker, ear.places)  # as if they were another's
    assert len(asker.wrong) == 2 * len(ear.places)


@ON_SQLITE
def test_the_matrix_finds_a_role_that_listens_and_may_not_read(server: RunningServer) -> None:
    with closing(Asker(Who("admin"), server.url, XIHU.token(server), [])) as asker:
        ear = Ear(asker)
        ear.ask_to_listen(RESOURCES, CALLBACK)
    assert len(asker.wrong) == len(ear.places) > 0
