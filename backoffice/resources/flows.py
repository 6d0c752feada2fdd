"""Work that goes step by step: flows and their tasks (TMF701)."""

from __future__ import annotations

from app.core.permissions import Permission
from backoffice.resources.common import LIFE, THE_CUSTOMER
from backoffice.resources.kinds import Operation, Resource, States, attributes, filters, transitions
from backoffice.resources.masks import in_characteristics

_FLOW = transitions(active="hold cancelled completed", hold="active cancelled completed", cancelled="", completed="")
_TASK = transitions(
    new="active hold cancelled completed",
    active="hold cancelled completed",
    hold="active cancelled completed",
    cancelled="",
    completed="",
)

FLOWS = (
    Resource(
        "processFlow",
        "processFlowManagement/v4",
        attributes(
            "processFlowDate:instant processFlowSpecification channel:list characteristic:list relatedEntity:list "
            "relatedParty:list state taskFlow:list"
        ),
        required=("processFlowSpecification",),
        operations=frozenset({Operation.LIST, Operation.READ, Operation.CREATE, Operation.DELETE}),
        events=LIFE,
        filters=filters(
            "state processFlowSpecification channel.id relatedParty.id relatedEntity.id processFlowDate:instant "
            "endDate:instant actor department outcome"
        ),
        states=States("state", "active", _FLOW, is_given=False),
        created="processFlowDate",
        rule="processFlow",
        walked=("taskFlow",),
        write=Permission.FILE_COMPLAINT,
        owners=THE_CUSTOMER,
        masks=in_characteristics("characteristic"),
    ),
    Resource(
        "taskFlow",
        "processFlowManagement/v4",
        attributes(
            "completionMethod isMandatory:truth priority:integer taskFlowSpecification channel:list "
            "characteristic:list relatedEntity:list relatedParty:list state taskFlowRelationship:list"
        ),
        operations=frozenset({Operation.LIST, Operation.READ, Operation.CHANGE}),
        events=(
            "CreateEvent",
            "StateChangeEvent",
            "DeleteEvent",
            "AttributeValueChangeEvent",
            "InformationRequiredEvent",
        ),
        parent="processFlow",
        filters=filters(
            "processFlow.id state taskFlowSpecification priority:number isMandatory:truth channel.id relatedParty.id "
            "relatedEntity.id startDate:instant endDate:instant actor department outcome"
        ),
        states=States("state", "new", _TASK),
        once=("taskFlowSpecification",),
        rule="taskFlow",
        write=Permission.FILE_COMPLAINT,
        owners=THE_CUSTOMER,
        masks=in_characteristics("characteristic"),
    ),
)
