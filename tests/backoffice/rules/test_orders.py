"""Product orders and their cancellation (TMF622)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from backoffice.errors import BadRequestError, ConflictError
from tests.backoffice.office import Body, Office
from tests.fakes.clock import FakeClock

NOON = "2026-03-25T04:00:00.000Z"
ONE_O_CLOCK = "2026-03-25T05:00:00.000Z"


def order(office: Office, **more: Any) -> Body:
    items = [{"id": "1", "action": "add"}, {"id": "2", "action": "add", "state": "completed"}]
    return office.ask("productOrder", productOrderItem=items, **more)


def items(body: Body) -> list[str]:
    return [item["state"] for item in body["productOrderItem"]]


def cancel(office: Office, order_id: str) -> Body:
    return office.ask("cancelProductOrder", productOrder={"id": order_id}, cancellationReason="changed mind")


def test_a_new_order_begins_at_the_beginning_whatever_it_says(office: Office) -> None:
    new = order(office, state="completed", completionDate=NOON, expectedCompletionDate=NOON)
    assert (new["state"], items(new), new["orderDate"]) == ("acknowledged", ["acknowledged"] * 2, NOON)
    assert new["id"].startswith("O260325-")
    assert not {"completionDate", "expectedCompletionDate"} & set(new)


def test_when_an_order_is_done_is_kept(office: Office, clock: FakeClock) -> None:
    new = order(office)
    office.change("productOrder", new["id"], state="inProgress")
    clock.move(by=timedelta(hours=1))
    done = office.change("productOrder", new["id"], state="completed")
    assert (done["completionDate"], done["orderDate"]) == (ONE_O_CLOCK, NOON)
    with pytest.raises(BadRequestError, match="cannot go"):
        office.change("productOrder", new["id"], state="inProgress")


@pytest.mark.parametrize("steps", [(), ("inProgress",), ("pending",), ("held",), ("assessingCancellation",)])
def test_an_order_that_has_not_ended_can_be_cancelled(office: Office, clock: FakeClock, steps: tuple[str, ...]) -> None:
    new = order(office)
    for state in steps:
        office.change("productOrder", new["id"], state=state)
    clock.move(by=timedelta(hours=1))
    task = cancel(office, new["id"])
    assert (task["state"], task["effectiveCancellationDate"]) == ("done", ONE_O_CLOCK)
    after = office.get("productOrder", new["id"])
    assert (after["state"], items(after), after["cancellationDate"]) == ("cancelled", ["cancelled"] * 2, ONE_O_CLOCK)
    assert after["cancellationReason"] == "changed mind"


def test_a_rejected_item_stays_rejected_when_the_rest_is_cancelled(office: Office) -> None:
    new = order(office)
    changed = [{**new["productOrderItem"][0], "state": "rejected"}, new["productOrderItem"][1]]
    office.change("productOrder", new["id"], productOrderItem=changed)
    cancel(office, new["id"])
    assert items(office.get("productOrder", new["id"])) == ["rejected", "cancelled"]


def test_what_cannot_be_cancelled_any_more_says_why_and_stays(office: Office) -> None:
    new = order(office)
    cancel(office, new["id"])
    before = office.get("productOrder", new["id"])
    for order_id, reason in ((new["id"], "The order has ended."), ("missing", "There is no such order.")):
        task = cancel(office, order_id)
        assert (task["state"], task["statusReason"]) == ("terminatedWithError", reason)
        assert "effectiveCancellationDate" not in task
    assert office.get("productOrder", new["id"]) == before


def test_an_order_of_which_something_is_delivered_is_not_cancelled(office: Office) -> None:
    new = order(office)
    office.change("productOrder", new["id"], productOrderItem=[{**new["productOrderItem"][0], "state": "completed"}])
    assert cancel(office, new["id"])["state"] == "terminatedWithError"
    with pytest.raises(ConflictError, match="is completed"):
        office.change("productOrder", new["id"], state="cancelled")
    assert office.get("productOrder", new["id"])["state"] == "acknowledged"


def test_an_order_that_ends_takes_its_items_along(office: Office) -> None:
    bundle = {"id": "1", "action": "add", "productOrderItem": [{"id": "1.1", "action": "add"}]}
    for state, became in (("completed", "completed"), ("partial", "acknowledged"), ("failed", "acknowledged")):
        new = office.ask("productOrder", productOrderItem=[bundle, {"id": "2", "action": "add"}])
        assert items(new["productOrderItem"][0]) == ["acknowledged"]
        failed = {**new["productOrderItem"][1], "state": "failed"}
        office.change(
            "productOrder", new["id"], state="inProgress", productOrderItem=[new["productOrderItem"][0], failed]
        )
        ended = office.change("productOrder", new["id"], state=state)
        assert (items(ended), items(ended["productOrderItem"][0])) == ([became, "failed"], [became])
    refused = office.change("productOrder", order(office)["id"], state="rejected")
    assert items(refused) == ["rejected", "rejected"]


def test_no_change_cancels_what_it_completes(office: Office) -> None:
    new = order(office)
    done = [{**new["productOrderItem"][0], "productOrderItem": [{"id": "1.1", "action": "add", "state": "completed"}]}]
    with pytest.raises(ConflictError, match="is completed"):
        office.change("productOrder", new["id"], state="cancelled", productOrderItem=done)


def test_an_order_that_is_under_way_is_not_deleted(office: Office) -> None:
    new, other = order(office)["id"], order(office)["id"]
    office.change("productOrder", new, state="inProgress")
    with pytest.raises(ConflictError, match="under way"):
        office.delete("productOrder", new)
    office.delete("productOrder", other)
    office.change("productOrder", new, state="completed")
    office.delete("productOrder", new)
    assert office.every("productOrder") == []


def test_a_request_belongs_to_those_to_whom_its_order_does(office: Office) -> None:
    party = {"id": "C1", "role": "customer", "@referredType": "Customer"}
    new = order(office, relatedParty=[party])
    other = {"id": "C2", "role": "customer", "@referredType": "Customer"}
    task = office.ask("cancelProductOrder", productOrder={"id": new["id"]}, relatedParty=[other])
    assert task["relatedParty"] == [party]


def test_an_order_may_be_cancelled_by_itself(office: Office) -> None:
    new = order(office)
    assert items(office.change("productOrder", new["id"], state="cancelled")) == ["cancelled", "cancelled"]
