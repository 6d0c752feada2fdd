"""What can be sold: specifications, prices and offerings of the product catalogue."""

from __future__ import annotations

from collections.abc import Sequence

from backoffice.documents import Document
from backoffice.importing.bodies.parts import Json, Span, document, money, period, reference


def specification(spec_id: str, name: str, *, brand: str, changed: str, characteristics: list[Json]) -> Document:
    """What a product is made of."""
    return document(
        "productSpecification",
        spec_id,
        {
            **_described(name, changed),
            "brand": brand,
            "isBundle": False,
            "productNumber": spec_id,
            "attachment": [],
            "bundledProductSpecification": [],
            "productSpecCharacteristic": characteristics,
            "productSpecificationRelationship": [],
            "relatedParty": [],
            "resourceSpecification": [],
            "serviceSpecification": [],
        },
    )


def monthly_offering_price(price_id: str, name: str, amount: float, unit: str, *, changed: str) -> Document:
    """What an offering costs every month."""
    return document(
        "productOfferingPrice",
        price_id,
        {
            **_described(name, changed),
            "priceType": "recurring",
            "recurringChargePeriodType": "month",
            "recurringChargePeriodLength": 1,
            "isBundle": False,
            "price": money(amount, unit),
            "bundledPopRelationship": [],
            "constraint": [],
            "place": [],
            "popRelationship": [],
            "pricingLogicAlgorithm": [],
            "prodSpecCharValueUse": [],
            "productOfferingTerm": [],
            "tax": [],
        },
    )


def offering(
    offering_id: str,
    name: str,
    *,
    category: str,
    changed: str,
    spec: str = "",
    prices: Sequence[str] = (),
    parts: Sequence[tuple[str, str]] = (),
) -> Document:
    """What is sold: one specification at its prices, or a bundle of other offerings (id and name)."""
    body: Json = {
        **_described(name, changed),
        "isBundle": bool(parts),
        "isSellable": True,
        "statusReason": "",
        "agreement": [],
        "attachment": [],
        "bundledProductOffering": [_bundled(part, part_name) for part, part_name in parts],
        "category": [reference("category", category, category)],
        "channel": [],
        "marketSegment": [],
        "place": [],
        "prodSpecCharValueUse": [],
        "productOfferingPrice": [reference("productOfferingPrice", price, name) for price in prices],
        "productOfferingRelationship": [],
        "productOfferingTerm": [],
    }
    if spec:
        body["productSpecification"] = reference("productSpecification", spec, name)
    return document("productOffering", offering_id, body)


def category(category_id: str, name: str, *, changed: str, offerings: Sequence[tuple[str, str]]) -> Document:
    """A shelf of the catalogue."""
    return document(
        "category",
        category_id,
        {
            **_described(name, changed),
            "isRoot": True,
            "productOffering": [reference("productOffering", one, one_name) for one, one_name in offerings],
            "subCategory": [],
        },
    )


def catalog(catalog_id: str, name: str, *, changed: str, categories: Sequence[tuple[str, str]]) -> Document:
    """The whole of what an operator sells."""
    return document(
        "catalog",
        catalog_id,
        {
            **_described(name, changed),
            "catalogType": "ProductCatalog",
            "category": [reference("category", one, one_name) for one, one_name in categories],
            "relatedParty": [],
        },
    )


def _described(name: str, changed: str) -> Json:
    return {
        "name": name,
        "description": name,
        "version": "1.0",
        "lifecycleStatus": "Active",
        "lastUpdate": changed,
        "validFor": period(Span(changed)),
    }


def _bundled(offering_id: str, name: str) -> Json:
    return {**reference("productOffering", offering_id, name), "lifecycleStatus": "Active"}
