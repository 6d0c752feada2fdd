"""The one table of what the back office keeps."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from app.core.permissions import Permission
from backoffice.resources.kinds import Owner, Resource, States, attributes, filters, transitions

_TICKET_TRANSITIONS = transitions(
    acknowledged="inProgress pending held rejected resolved cancelled",
    inProgress="pending held resolved cancelled rejected",
    pending="inProgress held resolved cancelled",
    held="inProgress pending resolved cancelled",
    resolved="inProgress closed",
    rejected="closed",
    cancelled="closed",
    closed="",
)

_SERVICE_TRANSITIONS = transitions(
    feasibilityChecked="designed reserved inactive active terminated",
    designed="reserved inactive active terminated",
    reserved="inactive active terminated",
    inactive="active terminated",
    active="inactive terminated",
    terminated="",
)

_PRODUCT_TRANSITIONS = transitions(
    created="pendingActive active cancelled aborted",
    pendingActive="active cancelled aborted",
    active="suspended pendingTerminate terminated",
    suspended="active pendingTerminate terminated",
    pendingTerminate="active terminated",
    cancelled="",
    aborted="",
    terminated="",
)

_THE_CUSTOMER = (Owner("relatedParty.id", role="customer"),)

_ALL = (
    Resource(
        "customer",
        "customerManagement/v4",
        attributes(
            "name status statusReason validFor:object account:list accountRef:list agreement:list characteristic:list "
            "contactMedium:list creditProfile:list engagedParty:object paymentMethod:list relatedParty:list"
        ),
        required=("name", "engagedParty"),
        filters=filters(
            "name status engagedParty.id account.id contactMedium.characteristic.phoneNumber "
            "contactMedium.characteristic.emailAddress"
        ),
        owners=(Owner("id"),),
    ),
    Resource(
        "individual",
        "party/v4",
        attributes(
            "givenName familyName fullName gender birthDate status contactMedium:list individualIdentification:list "
            "relatedParty:list"
        ),
        required=("givenName", "familyName"),
        filters=filters("givenName familyName fullName individualIdentification.identificationId"),
        owners=(Owner("id", through="customer.engagedParty.id"),),
    ),
    Resource(
        "organization",
        "party/v4",
        attributes(
            "name tradingName organizationType status contactMedium:list organizationIdentification:list relatedParty:list"
        ),
        required=("tradingName",),
        filters=filters("name tradingName organizationIdentification.identificationId"),
        owners=(Owner("id", through="customer.engagedParty.id"),),
    ),
    Resource(
        "billingAccount",
        "accountManagement/v4",
        attributes("name description state lastModified:instant accountBalance:list contact:list relatedParty:list"),
        required=("name", "relatedParty"),
        filters=filters("name state relatedParty.id"),
        updated="lastModified",
        owners=_THE_CUSTOMER,
    ),
    Resource(
        "product",
        "productInventory/v4",
        attributes(
            "name description status startDate:instant terminationDate:instant billingAccount:object "
            "productOffering:object productSerialNumber productCharacteristic:list productPrice:list productTerm:list "
            "realizingService:list relatedParty:list"
        ),
        required=("status",),
        filters=filters(
            "name status relatedParty.id billingAccount.id productOffering.id productSerialNumber startDate:instant"
        ),
        states=States("status", "created", _PRODUCT_TRANSITIONS),
        owners=_THE_CUSTOMER,
    ),
    Resource(
        "service",
        "serviceInventory/v4",
        attributes(
            "name description serviceType state startDate:instant endDate:instant note:list place:list "
            "relatedParty:list serviceCharacteristic:list serviceSpecification:object"
        ),
        required=("state", "serviceSpecification"),
        filters=filters("name state serviceType relatedParty.id startDate:instant"),
        states=States("state", "feasibilityChecked", _SERVICE_TRANSITIONS),
        owners=_THE_CUSTOMER,
    ),
    Resource(
        "troubleTicket",
        "troubleTicket/v4",
        attributes(
            "name description severity priority ticketType externalId status statusChangeReason creationDate:instant "
            "lastUpdate:instant statusChangeDate:instant expectedResolutionDate:instant requestedResolutionDate:instant "
            "resolutionDate:instant channel:object attachment:list note:list relatedEntity:list relatedParty:list "
            "statusChange:list troubleTicketRelationship:list"
        ),
        required=("description", "severity", "ticketType"),
        filters=filters(
            "externalId status severity ticketType relatedParty.id relatedEntity.id creationDate:instant "
            "expectedResolutionDate:instant"
        ),
        states=States("status", "acknowledged", _TICKET_TRANSITIONS),
        created="creationDate",
        updated="lastUpdate",
        status_changed="statusChangeDate",
        id_prefix="T",
        write=Permission.FILE_COMPLAINT,
        owners=_THE_CUSTOMER,
    ),
    Resource(
        "serviceProblem",
        "serviceProblemManagement/v4",
        attributes(
            "name description category priority:number reason status statusChangeReason creationDate:instant "
            "lastUpdate:instant statusChangeDate:instant originatorParty:object affectedLocation:list "
            "affectedService:list characteristic:list note:list relatedParty:list troubleTicket:list"
        ),
        required=("category", "priority", "description", "reason", "originatorParty"),
        filters=filters("name category status affectedService.id creationDate:instant"),
        open_lists=("note", "relatedParty", "troubleTicket"),
        states=States("status", "acknowledged", _TICKET_TRANSITIONS),
        created="creationDate",
        updated="lastUpdate",
        status_changed="statusChangeDate",
    ),
)

RESOURCES: Final[Mapping[str, Resource]] = MappingProxyType({resource.collection: resource for resource in _ALL})
