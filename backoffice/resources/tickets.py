"""What customers complain of or ask for (TMF621)."""

from __future__ import annotations

from app.core.permissions import Permission
from backoffice.resources.common import THE_CUSTOMER, TICKET
from backoffice.resources.kinds import Resource, States, attributes, filters

TICKETS = (
    Resource(
        "troubleTicket",
        "troubleTicket/v4",
        attributes(
            "creationDate:instant description expectedResolutionDate:instant externalId lastUpdate:instant name "
            "priority requestedResolutionDate:instant resolutionDate:instant severity statusChangeDate:instant "
            "statusChangeReason ticketType attachment:list channel:object note:list relatedEntity:list "
            "relatedParty:list status statusChange:list troubleTicketRelationship:list"
        ),
        required=("description", "severity", "ticketType"),
        events=(
            "CreateEvent",
            "AttributeValueChangeEvent",
            "StatusChangeEvent",
            "DeleteEvent",
            "ResolvedEvent",
            "InformationRequiredEvent",
        ),
        filters=filters(
            "externalId name status severity priority ticketType channel.id relatedParty.id relatedEntity.id "
            "troubleTicketRelationship.id creationDate:instant lastUpdate:instant expectedResolutionDate:instant "
            "requestedResolutionDate:instant resolutionDate:instant"
        ),
        states=States(
            "status",
            "acknowledged",
            TICKET,
            reached={"resolved": "resolutionDate"},
            reopened="inProgress",
            history="statusChange",
        ),
        created="creationDate",
        updated="lastUpdate",
        status_changed="statusChangeDate",
        id_prefix="T",
        write=Permission.FILE_COMPLAINT,
        owners=THE_CUSTOMER,
    ),
)
