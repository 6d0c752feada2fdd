"""Which attributes of a record merge by themselves, and which only somebody who has seen the record may set: as data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldRules:
    """How changes to the records of a collection go together.

    `exact`: money, plan, status and identity, set only on a record that is as the clerk saw it. `growing`: lists that
    everybody adds to. All else merges attribute by attribute.
    """

    exact: frozenset[str]
    growing: frozenset[str] = frozenset({"note"})


# What head office writes by itself: it says nothing of what somebody did.
WRITTEN_BY_HEAD_OFFICE = frozenset({"id", "href", "lastUpdate", "lastModified", "@masked"})


def _exact(names: str) -> FieldRules:
    return FieldRules(frozenset(names.split()))


FIELD_RULES = {
    "individual": _exact("""
            aristocraticTitle birthDate countryOfBirth creditRating deathDate disability familyName familyNamePrefix
            formattedName fullName generation givenName individualIdentification legalName middleName nationality otherName
            partyCharacteristic placeOfBirth relatedParty status taxExemptionCertificate
            """),
    "organization": _exact("""
            creditRating existsDuring isLegalEntity name organizationChildRelationship organizationIdentification
            organizationParentRelationship otherName partyCharacteristic relatedParty status taxExemptionCertificate
            tradingName
            """),
    "customer": _exact("""
            account agreement characteristic creditProfile engagedParty name paymentMethod relatedParty status statusReason validFor
            """),
    "billingAccount": _exact("""
            accountBalance accountRelationship accountType billStructure creditLimit defaultPaymentMethod
            financialAccount paymentPlan paymentStatus relatedParty state taxExemption
            """),
    "product": _exact("""
            agreement billingAccount isBundle product productCharacteristic productOffering productOrderItem productPrice
            productRelationship productSerialNumber productSpecification productTerm realizingResource realizingService
            relatedParty startDate status terminationDate
            """),
    "productOrder": _exact("""
            agreement billingAccount cancellationDate cancellationReason completionDate orderDate orderTotalPrice payment
            productOfferingQualification productOrderItem quote relatedParty state
            """),
    "service": _exact("""
            endDate hasStarted isBundle isServiceEnabled isStateful relatedParty serviceCharacteristic serviceOrderItem
            serviceRelationship serviceSpecification startDate startMode state supportingResource supportingService
            """),
    "troubleTicket": _exact(
        "relatedEntity relatedParty resolutionDate status statusChange statusChangeDate statusChangeReason"
    ),
    "serviceProblem": _exact("relatedParty resolutionDate status statusChangeDate statusChangeReason"),
}  # fmt: skip
