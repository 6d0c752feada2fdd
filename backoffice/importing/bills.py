"""Bills from the charges: what was billed before the last month, the last month, and what was used beside.

The files give totals, not bills. So there are at most three, and together they come to what the files say: the first two to
the total charges, the third (long distance, extra data, refunds) to the rest of the total revenue. Nothing says that any of
it is unpaid, so all are settled.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from backoffice.documents import Document
from backoffice.importing.bodies.billing import Line, customer_bill, rates
from backoffice.importing.bodies.parts import Owner, Span
from backoffice.importing.contacts import Contact
from backoffice.importing.customer_documents import AS_OF, CURRENCY, months_before, owner_of, wire_day
from backoffice.importing.customers import SourceCustomer

_DUE_AFTER: Final = timedelta(days=21)
_USED: Final = (
    ("longDistance", "Long distance calls", "totalLongDistanceCharges", 1),
    ("extraData", "Extra data", "totalExtraDataCharges", 1),
    ("refunds", "Refunds", "totalRefunds", -1),
)


def bills_of(source: SourceCustomer, contact: Contact | None) -> Iterator[Document]:
    """The bills of one customer with their lines; none where nothing was charged."""
    owner = owner_of(source, contact)
    begun, month_ago, today = months_before(AS_OF, source.tenure), months_before(AS_OF, 1), AS_OF
    next_month = None if source.status == "churned" else months_before(AS_OF, -1)
    yield from _bill(owner, "1", (begun, month_ago, today), _earlier(source))
    yield from _bill(owner, "2", (month_ago, today, next_month), _last_month(source))
    yield from _bill(owner, "3", (begun, today, next_month), _used(source))


def _charges(source: SourceCustomer) -> tuple[float, float]:
    """What was charged before the last month, and in it."""
    total = source.total_charges or 0.0
    month = max(min(source.monthly_charge, total), 0.0)
    return _cents(total - month), _cents(month)


def _earlier(source: SourceCustomer) -> list[Line]:
    return [Line("charges", "Charges before the last month", "recurringCharge", _charges(source)[0])]


def _last_month(source: SourceCustomer) -> list[Line]:
    return [Line("charge", "Monthly charge", "recurringCharge", _charges(source)[1], f"{source.id}-main")]


def _used(source: SourceCustomer) -> list[Line]:
    return [
        Line(key, words, "usageCharge", _cents(sign * source.totals.get(column, 0.0)))
        for key, words, column, sign in _USED
    ]


def _bill(owner: Owner, number: str, days: tuple[date, date, date | None], every: list[Line]) -> Iterator[Document]:
    """The bill of the lines that come to something, if there are any; `days` are its first, its last and the next bill's."""
    lines = [line for line in every if line.amount]
    if not lines:
        return
    begun, ended, following = days
    bill_id, span = f"B-{owner.customer}-{number}", Span(wire_day(begun), wire_day(ended))
    yield customer_bill(
        owner,
        bill_id,
        span=span,
        due=wire_day(ended + _DUE_AFTER),
        next_bill=wire_day(following) if following else "",
        amount=_cents(sum(line.amount for line in lines)),
        left=0.0,
        unit=CURRENCY,
        state="settled",
    )
    yield from rates(owner, bill_id, span=span, unit=CURRENCY, lines=lines)


def _cents(amount: float) -> float:
    return round(amount, 2)
