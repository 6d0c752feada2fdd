"""TMF637 and TMF638 JSON → inventory models."""

from __future__ import annotations

from app.core import wire
from app.core.money import Money, money_from
from app.inventory.model import Product, Service


def service_from(body: wire.Body) -> Service:
    """A service with its number, where it has one."""
    place = next(wire.children(body, "place"), {})
    return Service(
        id=wire.text(body, "id"),
        name=wire.text(body, "name"),
        kind=wire.text(body, "serviceType"),
        number=wire.characteristics(body, "serviceCharacteristic").get("number", ""),
        state=wire.text(body, "state"),
        place=wire.text(place, "name") or wire.text(wire.child(place, "place"), "name"),
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
