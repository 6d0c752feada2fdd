"""What customers have and what it runs on: products, services, resources (TMF637, 638, 639)."""

from __future__ import annotations

from backoffice.resources.common import ACTIONS, LIFE, SERVICE_STATES, THE_CUSTOMER
from backoffice.resources.kinds import Owner, Resource, States, attributes, filters, transitions
from backoffice.resources.masks import in_characteristics, places

_PRODUCT = transitions(
    created="pendingActive active cancelled aborted",
    pendingActive="active cancelled aborted",
    active="suspended pendingTerminate terminated",
    suspended="active pendingTerminate terminated",
    pendingTerminate="active terminated",
    cancelled="",
    aborted="",
    terminated="",
)
_SERVICE = transitions(
    feasibilityChecked="designed reserved inactive active terminated",
    designed="reserved inactive active terminated",
    reserved="inactive active terminated",
    inactive="active terminated",
    active="inactive terminated",
    terminated="",
)
_RESOURCE = transitions(
    unknown="standby alarm available reserved suspended",
    available="standby alarm reserved suspended unknown",
    reserved="standby alarm available suspended unknown",
    standby="alarm available reserved suspended unknown",
    alarm="standby available reserved suspended unknown",
    suspended="standby alarm available reserved unknown",
)

INVENTORY = (
    Resource(
        "product",
        "productInventory/v4",
        attributes(
            "description isBundle:truth isCustomerVisible:truth name orderDate:instant productSerialNumber "
            "startDate:instant terminationDate:instant agreement:list billingAccount:object place:list product:list "
            "productCharacteristic:list productOffering:object productOrderItem:list productPrice:list "
            "productRelationship:list productSpecification:object productTerm:list realizingResource:list "
            "realizingService:list relatedParty:list status"
        ),
        required=("status",),
        inner_required=("productOrderItem.orderItemId", "productOrderItem.productOrderId"),
        events=("CreateEvent", "AttributeValueChangeEvent", "StateChangeEvent", "BatchEvent", "DeleteEvent"),
        filters=filters(
            "name status relatedParty.id billingAccount.id productOffering.id productSpecification.id productSerialNumber "
            "agreement.id place.id realizingService.id realizingResource.id productOrderItem.productOrderId "
            "startDate:instant terminationDate:instant orderDate:instant"
        ),
        states=States("status", "created", _PRODUCT, reached={"terminated": "terminationDate"}),
        defaults={
            "isBundle": False,
            "productCharacteristic": [],
            "productPrice": [],
            "productTerm": [],
            "realizingService": [],
            "relatedParty": [],
        },
        owners=(*THE_CUSTOMER, Owner("billingAccount.id", through="billingAccount")),
        masks=(*in_characteristics("productCharacteristic"), *places("place")),
    ),
    Resource(
        "service",
        "serviceInventory/v4",
        attributes(
            "category description endDate:instant hasStarted:truth isBundle:truth isServiceEnabled:truth "
            "isStateful:truth name serviceDate serviceType startDate:instant startMode feature:list note:list "
            "place:list relatedEntity:list relatedParty:list serviceCharacteristic:list serviceOrderItem:list "
            "serviceRelationship:list serviceSpecification:object state supportingResource:list "
            "supportingService:list"
        ),
        required=("state", "serviceSpecification"),
        inner_required=("serviceOrderItem.itemId", "serviceOrderItem.serviceOrderId"),
        inner_words={"serviceOrderItem.itemAction": ACTIONS, "supportingService.state": SERVICE_STATES},
        events=LIFE,
        filters=filters(
            "name state category serviceType relatedParty.id relatedEntity.id place.id serviceSpecification.id "
            "supportingResource.id supportingService.id serviceOrderItem.serviceOrderId startDate:instant endDate:instant"
        ),
        states=States("state", "feasibilityChecked", _SERVICE, reached={"terminated": "endDate"}),
        once=("serviceDate",),
        defaults={
            "isBundle": False,
            "place": [],
            "relatedParty": [],
            "serviceCharacteristic": [],
            "serviceRelationship": [],
            "supportingResource": [],
            "supportingService": [],
        },
        owners=THE_CUSTOMER,
        masks=(*in_characteristics("serviceCharacteristic"), *places("place")),
    ),
    Resource(
        "resource",
        "resourceInventoryManagement/v4",
        attributes(
            "category description endOperatingDate:instant name resourceVersion startOperatingDate:instant "
            "activationFeature:list administrativeState attachment:list note:list operationalState place:object "
            "relatedParty:list resourceCharacteristic:list resourceRelationship:list resourceSpecification:object "
            "resourceStatus usageState"
        ),
        required=("name",),
        events=LIFE,
        filters=filters(
            "name category resourceStatus administrativeState operationalState usageState place.id relatedParty.id "
            "resourceSpecification.id resourceRelationship.resource.id startOperatingDate:instant endOperatingDate:instant"
        ),
        words={
            "administrativeState": ("locked", "unlocked", "shutdown"),
            "operationalState": ("enable", "disable"),
            "usageState": ("idle", "active", "busy"),
        },
        states=States("resourceStatus", "unknown", _RESOURCE),
        never=("lease",),
        rule="resource",
        defaults={"note": [], "relatedParty": [], "resourceCharacteristic": [], "resourceRelationship": []},
        owners=THE_CUSTOMER,
        masks=in_characteristics("resourceCharacteristic"),
    ),
)
