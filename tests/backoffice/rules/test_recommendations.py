"""What to offer next (TMF680)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.backoffice.office import Body, Office

CUSTOMER = {"id": "C1", "@referredType": "Customer"}


@pytest.fixture
def catalogue(office: Office) -> None:
    """A customer with a plan, a phone that was given back, and offerings around them."""
    for name in ("more data", "roaming", "case"):
        _offering(office, name, category=[{"id": "extras"}])
    related = [{"id": "roaming", "relationshipType": "crossSell"}, {"id": "gone", "relationshipType": "crossSell"}]
    _offering(office, "plan", productOfferingRelationship=related, category=[{"id": "extras"}])
    _offering(office, "phone", productOfferingRelationship=[{"id": "case", "relationshipType": "crossSell"}])
    _offering(office, "gone", lifecycleStatus="Retired")
    _product(office, "plan", "active")
    _product(office, "phone", "terminated")


def _offering(office: Office, name: str, **more: Any) -> None:
    office.has("productOffering", name, **{"name": name, "lifecycleStatus": "Active", **more})


def _product(office: Office, offering: str, status: str) -> None:
    office.has("product", f"P-{offering}", status=status, productOffering={"id": offering}, relatedParty=[CUSTOMER])


def recommended(office: Office, **question: Any) -> list[Any]:
    task = office.ask("queryProductRecommendation", **question)
    assert (task["state"], task["validFor"]["endDateTime"]) == ("done", "2026-03-26T04:00:00.000Z")
    items: list[Body] = task["recommendationItem"]
    assert [item["priority"] for item in items] == list(range(1, len(items) + 1))
    return [item["productOffering"]["id"] for item in items]


def test_what_belongs_to_what_the_customer_has_comes_first(office: Office, catalogue: None) -> None:
    assert recommended(office, relatedParty=CUSTOMER) == ["roaming"]
    assert recommended(office, relatedParty=CUSTOMER, category=[{"id": "extras"}]) == ["roaming", "case", "more data"]


def test_who_is_not_known_gets_what_the_category_has(office: Office, catalogue: None) -> None:
    assert recommended(office, category=[{"id": "extras"}]) == ["case", "more data", "plan", "roaming"]
    assert recommended(office, relatedParty={**CUSTOMER, "id": "C2"}) == []
    assert recommended(office) == []


def test_ten_are_enough(office: Office) -> None:
    for number in range(12):
        _offering(office, f"offer {number:02}", category=[{"id": "extras"}])
    assert recommended(office, category=[{"id": "extras"}]) == [f"offer {number:02}" for number in range(10)]
