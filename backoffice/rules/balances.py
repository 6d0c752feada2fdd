"""What moves prepaid balances (TMF654).

A bucket's `remainingValue` is what can still be spent, its `reservedValue` what is set aside. A top-up adds, an adjustment
adds or takes, a transfer takes from one bucket and adds to another, a reservation sets aside; no balance ever goes below
zero, and each movement happens once. What cannot be done ends in `failed`, `statusReason` says why, and no balance moved:
there is no such bucket, it is not active, kind or unit differ, the amount is no number above zero or out of bounds, there is
too little left, or something was asked that nobody here carries out (vouchers, top-ups that repeat).

A completed top-up, adjustment or reservation can be cancelled, which moves the same amount back, if enough is left; a
transfer is final. What has moved a balance is neither rewritten nor deleted. Every end is kept in balanceActionHistory, and
accumulatedBalance tells the sum of the active buckets of one owner, kind and unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from app.core.clock import to_wire
from backoffice.errors import ConflictError
from backoffice.rules.accumulated import accumulate
from backoffice.rules.parts import child, children, id_at, instant, reference, text_at, without
from backoffice.rules.port import Body, Records, Rule
from backoffice.rules.quantities import OUT_OF_BOUNDS, Quantity

_NONE: Final = Quantity(Decimal(0))
_COMPLETED: Final = "completed"
_CANCELLED: Final = "cancelled"
_WRITTEN_ONCE: Final = ("amount", "bucket", "receiverBucket", "usageType", "partyAccount")


class _FailedError(Exception):
    """Why a movement cannot be made."""


@dataclass(frozen=True, slots=True)
class Move:
    """What one action does to one bucket."""

    bucket_id: str
    usage: str
    spendable: Quantity
    reserved: Quantity = _NONE

    def back(self) -> Move:
        """The movement that undoes this one."""
        return Move(self.bucket_id, self.usage, -self.spendable, -self.reserved)


def _topup(action: Body) -> list[Move]:
    if text_at(action, "voucher"):
        raise _FailedError("Vouchers are not known here.")
    if action.get("isAutoTopup") is True or "recurringPeriod" in action:
        raise _FailedError("Top-ups that repeat are not carried out here.")
    return [_move(action, _amount(action))]


def _adjustment(action: Body) -> list[Move]:
    if action.get("adjustType") == "recurring":
        raise _FailedError("Adjustments that repeat are not carried out here.")
    return [_move(action, _amount(action, may_be_negative=True))]


def _reservation(action: Body) -> list[Move]:
    amount = _amount(action)
    return [_move(action, -amount, amount)]


def _transfer(action: Body) -> list[Move]:
    amount = _amount(action)
    giver = _move(action, -amount)
    taker = Move(id_at(action, "receiverBucket"), text_at(action, "receiverBucketUsageType"), amount)
    if giver.bucket_id == taker.bucket_id:
        raise _FailedError("A bucket gives nothing to itself.")
    cost = Quantity.money(action.get("transferCost"))
    if cost is None or cost.amount <= 0:
        return [giver, taker]
    payer = taker if action.get("costOwner") == "receiver" else giver
    return [giver, taker, Move(payer.bucket_id, payer.usage, -_bounded(cost))]


def _move(action: Body, spendable: Quantity, reserved: Quantity = _NONE) -> Move:
    return Move(id_at(action, "bucket"), text_at(action, "usageType"), spendable, reserved)


def _amount(action: Body, *, may_be_negative: bool = False) -> Quantity:
    amount = Quantity.read(action.get("amount"))
    if amount is None or amount.amount == 0 or (amount.amount < 0 and not may_be_negative):
        raise _FailedError("The amount must be a number above zero.")
    return _bounded(amount)


def _bounded(amount: Quantity) -> Quantity:
    if not amount.is_within_bounds:
        raise _FailedError(OUT_OF_BOUNDS)
    return amount


_MOVES: Final = {
    "topupBalance": _topup,
    "adjustBalance": _adjustment,
    "reserveBalance": _reservation,
    "transferBalance": _transfer,
}


def rule_for(collection: str) -> Rule:
    """The rule of one kind of action."""
    moves_of = _MOVES[collection]

    def created(action: Body, records: Records) -> Body:
        known = _with_owner(action, records)
        try:
            _carry_out(moves_of(known), records)
        except _FailedError as error:
            return _told(collection, {**known, "status": "failed", "statusReason": str(error)}, records)
        if collection == "topupBalance":
            _prolong(known, records)
        return _told(collection, {**known, "status": _COMPLETED, "confirmationDate": to_wire(records.now)}, records)

    def changed(before: Body, after: Body, records: Records) -> Body:
        if any(before.get(name) != after.get(name) for name in _WRITTEN_ONCE):
            raise ConflictError("What has moved a balance is not rewritten. Cancel it and make another.")
        if before.get("status") != _COMPLETED or after.get("status") != _CANCELLED:
            return after
        try:
            _carry_out([move.back() for move in moves_of(before)], records)
        except _FailedError as error:
            raise ConflictError(f"It can no longer be cancelled. {error}") from error
        return _told(collection, after, records)

    def deleted(action: Body, _records: Records) -> None:
        if action.get("status") == _COMPLETED:
            raise ConflictError("What has moved a balance is kept. Cancel it.")

    return Rule(created, changed, deleted)


def _with_owner(action: Body, records: Records) -> Body:
    """The action, with whom its bucket belongs to where it does not say so itself."""
    bucket = records.get("bucket", id_at(action, "bucket")) or {}
    names = ("partyAccount", "logicalResource", "relatedParty", "product")
    return {**{name: bucket[name] for name in names if name in bucket}, **action}


def _carry_out(moves: list[Move], records: Records) -> None:
    """Make all movements or none."""
    buckets: dict[str, Body] = {}
    for move in moves:
        bucket = buckets.get(move.bucket_id) or records.get("bucket", move.bucket_id)
        if bucket is None:
            raise _FailedError("There is no such bucket.")
        buckets[move.bucket_id] = _moved(bucket, move)
    for bucket in buckets.values():
        records.put("bucket", bucket)
        accumulate(bucket, records)


def _moved(bucket: Body, move: Move) -> Body:
    if bucket.get("status", "active") != "active":
        raise _FailedError("The bucket is not active.")
    if move.usage and bucket.get("usageType", move.usage) != move.usage:
        raise _FailedError("The bucket is for another kind of usage.")
    remaining = Quantity.read(bucket.get("remainingValue")) or _NONE
    reserved = Quantity.read(bucket.get("reservedValue")) or _NONE
    if not remaining.fits(move.spendable) or not reserved.fits(move.reserved):
        raise _FailedError("The bucket counts in another unit.")
    left, aside = remaining + move.spendable, reserved + move.reserved
    if left.amount < 0 or aside.amount < 0:
        raise _FailedError("Too little is left.")
    if not (left.is_kept_exactly and aside.is_kept_exactly):
        raise _FailedError("The balance has too many digits.")
    return {**bucket, "remainingValue": left.written(), "reservedValue": Quantity(aside.amount, left.units).written()}


def _prolong(action: Body, records: Records) -> None:
    """A top-up with a validity lets its bucket last at least as long."""
    bucket = records.get("bucket", id_at(action, "bucket")) or {}
    told, ends = (child(one, "validFor").get("endDateTime") for one in (action, bucket))
    until, last = instant(told), instant(ends)
    if until is None or last is None or until <= last:
        return
    records.put("bucket", {**bucket, "validFor": {**child(bucket, "validFor"), "endDateTime": told}})


def _told(collection: str, action: Body, records: Records) -> Body:
    """Keep in the history how the action ended."""
    receivers = [
        child(action, "receiverLogicalResource"),
        *children(action, "logicalResource"),
        child(action, "bucket"),
    ]
    receiver = next((one for one in receivers if id_at(one)), {"id": ""})
    named = {"@type": collection[0].upper() + collection[1:], "receiverLogicalResource": receiver}
    about = {"action": reference(action, collection[0].upper() + collection[1:])}
    records.add("balanceActionHistory", {**without(action, ("id", "href")), **named, **about})
    return action


TOPUP: Final = rule_for("topupBalance")
ADJUST: Final = rule_for("adjustBalance")
RESERVE: Final = rule_for("reserveBalance")
TRANSFER: Final = rule_for("transferBalance")
