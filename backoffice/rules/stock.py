"""What is taken from stock, set aside in it and asked of it (TMF687).

A stock's productStockLevel counts what lies there. A reservation takes nothing away: it stands on the stock in the
attribute `reservation`, with its amount and until when, and what is available is the level without the running
reservations. A reservation lasts as long as its validFor says, else fifteen minutes; then it is over by itself. An
adjustment changes levels by all its items or, if one of them cannot be, by none; an item may name in `reserveProductStock`
the reservation that it uses up. No level ever goes below what is reserved, whoever changes it. What cannot be done ends in
`terminatedWithError` with a `statusReason`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from typing import Final

from app.core.clock import to_wire
from backoffice.errors import BadRequestError, ConflictError
from backoffice.rules.parts import as_json, child, children, id_at, instant, number, reference, text_at, without
from backoffice.rules.port import Body, Records, Rule
from backoffice.rules.quantities import OUT_OF_BOUNDS, Quantity

_STOCK: Final = "productStock"
_LASTS: Final = timedelta(minutes=15)
_ANSWER: Final = ("productStockReserved", "quantityReserved")
_NONE: Final = Quantity(Decimal(0))


class _FailedError(Exception):
    """Why it cannot be done."""


def _counted(stock: Body, records: Records) -> Body:
    return _recounted({}, stock, records)


def _recounted(before: Body, after: Body, records: Records) -> Body:
    level = child(after, "productStockLevel")
    if level == before.get("productStockLevel"):
        return after
    if "amount" in level and number(level["amount"]) is None:
        raise BadRequestError("The amount of productStockLevel must be a number.")
    if not _level(after).is_within_bounds:
        raise BadRequestError(OUT_OF_BOUNDS)
    if _level(after).amount < _sum(_running(after, records)):
        raise ConflictError("No level goes below what is reserved, or below zero.")
    return after


def _adjusted(task: Body, records: Records) -> Body:
    now = to_wire(records.now)
    items = children(task, "adjustProductStockItem")
    try:
        stocks: dict[str, Body] = {}
        for item in items:
            stock_id = id_at(item, "productStockTarget")
            stock = stocks.get(stock_id) or _stock(stock_id, records)
            stocks[stock_id] = _adjust(stock, item, records)
    except _FailedError as error:
        return _ended(task, "adjustProductStockItem", items, "terminatedWithError", str(error))
    for stock in stocks.values():
        records.put(_STOCK, stock)
    return {**_ended(task, "adjustProductStockItem", items, "done"), "completedAdjustProductStockDate": now}


def _ended(task: Body, name: str, items: list[Body], state: str, reason: str = "") -> Body:
    why = {"statusReason": reason} if reason else {}
    return {**task, name: [{**item, "state": state} for item in items], "state": state, **why}


def _adjust(stock: Body, item: Body, records: Records) -> Body:
    change = Quantity.read(item.get("adjustProductStockQuantity"))
    if change is None:
        raise _FailedError("The quantity must be a number.")
    if not change.is_within_bounds:
        raise _FailedError(OUT_OF_BOUNDS)
    used_up = id_at(item, "reserveProductStock")
    running = [one for one in _running(stock, records) if id_at(one) != used_up]
    level = _level(stock)
    if not level.fits(change):
        raise _FailedError("The stock counts in another unit.")
    after = level + change
    if change.amount < 0 and after.amount < _sum(running):
        raise _FailedError("Too little is in stock, or what is there is reserved.")
    return {
        **stock,
        "productStockLevel": {**child(stock, "productStockLevel"), **after.written()},
        "reservation": running,
    }


def _reserved(task: Body, records: Records) -> Body:
    items = [without(item, _ANSWER) for item in children(task, "reserveProductStockItem")]
    stocks: dict[str, Body] = {}
    done: list[Body] = []
    try:
        until = _until(task, records)
        for item in items:
            stock, amount = _with_room_for(item, task, stocks, records)
            entry = {"id": task["id"], "amount": as_json(amount.amount), "until": until}
            stocks[stock["id"]] = {**stock, "reservation": [*_running(stock, records), entry]}
            reserved = {"productStockReserved": reference(stock, "ProductStock"), "quantityReserved": amount.written()}
            done.append({**item, **reserved, "reserveProductStockState": "done"})
    except _FailedError as error:
        failed = {"reserveProductStockState": "terminatedWithError"}
        return {
            **task,
            "reserveProductStockItem": [{**one, **failed} for one in items],
            **failed,
            "statusReason": str(error),
        }
    for stock in stocks.values():
        records.put(_STOCK, stock)
    period = {"startDateTime": to_wire(records.now), **child(task, "validFor"), "endDateTime": until}
    return {**task, "reserveProductStockItem": done, "reserveProductStockState": "done", "validFor": period}


def _until(task: Body, records: Records) -> str:
    told = child(task, "validFor").get("endDateTime")
    until = records.now + _LASTS if told is None else instant(told)
    if until is None or until <= records.now:
        raise _FailedError("A reservation ends at an instant that is still to come.")
    return to_wire(until)


def _with_room_for(item: Body, task: Body, stocks: dict[str, Body], records: Records) -> tuple[Body, Quantity]:
    """The first stock that has enough: the one that the item names, else those of its product at the task's place."""
    amount = Quantity.read(item.get("quantityRequested"))
    if amount is None or amount.amount <= 0:
        raise _FailedError("The quantity must be a number above zero.")
    if not amount.is_within_bounds:
        raise _FailedError(OUT_OF_BOUNDS)
    wanted = id_at(item, "productStockRequested")
    found = [_stock(wanted, records)] if wanted else _of_product(child(item, "requestedProduct"), task, records)
    for one in found:
        stock = stocks.get(one["id"]) or _stock(one["id"], records)
        if _has(stock, amount, records):
            return stock, amount
    raise _FailedError("Too little is in stock, or what is there is reserved.")


def _checked(task: Body, records: Records) -> Body:
    items = [_check(item, task, records) for item in children(task, "checkProductStockItem")]
    done = {"state": "done", "completedCheckProductStockDate": to_wire(records.now)}
    return {**task, "checkProductStockItem": items, **done}


def _check(item: Body, task: Body, records: Records) -> Body:
    amount = Quantity.read(item.get("requestedQuantity")) or _NONE
    asked = child(item, "checkedProductStock")
    named = records.get(_STOCK, id_at(asked)) if id_at(asked) else None
    found = [named] if named else _of_product(child(asked, "stockedProduct"), {"place": child(asked, "place")}, records)
    if any(_has(stock, amount, records) for stock in found):
        return {**item, "availabilityResult": "available", "state": "done"}
    wants_more = True in (item.get("provideAlternative"), task.get("provideAlternative"))
    product = child(named or asked, "stockedProduct")
    elsewhere = [one for one in _of_product(product, {}, records) if wants_more and _has(one, amount, records)]
    alternates = [_alternate(str(n), stock, amount) for n, stock in enumerate(elsewhere, 1)]
    result = "alternate" if alternates else "notAvailable"
    return {**item, "availabilityResult": result, "alternate": alternates, "state": "done"}


def _alternate(number: str, stock: Body, amount: Quantity) -> Body:
    return {"id": number, "alternateStock": reference(stock, "ProductStock"), "alternateQuantity": amount.written()}


def _queried(task: Body, records: Records) -> Body:
    criteria = child(task, "searchCriteria")
    named = records.get(_STOCK, id_at(criteria)) if id_at(criteria) else None
    found = [named] if named else _of_product(child(criteria, "stockedProduct"), criteria, records)
    done = {"state": "done", "completedQueryProductStockDate": to_wire(records.now)}
    return {**task, "queryProductStockItem": found, **done}


def _of_product(product: Body, where: Body, records: Records) -> list[Body]:
    """The stocks of a product, by its id, its offering, serial number or name, at a place if one is named."""
    wanted = {
        "stockedProduct.id": id_at(product),
        "stockedProduct.productOffering.id": id_at(product, "productOffering"),
        "stockedProduct.productSerialNumber": text_at(product, "productSerialNumber"),
        "stockedProduct.name": text_at(product, "name"),
    }
    named = next(({path: value} for path, value in wanted.items() if value), {})
    place = id_at(where, "place")
    at = {"place.id": place} if place else {}
    return records.find(_STOCK, {**named, **at}) if named or at else []


def _stock(stock_id: str, records: Records) -> Body:
    found = records.get(_STOCK, stock_id)
    if found is None:
        raise _FailedError("There is no such stock.")
    return found


def _has(stock: Body, amount: Quantity, records: Records) -> bool:
    level = _level(stock)
    is_usable = stock.get("productStockStatusType") not in ("unavailable", "reserved")
    return is_usable and level.fits(amount) and level.amount - _sum(_running(stock, records)) >= amount.amount


def _level(stock: Body) -> Quantity:
    return Quantity.read(stock.get("productStockLevel")) or _NONE


def _running(stock: Body, records: Records) -> list[Body]:
    now = records.now
    return [
        one for one in children(stock, "reservation") if (ends := instant(one.get("until"))) is not None and now < ends
    ]


def _sum(reservations: Iterable[Body]) -> Decimal:
    return sum((Decimal(str(one.get("amount", 0))) for one in reservations), Decimal(0))


STOCK: Final = Rule(_counted, _recounted)
ADJUST: Final = Rule(_adjusted)
RESERVE: Final = Rule(_reserved)
CHECK: Final = Rule(_checked)
QUERY: Final = Rule(_queried)
