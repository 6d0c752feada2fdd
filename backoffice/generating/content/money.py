"""Prepaid balances and what moved them, and what was paid back or billed on demand (TMF654, 676, 678)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from backoffice.documents import Document
from backoffice.generating.content.parts import (
    ACCOUNT,
    CLERK,
    CUSTOMER,
    HALL,
    MOBILE,
    SIM,
    Days,
    amount,
    money,
)
from backoffice.importing.bodies.parts import reference
from backoffice.rules.accumulated import accumulated

_MONEY: Final = reference("bucket", "bucket-money", "余额 Balance")
_OTHER: Final = reference("bucket", "bucket-other", "余额 Balance")
_PARTY_ACCOUNT: Final = reference("partyAccount", "party-account-1", ACCOUNT["name"])
_OWNED: Final[dict[str, Any]] = {
    "partyAccount": _PARTY_ACCOUNT,
    "logicalResource": [SIM],
    "product": [MOBILE],
    "relatedParty": [CUSTOMER],
}
_RECEIVER: Final = {"id": "15400138002", "name": "15400138002", "@referredType": "LogicalResource"}


def documents(days: Days) -> Iterator[Document]:
    """Buckets as they are after the actions, their sums, the actions, and the rest."""
    left = {_MONEY["id"]: (43.0, 10.0), _OTHER["id"]: (5.0, 0.0)}
    money_left = [_bucket(days, name, "monetary", amount(now), amount(kept)) for name, (now, kept) in left.items()]
    data_left = [_bucket(days, "bucket-data", "data", amount(14_800, "MB"), amount(0, "MB"))]
    for buckets in (money_left, data_left):
        yield from buckets
        yield _sum(days, buckets)
    for collection, record_id, ago, what in _actions():
        yield _action(days, collection, record_id, ago, what)
        yield _history(days, record_id, ago, what)
    yield from _bills(days)


def _sum(days: Days, buckets: list[Document]) -> Document:
    """As the first movement of one of them would write it."""
    total = accumulated(_PARTY_ACCOUNT["id"], [one.body for one in buckets])
    more = {"description": "余额合计 Sum of balances", "logicalResource": SIM}
    return days.record("accumulatedBalance", total.pop("id"), 1, **total, **more)


def _bucket(days: Days, bucket: str, usage: str, left: dict[str, Any], kept: dict[str, Any]) -> Document:
    value = {"remainingValue": left, "reservedValue": kept, "remainingValueName": f"{left['amount']} {left['units']}"}
    dates = {"requestedDate": days.ago(300), "confirmationDate": days.ago(300), "validFor": days.span(300, -60)}
    return days.record(
        "bucket", bucket, 300, name=bucket, usageType=usage, status="active", isShared=False, **value, **dates, **_OWNED
    )


def _actions() -> Iterator[tuple[str, str, float, dict[str, Any]]]:
    """What moved 10.00 to 43.00, and set 10.00 of it aside."""
    yield "topupBalance", "topup-1", 12, {"amount": amount(50.0), "paymentMethod": {"id": "bank-transfer"}}
    yield "adjustBalance", "adjust-1", 9, {"amount": amount(-2.0), "adjustType": "oneTime", "reason": "更正 Correction"}
    yield "reserveBalance", "reserve-1", 4, {"amount": amount(10.0), "reason": "国际漫游 Roaming"}
    given = {"receiverBucket": _OTHER, "receiverBucketUsageType": "monetary", "receiverLogicalResource": _RECEIVER}
    yield "transferBalance", "transfer-1", 3, {"amount": amount(5.0), "reason": "转赠 Gift", **given}


def _action(days: Days, collection: str, record_id: str, ago: float, what: dict[str, Any]) -> Document:
    return days.record(collection, record_id, ago, **_done(days, ago), **what)


def _history(days: Days, record_id: str, ago: float, what: dict[str, Any]) -> Document:
    receiver = {"receiverLogicalResource": SIM, **what}
    return days.record("balanceActionHistory", f"history-{record_id}", ago, **_done(days, ago), **receiver)


def _done(days: Days, ago: float) -> dict[str, Any]:
    asked = {"usageType": "monetary", "bucket": _MONEY, "channel": HALL, "requestor": CLERK}
    return {
        **asked,
        "status": "completed",
        "confirmationDate": days.ago(ago),
        "description": "预付费 Prepaid",
        **_OWNED,
    }


def _bills(days: Days) -> Iterator[Document]:
    paid = {"status": "done", "account": ACCOUNT, "channel": HALL, "description": "多缴退回 Paid twice"}
    how = {"@type": "bankAccountTransfer", "id": "bank-transfer", "name": "银行转账 Bank transfer"}
    yield days.record(
        "refund",
        "refund-1",
        6,
        name="退款 Refund",
        amount=money(20.0),
        totalAmount=money(20.0),
        taxAmount=money(0.0),
        paymentMethod=how,
        requestor=CUSTOMER,
        **paid,
    )
    yield days.record(
        "customerBillOnDemand",
        "on-demand-1",
        19,
        name="补打账单 Bill again",
        description="Asked for at the counter",
        state="done",
        billingAccount=ACCOUNT,
        customerBill=reference("customerBill", f"B-{ACCOUNT['id']}"),
        relatedParty=CUSTOMER,
    )
