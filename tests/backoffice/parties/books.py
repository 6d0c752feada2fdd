"""Two customers who may be one, with orders, bills and tickets, and what names them elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from app.core.clock import Clock
from backoffice.documents import Document
from backoffice.parties.merging import Wanted, merge, unmerge
from backoffice.scopes import EVERYTHING, Scope
from backoffice.store import Store

Body = dict[str, Any]
Bodies = dict[tuple[str, str], Body]


def person(party: str, name: str, document: str = "", **more: Any) -> Document:
    """Somebody, with an identity card if it has a number."""
    cards = [{"identificationType": "nationalId", "identificationId": document}] if document else []
    body = {"givenName": name[1:], "familyName": name[:1], "fullName": name, "individualIdentification": cards}
    return Document("individual", party, {**body, **more})


def phone(number: str) -> Body:
    """A way to reach somebody."""
    return {"mediumType": "phone", "characteristic": {"phoneNumber": number}}


def customer(
    customer_id: str, party: str, name: str, territory: str = "xihu", number: str = "", **more: Any
) -> Document:
    """A customer who lives there."""
    body = {
        "name": name,
        "status": "active",
        "engagedParty": {"id": party, "href": f"/p/{party}", "@referredType": "Individual"},
        "characteristic": [{"name": "territory", "value": territory}],
        "contactMedium": [phone(number)] if number else [],
    }
    return Document("customer", customer_id, {**body, **more})


def reference(customer_id: str, role: str = "customer", **more: Any) -> Body:
    """A reference to a customer, as desks write it."""
    return {"id": customer_id, "href": f"/c/{customer_id}", "name": customer_id, "role": role, **more}


def holdings(customer_id: str, state: str = "completed") -> list[Document]:
    """What a customer has: an account, an order, a bill found by its account only, a product, a ticket."""
    mine = {"relatedParty": [reference(customer_id)]}
    account = {"billingAccount": {"id": f"{customer_id}-account"}}
    return [
        Document("billingAccount", f"{customer_id}-account", {"name": "A", **mine}),
        Document("productOrder", f"{customer_id}-order", {"state": state, "productOrderItem": [], **mine, **account}),
        Document("customerBill", f"{customer_id}-bill", {"state": "new", **account}),
        Document("product", f"{customer_id}-product", {"status": "active", **mine}),
        Document("troubleTicket", f"{customer_id}-ticket", {"description": "d", "status": "acknowledged", **mine}),
    ]


def two(territory: str = "xihu") -> list[Document]:
    """C1 and C2, the same person twice, an outage that counts both in, and somebody else."""
    outage = {"name": "O", "relatedParty": [reference(one, "affectedCustomer") for one in ("C1", "C2", "C3")]}
    payment = {"status": "done", "payer": {"id": "C2", "name": "C2"}, "account": {"id": "C2-account"}}
    return [
        *(person(f"P{one}", "王小明", "33010219900101001X") for one in (1, 2)),
        person("P3", "李娜"),
        customer("C1", "P1", "王小明", number="13800138000"),
        customer("C2", "P2", "王小明", territory, "+86 138 0013 8000"),
        customer("C3", "P3", "李娜"),
        *holdings("C1"),
        *holdings("C2", "acknowledged"),
        *holdings("C3"),
        Document("payment", "pay", payment),
        Document("serviceProblem", "outage", outage),
        Document("service", "C2", {"state": "active", "relatedParty": [reference("C3")]}),  # an id of another kind
    ]


def bodies(store: Store, scope: Scope = EVERYTHING) -> Bodies:
    """Everything that there is, without revisions."""
    with store.reading(scope) as reader:
        return {(one.collection, one.id): one.body for one in reader.page_after(("", ""), 1000)}


def merged(store: Store, clock: Clock, keep: str, other: str, collection: str = "customer") -> Body:
    """Let one go into the other."""
    wanted = Wanted(collection, keep, other, "boss")
    with store.writing() as transaction:
        return merge(transaction, wanted, clock.now()).body


def unmerged(store: Store, clock: Clock, merge_id: str) -> Body:
    """Let them be two again."""
    with store.writing() as transaction:
        return unmerge(transaction, merge_id, clock.now()).body


@contextmanager
def unchanged(store: Store) -> Iterator[None]:
    """Whatever happens inside changes nothing."""
    with store.reading(EVERYTHING) as reader:
        before = reader.position()
    yield
    with store.reading(EVERYTHING) as reader:
        assert reader.position() == before
