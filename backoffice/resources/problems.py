"""Problems of services that customers feel, and what is done to many of them at once (TMF656)."""

from __future__ import annotations

from backoffice.resources.common import TICKET
from backoffice.resources.kinds import READING, Operation, Resource, States, attributes, filters

PROBLEMS = (
    Resource(
        "serviceProblem",
        "serviceProblemManagement/v4",
        attributes(
            "affectedNumberOfServices:integer category creationDate:instant description impactImportanceFactor "
            "lastUpdate:instant name originatingSystem priority:integer problemEscalation reason "
            "resolutionDate:instant statusChangeDate:instant statusChangeReason affectedLocation:list "
            "affectedResource:list affectedService:list characteristic:list externalIdentifier:list "
            "firstAlert:object impactPattern:object note:list originatorParty:object parentProblem:list "
            "relatedEntity:list relatedEvent:list relatedParty:list responsibleParty:object rootCauseResource:list "
            "rootCauseService:list slaViolation:list status trackingRecord:list troubleTicket:list "
            "underlyingAlarm:list underlyingProblem:list"
        ),
        required=("category", "priority", "description", "reason", "originatorParty"),
        events=("CreateEvent", "StateChangeEvent", "AttributeValueChangeEvent", "InformationRequiredEvent"),
        filters=filters(
            "name category status priority:number affectedService.id affectedResource.id affectedLocation.id "
            "externalIdentifier.id relatedParty.id originatorParty.id responsibleParty.id "
            "troubleTicket.id underlyingAlarm.id underlyingProblem.id parentProblem.id "
            "rootCauseResource.id rootCauseService.id creationDate:instant lastUpdate:instant resolutionDate:instant"
        ),
        open_lists=("note", "relatedParty", "troubleTicket"),
        states=States("status", "acknowledged", TICKET, reached={"resolved": "resolutionDate"}, reopened="inProgress"),
        created="creationDate",
        updated="lastUpdate",
        status_changed="statusChangeDate",
        once=("firstAlert", "originatingSystem", "trackingRecord"),
        rule="serviceProblem",
    ),
    Resource(
        "serviceProblemEventRecord",
        "serviceProblemManagement/v4",
        attributes("eventTime:instant eventType recordTime:instant notification:any serviceProblem:object"),
        operations=READING,
        filters=filters("eventType serviceProblem.id eventTime:instant recordTime:instant"),
    ),
    Resource(
        "problemAcknowledgement",
        "serviceProblemManagement/v4",
        attributes("ackProblem:list problem:list trackingRecord:object"),
        required=("problem",),
        operations=frozenset({Operation.CREATE}),
        never=("ackProblem",),
        rule="problemAcknowledgement",
        walked=("problem",),
    ),
    Resource(
        "problemUnacknowledgement",
        "serviceProblemManagement/v4",
        attributes("problem:list trackingRecord:object unackProblem:list"),
        required=("problem",),
        operations=frozenset({Operation.CREATE}),
        never=("unackProblem",),
        rule="problemUnacknowledgement",
        walked=("problem",),
    ),
    Resource(
        "problemGroup",
        "serviceProblemManagement/v4",
        attributes("childProblem:list parentProblem:object"),
        required=("parentProblem", "childProblem"),
        operations=frozenset({Operation.CREATE}),
        rule="problemGroup",
        walked=("childProblem",),
    ),
    Resource(
        "problemUngroup",
        "serviceProblemManagement/v4",
        attributes("childProblem:list parentProblem:object"),
        required=("parentProblem", "childProblem"),
        operations=frozenset({Operation.CREATE}),
        rule="problemUngroup",
        walked=("childProblem",),
    ),
)
