"""Whether a customer may have an offering (TMF679)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.backoffice.office import Body, Office


@pytest.fixture
def catalogue(office: Office) -> None:
    """Offerings that are on sale, and such as are not for one reason each."""
    _offering(office, "basic")
    _offering(office, "launched", lifecycleStatus="Launched")
    _offering(office, "planned", lifecycleStatus="In design")
    _offering(office, "part", isSellable=False)
    _offering(office, "past", validFor={"endDateTime": "2026-03-25T04:00:00.000Z"})
    _offering(office, "coming", validFor={"startDateTime": "2026-03-25T04:00:00.001Z"})
    _offering(office, "local", place=[{"id": "Pudong", "@referredType": "GeographicSite"}])
    _offering(office, "online", channel=[{"id": "web", "name": "web"}])
    related = [
        {"id": "basic", "relationshipType": "substitution"},
        {"id": "past", "relationshipType": "substitution"},
        {"id": "launched", "relationshipType": "dependency"},
    ]
    _offering(office, "old", lifecycleStatus="Retired", productOfferingRelationship=related)


def _offering(office: Office, name: str, **more: Any) -> None:
    office.has(
        "productOffering", name, **{"name": name, "lifecycleStatus": "Active", "category": [{"id": "mobile"}], **more}
    )


def ask(office: Office, *offerings: str, **more: Any) -> Body:
    items = [{"id": str(place), "productOffering": {"id": one}} for place, one in enumerate(offerings)]
    return office.ask("productOfferingQualification", productOfferingQualificationItem=items, **more)


def results(task: Body) -> list[Any]:
    return [one["qualificationItemResult"] for one in task["productOfferingQualificationItem"]]


def reason(task: Body) -> Any:
    return task["productOfferingQualificationItem"][0]["eligibilityUnavailabilityReason"][0]["code"]


def test_what_is_on_sale_qualifies(office: Office, catalogue: None) -> None:
    task = ask(office, "basic", "launched")
    assert (task["state"], task["qualificationResult"], results(task)) == ("done", "qualified", ["qualified"] * 2)
    assert (task["effectiveQualificationDate"], task["expirationDate"]) == (
        "2026-03-25T04:00:00.000Z",
        "2026-03-26T04:00:00.000Z",
    )


@pytest.mark.parametrize(
    ("offering", "code"),
    [
        ("missing", "unknownOffering"),
        ("planned", "notOnSale"),
        ("part", "notOnSale"),
        ("past", "outOfPeriod"),
        ("coming", "outOfPeriod"),
        ("local", "placeNotServed"),
        ("online", "channelNotServed"),
    ],
)
def test_what_does_not_qualify_says_why(office: Office, catalogue: None, offering: str, code: str) -> None:
    task = ask(office, offering, place=[{"id": "Puxi", "role": "home"}], channel={"id": "hall", "name": "hall"})
    assert (results(task), reason(task)) == (["unqualified"], code)
    silent = ask(office, offering, provideUnavailabilityReason=False)
    assert "eligibilityUnavailabilityReason" not in silent["productOfferingQualificationItem"][0]


def test_what_is_bound_to_place_or_channel_qualifies_there(office: Office, catalogue: None) -> None:
    assert results(ask(office, "local", place=[{"id": "Pudong", "role": "home"}])) == ["qualified"]
    assert results(ask(office, "online", channel={"id": "web", "name": "web"})) == ["qualified"]


def test_a_substitute_that_is_on_sale_is_proposed_to_who_asks(office: Office, catalogue: None) -> None:
    task = ask(office, "old", provideAlternative=True)
    (only,) = task["productOfferingQualificationItem"]
    assert (only["qualificationItemResult"], task["qualificationResult"]) == ("alternate", "alternate")
    assert [one["alternateProductOffering"]["id"] for one in only["alternateProductOfferingProposal"]] == ["basic"]
    assert results(ask(office, "old")) == ["unqualified"]


def test_what_a_client_writes_into_an_items_answer_is_no_answer(office: Office, catalogue: None) -> None:
    claimed = {"alternateProductOfferingProposal": [{"id": "9"}], "eligibilityUnavailabilityReason": [{"code": "9"}]}
    items = [{"id": "1", "productOffering": {"id": "basic"}, **claimed}]
    task = office.ask("productOfferingQualification", productOfferingQualificationItem=items)
    assert not set(claimed) & set(task["productOfferingQualificationItem"][0])


def test_the_offering_may_be_named_in_the_product(office: Office, catalogue: None) -> None:
    items = [{"id": "1", "product": {"productOffering": {"id": "basic"}}}]
    assert results(office.ask("productOfferingQualification", productOfferingQualificationItem=items)) == ["qualified"]


def test_only_what_is_available_is_listed_for_who_wants_that(office: Office, catalogue: None) -> None:
    task = ask(office, "planned", "basic", provideOnlyAvailable=True)
    assert (task["qualificationResult"], results(task)) == ("unqualified", ["qualified"])


def test_a_question_without_items_lists_what_the_category_has_on_sale(office: Office, catalogue: None) -> None:
    _offering(office, "line", category=[{"id": "fixed"}])
    task = office.ask("productOfferingQualification", category={"id": "fixed"})
    assert [one["productOffering"]["id"] for one in task["productOfferingQualificationItem"]] == ["line"]
    every = office.ask("productOfferingQualification")
    assert [one["productOffering"]["id"] for one in every["productOfferingQualificationItem"]] == [
        "basic",
        "line",
        "launched",
    ]
    assert office.ask("productOfferingQualification", category={"id": "none"})["productOfferingQualificationItem"] == []
