"""Who works for and with the operator, what they may do, and how bills are made (TMF632, 666, 669, 670, 672)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from backoffice.documents import Document
from backoffice.generating.content.parts import ACCOUNT, CLERK, CUSTOMER, Days, money
from backoffice.generating.plans import CURRENCY
from backoffice.importing.bodies.parts import Json, Span, balance, reference, related

_PARTNER: Final = "甬江内容服务 Yongjiang Content"
_BEGAN: Final = 900  # days ago
_CLERKS: Final = {"desk-7": "Desk 7", "supervisor-1": "Supervisor"}
_TEAMS: Final = {
    "care": "客户服务 Customer care",
    "field-ops": "外勤 Field operations",
    "noc": "网络运维中心 Network operations",
    "O-partner-1": _PARTNER,
}
_METHODS: Final = {"bank-transfer": ("bankAccountTransfer", "银行转账 Bank transfer"), "cash": ("cash", "现金 Cash")}
_MEDIA: Final = {"email": "电子账单 By email", "paper": "纸质账单 On paper"}


def documents(days: Days) -> Iterator[Document]:
    """Everything of partners, staff and billing."""
    yield from _staff(days)
    yield from _partner(days)
    yield from _rights(days)
    yield from _accounts(days)
    yield days.record(
        "billingCycleSpecification",
        "monthly",
        _BEGAN,
        name="monthly",
        billingPeriod="month",
        frequency="monthly",
        billingDateShift=0,
        paymentDueDateOffset=25,
        validFor={"startDateTime": days.ago(_BEGAN)},
    )
    yield days.record("billFormat", "summary", _BEGAN, name="summary", description="One line a product")
    for key, description in _MEDIA.items():
        yield days.record("billPresentationMedia", key, _BEGAN, name=key, description=description)
    for key, (kind, name) in _METHODS.items():
        named = {"name": name, "status": "active", "isPreferred": False, "account": []}
        yield days.record("paymentMethod", key, _BEGAN, **{"@type": kind}, **named)


def _staff(days: Days) -> Iterator[Document]:
    for key, name in _CLERKS.items():
        named = {"givenName": name, "familyName": name, "fullName": name, "individualIdentification": []}
        yield days.record("individual", key, _BEGAN, status="validated", **named, **_no_lists())
    for key, name in _TEAMS.items():
        named = {"name": name, "tradingName": name, "organizationIdentification": []}
        yield days.record("organization", key, _BEGAN, status="validated", **named, **_no_lists())


def _partner(days: Days) -> Iterator[Document]:
    party = reference("organization", "O-partner-1", _PARTNER)
    share = {"name": "ratingShare", "value": 0.3, "valueType": "number"}
    yield days.record(
        "partyRole",
        "provider-1",
        _BEGAN,
        name="内容提供商 Content provider",
        status="active",
        engagedParty={**party, "role": "provider"},
        characteristic=[share],
        contactMedium=[],
        relatedParty=[],
        validFor={"startDateTime": days.ago(_BEGAN)},
    )


def _no_lists() -> Json:
    return {name: [] for name in ("contactMedium", "creditRating", "relatedParty")}


def _rights(days: Days) -> Iterator[Document]:
    entitlement = {"id": "complaints", "action": "file", "function": "complaints"}
    yield days.record("userRole", "clerk", _BEGAN, involvementRole="clerk", entitlement=[entitlement])
    asset = {"id": "complaints", "@referredType": "Function", "entityType": "Function"}
    role = {"manageableAsset": asset, "userRole": {"id": "clerk", "involvementRole": "clerk"}}
    yield days.record(
        "permission",
        "permission-1",
        _BEGAN,
        description="Takes complaints",
        user=CLERK,
        granter={**CLERK, "id": "supervisor-1", "name": "Supervisor"},
        assetUserRole=[role],
        privilege=[{"manageableAsset": asset, "action": "file", "function": "complaints"}],
        validFor={"startDateTime": days.ago(_BEGAN)},
    )


def _accounts(days: Days) -> Iterator[Document]:
    period = Span(days.ago(30), days.ago(0))
    held: Json = {"accountRelationship": [], "contact": [], "taxExemption": []}
    yield days.record(
        "financialAccount",
        "financial-1",
        _BEGAN,
        name="应收账款 Receivables",
        accountType="receivables",
        accountBalance=[balance("receivable", 128.5, CURRENCY, period)],
        relatedParty=[CUSTOMER],
        **held,
    )
    financial = reference("financialAccount", "financial-1", "应收账款 Receivables")
    yield days.record(
        "partyAccount",
        "party-account-1",
        _BEGAN,
        name=ACCOUNT["name"],
        accountType="prepaid",
        accountBalance=[balance("receivable", 0.0, CURRENCY, period)],
        creditLimit=money(500.0),
        financialAccount=financial,
        relatedParty=[CUSTOMER],
        **held,
    )
    yield days.record(
        "settlementAccount",
        "settlement-1",
        _BEGAN,
        name=_PARTNER,
        accountType="settlement",
        accountBalance=[balance("payable", 36_000.0, CURRENCY, period)],
        financialAccount=financial,
        relatedParty=[related("provider", "partyRole", "provider-1", _PARTNER)],
        **held,
    )
