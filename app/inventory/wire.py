"""TMF637 and TMF638 JSON → inventory models."""

from __future__ import annotations

from collections.abc import Iterable

from app.core import wire
from app.core.money import Money, money_from
from app.inventory.model import Holdings, Product, Service


def holdings_from(services: Iterable[wire.Body], products: Iterable[wire.Body]) -> Holdings:
    """Everything one customer holds, what works first; a service is paid on the account of the product it realizes."""
    sold = tuple(products)
    accounts = {
        wire.text(one, "id"): wire.text(wire.child(product, "billingAccount"), "id")
        for product in sold
        for one in wire.children(product, "realizingService")
    }
    held = (service_from(one, accounts.get(wire.text(one, "id"), "")) for one in services)
    return Holdings(
        services=tuple(sorted(held, key=lambda one: (not one.is_on, not one.number, one.name, one.id))),
        products=tuple(sorted(map(product_from, sold), key=lambda one: (one.status != "active", one.name, one.id))),
    )


def service_from(body: wire.Body, account: str = "") -> Service:
    """A service with its number, where it has one."""
    place = next(wire.children(body, "place"), {})
    return Service(
        id=wire.text(body, "id"),
        name=wire.text(body, "name"),
        kind=wire.text(body, "serviceType"),
        number=wire.characteristics(body, "serviceCharacteristic").get("number", ""),
        state=wire.text(body, "state"),
        place=wire.text(place, "name") or wire.text(wire.child(place, "place"), "name"),
        account=account,
        since=wire.instant(body, "startDate"),
    )


def product_from(body: wire.Body) -> Product:
    """A product with its monthly price, where one is recorded."""
    return Product(
        id=wire.text(body, "id"),
        name=wire.text(body, "name"),
        status=wire.text(body, "status"),
        monthly=_monthly(body),
        since=wire.instant(body, "startDate"),
        until=wire.instant(body, "terminationDate"),
    )


def _monthly(body: wire.Body) -> Money | None:
    for price in wire.children(body, "productPrice"):
        if wire.text(price, "priceType") == "recurring":
            amount = wire.child(wire.child(price, "price"), "taxIncludedAmount")
            return money_from(amount.get("value"), wire.text(amount, "unit"))
    return None
