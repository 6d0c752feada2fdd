"""Where money owed is kept, and how bills are made and delivered (TMF666)."""

from __future__ import annotations

from backoffice.resources.common import LIFE, THE_CUSTOMER
from backoffice.resources.kinds import Resource, States, attributes, filters, transitions
from backoffice.resources.masks import CREDIT_LIMIT

_ACCOUNT = States(
    "state",
    "active",
    transitions(active="suspended closed", suspended="active closed", closed=""),
    is_open=True,
)

ACCOUNTS = (
    Resource(
        "partyAccount",
        "accountManagement/v4",
        attributes(
            "accountType description lastModified:instant name paymentStatus state accountBalance:list "
            "accountRelationship:list billStructure:object contact:list creditLimit:object "
            "defaultPaymentMethod:object financialAccount:object paymentPlan:list relatedParty:list "
            "taxExemption:list"
        ),
        required=("name", "relatedParty"),
        events=("AttributeValueChangeEvent", "StateChangeEvent"),
        filters=filters("name state accountType paymentStatus relatedParty.id lastModified:instant"),
        states=_ACCOUNT,
        updated="lastModified",
        once=("accountBalance",),
        defaults={"accountBalance": [], "contact": []},
        owners=THE_CUSTOMER,
        masks=CREDIT_LIMIT,
    ),
    Resource(
        "billingAccount",
        "accountManagement/v4",
        attributes(
            "accountType description lastModified:instant name paymentStatus state accountBalance:list "
            "accountRelationship:list billStructure:object contact:list creditLimit:object "
            "defaultPaymentMethod:object financialAccount:object paymentPlan:list relatedParty:list "
            "taxExemption:list"
        ),
        required=("name", "relatedParty"),
        events=("AttributeValueChangeEvent", "StateChangeEvent"),
        filters=filters("name state accountType paymentStatus relatedParty.id lastModified:instant"),
        states=_ACCOUNT,
        updated="lastModified",
        once=("accountBalance",),
        defaults={"accountBalance": [], "contact": []},
        owners=THE_CUSTOMER,
        masks=CREDIT_LIMIT,
    ),
    Resource(
        "settlementAccount",
        "accountManagement/v4",
        attributes(
            "accountType description lastModified:instant name paymentStatus state accountBalance:list "
            "accountRelationship:list billStructure:object contact:list creditLimit:object "
            "defaultPaymentMethod:object financialAccount:object paymentPlan:list relatedParty:list "
            "taxExemption:list"
        ),
        required=("name", "relatedParty"),
        events=("AttributeValueChangeEvent", "StateChangeEvent"),
        filters=filters("name state accountType paymentStatus relatedParty.id lastModified:instant"),
        states=_ACCOUNT,
        updated="lastModified",
        once=("accountBalance",),
        defaults={"accountBalance": [], "contact": []},
        owners=THE_CUSTOMER,
        masks=CREDIT_LIMIT,
    ),
    Resource(
        "financialAccount",
        "accountManagement/v4",
        attributes(
            "accountType description lastModified:instant name state accountBalance:list accountRelationship:list "
            "contact:list creditLimit:object relatedParty:list taxExemption:list"
        ),
        required=("name",),
        events=LIFE,
        filters=filters("name state accountType relatedParty.id lastModified:instant"),
        states=_ACCOUNT,
        updated="lastModified",
        once=("accountBalance",),
        defaults={"accountBalance": [], "contact": []},
        owners=THE_CUSTOMER,
        masks=CREDIT_LIMIT,
    ),
    Resource(
        "billingCycleSpecification",
        "accountManagement/v4",
        attributes(
            "billingDateShift:integer billingPeriod chargeDateOffset:integer creditDateOffset:integer description "
            "frequency mailingDateOffset:integer name paymentDueDateOffset:integer validFor:object"
        ),
        required=("name",),
        filters=filters("name frequency billingPeriod"),
    ),
    Resource(
        "billFormat",
        "accountManagement/v4",
        attributes("description name"),
        required=("name",),
        filters=filters("name"),
    ),
    Resource(
        "billPresentationMedia",
        "accountManagement/v4",
        attributes("description name"),
        required=("name",),
        filters=filters("name"),
    ),
)
