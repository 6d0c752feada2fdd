"""Payments and refunds: final once made (TMF676)."""

from __future__ import annotations

from typing import Any

import pytest

from backoffice.errors import BadRequestError, ConflictError
from backoffice.resources import RESOURCES, Operation
from backoffice.scopes import Scope
from tests.backoffice.office import Body, Office

pytestmark = pytest.mark.one_engine

OWNER = {"id": "C1", "name": "王小明", "role": "customer", "@referredType": "Customer"}
CASH = {"@type": "cash", "name": "cash"}


@pytest.fixture
def account(office: Office) -> str:
    """An account with two bills."""
    made: str = office.ask("billingAccount", name="A1", relatedParty=[OWNER])["id"]
    for name, amount in (("B1", 30.3), ("B2", 20)):
        office.has("customerBill", name, state="sent", remainingAmount=money(amount), billingAccount={"id": made})
    return made


def money(value: float, unit: str = "CNY") -> Body:
    return {"value": value, "unit": unit}


def item(bill: str, value: float | None = None) -> Body:
    told = {} if value is None else {"totalAmount": money(value)}
    return {"id": bill, "item": {"id": bill, "@referredType": "CustomerBill"}, **told}


def pay(office: Office, account: str, value: float, *items: Body, key: str | None = None, **more: Any) -> Body:
    body = {"account": {"id": account}, "paymentMethod": CASH, "totalAmount": money(value), "paymentItem": list(items)}
    return office.ask("payment", key, **{**body, **more})


def refund(office: Office, paid: Body, value: float, **more: Any) -> Body:
    body = {
        "account": paid["account"],
        "paymentMethod": CASH,
        "totalAmount": money(value),
        "payment": {"id": paid["id"]},
    }
    return office.ask("refund", **{**body, **more})


def bill(office: Office, name: str) -> tuple[Any, Any]:
    found = office.get("customerBill", name)
    return found["remainingAmount"]["value"], found["state"]


def owed(office: Office, account: str) -> Any:
    balances = office.get("billingAccount", account)["accountBalance"]
    return sum(one["amount"]["value"] for one in balances)


def test_a_payment_is_done_and_has_a_number_that_can_be_read_aloud(office: Office, account: str) -> None:
    made = pay(office, account, 10, status="failed")
    assert (made["status"], made["paymentDate"], made["statusDate"]) == (
        "done",
        "2026-03-25T04:00:00.000Z",
        "2026-03-25T04:00:00.000Z",
    )
    assert made["id"].startswith("P260325-")
    assert owed(office, account) == -10


def test_nothing_changes_or_deletes_what_was_paid() -> None:
    for collection in ("payment", "refund"):
        assert not RESOURCES[collection].operations & {Operation.CHANGE, Operation.DELETE}


def test_a_payment_pays_the_bills_that_it_names(office: Office, account: str) -> None:
    made = pay(office, account, 40, item("B1", 30.3), item("B2", 9.7))
    assert (bill(office, "B1"), bill(office, "B2")) == ((0, "settled"), (10.3, "partiallyPaid"))
    (applied,) = office.get("customerBill", "B2")["appliedPayment"]
    assert (applied["appliedAmount"], applied["payment"]["id"]) == (money(9.7), made["id"])
    pay(office, account, 10.3, item("B2"))
    assert bill(office, "B2") == (0, "settled")


def test_a_payment_that_is_sent_three_times_is_made_once(office: Office, account: str) -> None:
    for _ in range(3):
        pay(office, account, 20, item("B2"), key="K1")
    assert (len(office.every("payment")), bill(office, "B2"), owed(office, account)) == (1, (0, "settled"), -20)


def test_what_a_bill_does_not_take_stays_with_the_account(office: Office, account: str) -> None:
    pay(office, account, 50, item("B2"))
    assert (bill(office, "B2"), owed(office, account)) == ((0, "settled"), -50)
    assert office.get("customerBill", "B2")["appliedPayment"][0]["appliedAmount"] == money(20)


def test_a_bill_that_is_not_there_is_no_reason_to_refuse_money(office: Office, account: str) -> None:
    assert pay(office, account, 5, item("missing"))["status"] == "done"
    assert pay(office, "missing", 5)["status"] == "done"


@pytest.mark.parametrize(
    "wrong",
    [
        {"totalAmount": money(0)},
        {"totalAmount": money(-5)},
        {"totalAmount": {"unit": "CNY"}},
        {"totalAmount": money(1.1e15)},
        {"totalAmount": money(10.0000001)},
        {"amount": money(9), "taxAmount": money(2)},
        {"paymentItem": [item("B1", 6), item("B2", 5)]},
        {"paymentItem": [{"item": {"id": "B1"}, "totalAmount": money(5, "USD")}]},
    ],
)
def test_a_payment_that_does_not_add_up_is_refused(office: Office, account: str, wrong: Body) -> None:
    with pytest.raises(BadRequestError):
        pay(office, account, 10, **wrong)
    assert (bill(office, "B1"), office.every("payment")) == ((30.3, "sent"), [])


def test_a_bill_is_not_paid_in_another_currency(office: Office, account: str) -> None:
    with pytest.raises(ConflictError, match="currency"):
        pay(office, account, 10, item("B1"), totalAmount=money(10, "USD"))


def test_a_payment_in_its_parts_adds_up(office: Office, account: str) -> None:
    assert pay(office, account, 0.3, amount=money(0.1), taxAmount=money(0.2))["status"] == "done"


def test_a_refund_gives_back_what_is_left_and_never_more(office: Office, account: str) -> None:
    paid = pay(office, account, 10)
    made = refund(office, paid, 4)
    assert (made["status"], made["id"][:8], owed(office, account)) == ("done", "R260325-", -6)
    with pytest.raises(ConflictError, match="not more"):
        refund(office, paid, 6.01)
    refund(office, paid, 6)
    assert owed(office, account) == 0
    with pytest.raises(ConflictError):
        refund(office, paid, 0.01)
    assert len(office.every("refund")) == 2


def test_a_refund_in_another_currency_or_of_nothing_is_refused(office: Office, account: str) -> None:
    paid = pay(office, account, 10)
    with pytest.raises(ConflictError):
        refund(office, paid, 1, totalAmount=money(1, "USD"))
    with pytest.raises(ConflictError, match="no such payment"):
        refund(office, paid, 1, payment={"id": "missing"})
    with pytest.raises(BadRequestError):
        refund(office, paid, 0)


def test_what_another_territory_gave_back_is_given_back(office: Office) -> None:
    for name, territory in (("C1", "xihu"), ("C2", "binjiang")):
        mark = [{"name": "territory", "value": territory}]
        office.has("customer", name, name=name, engagedParty={"id": name}, characteristic=mark)
        office.has("billingAccount", name, name=name, relatedParty=[{**OWNER, "id": name}])
    paid = pay(office, "C1", 10)
    office.has("refund", "R1", account={"id": "C2"}, payment={"id": paid["id"]}, totalAmount=money(8))
    office.scope = Scope(frozenset({"xihu"}))
    with pytest.raises(ConflictError, match="not more"):
        refund(office, paid, 3)
    refund(office, paid, 2)


def test_money_pays_the_bills_of_its_own_account_only(office: Office, account: str) -> None:
    other: str = office.ask("billingAccount", name="A2", relatedParty=[OWNER])["id"]
    with pytest.raises(ConflictError, match="another account"):
        pay(office, other, 30.3, item("B1"))
    assert (bill(office, "B1"), owed(office, other), owed(office, account)) == ((30.3, "sent"), 0, 0)
    office.has("customerBill", "B3", state="sent", remainingAmount=money(5), financialAccount={"id": account})
    pay(office, account, 5, item("B3"))
    assert bill(office, "B3") == (0, "settled")


def test_money_goes_back_through_the_account_that_it_came_to(office: Office, account: str) -> None:
    other: str = office.ask("billingAccount", name="A2", relatedParty=[OWNER])["id"]
    paid = pay(office, account, 10)
    with pytest.raises(ConflictError, match="another account"):
        refund(office, paid, 10, account={"id": other})
    assert (owed(office, other), owed(office, account)) == (0, -10)
    refund(office, paid, 10)


def test_nobody_says_of_a_bill_that_it_is_paid_but_who_pays_it(office: Office, account: str) -> None:
    for state in ("settled", "partiallyPaid"):
        with pytest.raises(ConflictError, match="remains"):
            office.change("customerBill", "B1", state=state)
    office.has("customerBill", "B3", state="sent", remainingAmount=money(0), amountDue=money(9))
    assert office.change("customerBill", "B3", state="settled")["state"] == "settled"


def test_what_is_settled_stays_so_whatever_is_paid_on_it(office: Office, account: str) -> None:
    office.has("customerBill", "B3", state="settled", remainingAmount=money(9), billingAccount={"id": account})
    pay(office, account, 1, item("B3"))
    assert (bill(office, "B3"), owed(office, account)) == ((9, "settled"), -1)


def test_a_deposit_is_given_back_without_its_payment(office: Office, account: str) -> None:
    office.ask("refund", account={"id": account}, paymentMethod=CASH, totalAmount=money(3))
    assert owed(office, account) == 3


def test_what_is_taken_back_of_a_bill_remains_to_be_paid_there(office: Office, account: str) -> None:
    paid = pay(office, account, 60, item("B1", 30.3), item("B2", 29.7))
    assert (bill(office, "B1"), bill(office, "B2")) == ((0, "settled"), (0, "settled"))
    refund(office, paid, 9.7)
    assert bill(office, "B2") == (0, "settled")
    refund(office, paid, 15)
    assert (bill(office, "B1"), bill(office, "B2")) == ((0, "settled"), (15, "partiallyPaid"))
    refund(office, paid, 35.3)
    assert (bill(office, "B1"), bill(office, "B2")) == ((30.3, "sent"), (20, "sent"))
    assert office.get("customerBill", "B1")["appliedPayment"] == []
    assert owed(office, account) == 0
