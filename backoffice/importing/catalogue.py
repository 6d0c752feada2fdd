"""The catalogue that the customers' holdings imply: ten price points, an offering for each, and the bundles of lines.

The prices are found from the charges (`prices`), which the customers section hands over while it reads them; so a row of
this section is a price that was found. Bundles are what the main product of a customer is called after, so that every
product in the inventory names an offering that is there; they cost what their parts cost. What the charges tell no price of
is offered without one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import product
from typing import Final

from backoffice.documents import Document
from backoffice.importing import customers
from backoffice.importing.account import Account
from backoffice.importing.bodies import catalogue as bodies
from backoffice.importing.customer_documents import AS_OF_WIRE, CURRENCY, offering_id
from backoffice.importing.prices import PARTS, PriceFinder

CATALOG: Final = "residential"
CATEGORY: Final = "residential-services"
NOTHING: Final = "No phone or internet"
_LINES: Final = (
    ("", "Phone"),
    ("", "Second line"),
    ("", "DSL internet", "Fiber internet", "Cable internet", "internet"),
)


class DerivedCatalogue:
    """What the customers' charges say of prices, once they have all been read."""

    size = 0  # nothing is read for it

    def __init__(self, finder: PriceFinder) -> None:
        self._finder = finder

    def documents(self, account: Account) -> Iterator[Document]:
        """Specifications, prices and offerings; the bundles; the shelf and the catalogue they stand in."""
        prices = self._finder.prices()
        for _ in prices:
            account.took()
        yield from derived(prices)


@contextmanager
def opened(finder: PriceFinder) -> Iterator[DerivedCatalogue]:
    """Nothing has to be opened."""
    yield DerivedCatalogue(finder)


def derived(prices: Mapping[str, int]) -> Iterator[Document]:
    """The catalogue at these prices (whole dollars a month, by part)."""
    offered: list[tuple[str, str]] = []
    for name, kind in _single():
        key = offering_id(name)
        price = prices.get(key)
        yield bodies.specification(key, name, brand="", changed=AS_OF_WIRE, characteristics=[_kind(kind)])
        if price is not None:
            yield bodies.monthly_offering_price(key, name, float(price), CURRENCY, changed=AS_OF_WIRE)
        priced = [key] if price is not None else []
        yield bodies.offering(key, name, category=CATEGORY, changed=AS_OF_WIRE, spec=key, prices=priced)
        offered.append((key, name))
    for names in bundles():
        name = " + ".join(names)
        parts = [(offering_id(part), part) for part in names]
        yield bodies.offering(offering_id(name), name, category=CATEGORY, changed=AS_OF_WIRE, parts=parts)
        offered.append((offering_id(name), name))
    yield bodies.category(CATEGORY, "Residential services", changed=AS_OF_WIRE, offerings=offered)
    yield bodies.catalog(
        CATALOG, "Residential", changed=AS_OF_WIRE, categories=[(CATEGORY, "Residential services")]
    )  # fmt: skip


def bundles() -> Iterator[tuple[str, ...]]:
    """Every combination of two or more lines."""
    for combination in product(*_LINES):
        names = tuple(name for name in combination if name)
        if len(names) > 1:
            yield names


def _single() -> Iterator[tuple[str, str]]:
    """Name and service type of everything that is offered by itself; what has no price point is there too."""
    for part in PARTS:
        yield part.name, part.kind
    known = {part.key for part in PARTS}
    for add_on in customers.ADD_ONS:
        if offering_id(add_on.name) not in known:
            yield add_on.name, add_on.kind
    yield "Cable internet", "broadband"
    yield "internet", "broadband"
    yield NOTHING, "addOn"


def _kind(kind: str) -> dict[str, object]:
    value = {"value": kind, "isDefault": True}
    return {
        "name": "serviceType",
        "valueType": "string",
        "configurable": False,
        "productSpecCharacteristicValue": [value],
    }
