"""What the halls have in stock, and what is taken from it (TMF687)."""

from __future__ import annotations

from app.core.permissions import Permission
from backoffice.resources.common import TASK, THE_CUSTOMER
from backoffice.resources.kinds import ASKING, Resource, States, attributes, filters, task, transitions

_TASK_EVENTS = ("CreateEvent", "AttributeValueChangeEvent", "StateChangeEvent", "BatchEvent")
_STOCK = transitions(
    available="reserved unavailable unknown",
    reserved="available unavailable unknown",
    unavailable="available reserved unknown",
    unknown="available reserved unavailable",
)
_USED = ("inTransit", "onDisplay", "damaged", "returned", "replenishmentInProgress", "inShop")

STOCK = (
    Resource(
        "productStock",
        "stock/v4",
        attributes(
            "creationDate:instant description lastInventoryDate:instant lastUpdate:instant name "
            "replenishmentDate:instant stockLevelCategory channel:list marketSegment:list maxStockLevel:object "
            "minStockLevel:object place:object productStockLevel:object productStockRelationship:list "
            "productStockStatusType productStockUsageType relatedParty:list reorderQuantity:object resource:list "
            "stockLevelAlert:object stockedProduct:object"
        ),
        required=("productStockStatusType", "productStockLevel", "stockedProduct"),
        events=("CreateEvent", "AttributeValueChangeEvent", "StateChangeEvent", "BatchEvent", "DeleteEvent"),
        filters=filters(
            "name stockLevelCategory productStockStatusType productStockUsageType place.id channel.id relatedParty.id resource.id "
            "stockedProduct.id stockedProduct.name stockedProduct.productOffering.id stockedProduct.productSerialNumber "
            "productStockLevel.amount:number lastUpdate:instant lastInventoryDate:instant replenishmentDate:instant"
        ),
        words={"productStockUsageType": _USED},
        states=States("productStockStatusType", "unknown", _STOCK),
        created="creationDate",
        updated="lastUpdate",
        never=("reservation",),
        rule="productStock",
        defaults={"relatedParty": [], "resource": []},
    ),
    Resource(
        "adjustProductStock",
        "stock/v4",
        attributes(
            "adjustReason completedAdjustProductStockDate:instant creationDate:instant description "
            "instantSyncAdjust:truth requestedAdjustProductStockDate:instant adjustProductStockItem:list state"
        ),
        required=("adjustProductStockItem",),
        inner_required=(
            "adjustProductStockItem.id",
            "adjustProductStockItem.productStockTarget",
            "adjustProductStockItem.adjustProductStockQuantity",
        ),
        inner_words={"adjustProductStockItem.state": TASK},
        operations=ASKING,
        events=_TASK_EVENTS,
        filters=filters("state adjustProductStockItem.productStockTarget.id creationDate:instant"),
        states=task("state", "accepted"),
        created="creationDate",
        never=("completedAdjustProductStockDate",),
        rule="adjustProductStock",
        walked=("adjustProductStockItem",),
    ),
    Resource(
        "checkProductStock",
        "stock/v4",
        attributes(
            "completedCheckProductStockDate:instant creationDate:instant instantSyncCheck:truth "
            "provideAlternative:truth requestedAvailabilityDate:instant requestedCheckProductStockDate:instant "
            "checkProductStockItem:list place:object relatedParty:list state"
        ),
        required=("checkProductStockItem",),
        inner_required=(
            "checkProductStockItem.id",
            "checkProductStockItem.checkedProductStock",
            "checkProductStockItem.requestedQuantity",
        ),
        inner_words={"checkProductStockItem.state": TASK},
        operations=ASKING,
        events=_TASK_EVENTS,
        filters=filters(
            "state place.id relatedParty.id checkProductStockItem.checkedProductStock.id creationDate:instant"
        ),
        states=task("state", "accepted"),
        created="creationDate",
        never=("completedCheckProductStockDate",),
        write=Permission.FILE_COMPLAINT,
        rule="checkProductStock",
        walked=("checkProductStockItem",),
        owners=THE_CUSTOMER,
        is_shared_alone=True,
    ),
    Resource(
        "reserveProductStock",
        "stock/v4",
        attributes(
            "creationDate:instant requiredAvailabilityDate:instant channel:list marketSegment:list place:object "
            "relatedEntity:list relatedParty:list reserveProductStockItem:list reserveProductStockState "
            "validFor:object"
        ),
        required=("reserveProductStockItem",),
        inner_required=(
            "reserveProductStockItem.id",
            "reserveProductStockItem.requestedProduct",
            "reserveProductStockItem.quantityRequested",
        ),
        inner_words={"reserveProductStockItem.reserveProductStockState": TASK},
        operations=ASKING,
        events=_TASK_EVENTS,
        filters=filters(
            "reserveProductStockState place.id relatedParty.id relatedEntity.id reserveProductStockItem.productStockReserved.id "
            "reserveProductStockItem.requestedProduct.id validFor.endDateTime:instant creationDate:instant"
        ),
        states=task("reserveProductStockState", "accepted"),
        created="creationDate",
        rule="reserveProductStock",
        walked=("reserveProductStockItem",),
        owners=THE_CUSTOMER,
        is_shared_alone=True,
    ),
    Resource(
        "queryProductStock",
        "stock/v4",
        attributes(
            "completedQueryProductStockDate:instant creationDate:instant instantSyncCheck:truth "
            "requestedAvailabilityDate:instant requestedQueryProductStockDate:instant queryProductStockItem:list "
            "relatedParty:list searchCriteria:object state"
        ),
        required=("searchCriteria",),
        operations=ASKING,
        events=_TASK_EVENTS,
        filters=filters("state relatedParty.id queryProductStockItem.id creationDate:instant"),
        states=task("state", "accepted"),
        created="creationDate",
        never=("completedQueryProductStockDate", "queryProductStockItem"),
        write=Permission.FILE_COMPLAINT,
        rule="queryProductStock",
        owners=THE_CUSTOMER,
        is_shared_alone=True,
    ),
)
