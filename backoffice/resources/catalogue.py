"""What the operator sells: catalogue, categories, specifications, offerings, prices, and the jobs that move them (TMF620)."""

from __future__ import annotations

from types import MappingProxyType

from backoffice.resources.common import LIFE
from backoffice.resources.kinds import Operation, Resource, States, attributes, filters

_LIFECYCLE = States(
    "lifecycleStatus",
    "In study",
    MappingProxyType(
        {
            "In study": frozenset({"In design", "Rejected"}),
            "In design": frozenset({"In test", "Rejected"}),
            "In test": frozenset({"In design", "Active", "Rejected"}),
            "Rejected": frozenset({"In design"}),
            "Active": frozenset({"Launched", "Retired"}),
            "Launched": frozenset({"Active", "Retired"}),
            "Retired": frozenset({"Launched", "Obsolete"}),
            "Obsolete": frozenset(),
        }
    ),
    is_open=True,
)
_JOB = States(
    "status",
    "Not Started",
    MappingProxyType(
        {
            "Not Started": frozenset({"Running", "Failed"}),
            "Running": frozenset({"Succeeded", "Failed"}),
            "Succeeded": frozenset(),
            "Failed": frozenset(),
        }
    ),
    is_given=False,
)

CATALOGUE = (
    Resource(
        "catalog",
        "productCatalogManagement/v4",
        attributes(
            "catalogType description lastUpdate:instant lifecycleStatus name version category:list relatedParty:list "
            "validFor:object"
        ),
        required=("name",),
        events=("CreateEvent", "AttributeValueChangeEvent", "StateChangeEvent", "DeleteEvent", "BatchEvent"),
        filters=filters("name lifecycleStatus category.id relatedParty.id lastUpdate:instant"),
        states=_LIFECYCLE,
        updated="lastUpdate",
        defaults={"category": [], "relatedParty": []},
        is_public=True,
    ),
    Resource(
        "category",
        "productCatalogManagement/v4",
        attributes(
            "description isRoot:truth lastUpdate:instant lifecycleStatus name parentId version productOffering:list "
            "subCategory:list validFor:object"
        ),
        required=("name",),
        events=LIFE,
        filters=filters(
            "name lifecycleStatus parentId isRoot:truth productOffering.id subCategory.id lastUpdate:instant"
        ),
        states=_LIFECYCLE,
        updated="lastUpdate",
        defaults={"isRoot": True, "productOffering": [], "subCategory": []},
        is_public=True,
    ),
    Resource(
        "productSpecification",
        "productCatalogManagement/v4",
        attributes(
            "brand description isBundle:truth lastUpdate:instant lifecycleStatus name productNumber version "
            "attachment:list bundledProductSpecification:list productSpecCharacteristic:list "
            "productSpecificationRelationship:list relatedParty:list resourceSpecification:list "
            "serviceSpecification:list targetProductSchema:object validFor:object"
        ),
        required=("name",),
        events=LIFE,
        filters=filters("name lifecycleStatus brand productNumber relatedParty.id lastUpdate:instant"),
        states=_LIFECYCLE,
        updated="lastUpdate",
        defaults={"isBundle": False, "productSpecCharacteristic": [], "relatedParty": []},
        is_public=True,
    ),
    Resource(
        "productOffering",
        "productCatalogManagement/v4",
        attributes(
            "description isBundle:truth isSellable:truth lastUpdate:instant lifecycleStatus name statusReason "
            "version agreement:list attachment:list bundledProductOffering:list category:list channel:list "
            "marketSegment:list place:list prodSpecCharValueUse:list productOfferingPrice:list "
            "productOfferingRelationship:list productOfferingTerm:list productSpecification:object "
            "resourceCandidate:object serviceCandidate:object serviceLevelAgreement:object validFor:object"
        ),
        required=("name",),
        events=LIFE,
        filters=filters(
            "name lifecycleStatus isSellable:truth isBundle:truth category.id productSpecification.id "
            "productOfferingPrice.id channel.id place.id lastUpdate:instant"
        ),
        states=_LIFECYCLE,
        updated="lastUpdate",
        defaults={"isBundle": False, "isSellable": True, "category": [], "productOfferingPrice": []},
        is_public=True,
    ),
    Resource(
        "productOfferingPrice",
        "productCatalogManagement/v4",
        attributes(
            "description isBundle:truth lastUpdate:instant lifecycleStatus name percentage:number priceType "
            "recurringChargePeriodLength:integer recurringChargePeriodType version bundledPopRelationship:list "
            "constraint:list place:list popRelationship:list price:object pricingLogicAlgorithm:list "
            "prodSpecCharValueUse:list productOfferingTerm:list tax:list unitOfMeasure:object validFor:object"
        ),
        required=("name",),
        events=LIFE,
        filters=filters("name lifecycleStatus priceType recurringChargePeriodType lastUpdate:instant"),
        states=_LIFECYCLE,
        updated="lastUpdate",
        defaults={"isBundle": False},
        is_public=True,
    ),
    Resource(
        "importJob",
        "productCatalogManagement/v4",
        attributes("completionDate:instant contentType creationDate:instant errorLog path url status"),
        required=("url",),
        operations=frozenset({Operation.LIST, Operation.READ, Operation.CREATE, Operation.DELETE}),
        filters=filters("status path creationDate:instant"),
        states=_JOB,
        created="creationDate",
        never=("completionDate", "errorLog"),
        rule="importJob",
    ),
    Resource(
        "exportJob",
        "productCatalogManagement/v4",
        attributes("completionDate:instant contentType creationDate:instant errorLog path query url status"),
        required=("url",),
        operations=frozenset({Operation.LIST, Operation.READ, Operation.CREATE, Operation.DELETE}),
        filters=filters("status path creationDate:instant"),
        states=_JOB,
        created="creationDate",
        never=("completionDate", "errorLog"),
        rule="exportJob",
    ),
)
