"""What is left of allowances (TMF677)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.backoffice.office import Body, Office

PARTY = {"id": "C1", "@referredType": "Customer"}
ACCOUNT = {"id": "A1"}


@pytest.fixture
def buckets(office: Office) -> None:
    """Two buckets of one account and one that belongs to a number only."""
    value = {"amount": 5, "units": "GB"}
    office.has("bucket", "data", partyAccount=ACCOUNT, relatedParty=[PARTY], remainingValue=value, reservedValue=value)
    office.has("bucket", "voice", partyAccount=ACCOUNT, product=[{"id": "P1"}], usageType="voice", colour="green")
    office.has("bucket", "loose", logicalResource=[{"id": "138"}], remainingValue=value)


def query(office: Office, **asked: Any) -> dict[Any, list[str]]:
    """Account and buckets of every report."""
    task = office.ask("queryUsageConsumption", **asked)
    assert task["queryUsageConsumptionDate"] == "2026-03-25T04:00:00.000Z"
    reports: list[Body] = task["usageConsumption"]
    return {
        one.get("partyAccount", [{"id": None}])[0]["id"]: [bucket["id"] for bucket in one["bucketRefOrValue"]]
        for one in reports
    }


def test_the_buckets_of_an_account_are_one_report(office: Office, buckets: None) -> None:
    assert query(office, partyAccount=[ACCOUNT]) == {"A1": ["data", "voice"]}
    assert query(office, searchCriteria={"partyAccount": [ACCOUNT]}) == {"A1": ["data", "voice"]}


def test_products_numbers_and_parties_are_found_too(office: Office, buckets: None) -> None:
    assert query(office, searchCriteria={"product": [{"id": "P1"}]}) == {"A1": ["voice"]}
    assert query(office, searchCriteria={"logicalResource": [{"id": "138"}]}) == {None: ["loose"]}
    assert query(office, relatedParty=[PARTY]) == {"A1": ["data"]}
    office.has("billingAccount", "A1", name="A1", relatedParty=[PARTY])
    assert query(office, relatedParty=[PARTY]) == {"A1": ["data", "voice"]}


def test_a_bucket_tells_what_remains_and_what_is_reserved(office: Office, buckets: None) -> None:
    task = office.ask("queryUsageConsumption", relatedParty=[PARTY])
    (bucket,) = task["usageConsumption"][0]["bucketRefOrValue"]
    assert [(one["counterType"], one["value"]["amount"]) for one in bucket["bucketCounter"]] == [
        ("remaining", 5),
        ("reserved", 5),
    ]


def test_who_has_nothing_gets_a_complete_and_empty_answer(office: Office, buckets: None) -> None:
    assert query(office, relatedParty=[{**PARTY, "id": "C2"}]) == query(office) == {}
