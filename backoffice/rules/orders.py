"""Product orders and their cancellation (TMF622).

Every item of a new order, also within another, is acknowledged. An order that is completed, rejected or cancelled takes its
items along, but for those that ended before; one that is partly done or failed leaves them as they are, since they say what
became of what. An order that is under way is not deleted. It may still be cancelled while it is acknowledged, under way,
pending, held or already being assessed for it, and none of its items is completed; then it is cancelled at once, with every item.
Otherwise the request ends in `terminatedWithError`, `statusReason` says why, and the order stays as it was. A change of
the order's own state to `cancelled` follows the same rule of the items.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from app.core.clock import to_wire
from backoffice.errors import ConflictError
from backoffice.rules.parts import children, id_at
from backoffice.rules.port import Body, Records, Rule

_MAY_BE_CANCELLED: Final = frozenset(
    {"acknowledged", "inProgress", "pending", "held", "assessingCancellation", "pendingCancellation"}
)
_ITEMS: Final = "productOrderItem"
_DONE: Final = "completed"
_CANCELLED: Final = "cancelled"
_WITH_ITEMS: Final = (_DONE, "rejected", _CANCELLED)
_ENDED: Final = (*_WITH_ITEMS, "failed", "partial")
_PART_DONE: Final = "An item of the order is completed. What was delivered is given back by another order."


def _born(order: Body, _records: Records) -> Body:
    return _with_items(order, "acknowledged", ended=())


def _changed(before: Body, after: Body, _records: Records) -> Body:
    state = str(after.get("state"))
    if before.get("state") == state or state not in _WITH_ITEMS:
        return after
    if state == _CANCELLED and (_has_done_items(before) or _has_done_items(after)):
        raise ConflictError(_PART_DONE)
    return _with_items(after, state)


def _deleted(order: Body, _records: Records) -> None:
    if order.get("state") in _MAY_BE_CANCELLED - {"acknowledged"}:
        raise ConflictError("The order is under way. Cancel it.")


def _cancelled(task: Body, records: Records) -> Body:
    order = records.get("productOrder", id_at(task, "productOrder"))
    task = {**task, **_whose(order or {})}
    if problem := _why_not(order):
        return {**task, "state": "terminatedWithError", "statusReason": problem}
    assert order is not None  # noqa: S101 - else there was a problem
    why = {"cancellationReason": task["cancellationReason"]} if "cancellationReason" in task else {}
    records.put("productOrder", {**_with_items(order, _CANCELLED), **why, "state": _CANCELLED})
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
    return any(item.get("state") == _DONE or _has_done_items(item) for item in children(order, _ITEMS))


def _with_items(order: Body, state: str, ended: Collection[str] = _ENDED) -> Body:
    """The order, or an item, with all items below it in a state, but for those that have ended."""
    if _ITEMS not in order:
        return order
    items = [
        _with_items(item if item.get("state") in ended else {**item, "state": state}, state, ended)
        for item in children(order, _ITEMS)
    ]
    return {**order, _ITEMS: items}


ORDER: Final = Rule(_born, _changed, _deleted)
CANCELLATION: Final = Rule(_cancelled)
