"""Bills, and the rates that they add up from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from backoffice.documents import Document
from backoffice.importing.bodies.parts import Json, Owner, Span, document, money, period, reference, related


@dataclass(frozen=True, slots=True)
class Line:
    """One rate on a bill, tax included; `product` is empty where it belongs to none of them."""

    key: str
    name: str
    kind: str
    amount: float
    product: str = ""


def customer_bill(
    owner: Owner,
    bill_id: str,
    *,
    span: Span,
    due: str,
    next_bill: str,
    amount: float,
    left: float,
    unit: str,
    state: str,
) -> Document:
    """What an account was asked to pay for a period; `left` is what is still owed of it, empty `next_bill`: there is none."""
    issued = span.end or span.start
    body: Json = {
        "billNo": bill_id,
        "billDate": issued,
        "billingPeriod": period(span),
        "category": "normal",
        "runType": "onCycle",
        "state": state,
        "lastUpdate": issued,
        "paymentDueDate": due,
        "amountDue": money(amount, unit),
        "remainingAmount": money(left, unit),
        "taxExcludedAmount": money(amount, unit),
        "taxIncludedAmount": money(amount, unit),
        "appliedPayment": [],
        "billDocument": [],
        "billingAccount": reference("billingAccount", owner.account, owner.account),
        "relatedParty": [related("customer", "customer", owner.customer, owner.name)],
        "taxItem": [],
    }
    if next_bill:
        body["nextBillDate"] = next_bill
    return document("customerBill", bill_id, body)


def rates(owner: Owner, bill_id: str, *, span: Span, unit: str, lines: Sequence[Line]) -> list[Document]:
    """The lines of a bill."""
    return [_rate(owner, bill_id, span, unit, line) for line in lines]


def _rate(owner: Owner, bill_id: str, span: Span, unit: str, line: Line) -> Document:
    body: Json = {
        "name": line.name,
        "description": line.name,
        "type": line.kind,
        "date": span.end or span.start,
        "isBilled": True,
        "periodCoverage": period(span),
        "taxExcludedAmount": money(line.amount, unit),
        "taxIncludedAmount": money(line.amount, unit),
        "appliedTax": [],
        "bill": reference("customerBill", bill_id, bill_id),
        "billingAccount": reference("billingAccount", owner.account, owner.account),
        "characteristic": [],
        "relatedParty": [related("customer", "customer", owner.customer, owner.name)],
    }
    if line.product:
        body["product"] = reference("product", line.product, line.name)
    return document("appliedCustomerBillingRate", f"{bill_id}-{line.key}", body)
