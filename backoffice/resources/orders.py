"""What customers have asked for: product orders, and requests to cancel them (TMF622)."""

from __future__ import annotations

from backoffice.resources.common import ACTIONS, THE_CUSTOMER
from backoffice.resources.kinds import ASKING, Owner, Resource, States, attributes, filters, task, transitions
from backoffice.resources.masks import in_characteristics, means_under, places

_ORDER = transitions(
    acknowledged="inProgress pending held rejected cancelled assessingCancellation",
    inProgress="pending held completed partial failed assessingCancellation",
    pending="inProgress held failed cancelled assessingCancellation",
    held="inProgress pending failed cancelled assessingCancellation",
    assessingCancellation="inProgress pending held pendingCancellation cancelled",
    pendingCancellation="cancelled inProgress",
    rejected="",
    completed="",
    partial="",
    failed="",
    cancelled="",
)
_OF_ITEM = tuple(state for state in _ORDER if state != "partial")
_OWNERS = (*THE_CUSTOMER, Owner("billingAccount.id", through="billingAccount"))

ORDERS = (
    Resource(
        "productOrder",
        "productOrderingManagement/v4",
        attributes(
            "cancellationDate:instant cancellationReason category completionDate:instant description "
            "expectedCompletionDate:instant externalId notificationContact orderDate:instant priority "
            "requestedCompletionDate:instant requestedStartDate:instant agreement:list billingAccount:object "
            "channel:list note:list orderTotalPrice:list payment:list productOfferingQualification:list "
            "productOrderItem:list quote:list relatedParty:list state"
        ),
        required=("productOrderItem",),
        inner_required=("productOrderItem.id", "productOrderItem.action"),
        inner_words={"productOrderItem.action": ACTIONS, "productOrderItem.state": _OF_ITEM},
        events=(
            "CreateEvent",
            "AttributeValueChangeEvent",
            "DeleteEvent",
            "StateChangeEvent",
            "InformationRequiredEvent",
        ),
        filters=filters(
            "externalId state category priority relatedParty.id billingAccount.id agreement.id productOrderItem.product.id "
            "productOrderItem.productOffering.id orderDate:instant completionDate:instant requestedStartDate:instant "
            "requestedCompletionDate:instant expectedCompletionDate:instant"
        ),
        states=States(
            "state",
            "acknowledged",
            _ORDER,
            is_given=False,
            reached={"completed": "completionDate", "partial": "completionDate", "cancelled": "cancellationDate"},
        ),
        created="orderDate",
        later=("completionDate", "expectedCompletionDate"),
        rule="productOrder",
        id_prefix="O",
        owners=_OWNERS,
        masks=(
            *in_characteristics("productOrderItem.product.productCharacteristic"),
            *places("productOrderItem.product.place"),
            *means_under("payment"),
        ),
    ),
    Resource(
        "cancelProductOrder",
        "productOrderingManagement/v4",
        attributes(
            "cancellationReason effectiveCancellationDate:instant requestedCancellationDate:instant "
            "productOrder:object state"
        ),
        required=("productOrder",),
        operations=ASKING,
        events=("CreateEvent", "StateChangeEvent", "InformationRequiredEvent"),
        filters=filters("state productOrder.id effectiveCancellationDate:instant"),
        states=task("state", "acknowledged"),
        never=("effectiveCancellationDate", "relatedParty", "billingAccount"),
        rule="cancelProductOrder",
        owners=_OWNERS,
    ),
)
