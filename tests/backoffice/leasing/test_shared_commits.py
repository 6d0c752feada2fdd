"""Acts of several desks share a commit; one that is refused has spent nothing, whoever it came with."""

from __future__ import annotations

from backoffice.errors import BadRequestError
from backoffice.leasing import books
from backoffice.leasing.blocks import Kind
from backoffice.leasing.leasing import Spend, Wanted, take
from backoffice.operations import Act, Answer, Operations
from backoffice.resources import RESOURCES
from backoffice.scopes import EVERYTHING
from backoffice.store import Store
from tests.backoffice.helpers import ticket
from tests.backoffice.leasing.desks import numbers
from tests.fakes.clock import FakeClock

TICKET = RESOURCES["troubleTicket"]


def test_what_a_refused_act_would_have_given_out_is_not_spent_with_the_others(store: Store, clock: FakeClock) -> None:
    store.load(numbers())
    store.run(lambda one: take(one, Wanted("L1", "d1", Kind.PHONE_NUMBER, 2)))
    good = Act("POST", TICKET, "", "desk/d2", content=ticket(), key="K1")
    spends = (Spend(Kind.PHONE_NUMBER, "N1"),)
    refused = Act("POST", TICKET, "", "desk/d1", content={"description": "x"}, key="K2", spends=spends)
    given = Act("POST", TICKET, "", "desk/d1", content=ticket(), key="K3", spends=(Spend(Kind.PHONE_NUMBER, "N2"),))
    acts = [(one, EVERYTHING) for one in (good, refused, given)]
    answers = Operations(store, clock).perform_together(acts)
    assert [type(one) for one in answers] == [Answer, BadRequestError, Answer]
    with store.reading(EVERYTHING) as reader:
        held = books.held(reader, Kind.PHONE_NUMBER, ["N1", "N2"])
    assert {item: one.spent for item, one in held.items()} == {"N1": None, "N2": "K3"}
