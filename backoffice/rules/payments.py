"""Payments and refunds (TMF676): final once they are made.

A payment has a total above zero, and its parts add up to it. What it pays of a customerBill, named as the item of a
paymentItem, is applied to that bill, one of the payment's account: at most what remains of it; the rest stays with the
account, and all of it where the bill is settled. A refund that names its payment goes through the same account, is in its
currency and never more than what was not given back yet; what it takes back of the payment's bills
remains to be paid there again, the last named first. Both move what the account owes. Nothing here is ever changed or
deleted: a wrong payment is refunded.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from backoffice.errors import BadRequestError, ConflictError
from backoffice.rules.parts import children, id_at, reference
from backoffice.rules.port import Body, Records, Rule
from backoffice.rules.quantities import OUT_OF_BOUNDS, Quantity
from backoffice.rules.receivables import owe

_BILL: Final = "customerBill"


def _paid(payment: Body, records: Records) -> Body:
    total = _asked(payment)
    items = children(payment, "paymentItem")
    parts = [_asked(item) for item in items if "totalAmount" in item or "amount" in item]
    if any(not part.fits(total) for part in parts) or sum((part.amount for part in parts), Decimal(0)) > total.amount:
        raise BadRequestError("The items of a payment are in its currency and not more than its total.")
    whole = total if len(items) == 1 else None
    for item in items:
        bill = records.get(_BILL, id_at(item, "item"))
        amount = _total(item) if "totalAmount" in item or "amount" in item else whole
        if bill is not None and amount is not None:
            _apply(payment, bill, amount, records)
    owe(id_at(payment, "account"), -total, records)
    return payment


def _asked(payment: Body) -> Quantity:
    total = _total(payment)
    if not total.is_within_bounds:
        raise BadRequestError(OUT_OF_BOUNDS)
    return total


def _total(payment: Body) -> Quantity:
    """The amount with tax. Raises BadRequestError unless it is above zero and its parts add up."""
    total = Quantity.money(payment.get("totalAmount")) or Quantity.money(payment.get("amount"))
    if total is None or total.amount <= 0:
        raise BadRequestError("totalAmount must be above zero.")
    amount, tax = Quantity.money(payment.get("amount")), Quantity.money(payment.get("taxAmount"))
    if "totalAmount" in payment and amount and tax and amount.amount + tax.amount != total.amount:
        raise BadRequestError("amount and taxAmount must add up to totalAmount.")
    return total


def _apply(payment: Body, bill: Body, amount: Quantity, records: Records) -> None:
    accounts = {id_at(bill, name) for name in ("billingAccount", "financialAccount")} - {""}
    if accounts and id_at(payment, "account") not in accounts:
        raise ConflictError("The bill is another account's.")
    remaining = Quantity.money(bill.get("remainingAmount"))
    if remaining is None or remaining.amount <= 0 or bill.get("state") == "settled":
        return
    if not remaining.fits(amount):
        raise ConflictError("The bill is in another currency.")
    applied = Quantity(min(amount.amount, remaining.amount), remaining.units)
    entry = {"appliedAmount": applied.written_as_money(), "payment": reference(payment, "Payment")}
    _put_bill(bill, remaining + -applied, [*children(bill, "appliedPayment"), entry], records)


def _put_bill(bill: Body, remaining: Quantity, applied: list[Body], records: Records) -> None:
    is_paid, is_touched = remaining.amount == 0, bool(applied)
    state = "settled" if is_paid else "partiallyPaid" if is_touched else "sent"
    left = remaining.written_as_money()
    records.put(_BILL, {**bill, "remainingAmount": left, "appliedPayment": applied, "state": state})


def _refunded(refund: Body, records: Records) -> Body:
    total = _asked(refund)
    if payment_id := id_at(refund, "payment"):
        payment = records.get("payment", payment_id)
        if payment is None:
            raise ConflictError("There is no such payment.")
        if id_at(payment, "account") != id_at(refund, "account"):
            raise ConflictError("The payment came to another account.")
        _take_back(payment, total, records)
    owe(id_at(refund, "account"), total, records)
    return refund


def _take_back(payment: Body, total: Quantity, records: Records) -> None:
    """First what the payment left with the account is given back, then what it paid of bills, the last one first."""
    paid = _total(payment)
    before = records.find("refund", {"payment.id": payment["id"]}, anywhere=True)
    left_of_it = paid.amount - sum(_total(one).amount for one in before)
    if not paid.fits(total) or total.amount > left_of_it:
        raise ConflictError("A refund is in the payment's currency and not more than what is left of it.")
    named = dict.fromkeys(id_at(item, "item") for item in children(payment, "paymentItem"))
    bills = [bill for one in reversed(named) if (bill := records.get(_BILL, one)) is not None]
    applied = {bill["id"]: _applied_of(payment, bill) for bill in bills}
    wanted = total.amount - (left_of_it - sum(applied.values()))
    for bill in bills:
        part = min(applied[bill["id"]], wanted)
        if part > 0:
            _unapply(payment, bill, part, records)
            wanted -= part


def _applied_of(payment: Body, bill: Body) -> Decimal:
    mine = [one for one in children(bill, "appliedPayment") if id_at(one, "payment") == payment["id"]]
    amounts = [Quantity.money(one.get("appliedAmount")) for one in mine]
    return sum((amount.amount for amount in amounts if amount is not None), Decimal(0))


def _unapply(payment: Body, bill: Body, part: Decimal, records: Records) -> None:
    remaining = Quantity.money(bill.get("remainingAmount")) or Quantity(Decimal(0))
    others = [one for one in children(bill, "appliedPayment") if id_at(one, "payment") != payment["id"]]
    kept = Quantity(_applied_of(payment, bill) - part, remaining.units)
    entry = {"appliedAmount": kept.written_as_money(), "payment": reference(payment, "Payment")}
    _put_bill(bill, remaining + Quantity(part), [*others, *([entry] if kept.amount else [])], records)


PAYMENT: Final = Rule(_paid)
REFUND: Final = Rule(_refunded)
