"""What the TM Forum swaggers say of an answer, where they lie beside the checkout."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from backoffice.resources import RESOURCES, Resource
from tests.backoffice.conformance.overlay import corrected, overlay
from upkeep.swaggers import Schema, Swagger, swaggers

needs_swaggers = pytest.mark.skipif(not swaggers(), reason="the TM Forum swaggers do not lie beside the checkout")


@cache
def contracts() -> dict[str, tuple[Swagger, str]]:
    """For each collection its swagger and its path there; nothing without swaggers."""
    found: dict[str, tuple[Swagger, str]] = {}
    for given in swaggers():
        swagger = corrected(given, overlay().of_answers)
        for _, path in swagger.operations():
            *above, last = (step for step in path.split("/") if step and not step.startswith("{"))
            if last != "hub" or above:
                found.setdefault(last, (swagger, path.removesuffix("/{id}")))
    return found


def answer_of(collection: str) -> tuple[Swagger, Schema]:
    """The swagger of a collection and the schema of what it answers."""
    swagger, path = contracts()[collection]
    return swagger, swagger.resolved(swagger.answer(path))


def faults_in(collection: str, body: dict[str, Any]) -> list[str]:
    """What is wrong with an answer; nothing without swaggers."""
    if not contracts():
        return []
    swagger, schema = answer_of(collection)
    return list(swagger.faults(schema, body))


def minimal(collection: str) -> dict[str, Any]:
    """The least that a client must send to create one."""
    resource = RESOURCES[collection]
    return {name: least(resource, name) for name in resource.required} | _MEANT.get(collection, {})


def least(resource: Resource, name: str) -> Any:
    """Something that an attribute may hold."""
    words = resource.vocabulary.get(name)
    return words[0] if words else _LEAST[resource.attributes[name]]


_PERIOD = {"startDateTime": "2026-03-26T01:00:00.000Z", "endDateTime": "2026-03-26T02:00:00.000Z"}
_PARTY = {"id": "P1", "name": "王小明", "@referredType": "Individual", "role": "customer"}
_MONEY = {"value": 12.5, "unit": "CNY"}
_AMOUNT = {"amount": 5, "units": "CNY"}
_STOCK = {"productStockLevel": {"amount": 1}, "stockedProduct": {"id": "SIM"}}
_LEAST = {
    "text": "x",
    "instant": "2026-03-25T03:00:00.000Z",
    "number": 1,
    "integer": 1,
    "truth": True,
    "object": {"id": "x"},
    "list": [{"id": "x"}],
}
_BALANCE = {"usageType": "monetary", "amount": _AMOUNT}
_PAYMENT = {"totalAmount": _MONEY, "paymentMethod": {"@type": "cash", "name": "cash"}, "account": {"id": "A1"}}
_MEANT: dict[str, dict[str, Any]] = {
    "importJob": {"url": "https://example.org/catalogue.json"},
    "exportJob": {"url": "https://example.org/catalogue.json"},
    "customer": {"engagedParty": _PARTY},
    "agreement": {"agreementItem": [{"termOrCondition": []}], "engagedParty": [_PARTY]},
    **{name: {"relatedParty": [_PARTY]} for name in ("partyAccount", "billingAccount", "settlementAccount")},
    "agreementSpecification": {"attachment": [{"url": "https://example.org/terms.pdf", "mimeType": "application/pdf"}]},
    "productOrder": {"productOrderItem": [{"id": "1", "action": "add"}]},
    "product": {"status": "created"},
    "service": {"state": "active"},
    "alarm": {"state": "raised", "alarmedObject": {"id": "R1"}},
    "groupAlarms": {"parentAlarm": {"id": "x"}},
    "commentAlarms": {"comment": {"comment": "seen"}},
    "serviceProblem": {"originatorParty": _PARTY},
    "payment": _PAYMENT,
    "refund": _PAYMENT,
    "paymentMethod": {"@type": "cash"},
    "topupBalance": _BALANCE,
    "adjustBalance": _BALANCE,
    "reserveBalance": _BALANCE,
    "transferBalance": {**_BALANCE, "receiverBucketUsageType": "monetary"},
    "appointment": {"validFor": _PERIOD},
    "permission": {"validFor": _PERIOD, "user": _PARTY},
    "userRole": {"entitlement": [{"id": "E1", "action": "read", "function": "bills"}]},
    "communicationMessage": {"receiver": [{"phoneNumber": "13800000000"}], "sender": {"name": "hall"}},
    "partyInteraction": {
        "status": "opened",
        "interactionDate": _PERIOD,
        "channel": [{"id": "1", "href": "/hall", "name": "hall", "role": "x"}],
    },
    "productStock": {**_STOCK, "productStockStatusType": "available"},
    "adjustProductStock": {
        "adjustProductStockItem": [
            {"id": "1", "productStockTarget": {"id": "S1"}, "adjustProductStockQuantity": {"amount": 1}}
        ]
    },
    "checkProductStock": {
        "checkProductStockItem": [{"id": "1", "requestedQuantity": {"amount": 1}, "checkedProductStock": _STOCK}]
    },
    "reserveProductStock": {
        "reserveProductStockItem": [{"id": "1", "quantityRequested": {"amount": 1}, "requestedProduct": {"id": "SIM"}}]
    },
    "queryProductStock": {"searchCriteria": _STOCK},
}
