"""Who a customer is: the person or company, and its role as a customer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from backoffice.documents import Document
from backoffice.importing.bodies.parts import Json, Owner, document, reference, related


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person's name; `full` is the order in which it is spoken. All empty where the source has none."""

    given: str = ""
    family: str = ""
    full: str = ""


def individual(
    party_id: str,
    name: PersonName,
    *,
    gender: str,
    marital_status: str,
    status: str,
    characteristics: list[Json],
    identifications: list[Json],
    other_names: list[Json],
    **known: str,
) -> Document:
    """A person; `known` are single attributes that are left out where they are not known, such as `birthDate`."""
    return document(
        "individual",
        party_id,
        {
            "givenName": name.given,
            "familyName": name.family,
            "fullName": name.full,
            "formattedName": name.full,
            "gender": gender,
            "maritalStatus": marital_status,
            "status": status,
            "contactMedium": [],
            "creditRating": [],
            "disability": [],
            "externalReference": [],
            "individualIdentification": identifications,
            "languageAbility": [],
            "otherName": other_names,
            "partyCharacteristic": characteristics,
            "relatedParty": [],
            "skill": [],
            "taxExemptionCertificate": [],
            **known,
        },
    )


def organization(
    party_id: str,
    name: str,
    *,
    trading_name: str,
    identifications: list[Json],
    since: str,
    characteristics: Sequence[Json] = (),
) -> Document:
    """A company or public body."""
    return document(
        "organization",
        party_id,
        {
            "name": name,
            "tradingName": trading_name,
            "nameType": "legal",
            "organizationType": "company",
            "isHeadOffice": True,
            "isLegalEntity": True,
            "status": "validated",
            "existsDuring": {"startDateTime": since},
            "contactMedium": [],
            "creditRating": [],
            "externalReference": [],
            "organizationChildRelationship": [],
            "organizationIdentification": identifications,
            "otherName": [],
            "partyCharacteristic": [*characteristics],
            "relatedParty": [],
            "taxExemptionCertificate": [],
        },
    )


def customer(
    owner: Owner,
    *,
    status: str,
    reason: str,
    since: str,
    accounts: Sequence[str],
    media: list[Json],
    characteristics: list[Json],
    payment_methods: list[Json],
) -> Document:
    """The customer role of a party."""
    return document(
        "customer",
        owner.customer,
        {
            "name": owner.name,
            "status": status,
            "statusReason": reason,
            "engagedParty": related("engagedParty", owner.party_collection, owner.party, owner.name),
            "account": [reference("billingAccount", account, account) for account in accounts],
            "agreement": [],
            "characteristic": characteristics,
            "contactMedium": media,
            "creditProfile": [],
            "paymentMethod": payment_methods,
            "relatedParty": [],
            "validFor": {"startDateTime": since},
        },
    )
