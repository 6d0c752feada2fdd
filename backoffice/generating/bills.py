"""The moulds of last month's bills: every account has one; charges are kept of those that are not paid yet."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from backoffice.generating.moments import Month
from backoffice.generating.moulds import Mould, bare, hole
from backoffice.generating.plans import CURRENCY
from backoffice.generating.shapes import PAYMENT
from backoffice.importing.bodies.parts import Json, document, reference, related

VAT: Final = 0.06
MONTHLY: Final = "appliedBillingCharge"
OTHER: Final = "appliedBillingUsage"
CREDIT: Final = "appliedBillingCredit"
_ACCOUNT: Final = reference("billingAccount", hole("account"), hole("account"))
_BILL: Final = reference("customerBill", hole("bill"), hole("bill"))
_CUSTOMER: Final = related("customer", "customer", hole("customer"), hole("name"))
CHANNELS: Final = (("counter", "营业厅 Counter"), ("app", "App"))


@cache
def bill(month: Month, state: str, *, in_person: bool = False) -> Mould:
    """A bill with what is still to be paid of it; a settled one was paid by bank transfer, or in person by a payment here."""
    payment = {"payment": reference("payment", hole("payment"))} if in_person else {}
    paid = [{"appliedAmount": _money("included"), **payment}] if state == "settled" else []
    made = {
        "id": hole("bill"),
        "name": hole("bill"),
        "mimeType": "application/pdf",
        "url": f"https://bills.example.com/{hole('bill')}",
    }
    return Mould(
        document(
            "customerBill",
            hole("bill"),
            {
                "billNo": hole("bill"),
                "category": "normal",
                "runType": "onCycle",
                "state": state,
                "billDate": month.billed,
                "lastUpdate": month.billed,
                "nextBillDate": month.next_bill,
                "paymentDueDate": month.due,
                "billingPeriod": _period(month),
                "amountDue": _money("included"),
                "remainingAmount": _money("owed"),
                "taxIncludedAmount": _money("included"),
                "taxExcludedAmount": _money("excluded"),
                "taxItem": [{"taxCategory": "VAT", "taxRate": VAT, "taxAmount": _money("tax")}],
                "appliedPayment": paid,
                "billDocument": [made],
                "billingAccount": _ACCOUNT,
                "paymentMethod": PAYMENT,
                "relatedParty": [_CUSTOMER],
            },
        )
    )


@cache
def charge(month: Month, name: str, kind: str) -> Mould:
    """A line of a bill: what a product costs, or (without one) what is taken off or comes on top."""
    body: Json = {
        "name": name,
        "description": name,
        "type": kind,
        "date": month.billed,
        "isBilled": True,
        "bill": _BILL,
        "billingAccount": _ACCOUNT,
        "periodCoverage": _period(month),
        "taxIncludedAmount": _money("included"),
        "taxExcludedAmount": _money("excluded"),
        "appliedTax": [{"taxCategory": "VAT", "taxRate": VAT, "taxAmount": _money("tax")}],
        "characteristic": [],
    }
    if kind == MONTHLY:
        body["product"] = reference("product", hole("product"), name)
    return Mould(document("appliedCustomerBillingRate", hole("charge"), body))


@cache
def payment(channel: tuple[str, str]) -> Mould:
    """What a customer who pays in person paid."""
    item = {"amount": _money("included"), "item": {**_BILL, "@referredType": "CustomerBill"}}
    how: Any = {"@type": "cash", "id": "cash", "name": "现金 Cash", "@referredType": "PaymentMethod"}
    return Mould(
        document(
            "payment",
            hole("payment"),
            {
                "name": "账单付款 Bill payment",
                "description": "",
                "status": "done",
                "paymentDate": hole("paid"),
                "statusDate": hole("paid"),
                "account": _ACCOUNT,
                "amount": _money("excluded"),
                "taxAmount": _money("tax"),
                "totalAmount": _money("included"),
                "channel": {"id": channel[0], "name": channel[1]},
                "payer": {**_CUSTOMER, "role": "payer"},
                "paymentItem": [item],
                "paymentMethod": how,
            },
        )
    )


def amounts(included: float) -> dict[str, str]:
    """An amount and the tax in it, as the holes take them."""
    excluded = round(included / (1 + VAT), 2)
    return {"included": str(included), "excluded": str(excluded), "tax": str(round(included - excluded, 2))}


def _period(month: Month) -> Json:
    return {"startDateTime": month.began, "endDateTime": month.billed}


def _money(name: str) -> Json:
    return {"unit": CURRENCY, "value": bare(name)}
