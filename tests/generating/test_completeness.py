"""In a generated operator every list holds something, complete and as the swaggers say, and each reference leads somewhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from backoffice.__main__ import main
from backoffice.resources import RESOURCES, Operation
from backoffice.web.context import Options
from tests.backoffice.conftest import cluster, database
from tests.backoffice.contract import faults_in
from tests.backoffice.helpers import RunningServer
from tests.generating.operators import Body, operator

__all__ = ["cluster", "database"]
CUSTOMERS = 200
LISTED = sorted(name for name, resource in RESOURCES.items() if Operation.LIST in resource.operations)
# What public kits and clients trip over where it is missing.
ATTRIBUTES = {
    "product": "status billingAccount productOffering productCharacteristic productPrice relatedParty",
    "service": "name description state category startDate serviceRelationship serviceCharacteristic supportingService "
    "supportingResource serviceSpecification relatedParty place",
    "customerBill": "billDocument billingAccount",
    "appliedCustomerBillingRate": "isBilled",
    "billPresentationMedia": "name",
    **dict.fromkeys(
        ("catalog", "category", "productOffering", "productOfferingPrice", "productSpecification"),
        "lastUpdate lifecycleStatus",
    ),
}


@pytest.fixture
def client(database: str) -> Iterator[httpx.Client]:
    """A client of a server over an operator that the command made."""
    arguments = ["generate", "--database", database, "--customers", str(CUSTOMERS), "--seed", "1"]
    assert main(arguments) == 0
    server = RunningServer(database, Options(no_auth=True))
    server.start()
    yield server.client()
    server.stop()


def listed(client: httpx.Client, collection: str) -> list[Body]:
    """Everything that the server lists; of a nested collection what is below any parent."""
    resource = RESOURCES[collection]
    if not resource.parent:
        return everything_at(client, resource.path)
    parents = [parent["id"] for parent in listed(client, resource.parent)]
    found: list[Body] = []
    for parent in parents[:20]:
        found += everything_at(client, resource.path.replace(f"{{{resource.parent}Id}}", parent))
    return found


def everything_at(client: httpx.Client, path: str) -> list[Body]:
    """All pages of a list."""
    found: list[Body] = []
    while True:
        answer = client.get(path, params={"limit": 500, "offset": len(found)})
        assert answer.status_code in (200, 206), answer.text
        found += answer.json()
        if len(found) >= int(answer.headers["X-Total-Count"]):
            return found


def test_every_list_holds_something_complete_and_as_the_swaggers_say(client: httpx.Client) -> None:
    for collection in LISTED:
        bodies = listed(client, collection)
        assert bodies, collection
        for body in bodies:
            assert not (faults := faults_in(collection, body)), (collection, body["id"], faults)
            assert {"id", "href", "@type", *ATTRIBUTES.get(collection, "").split()} <= set(body), collection
        assert client.get(bodies[0]["href"]).json() == bodies[0]


def test_parts_of_services_carry_what_clients_read() -> None:
    for body in operator(CUSTOMERS).bodies("service"):
        assert {"id", "href", "version"} <= set(body["serviceSpecification"])
        assert all({"id", "href", "role"} <= set(party) for party in body["relatedParty"])
        assert all(member["valueType"] for member in body["serviceCharacteristic"])


def test_every_reference_to_what_is_served_leads_to_it() -> None:
    made = operator(CUSTOMERS)
    there = {(document.collection, document.id) for document in made.documents}
    served = {resource.path: name for name, resource in RESOURCES.items()}
    led = 0
    for document in made.documents:
        for one in references(document.body):
            path, _, name = one["href"].rpartition("/")
            if path in served:
                assert (served[path], name) in there, f"{document.collection}/{document.id}: {one}"
                led += 1
    assert led > len(made.documents)


def references(value: Any) -> Iterator[Body]:
    """Every object below the top that has an address."""
    members = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for member in members:
        if isinstance(member, dict) and isinstance(member.get("href"), str):
            yield member
        yield from references(member)


def test_what_a_bill_says_fits_its_charges_its_payments_and_its_account() -> None:
    made = operator(3000)
    charges: dict[str, float] = {}
    for rate in made.bodies("appliedCustomerBillingRate"):
        charges[rate["bill"]["id"]] = charges.get(rate["bill"]["id"], 0) + rate["taxIncludedAmount"]["value"]
    accounts, payments = made.by_id("billingAccount"), made.by_id("payment")
    states: set[tuple[str, int, int]] = set()
    for bill in made.bodies("customerBill"):
        paid = [one["payment"]["id"] for one in bill["appliedPayment"] if "payment" in one]
        states.add((bill["state"], len(bill["appliedPayment"]), len(paid)))
        owed = accounts[bill["billingAccount"]["id"]]["accountBalance"][0]["amount"]["value"]
        assert bill["remainingAmount"]["value"] == owed
        applied = sum(one["appliedAmount"]["value"] for one in bill["appliedPayment"])
        assert bill["amountDue"]["value"] - applied == pytest.approx(owed)
        total = bill["taxExcludedAmount"]["value"] + bill["taxItem"][0]["taxAmount"]["value"]
        assert total == pytest.approx(bill["taxIncludedAmount"]["value"])
        if bill["state"] == "sent":
            assert charges[bill["id"]] == pytest.approx(bill["taxIncludedAmount"]["value"])
        assert all(payments[one]["totalAmount"] == bill["amountDue"] for one in paid)
    assert states == {("sent", 0, 0), ("settled", 1, 0), ("settled", 1, 1)}


def test_every_complaint_has_come_in_somehow_and_is_worked_on_step_by_step() -> None:
    made = operator(3000)
    flows = {body["relatedEntity"][0]["id"]: body for body in made.bodies("processFlow")}
    tasks = made.by_id("taskFlow")
    contacts = made.by_id("partyInteraction")
    for ticket in made.bodies("troubleTicket"):
        contact = contacts[f"N-{ticket['id']}"]
        assert contact["interactionDate"]["startDateTime"] == ticket["creationDate"]
        assert contact["interactionDate"]["endDateTime"] > ticket["creationDate"]
        steps = [tasks[one["id"]]["state"] for one in flows[ticket["id"]]["taskFlow"]]
        assert steps[0] == "completed"
        assert (set(steps) == {"completed"}) == (ticket["status"] in ("resolved", "closed"))


def test_what_an_operator_has_once_does_not_grow_with_its_customers_but_for_sites() -> None:
    small, large = operator(200), operator(3300)
    for collection in ("productOffering", "alarm", "bucket", "productStock", "permission"):
        assert len(small.bodies(collection)) == len(large.bodies(collection))
    assert len(small.bodies("geographicSite")) * 2 == len(large.bodies("geographicSite"))
