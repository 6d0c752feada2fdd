"""Value-added service providers: who they are, what was agreed with them, and the account they are settled on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from backoffice.documents import Document
from backoffice.importing.bodies.parts import Json, Span, characteristic, document, period, reference, related

_ROLE: Final = "valueAddedServiceProvider"


def partner_role(
    role_id: str, name: str, *, party: str, since: str, account: str, agreement: str, marks: list[Json]
) -> Document:
    """The role in which an organisation serves the operator's customers."""
    return document(
        "partyRole",
        role_id,
        {
            "name": _ROLE,
            "status": "active",
            "statusReason": "",
            "account": [reference("settlementAccount", account, name)],
            "agreement": [reference("agreement", agreement, name)],
            "characteristic": marks,
            "contactMedium": [],
            "creditProfile": [],
            "engagedParty": related("engagedParty", "organization", party, name),
            "paymentMethod": [],
            "relatedParty": [],
            "validFor": period(Span(since)),
        },
    )


def agreement(
    agreement_id: str,
    name: str,
    *,
    role: tuple[str, str],
    since: str,
    offerings: Sequence[tuple[str, str]],
    marks: list[Json],
) -> Document:
    """What was agreed with whom, and for which offerings; ids and names."""
    return document(
        "agreement",
        agreement_id,
        {
            "name": name,
            "description": name,
            "agreementType": "valueAddedService",
            "status": "active",
            "statementOfIntent": "Sells its service to the operator's customers and shares what they pay.",
            "version": "1.0",
            "initialDate": since,
            "agreementAuthorization": [],
            "agreementItem": [
                {
                    "product": [],
                    "productOffering": [reference("productOffering", one, one_name) for one, one_name in offerings],
                    "termOrCondition": [],
                }
            ],
            "agreementPeriod": period(Span(since)),
            "associatedAgreement": [],
            "characteristic": marks,
            "engagedParty": [related(_ROLE, "partyRole", *role)],
        },
    )


def settlement_account(account_id: str, name: str, *, role: str, changed: str) -> Document:
    """Where what a provider is owed is put down."""
    return document(
        "settlementAccount",
        account_id,
        {
            "name": name,
            "description": name,
            "accountType": "settlement",
            "state": "active",
            "lastModified": changed,
            "paymentStatus": "",
            "accountBalance": [],
            "accountRelationship": [],
            "contact": [],
            "paymentPlan": [],
            "relatedParty": [related(_ROLE, "partyRole", role, name)],
            "taxExemption": [],
        },
    )


def rating_share(percent: int) -> Json:
    """How much the provider gets of what is rated for its service."""
    return characteristic("ratingSharePercent", percent)
