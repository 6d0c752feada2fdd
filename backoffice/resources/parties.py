"""Who the operator deals with and what they may do: customers, people, companies, partners, permissions (TMF629, 632, 669, 672)."""

from __future__ import annotations

from backoffice.resources.common import LIFE
from backoffice.resources.kinds import Operation, Owner, Resource, States, any_state, attributes, filters, transitions
from backoffice.resources.masks import COMPANY, CONTACT_MEDIA, CREDIT_PROFILE, CREDIT_RATING, PERSON, in_characteristics

PARTIES = (
    Resource(
        "customer",
        "customerManagement/v4",
        attributes(
            "name status statusReason account:list agreement:list characteristic:list contactMedium:list "
            "creditProfile:list engagedParty:object paymentMethod:list relatedParty:list validFor:object"
        ),
        required=("engagedParty", "name"),
        events=LIFE,
        filters=filters(
            "name status engagedParty.id account.id relatedParty.id contactMedium.characteristic.phoneNumber:phone "
            "contactMedium.characteristic.emailAddress"
        ),
        states=any_state("status", "active"),
        owners=(Owner("id"),),
        masks=(*CONTACT_MEDIA, *CREDIT_PROFILE, *in_characteristics("characteristic")),
    ),
    Resource(
        "individual",
        "party/v4",
        attributes(
            "aristocraticTitle birthDate:instant countryOfBirth deathDate:instant familyName familyNamePrefix "
            "formattedName fullName gender generation givenName legalName location maritalStatus middleName "
            "nationality placeOfBirth preferredGivenName title contactMedium:list creditRating:list disability:list "
            "externalReference:list individualIdentification:list languageAbility:list otherName:list "
            "partyCharacteristic:list relatedParty:list skill:list status taxExemptionCertificate:list"
        ),
        required=("givenName", "familyName"),
        events=LIFE,
        filters=filters(
            "givenName familyName fullName status birthDate:instant individualIdentification.identificationId "
            "contactMedium.characteristic.phoneNumber:phone contactMedium.characteristic.emailAddress "
            "externalReference.name relatedParty.id"
        ),
        states=States(
            "status", "initialized", transitions(initialized="validated deceaded", validated="deceaded", deceaded="")
        ),
        owners=(Owner("id", through="customer.engagedParty.id"),),
        masks=(*CONTACT_MEDIA, *PERSON, *CREDIT_RATING, *in_characteristics("partyCharacteristic")),
    ),
    Resource(
        "organization",
        "party/v4",
        attributes(
            "isHeadOffice:truth isLegalEntity:truth name nameType organizationType tradingName contactMedium:list "
            "creditRating:list existsDuring:object externalReference:list organizationChildRelationship:list "
            "organizationIdentification:list organizationParentRelationship:object otherName:list "
            "partyCharacteristic:list relatedParty:list status taxExemptionCertificate:list"
        ),
        required=("tradingName",),
        events=LIFE,
        filters=filters(
            "name tradingName status organizationType organizationIdentification.identificationId "
            "contactMedium.characteristic.phoneNumber:phone externalReference.name relatedParty.id"
        ),
        states=States(
            "status", "initialized", transitions(initialized="validated closed", validated="closed", closed="")
        ),
        owners=(Owner("id", through="customer.engagedParty.id"),),
        masks=(*CONTACT_MEDIA, *COMPANY, *CREDIT_RATING, *in_characteristics("partyCharacteristic")),
    ),
    Resource(
        "partyRole",
        "partyRoleManagement/v4",
        attributes(
            "name status statusReason account:list agreement:list characteristic:list contactMedium:list "
            "creditProfile:list engagedParty:object paymentMethod:list relatedParty:list validFor:object"
        ),
        required=("name",),
        events=LIFE,
        filters=filters("name status engagedParty.id account.id relatedParty.id"),
        states=any_state("status", "active"),
        masks=(*CONTACT_MEDIA, *CREDIT_PROFILE, *in_characteristics("characteristic")),
    ),
    Resource(
        "permission",
        "rolesAndPermissions/v4",
        attributes(
            "creationDate:instant description assetUserRole:list granter:object privilege:list user:object "
            "validFor:object"
        ),
        required=("user", "validFor"),
        operations=frozenset({Operation.LIST, Operation.READ, Operation.CREATE, Operation.CHANGE}),
        events=LIFE,
        filters=filters(
            "user.id granter.id assetUserRole.userRole.id assetUserRole.manageableAsset.id creationDate:instant"
        ),
        created="creationDate",
    ),
    Resource(
        "userRole",
        "rolesAndPermissions/v4",
        attributes("involvementRole entitlement:list"),
        required=("entitlement",),
        operations=frozenset({Operation.LIST, Operation.READ, Operation.CREATE, Operation.CHANGE}),
        events=LIFE,
        filters=filters("involvementRole entitlement.function entitlement.action"),
    ),
)
