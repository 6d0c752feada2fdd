"""What customers used and what they are billed for it (TMF635, 677, 678)."""

from __future__ import annotations

from app.core.permissions import Permission
from backoffice.resources.common import LIFE, THE_CUSTOMER
from backoffice.resources.kinds import (
    ASKING,
    READING,
    Operation,
    Owner,
    Resource,
    States,
    any_state,
    attributes,
    filters,
    task,
    transitions,
)
from backoffice.resources.masks import in_characteristics, means_under

_BILL = transitions(
    new="onHold validated",
    onHold="new validated",
    validated="onHold sent",
    sent="partiallyPaid settled",
    partiallyPaid="settled",
    settled="",
)
_USAGE = transitions(
    received="rejected guided",
    rejected="recycled",
    recycled="received guided rejected",
    guided="rated rejected",
    rated="rerated billed",
    rerated="billed",
    billed="",
)

BILLING = (
    Resource(
        "customerBill",
        "customerBillManagement/v4",
        attributes(
            "billDate:instant billNo category lastUpdate:instant nextBillDate:instant paymentDueDate:instant runType "
            "amountDue:object appliedPayment:list billDocument:list billingAccount:object billingPeriod:object "
            "financialAccount:object paymentMethod:object relatedParty:list remainingAmount:object state "
            "taxExcludedAmount:object taxIncludedAmount:object taxItem:list"
        ),
        operations=frozenset({Operation.LIST, Operation.READ, Operation.CHANGE}),
        filters=filters(
            "billNo state category runType billingAccount.id financialAccount.id relatedParty.id appliedPayment.payment.id "
            "billDate:instant paymentDueDate:instant nextBillDate:instant"
        ),
        states=States("state", "new", _BILL),
        updated="lastUpdate",
        once=(
            *(
                "amountDue",
                "appliedPayment",
                "billDate",
                "billDocument",
                "billNo",
                "billingAccount",
                "billingPeriod",
                "category",
            ),
            *("financialAccount", "nextBillDate", "paymentDueDate", "paymentMethod", "relatedParty", "remainingAmount"),
            *("runType", "taxExcludedAmount", "taxIncludedAmount", "taxItem"),
        ),
        defaults={"appliedPayment": [], "billDocument": [], "taxItem": []},
        rule="customerBill",
        id_prefix="B",
        owners=(*THE_CUSTOMER, Owner("billingAccount.id", through="billingAccount")),
        masks=means_under("paymentMethod"),
    ),
    Resource(
        "customerBillOnDemand",
        "customerBillManagement/v4",
        attributes("description lastUpdate name billingAccount:object customerBill:object relatedParty:object state"),
        operations=ASKING,
        filters=filters("name state billingAccount.id customerBill.id relatedParty.id"),
        states=task("state", "inProgress", "done rejected terminatedWithError"),
        updated="lastUpdate",
        never=("customerBill",),
        rule="customerBillOnDemand",
        owners=(*THE_CUSTOMER, Owner("billingAccount.id", through="billingAccount")),
    ),
    Resource(
        "appliedCustomerBillingRate",
        "customerBillManagement/v4",
        attributes(
            "date:instant description isBilled:truth name type appliedTax:list bill:object billingAccount:object "
            "characteristic:list periodCoverage:object product:object taxExcludedAmount:object "
            "taxIncludedAmount:object"
        ),
        operations=READING,
        filters=filters("name type isBilled:truth bill.id billingAccount.id product.id date:instant"),
        owners=(Owner("billingAccount.id", through="billingAccount"),),
    ),
    Resource(
        "usage",
        "usageManagement/v4",
        attributes(
            "description usageDate:instant usageType ratedProductUsage:list relatedParty:list status "
            "usageCharacteristic:list usageSpecification:object"
        ),
        events=LIFE,
        filters=filters(
            "status usageType relatedParty.id usageSpecification.id ratedProductUsage.productRef.id usageDate:instant"
        ),
        states=States("status", "received", _USAGE),
        defaults={"ratedProductUsage": [], "relatedParty": [], "usageCharacteristic": []},
        owners=THE_CUSTOMER,
        masks=in_characteristics("usageCharacteristic"),
    ),
    Resource(
        "usageSpecification",
        "usageManagement/v4",
        attributes(
            "description isBundle:truth lastUpdate:instant lifecycleStatus name version attachment:list "
            "constraint:list entitySpecRelationship:list relatedParty:list specCharacteristic:list "
            "targetEntitySchema:object validFor:object"
        ),
        events=("CreateEvent", "AttributeValueChangeEvent", "DeleteEvent"),
        filters=filters("name lifecycleStatus relatedParty.id lastUpdate:instant"),
        states=any_state("lifecycleStatus", "inDesign"),
        updated="lastUpdate",
    ),
    Resource(
        "queryUsageConsumption",
        "usageConsumption/v4",
        attributes(
            "queryUsageConsumptionDate:instant partyAccount:list relatedParty:list searchCriteria:object "
            "usageConsumption:list"
        ),
        operations=frozenset({Operation.LIST, Operation.READ, Operation.CREATE, Operation.DELETE}),
        events=("CreateEvent", "DeleteEvent"),
        filters=filters("partyAccount.id relatedParty.id queryUsageConsumptionDate:instant"),
        created="queryUsageConsumptionDate",
        never=("usageConsumption",),
        rule="queryUsageConsumption",
        walked=(
            "partyAccount",
            "relatedParty",
            "searchCriteria.partyAccount",
            "searchCriteria.product",
            "searchCriteria.logicalResource",
            "searchCriteria.relatedParty",
        ),
        write=Permission.FILE_COMPLAINT,
        owners=(*THE_CUSTOMER, Owner("partyAccount.id", through="billingAccount")),
    ),
)
