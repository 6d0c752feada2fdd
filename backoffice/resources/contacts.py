"""Contacts with customers: messages to them, and visits, calls and chats (TMF681, 683)."""

from __future__ import annotations

from app.core.permissions import Permission
from backoffice.resources.common import THE_CUSTOMER
from backoffice.resources.kinds import Owner, Resource, States, attributes, filters, transitions
from backoffice.resources.masks import masks

_MESSAGE = transitions(
    initial="inProgress completed cancelled failed",
    inProgress="completed cancelled failed",
    completed="",
    cancelled="",
    failed="inProgress cancelled",
)
_INTERACTION = transitions(
    opened="inProgress completed cancelled", inProgress="completed cancelled", completed="", cancelled=""
)

CONTACTS = (
    Resource(
        "communicationMessage",
        "communicationManagement/v4",
        attributes(
            "content description logFlag:truth messageType priority scheduledSendTime:instant sendTime:instant "
            "sendTimeComplete:instant subject tryTimes:integer attachment:list characteristic:list receiver:list "
            "sender:object state"
        ),
        required=("content", "receiver", "sender", "messageType"),
        filters=filters(
            "state messageType priority receiver.id receiver.phoneNumber receiver.email receiver.party.id sender.id "
            "scheduledSendTime:instant sendTime:instant"
        ),
        states=States(
            "state",
            "initial",
            _MESSAGE,
            is_given=False,
            reached={"inProgress": "sendTime", "completed": "sendTimeComplete"},
        ),
        later=("sendTime", "sendTimeComplete"),
        owners=(Owner("receiver.party.id"),),
        masks=masks("receiver.phoneNumber receiver.email sender.phoneNumber sender.email", Permission.REVEAL_CONTACTS),
    ),
    Resource(
        "partyInteraction",
        "partyInteraction/v4",
        attributes(
            "creationDate:instant description direction reason status statusChangeDate:instant attachment:list "
            "channel:list interactionDate:object interactionItem:list interactionRelationship:list note:list "
            "relatedParty:list"
        ),
        required=("interactionDate", "reason", "status", "direction", "channel"),
        events=("CreateEvent", "AttributeValueChangeEvent", "DeleteEvent", "StatusChangeEvent"),
        filters=filters(
            "status direction reason channel.id relatedParty.id interactionItem.id creationDate:instant "
            "interactionDate.startDateTime:instant interactionDate.endDateTime:instant actor department outcome"
        ),
        states=States("status", "opened", _INTERACTION, is_open=True),
        created="creationDate",
        status_changed="statusChangeDate",
        once=("direction",),
        rule="partyInteraction",
        write=Permission.FILE_COMPLAINT,
        owners=THE_CUSTOMER,
    ),
)
