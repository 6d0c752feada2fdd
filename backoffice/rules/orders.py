"""Product orders and their cancellation (TMF622).

Every item of a new order is acknowledged. An order may still be cancelled while it is acknowledged, under way, pending,
held or already being assessed for it, and none of its items is completed; then it is cancelled at once, with every item.
Otherwise the request ends in `terminatedWithError`, `statusReason` says why, and the order stays as it was. A change of
the order's own state to `cancelled` follows the same rule of the items.
"""

from __future__ import annotations

from typing import Final

from app.core.clock import to_wire
from backoffice.errors import ConflictError
from backoffice.rules.parts import children, id_at
from backoffice.rules.port import Body, Records, Rule

_MAY_BE_CANCELLED: Final = frozenset(
    {"acknowledged", "inProgress", "pending", "held", "assessingCancellation", "pendingCancellation"}
)
_DONE: Final = "completed"
_CANCELLED: Final = "cancelled"
_PART_DONE: Final = "An item of the order is completed. What was delivered is given back by another order."


def _born(order: Body, _records: Records) -> Body:
    items = [{**item, "state": "acknowledged"} for item in children(order, "productOrderItem")]
    return {**order, "productOrderItem": items}


def _changed(before: Body, after: Body, _records: Records) -> Body:
    if before.get("state") == after.get("state") or after.get("state") != _CANCELLED:
        return after
    if _has_done_items(before):
        raise ConflictError(_PART_DONE)
    return _with_items_cancelled(after)


def _cancelled(task: Body, records: Records) -> Body:
    order = records.get("productOrder", id_at(task, "productOrder"))
    task = {**task, **_whose(order or {})}
    if problem := _why_not(order):
        return {**task, "state": "terminatedWithError", "statusReason": problem}
    assert order is not None  # noqa: S101 - else there was a problem
    why = {"cancellationReason": task["cancellationReason"]} if "cancellationReason" in task else {}
    records.put("productOrder", {**_with_items_cancelled(order), **why, "state": _CANCELLED})
    return {**task, "state": "done", "effectiveCancellationDate": to_wire(records.now)}


def _whose(order: Body) -> Body:
    """A request is seen by those who see its order."""
    return {name: order[name] for name in ("relatedParty", "billingAccount") if name in order}


def _why_not(order: Body | None) -> str:
    if order is None:
        return "There is no such order."
    if order.get("state") not in _MAY_BE_CANCELLED:
        return "The order has ended."
    return _PART_DONE if _has_done_items(order) else ""


def _has_done_items(order: Body) -> bool:
    return any(item.get("state") == _DONE for item in children(order, "productOrderItem"))


def _with_items_cancelled(order: Body) -> Body:
    items = children(order, "productOrderItem")
    ended = ("rejected", "failed")
    return {
        **order,
        "productOrderItem": [item if item.get("state") in ended else {**item, "state": _CANCELLED} for item in items],
    }


ORDER: Final = Rule(_born, _changed)
CANCELLATION: Final = Rule(_cancelled)
