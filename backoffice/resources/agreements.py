"""Contracts with customers and partners, and their patterns (TMF651)."""

from __future__ import annotations

from backoffice.resources.common import LIFE
from backoffice.resources.kinds import Owner, Resource, States, any_state, attributes, filters, transitions

_AGREEMENT = transitions(
    inProcess="approved rejected cancelled",
    approved="active terminated expired cancelled",
    active="suspended terminated expired",
    suspended="active terminated expired",
    rejected="",
    cancelled="",
    terminated="",
    expired="",
)

AGREEMENTS = (
    Resource(
        "agreement",
        "agreementManagement/v4",
        attributes(
            "agreementType description documentNumber:integer initialDate:instant name statementOfIntent status "
            "version agreementAuthorization:list agreementItem:list agreementPeriod:object "
            "agreementSpecification:object associatedAgreement:list characteristic:list completionDate:object "
            "engagedParty:list"
        ),
        required=("agreementItem", "agreementType", "engagedParty", "name"),
        events=LIFE,
        filters=filters(
            "name status agreementType documentNumber:number engagedParty.id agreementSpecification.id initialDate:instant "
            "agreementPeriod.endDateTime:instant"
        ),
        states=States("status", "inProcess", _AGREEMENT, is_open=True),
        once=("completionDate",),
        id_prefix="A",
        owners=(Owner("engagedParty.id", role="customer"),),
    ),
    Resource(
        "agreementSpecification",
        "agreementManagement/v4",
        attributes(
            "description isBundle:truth lastUpdate:instant lifecycleStatus name version attachment:list "
            "relatedParty:list serviceCategory:object specificationCharacteristic:list "
            "specificationRelationship:list validFor:object"
        ),
        required=("attachment", "name"),
        events=LIFE,
        filters=filters("name lifecycleStatus relatedParty.id lastUpdate:instant"),
        states=any_state("lifecycleStatus", "inDesign"),
        updated="lastUpdate",
    ),
)
