"""The moulds of what customers and operator did with one another: orders, contracts, contacts, usage, steps of work."""

from __future__ import annotations

from functools import cache
from typing import Final

from backoffice.generating.moments import Month
from backoffice.generating.moulds import Mould, hole
from backoffice.generating.places import CITY, COUNTRY, PROVINCE
from backoffice.generating.plans import Plan
from backoffice.importing.bodies.parts import Json, document, reference, related

_CUSTOMER: Final = related("customer", "customer", hole("customer"), hole("name"))
_ACCOUNT: Final = reference("billingAccount", hole("account"), hole("account"))
_DESK: Final = related("clerk", "individual", "desk-7", "Desk 7")
_DEPARTMENT: Final = related("department", "organization", "care", "客户服务 Customer care")
ENDED: Final = ("resolved", "closed")
STEPS: Final = ("受理 Register", "诊断 Diagnose", "解决 Solve")


@cache
def address() -> Mould:
    """Where a customer's lines end."""
    return Mould(
        document(
            "geographicAddress",
            hole("place"),
            {
                "name": hole("address"),
                "country": COUNTRY,
                "stateOrProvince": PROVINCE,
                "city": CITY,
                "locality": hole("districtName"),
                "postcode": hole("postCode"),
                "streetName": hole("streetName"),
                "streetNr": hole("streetNumber"),
                "geographicSubAddress": [],
            },
        )
    )


@cache
def order(plan: Plan) -> Mould:
    """How a product came to be."""
    item: Json = {
        "id": "1",
        "action": "add",
        "quantity": 1,
        "state": "completed",
        "product": reference("product", hole("product"), plan.name),
        "productOffering": reference("productOffering", plan.key, plan.name),
    }
    return Mould(
        document(
            "productOrder",
            hole("order"),
            {
                "externalId": hole("order"),
                "description": plan.name,
                "category": "sale",
                "priority": "4",
                "state": "completed",
                "orderDate": hole("since"),
                "completionDate": hole("since"),
                "billingAccount": _ACCOUNT,
                "channel": [{"id": "counter", "name": "营业厅 Counter"}],
                "note": [],
                "productOrderItem": [item],
                "relatedParty": [_CUSTOMER],
            },
        )
    )


@cache
def agreement() -> Mould:
    """What a company has signed."""
    product = reference("product", hole("product"))
    return Mould(
        document(
            "agreement",
            hole("agreement"),
            {
                "name": "框架协议 Framework",
                "agreementType": "commercial",
                "description": "",
                "status": "active",
                "version": "1.0",
                "initialDate": hole("customerSince"),
                "agreementPeriod": {"startDateTime": hole("customerSince")},
                "agreementItem": [{"product": [product], "productOffering": [], "termOrCondition": []}],
                "agreementSpecification": reference("agreementSpecification", "framework", "框架协议 Framework"),
                "characteristic": [],
                "engagedParty": [_CUSTOMER],
            },
        )
    )


@cache
def interaction(reason: str, outcome: str, channel: tuple[str, str]) -> Mould:
    """A customer came or called: who spoke with them, from when until when, and what came of it."""
    return Mould(
        document(
            "partyInteraction",
            hole("interaction"),
            {
                "description": reason,
                "reason": reason,
                "direction": "inbound",
                "status": "completed",
                "creationDate": hole("begun"),
                "statusChangeDate": hole("ended"),
                "interactionDate": {"startDateTime": hole("begun"), "endDateTime": hole("ended")},
                "channel": [
                    {"id": channel[0], "href": f"/channel/{channel[0]}", "name": channel[1], "role": "contact"}
                ],
                "interactionItem": [
                    {"id": "1", "creationDate": hole("begun"), "reason": reason, "resolution": outcome}
                ],
                "note": [],
                "relatedParty": [_CUSTOMER, _DESK, _DEPARTMENT],
            },
        )
    )


@cache
def message(text: str) -> Mould:
    """What a customer was told of their complaint."""
    return Mould(
        document(
            "communicationMessage",
            hole("message"),
            {
                "subject": hole("ticket"),
                "content": text,
                "messageType": "SMS",
                "priority": "1",
                "state": "completed",
                "tryTimes": 1,
                "logFlag": True,
                "sendTime": hole("changed"),
                "sendTimeComplete": hole("changed"),
                "characteristic": [],
                "receiver": [
                    {"id": "1", "name": hole("name"), "phoneNumber": hole("phone0"), "party": _CUSTOMER},
                ],
                "sender": {"id": "operator", "name": "Trunkline"},
            },
        )
    )


@cache
def usage(month: Month) -> Mould:
    """A month of mobile data."""
    rated = {
        "isBilled": False,
        "ratingAmountType": "total",
        "usageRatingTag": "included",
        "taxIncludedRatingAmount": {"unit": "CNY", "value": 0.0},
        "productRef": reference("product", hole("product")),
    }
    return Mould(
        document(
            "usage",
            hole("usage"),
            {
                "description": "移动数据 Mobile data",
                "usageType": "mobileData",
                "usageDate": month.billed,
                "status": "rated",
                "ratedProductUsage": [rated],
                "relatedParty": [_CUSTOMER],
                "usageCharacteristic": [{"name": "volumeMB", "value": hole("volume"), "valueType": "number"}],
                "usageSpecification": reference("usageSpecification", "mobile-data", "移动数据 Mobile data"),
            },
        )
    )


@cache
def flow(status: str) -> Mould:
    """The work on a complaint."""
    tasks = [_task_reference(turn) for turn in range(len(STEPS))]
    return Mould(
        document(
            "processFlow",
            hole("flow"),
            {
                "processFlowSpecification": "complaint",
                "processFlowDate": hole("received"),
                "state": "completed" if status in ENDED else "hold" if status == "pending" else "active",
                "channel": [],
                "characteristic": [],
                "relatedEntity": [related("complaint", "troubleTicket", hole("ticket"))],
                "relatedParty": [_CUSTOMER],
                "taskFlow": tasks,
            },
        )
    )


@cache
def task(status: str, turn: int) -> Mould:
    """One step of it: who did it, from when until when, and what came of it."""
    state, ended = _progress(status, turn)
    told = [{"name": "startedAt", "value": hole("received")}, {"name": "department", "value": "field-ops"}]
    told += [{"name": "endedAt", "value": hole("changed")}, {"name": "outcome", "value": "done"}] if ended else []
    return Mould(
        document(
            "taskFlow",
            hole(f"task{turn}"),
            {
                "taskFlowSpecification": STEPS[turn],
                "completionMethod": "manual",
                "isMandatory": True,
                "priority": turn + 1,
                "state": state,
                "channel": [],
                "characteristic": [{**one, "valueType": "string"} for one in told],
                "relatedEntity": [],
                "relatedParty": [_CUSTOMER, _DESK],
                "processFlow": {
                    "id": hole("flow"),
                    "href": f"/tmf-api/processFlowManagement/v4/processFlow/{hole('flow')}",
                },
            },
        )
    )


def _progress(status: str, turn: int) -> tuple[str, bool]:
    """How far a step is while the complaint has that status."""
    if status in ENDED or turn == 0:
        return "completed", True
    if turn > 1 or status == "acknowledged":
        return "new", False
    return ("hold" if status == "pending" else "active"), False


def _task_reference(turn: int) -> Json:
    path = f"/tmf-api/processFlowManagement/v4/processFlow/{hole('flow')}/taskFlow/{hole(f'task{turn}')}"
    return {"id": hole(f"task{turn}"), "href": path, "@referredType": "TaskFlow"}
