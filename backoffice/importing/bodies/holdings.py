"""What a customer holds: billing accounts, products, services."""

from __future__ import annotations

from collections.abc import Sequence

from backoffice.documents import Document
from backoffice.importing.bodies.parts import Json, Owner, Span, document, reference, related


def billing_account(
    owner: Owner,
    *,
    name: str,
    state: str,
    payment_status: str,
    balances: list[Json],
    payment_method: Json,
    presentation: str,
    changed: str,
) -> Document:
    """An account that bills go to."""
    return document(
        "billingAccount",
        owner.account,
        {
            "name": name,
            "description": "",
            "accountType": "postpaid",
            "state": state,
            "paymentStatus": payment_status,
            "lastModified": changed,
            "accountBalance": balances,
            "accountRelationship": [],
            "billStructure": {
                "cycleSpecification": {"name": "monthly", "frequency": "monthly", "isRef": False},
                "format": {"name": "summary", "isRef": False},
                "presentationMedia": [{"name": presentation, "isRef": False}],
            },
            "contact": [],
            "defaultPaymentMethod": payment_method,
            "paymentPlan": [],
            "relatedParty": [related("customer", "customer", owner.customer, owner.name)],
            "taxExemption": [],
        },
    )


def product(
    owner: Owner,
    product_id: str,
    *,
    name: str,
    status: str,
    span: Span,
    offering: str,
    prices: list[Json],
    terms: list[Json],
    services: Sequence[str],
    characteristics: list[Json],
    places: list[Json],
) -> Document:
    """Something the customer holds; it ends when `span` does."""
    body: Json = {
        "name": name,
        "description": name,
        "status": status,
        "isBundle": len(services) > 1,
        "isCustomerVisible": True,
        "orderDate": span.start,
        "startDate": span.start,
        "agreement": [],
        "billingAccount": reference("billingAccount", owner.account, owner.account),
        "place": places,
        "product": [],
        "productCharacteristic": characteristics,
        "productOffering": reference("productOffering", offering, name),
        "productOrderItem": [],
        "productPrice": prices,
        "productRelationship": [],
        "productTerm": terms,
        "realizingResource": [],
        "realizingService": [reference("service", service_id) for service_id in services],
        "relatedParty": [related("customer", "customer", owner.customer, owner.name)],
    }
    if span.end:
        body["terminationDate"] = span.end
    return document("product", product_id, body)


def service(
    owner: Owner,
    service_id: str,
    *,
    name: str,
    kind: str,
    state: str,
    span: Span,
    product_id: str,
    characteristics: list[Json],
    places: list[Json],
    resources: Sequence[str] = (),
) -> Document:
    """What runs for the customer, on these resources. `kind` is `mobile`, `fixedVoice`, `broadband`, `tv` or `addOn`."""
    body: Json = {
        "name": name,
        "description": name,
        "category": "CFS",
        "serviceType": kind,
        "state": state,
        "startDate": span.start,
        "serviceDate": span.start,
        "hasStarted": True,
        "isBundle": False,
        "isServiceEnabled": state == "active",
        "isStateful": True,
        "startMode": "1",
        "feature": [],
        "note": [],
        "place": places,
        "relatedEntity": [related("product", "product", product_id)],
        "relatedParty": [related("customer", "customer", owner.customer, owner.name)],
        "serviceCharacteristic": characteristics,
        "serviceOrderItem": [],
        "serviceRelationship": [],
        "serviceSpecification": {**reference("serviceSpecification", kind, kind), "version": "1.0"},
        "supportingResource": [reference("resource", one, one) for one in resources],
        "supportingService": [],
    }
    if span.end:
        body["endDate"] = span.end
    return document("service", service_id, body)
