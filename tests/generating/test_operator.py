"""What the demonstration shows: featured customers, shares as announced, complete bodies, current outages."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.core.clock import from_wire
from backoffice.generating.operator import MAX_CUSTOMERS, generate, last_midnight
from tests.generating.operators import NOW, CollectingStore, mark, operator, phones_of

ATTRIBUTES = {
    "product": "status billingAccount productOffering productCharacteristic productPrice relatedParty",
    "service": "name description state category startDate serviceRelationship serviceCharacteristic supportingService "
    "supportingResource serviceSpecification relatedParty place",
    "customer": "name status engagedParty account characteristic contactMedium creditProfile relatedParty validFor",
    "individual": "givenName familyName fullName gender birthDate individualIdentification contactMedium status",
    "organization": "name tradingName organizationIdentification contactMedium status",
    "billingAccount": "name state accountBalance relatedParty billStructure defaultPaymentMethod paymentStatus",
    "troubleTicket": "name description severity ticketType status creationDate channel note relatedEntity relatedParty "
    "expectedResolutionDate requestedResolutionDate",
    "serviceProblem": "name category description priority reason originatorParty status creationDate affectedService "
    "affectedLocation affectedNumberOfServices characteristic",
}


@pytest.mark.parametrize("collection", ATTRIBUTES)
def test_no_attribute_that_clients_look_for_is_missing(collection: str) -> None:
    made = operator(300)
    bodies = made.people() if collection == "individual" else made.bodies(collection)
    assert bodies
    for body in bodies:
        assert set(ATTRIBUTES[collection].split()) <= set(body)


def test_references_and_characteristics_carry_what_clients_read() -> None:
    for body in operator(300).bodies("service"):
        assert {"id", "href", "version"} <= set(body["serviceSpecification"])
        assert all({"id", "href", "role"} <= set(party) for party in body["relatedParty"])
        assert all(member["valueType"] for member in body["serviceCharacteristic"])


def test_every_reference_to_a_resource_leads_to_it() -> None:
    made = operator(300)
    there = {(document.collection, document.id) for document in made.documents}
    for customer in made.bodies("customer"):
        party = customer["engagedParty"]
        assert (party["@referredType"].lower(), party["id"]) in there
        assert all(("billingAccount", account["id"]) in there for account in customer["account"])
    for product in made.bodies("product"):
        assert ("billingAccount", product["billingAccount"]["id"]) in there
        assert all(("service", service["id"]) in there for service in product["realizingService"])
    for ticket in made.bodies("troubleTicket"):
        names = {"Service": "service", "ServiceProblem": "serviceProblem"}
        assert all((names[entity["@referredType"]], entity["id"]) in there for entity in ticket["relatedEntity"])


def test_the_featured_customers_come_first_whatever_the_seed() -> None:
    for seed in (1, 2):
        customers = operator(20, seed).by_id("customer")
        names = {key: body["name"] for key, body in list(customers.items())[:5]}
        assert names == {
            "C-100001": "张伟",
            "C-100002": "李娜",
            "C-100003": "Aoife O'Neill",
            "C-100004": "浙江云栈物流有限公司",
            "C-100005": "王𠮷",
        }
        assert phones_of(customers["C-100001"]) == ["15400138000"]
        assert mark(customers["C-100004"], "tier") == "key"


def test_the_first_customer_owes_128_50_and_its_fibre_is_hit_by_an_outage() -> None:
    made = operator(20)
    account = made.by_id("billingAccount")[made.by_id("customer")["C-100001"]["account"][0]["id"]]
    assert account["accountBalance"][0]["amount"] == {"unit": "CNY", "value": 128.5}
    assert "S-100001-2" in [service["id"] for service in made.by_id("serviceProblem")["P-1042"]["affectedService"]]
    assert made.by_id("service")["S-100001-2"]["name"] == "光纤 Fibre 300M"


def test_a_complaint_of_an_outage_is_linked_to_it() -> None:
    linked = [
        entity["id"]
        for ticket in operator(20).bodies("troubleTicket")
        for entity in ticket["relatedEntity"]
        if entity["@referredType"] == "ServiceProblem"
    ]
    assert linked == ["P-1043", "P-1042"]


def test_shares_and_averages_are_as_announced() -> None:
    made = operator(3000)
    customers = made.bodies("customer")
    assert len(made.bodies("organization")) / 3000 == pytest.approx(0.15, abs=0.02)
    mobiles = sum(body["serviceType"] == "mobile" for body in made.bodies("service"))
    assert mobiles / 3000 == pytest.approx(1.4, abs=0.1)
    assert len(made.bodies("billingAccount")) / 3000 == pytest.approx(1.2, abs=0.05)
    assert sum(mark(body, "tier") == "key" for body in customers) > 10
    assert any(ord(sign) > 0xFFFF for body in customers[8:] for sign in body["name"])
    assert any(body["name"].isascii() for body in customers[8:])


def test_some_services_are_suspended_and_say_why() -> None:
    suspended = [body for body in operator(3000).bodies("service") if body["state"] == "inactive"]
    assert suspended
    assert all(mark(body, "suspendedFor", "serviceCharacteristic") for body in suspended)
    assert "suspended" in {body["status"] for body in operator(3000).bodies("product")}


def test_complaints_were_received_before_now_and_carry_both_deadlines() -> None:
    tickets = operator(3000).bodies("troubleTicket")
    assert {"acknowledged", "inProgress", "pending", "resolved", "closed"} == {body["status"] for body in tickets}
    for body in tickets:
        received = from_wire(body["creationDate"])
        assert received < NOW
        assert received <= from_wire(body["statusChangeDate"]) <= NOW
        assert received < from_wire(body["expectedResolutionDate"]) < from_wire(body["requestedResolutionDate"])
        assert ("resolutionDate" in body) == (body["status"] in {"resolved", "closed"})


def test_outages_are_going_on_and_say_when_they_end_in_both_languages() -> None:
    outages = operator(3000).by_id("serviceProblem")
    assert list(outages) == ["P-1042", "P-1043", "P-1044", "P-1045", "P-1046"]
    for body in outages.values():
        assert from_wire(body["creationDate"]) < NOW < from_wire(mark(body, "expectedResolution"))
        assert body["affectedNumberOfServices"] == len(body["affectedService"]) > 0
    assert mark(outages["P-1042"], "sayZh") == "您所在片区光纤故障，预计{time}恢复。"
    assert mark(outages["P-1042"], "sayEn").endswith("again at {time}.")
    assert outages["P-1042"]["affectedNumberOfServices"] > 100


def test_an_operator_that_is_too_large_is_refused() -> None:
    with pytest.raises(ValueError, match="5,000,000"):
        generate(CollectingStore(), MAX_CUSTOMERS + 1, 1)


def test_without_a_moment_it_shows_the_present_day() -> None:
    before = last_midnight()
    store = CollectingStore()
    generate(store, 1, 1)
    outage = next(document.body for document in store.documents if document.collection == "serviceProblem")
    assert before <= from_wire(mark(outage, "expectedResolution")) <= datetime.now(UTC).replace(hour=23)
