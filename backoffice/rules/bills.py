"""Bills, and those made on demand (TMF678).

That a bill is paid is told by payments: nobody else says so while what remains of it says otherwise.

A bill on demand takes up every applied rate of the account that no bill has yet, up to a thousand, and marks them billed,
so that a charge stands on one bill only. Its amounts are the sums of theirs, and the account owes that much more. It is due
after the offset that the account's billing cycle says, else after fifteen days. Without such an account or such rates the
request is `rejected`; rates in several currencies end it in `terminatedWithError`. `statusReason` says why.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from app.core.clock import to_wire
from backoffice.errors import ConflictError
from backoffice.rules.parts import child, children, id_at, instant, number, reference
from backoffice.rules.port import Body, Records, Rule
from backoffice.rules.quantities import Quantity
from backoffice.rules.receivables import owe

_RATE: Final = "appliedCustomerBillingRate"
_DUE_AFTER_DAYS: Final = 15


def _made(task: Body, records: Records) -> Body:
    account = records.get("billingAccount", id_at(task, "billingAccount"))
    if account is None:
        return {**task, "state": "rejected", "statusReason": "There is no such billing account."}
    wanted = {"billingAccount.id": account["id"], "isBilled": "false"}
    if not (rates := records.find(_RATE, wanted)):
        return {**task, "state": "rejected", "statusReason": "Nothing is left to bill."}
    included, excluded = _sum(rates, "taxIncludedAmount"), _sum(rates, "taxExcludedAmount")
    if included is None or excluded is None:
        return {**task, "state": "terminatedWithError", "statusReason": "The charges are in several currencies."}
    amounts = {"taxIncludedAmount": included.written_as_money(), "taxExcludedAmount": excluded.written_as_money()}
    bill = records.add("customerBill", _bill(account, rates, amounts, records.now))
    for rate in rates:
        records.put(_RATE, {**rate, "isBilled": True, "bill": {"id": bill["id"], "href": bill["href"]}})
    owe(account["id"], included, records)
    return {**task, "customerBill": {"id": bill["id"], "href": bill["href"]}, "state": "done"}


def _sum(rates: list[Body], name: str) -> Quantity | None:
    """The sum of what the rates tell under a name; None if that is in several currencies."""
    amounts = [amount for rate in rates if (amount := Quantity.money(rate.get(name))) is not None]
    units = {amount.units for amount in amounts if amount.units}
    if len(units) > 1:
        return None
    return Quantity(sum((amount.amount for amount in amounts), Decimal(0)), units.pop() if units else "")


def _bill(account: Body, rates: list[Body], amounts: Body, now: datetime) -> Body:
    due = now + timedelta(days=_offset_of(account))
    return {
        **amounts,
        "amountDue": amounts["taxIncludedAmount"],
        "remainingAmount": amounts["taxIncludedAmount"],
        "billDate": to_wire(now),
        "paymentDueDate": to_wire(due),
        "billingAccount": reference(account, "BillingAccount"),
        "billingPeriod": _period(rates),
        "relatedParty": children(account, "relatedParty"),
        "category": "normal",
        "runType": "offCycle",
        "state": "new",
        "taxItem": _taxes(rates),
    }


def _offset_of(account: Body) -> int:
    cycle = child(account, "billStructure", "cycleSpecification")
    days = number(cycle.get("paymentDueDateOffset"))
    return _DUE_AFTER_DAYS if days is None or not 0 <= days <= 366 else int(days)  # noqa: PLR2004 - a year


def _period(rates: list[Body]) -> Body:
    periods = [child(rate, "periodCoverage") for rate in rates]
    starts = [found for one in periods if (found := instant(one.get("startDateTime"))) is not None]
    ends = [found for one in periods if (found := instant(one.get("endDateTime"))) is not None]
    told = {"startDateTime": min(starts, default=None), "endDateTime": max(ends, default=None)}
    return {name: to_wire(moment) for name, moment in told.items() if moment is not None}


def _taxes(rates: list[Body]) -> list[Body]:
    """The taxes of all rates, one item for each category and rate."""
    sums: dict[tuple[str, float, str], Decimal] = {}
    for tax in (one for rate in rates for one in children(rate, "appliedTax")):
        amount = Quantity.money(tax.get("taxAmount"))
        if amount is not None:
            key = (str(tax.get("taxCategory", "")), float(number(tax.get("taxRate")) or 0), amount.units)
            sums[key] = sums.get(key, Decimal(0)) + amount.amount
    return [
        {"taxCategory": category, "taxRate": rate, "taxAmount": Quantity(amount, unit).written_as_money()}
        for (category, rate, unit), amount in sorted(sums.items())
    ]


def _moved(before: Body, after: Body, _records: Records) -> Body:
    remaining, due = Quantity.money(after.get("remainingAmount")), Quantity.money(after.get("amountDue"))
    state = after.get("state")
    if remaining is None or state == before.get("state"):
        return after
    is_part = due is not None and 0 < remaining.amount < due.amount
    if (state == "settled" and remaining.amount > 0) or (state == "partiallyPaid" and not is_part):
        raise ConflictError("What remains of the bill says otherwise: pay it.")
    return after


BILL: Final = Rule(changed=_moved)
ON_DEMAND: Final = Rule(_made)
