"""Who sees one territory never writes over what lies in another, even where the ids are the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from backoffice import records
from backoffice.documents import Document
from backoffice.errors import ForbiddenError
from backoffice.operations import Act, Operations
from backoffice.resources import RESOURCES
from backoffice.scopes import EVERYTHING, Scope
from backoffice.store import Store
from backoffice.writing import Transaction
from tests.backoffice.office import Office
from tests.fakes.clock import FakeClock

XIHU, BINJIANG = Scope(frozenset({"xihu"})), Scope(frozenset({"binjiang"}))


@pytest.fixture
def two(store: Store) -> Store:
    """A customer in each of two territories."""
    places = {"CX": "xihu", "CB": "binjiang"}
    store.load(
        Document("customer", name, {"name": name, "characteristic": [{"name": "territory", "value": place}]})
        for name, place in places.items()
    )
    return store


def of(owner: str) -> list[dict[str, str]]:
    return [{"id": owner, "role": "customer", "@referredType": "Customer"}]


def complaint(owner: str, key: str | None = None) -> Act:
    content = {"description": f"of {owner}", "severity": "major", "ticketType": "complaint", "relatedParty": of(owner)}
    return Act("POST", RESOURCES["troubleTicket"], "", owner, content=content, key=key)


def described(store: Store) -> dict[str, Any]:
    with store.reading(EVERYTHING) as reader:
        found = [one for one in reader.page_after(("", ""), 100) if one.collection == "troubleTicket"]
        return {one.id: one.body["description"] for one in found}


@pytest.mark.parametrize("together", [False, True])
def test_a_new_record_takes_no_id_of_another_territory(
    two: Store, clock: FakeClock, monkeypatch: pytest.MonkeyPatch, *, together: bool
) -> None:
    drawn = iter(["TT-SAME", "TT-SAME", "TT-OTHER"])
    monkeypatch.setattr(records, "_new_id", lambda *_: next(drawn))
    acts = [(complaint("CX", "1"), XIHU), (complaint("CB", "2"), BINJIANG)]
    operations = Operations(two, clock)
    if together:
        operations.perform_together(acts)
    else:
        for act, scope in acts:
            operations.perform(act, scope)
    assert described(two) == {"TT-SAME": "of CX", "TT-OTHER": "of CB"}


def test_what_was_never_seen_is_not_written_over(two: Store) -> None:
    two.load([Document("troubleTicket", "T", {"description": "of CX", "relatedParty": of("CX")})])

    def blindly(transaction: Transaction) -> Callable[[], None]:
        transaction.put("troubleTicket", "T", {"id": "T", "description": "of CB", "relatedParty": of("CB")})
        return lambda: None

    with pytest.raises(ForbiddenError):
        two.run(blindly, BINJIANG)
    assert [type(one) for one in two.together([(blindly, BINJIANG)])] == [ForbiddenError]
    assert described(two) == {"T": "of CX"}


def test_buckets_of_two_territories_with_one_number_have_a_sum_each(two: Store, clock: FakeClock) -> None:
    office = Office(two, clock)
    for owner in ("CX", "CB"):
        office.has("billingAccount", f"A{owner}", name="A", relatedParty=of(owner))
        bucket = {
            "usageType": "other",
            "remainingValue": {"amount": 10, "units": "CNY"},
            "logicalResource": [{"id": "R"}],
        }
        office.has("bucket", owner, **bucket, status="active", relatedParty=of(owner))
    for owner, scope in (("CB", BINJIANG), ("CX", XIHU), ("CX", XIHU)):
        office.scope = scope
        account, amount = {"id": f"A{owner}"}, {"amount": 5, "units": "CNY"}
        office.ask("topupBalance", usageType="other", partyAccount=account, amount=amount, bucket={"id": owner})
    sums = {one["bucket"][0]["id"]: one["totalBalance"]["amount"] for one in office.every("accumulatedBalance")}
    assert sums == {"CB": 15, "CX": 20}
    assert len(office.every("accumulatedBalance")) == 2


def test_a_sum_that_was_deleted_is_made_anew_once(store: Store, clock: FakeClock) -> None:
    office = Office(store, clock)
    office.has("bucket", "B", usageType="other", status="active", remainingValue={"amount": 1, "units": "CNY"},
               partyAccount={"id": "A"})  # fmt: skip
    for deleted in (None, "A/other/CNY", None):
        if deleted:
            office.delete("accumulatedBalance", deleted)
        office.ask("topupBalance", usageType="other", partyAccount={"id": "A"}, amount={"amount": 1, "units": "CNY"},
                   bucket={"id": "B"})  # fmt: skip
    assert [one["totalBalance"]["amount"] for one in office.every("accumulatedBalance")] == [4]
