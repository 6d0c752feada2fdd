"""Visits and the search for a time for them (TMF646)."""

from __future__ import annotations

from app.core.permissions import Permission
from backoffice.resources.common import LIFE, THE_CUSTOMER
from backoffice.resources.kinds import Resource, States, attributes, filters, task, transitions
from backoffice.resources.masks import CONTACT_MEDIA, places

_APPOINTMENT = transitions(
    initialized="confirmed cancelled failed",
    confirmed="completed cancelled failed",
    cancelled="",
    completed="",
    failed="",
)

APPOINTMENTS = (
    Resource(
        "appointment",
        "appointment/v4",
        attributes(
            "category creationDate:instant description externalId lastUpdate:instant attachment:list "
            "calendarEvent:object contactMedium:list note:list relatedEntity:list relatedParty:list "
            "relatedPlace:object status validFor:object"
        ),
        required=("validFor",),
        events=LIFE,
        filters=filters(
            "externalId category status relatedParty.id relatedPlace.id relatedEntity.id calendarEvent.id "
            "validFor.startDateTime:instant validFor.endDateTime:instant creationDate:instant"
        ),
        states=States("status", "initialized", _APPOINTMENT, is_given=False),
        created="creationDate",
        updated="lastUpdate",
        rule="appointment",
        walked=("relatedParty",),
        id_prefix="V",
        owners=THE_CUSTOMER,
        masks=(*CONTACT_MEDIA, *places("relatedPlace")),
    ),
    Resource(
        "searchTimeSlot",
        "appointment/v4",
        attributes(
            "searchDate:instant searchResult availableTimeSlot:list relatedEntity:list relatedParty:object "
            "relatedPlace:object requestedTimeSlot:list status"
        ),
        events=LIFE,
        filters=filters("status searchResult relatedParty.id relatedPlace.id relatedEntity.id searchDate:instant"),
        states=task("status", "inProgress", "done rejected terminatedWithError"),
        created="searchDate",
        later=("availableTimeSlot",),
        never=("searchResult",),
        rule="searchTimeSlot",
        walked=("requestedTimeSlot",),
        write=Permission.FILE_COMPLAINT,
        owners=THE_CUSTOMER,
        is_shared_alone=True,
        masks=places("relatedPlace"),
    ),
)
