"""Bills made on demand (TMF678)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.backoffice.office import Body, Office

OWNER = {"id": "C1", "name": "王小明", "role": "customer", "@referredType": "Customer"}


@pytest.fixture
def account(office: Office) -> Body:
    """An account with three charges, one of which is on a bill already."""
    made = office.ask("billingAccount", name="A1", relatedParty=[OWNER])
    _rate(office, "R1", made["id"], 10.1, period=("2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z"))
    _rate(office, "R2", made["id"], 0.2, period=("2026-03-01T00:00:00Z", "2026-03-20T00:00:00Z"))
    _rate(office, "R3", made["id"], 99, isBilled=True)
    _rate(office, "R4", "another", 99)
    return made


def _rate(office: Office, name: str, account: str, amount: float, unit: str = "CNY", **more: Any) -> None:
    begins, ends = more.pop("period", ("2026-03-01T00:00:00Z", "2026-03-20T00:00:00Z"))
    tax = {"taxCategory": "VAT", "taxRate": 0.06, "taxAmount": {"value": 0.1, "unit": unit}}
    body = {
        "name": name,
        "isBilled": False,
        "billingAccount": {"id": account},
        "taxIncludedAmount": {"value": amount, "unit": unit},
        "taxExcludedAmount": {"value": amount, "unit": unit},
        "periodCoverage": {"startDateTime": begins, "endDateTime": ends},
        "appliedTax": [tax],
    }
    office.has("appliedCustomerBillingRate", name, **{**body, **more})


def ask(office: Office, account: str) -> Body:
    return office.ask("customerBillOnDemand", name="final bill", billingAccount={"id": account})


def test_a_bill_has_every_charge_that_no_bill_has(office: Office, account: Body) -> None:
    task = ask(office, account["id"])
    assert (task["state"], task["lastUpdate"]) == ("done", "2026-03-25T04:00:00.000Z")
    bill = office.get("customerBill", task["customerBill"]["id"])
    assert bill["taxIncludedAmount"] == bill["amountDue"] == bill["remainingAmount"] == {"value": 10.3, "unit": "CNY"}
    assert bill["taxItem"] == [{"taxCategory": "VAT", "taxRate": 0.06, "taxAmount": {"value": 0.2, "unit": "CNY"}}]
    assert (bill["billDate"], bill["paymentDueDate"]) == ("2026-03-25T04:00:00.000Z", "2026-04-09T04:00:00.000Z")
    assert bill["billingPeriod"] == {
        "startDateTime": "2026-02-01T00:00:00.000Z",
        "endDateTime": "2026-03-20T00:00:00.000Z",
    }
    assert (bill["state"], bill["relatedParty"], bill["billDocument"]) == ("new", [OWNER], [])
    for name in ("R1", "R2"):
        rate = office.get("appliedCustomerBillingRate", name)
        assert (rate["isBilled"], rate["bill"]["id"]) == (True, bill["id"])
    assert office.get("appliedCustomerBillingRate", "R4")["isBilled"] is False


def test_the_account_owes_that_much_more(office: Office, account: Body) -> None:
    ask(office, account["id"])
    (balance,) = office.get("billingAccount", account["id"])["accountBalance"]
    assert (balance["balanceType"], balance["amount"]) == ("receivable", {"value": 10.3, "unit": "CNY"})


def test_no_charge_is_billed_twice(office: Office, account: Body) -> None:
    ask(office, account["id"])
    again = ask(office, account["id"])
    assert (again["state"], again["statusReason"]) == ("rejected", "Nothing is left to bill.")
    assert len(office.every("customerBill")) == 1
    assert "customerBill" not in again


def test_the_accounts_billing_cycle_says_when_it_is_due(office: Office, account: Body) -> None:
    cycle = {"id": "monthly", "name": "monthly", "paymentDueDateOffset": 30}
    office.change("billingAccount", account["id"], billStructure={"cycleSpecification": cycle})
    bill = office.get("customerBill", ask(office, account["id"])["customerBill"]["id"])
    assert bill["paymentDueDate"] == "2026-04-24T04:00:00.000Z"


def test_an_account_that_is_not_there_gets_no_bill(office: Office) -> None:
    assert ask(office, "missing")["statusReason"] == "There is no such billing account."
    assert office.ask("customerBillOnDemand")["state"] == "rejected"


def test_two_currencies_make_no_sum(office: Office, account: Body) -> None:
    _rate(office, "R5", account["id"], 1, "USD")
    task = ask(office, account["id"])
    assert (task["state"], office.every("customerBill")) == ("terminatedWithError", [])
    assert office.get("appliedCustomerBillingRate", "R1")["isBilled"] is False
